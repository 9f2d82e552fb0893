//! Each kind of promotion with its edges.

use orderkit::{Context, quote};
use serde_json::json;

use super::shop::{cart, discounts, priced, promotion, rules, ruleset, steps, takes, takes_from};

#[test]
fn percentages_and_amounts() {
    takes(json!({"kind": "linePercentage", "percent": "10"}), "3A 1D", &[300, 10]);
    takes(json!({"kind": "linePercentage", "percent": "100"}), "1A", &[1000]);
    takes(json!({"kind": "lineFixed", "amountMinor": 150, "per": "unit"}), "3A 2D", &[450, 200]);
    takes(json!({"kind": "lineFixed", "amountMinor": 150, "per": "line"}), "3A 1D", &[150, 100]);
    takes(json!({"kind": "orderPercentage", "percent": "10"}), "1A 1B 1C", &[100, 200, 50]);
    let capped = json!({"kind": "orderPercentage", "percent": "50", "maximumMinor": 700});
    takes(capped, "1A 1B 1C", &[200, 400, 100]);
    takes(json!({"kind": "orderFixed", "amountMinor": 100}), "1A 1A 1A", &[34, 33, 33]);
    takes(json!({"kind": "orderFixed", "amountMinor": 99_999}), "1A 1D", &[1000, 100]);
}

#[test]
fn fixed_prices_never_raise_a_price() {
    takes(json!({"kind": "fixedPrice", "unitPrice": "9.9"}), "2A 2C", &[20, 0]);
    takes(json!({"kind": "orderFixedPrice", "amountMinor": 2_500}), "1A 1B", &[167, 333]);
    takes(json!({"kind": "orderFixedPrice", "amountMinor": 5_000}), "1A 1B", &[0, 0]);
}

#[test]
fn line_discounts_on_some_units() {
    let limited = |units| json!({"kind": "linePercentage", "percent": "50", "units": units});
    takes(limited(json!({"maximum": 1})), "2A 2B 1C", &[0, 0, 250]);
    takes(limited(json!({"maximum": 3, "pick": "dearest"})), "2A 2B 1C", &[500, 2000, 0]);
    takes(limited(json!({"maximum": 1, "perLine": true})), "2A 2B", &[500, 1000]);
    takes(limited(json!({"groupSize": 2, "pick": "listed"})), "2A 1B", &[1000, 0]);
    takes(limited(json!({"groupSize": 3, "perLine": true})), "4A 2B", &[1500, 0]);
    let fixed =
        json!({"kind": "lineFixed", "amountMinor": 300, "per": "unit", "units": {"maximum": 3}});
    takes(fixed, "2A 2D", &[300, 200]);
    let price =
        json!({"kind": "fixedPrice", "unitPrice": "8", "units": {"maximum": 2, "pick": "listed"}});
    takes(price, "3A", &[400]);
}

#[test]
fn spend_thresholds() {
    let tiers =
        json!([{"spendMinor": 3000, "saveMinor": 300}, {"spendMinor": 6000, "percent": "20"}]);
    let once = json!({"kind": "spendTiers", "tiers": tiers});
    takes(once.clone(), "2A", &[0]);
    takes(once.clone(), "3A", &[300]);
    takes(once.clone(), "3B", &[1200]);
    let missing = priced(json!([promotion("p", once.clone(), json!({}))]), "2A");
    assert_eq!(
        steps(&missing, "p"),
        [json!({"step": "notReached", "rule": "p", "missingMinor": 1000})]
    );
    let next = priced(json!([promotion("p", once, json!({}))]), "4A");
    assert_eq!(
        steps(&next, "p")[0],
        json!({"step": "nextTier", "rule": "p", "missingMinor": 2000, "saveMinor": 0, "percent": "20"})
    );
    // 每满 30 减 3: for each 30.
    let each = json!({"kind": "spendTiers", "repeat": true, "tiers": [{"spendMinor": 3000, "saveMinor": 300}]});
    takes(each.clone(), "9A", &[900]);
    takes(each, "1A 1C", &[0, 0]);
}

#[test]
fn quantity_ladders() {
    let tiers = json!([{"quantity": "2", "percent": "10"}, {"quantity": "5", "amountMinor": 300}, {"quantity": "10", "unitPrice": "6"}]);
    let by_line = json!({"kind": "quantityTiers", "tiers": tiers});
    for (lines, expected) in [("1A", 0), ("2A", 200), ("4A", 400), ("5A", 1500), ("10A", 4000)] {
        takes(by_line.clone(), lines, &[expected]);
    }
    let together = json!({"kind": "quantityTiers", "together": true, "tiers": [{"quantity": "3", "percent": "10"}]});
    takes(together.clone(), "2A 1B", &[200, 200]);
    let lacking = priced(json!([promotion("p", together, json!({}))]), "1A 1B");
    assert_eq!(
        steps(&lacking, "p"),
        [json!({"step": "notEnough", "rule": "p", "missingQuantity": "1"})]
    );
}

#[test]
fn the_second_at_half_price() {
    let nth = |pick| json!({"kind": "nthUnit", "n": 2, "percent": "50", "pick": pick});
    takes(nth("cheapest"), "1A", &[0]);
    takes(nth("cheapest"), "1A 1B", &[500, 0]);
    takes(nth("dearest"), "1A 1B", &[0, 1000]);
    takes(nth("listed"), "1A 2B 1C", &[0, 1000, 250]);
    takes(nth("cheapest"), "5A", &[1000]);
    let once = json!({"kind": "nthUnit", "n": 2, "percent": "50", "maximumTimes": 1});
    takes(once, "5A", &[500]);
    let more = priced(json!([promotion("p", nth("cheapest"), json!({}))]), "1A");
    assert_eq!(
        steps(&more, "p"),
        [json!({"step": "notEnough", "rule": "p", "missingQuantity": "1"})]
    );
}

#[test]
fn buy_some_get_others() {
    let same = json!({"kind": "buyGet", "buyQuantity": 2, "getQuantity": 1, "percent": "100"});
    takes(same.clone(), "2A", &[0]);
    takes(same.clone(), "3A", &[1000]);
    takes(same.clone(), "5A", &[1000]);
    takes(same.clone(), "6A", &[2000]);
    takes(same.clone(), "2A 1C", &[0, 500]);
    // The cheapest is given, the dearest are bought.
    takes(same, "1A 1B 1C", &[0, 0, 500]);
    let other = json!({"kind": "buyGet", "buyQuantity": 1, "get": {"skus": ["C"]}, "getQuantity": 1, "percent": "50"});
    takes_from(other.clone(), json!({"target": {"skus": ["A"]}}), "2A 3C", &[0, 500]);
    takes_from(other.clone(), json!({"target": {"skus": ["A"]}}), "3C", &[0]);
    let capped = json!({"kind": "buyGet", "buyQuantity": 1, "get": {"skus": ["C"]}, "getQuantity": 1, "percent": "50", "maximumTimes": 1});
    takes_from(capped, json!({"target": {"skus": ["A"]}}), "2A 3C", &[0, 250]);
    // Books can be both: one is bought, the cheaper one given, and none twice.
    let overlap = json!({"kind": "buyGet", "buyQuantity": 1, "get": {"categories": ["books"]}, "getQuantity": 1, "percent": "100"});
    takes_from(
        overlap,
        json!({"target": {"categories": ["books", "toys"]}}),
        "1A 1B 1C",
        &[1000, 0, 0],
    );
}

#[test]
fn part_of_a_set_or_whole_sets_only() {
    let sets = |whole| json!({"kind": "buyGet", "buyQuantity": 1, "getQuantity": 2, "percent": "100", "wholeSetsOnly": whole});
    takes(sets(false), "5A", &[3000]);
    takes(sets(true), "5A", &[2000]);
}

#[test]
fn any_three_for_one_price() {
    let three = json!({"kind": "anyFor", "quantity": 3, "amountMinor": 2_000});
    takes(three.clone(), "2A", &[0]);
    takes(three.clone(), "3A", &[1000]);
    // The dearest three are grouped: 20 + 10 + 10 for 20, shared by value; the toy stays outside.
    takes(three.clone(), "2A 1B 1C", &[1000, 1000, 0]);
    // A second group of 10 + 5 + 5 is worth just 20: it saves nothing and is left alone.
    takes(three.clone(), "4A 2C", &[1000, 0]);
    takes(three, "3D", &[0]);
    let once = json!({"kind": "anyFor", "quantity": 3, "amountMinor": 2_000, "maximumTimes": 1});
    takes(once, "6A", &[1000]);
}

#[test]
fn bundles_share_their_price_over_their_parts() {
    let parts = json!([{"target": {"skus": ["A"]}}, {"target": {"skus": ["C"]}, "quantity": 2}]);
    let price = json!({"kind": "bundle", "parts": parts, "amountMinor": 1_500});
    takes(price.clone(), "1A 1C", &[0, 0]);
    takes(price.clone(), "1A 2C", &[250, 250]);
    takes(price.clone(), "3A 4C 1B", &[500, 500, 0]);
    let percent = json!({"kind": "bundle", "parts": parts, "percent": "10"});
    takes(percent, "2A 2C", &[100, 100]);
    let lacking = priced(json!([promotion("p", price, json!({}))]), "1A");
    assert_eq!(
        steps(&lacking, "p"),
        [json!({"step": "notEnough", "rule": "p", "missingQuantity": "2"})]
    );
}

#[test]
fn a_unit_serves_one_set_only() {
    let promotions = json!([
        promotion(
            "pair",
            json!({"kind": "anyFor", "quantity": 2, "amountMinor": 1_500}),
            json!({})
        ),
        promotion(
            "second",
            json!({"kind": "nthUnit", "n": 2, "percent": "50"}),
            json!({"priority": 1})
        ),
    ]);
    // Three books: two are the pair, one is left, which is no second.
    assert_eq!(discounts(&priced(promotions.clone(), "3A")), [500]);
    assert_eq!(discounts(&priced(promotions, "4A")), [1000]);
}

#[test]
fn gifts_are_lines_for_nothing_and_need_stock() {
    let gift = json!({"kind": "gift", "skus": ["D", "C"], "perUnits": 2});
    let rules = rules(&ruleset(json!([promotion("p", gift, json!({"target": {"skus": ["A"]}}))])));
    let with = |context: &Context| quote(&cart("5A"), &rules, context).unwrap();
    let given = with(&Context::at(0));
    let last = &given.lines[1];
    assert_eq!((last.sku.as_str(), last.gift_of.as_deref()), ("D", Some("p")));
    assert_eq!((last.amount_minor.minor(), last.gross_minor.minor()), (200, 0));
    assert_eq!((given.totals.items_minor.minor(), given.totals.gross_minor.minor()), (5200, 5000));

    let stock = |sku: &str, quantity: i64| orderkit::StockLevel {
        sku: sku.to_owned(),
        quantity: orderkit::Decimal::from_integer(quantity),
        ..orderkit::StockLevel::default()
    };
    let other = with(&Context { stock: vec![stock("D", 1)], ..Context::at(0) });
    assert_eq!(other.lines[1].sku, "C");
    let none = with(&Context { stock: vec![stock("D", 1), stock("C", 0)], ..Context::at(0) });
    assert_eq!(none.lines.len(), 1);
    assert_eq!(steps(&none, "p"), [json!({"step": "giftOutOfStock", "rule": "p"})]);

    let mut chosen = cart("2A");
    chosen.details.gifts =
        vec![orderkit::GiftChoice { promotion: "p".to_owned(), sku: "C".to_owned() }];
    assert_eq!(quote(&chosen, &rules, &Context::at(0)).unwrap().lines[1].sku, "C");
}

#[test]
fn discounts_on_shipping() {
    let half = promotion("half", json!({"kind": "shippingPercentage", "percent": "50"}), json!({}));
    let off = promotion(
        "off",
        json!({"kind": "shippingFixed", "amountMinor": 400}),
        json!({"priority": 1}),
    );
    let rules = rules(&ruleset(json!([half, off])));
    let mut draft = cart("1A");
    draft.details.shipping_method = Some("post".to_owned());
    let shipping = quote(&draft, &rules, &Context::at(0)).unwrap().shipping.unwrap();
    assert_eq!((shipping.charge_minor.minor(), shipping.amount_minor.minor()), (500, 0));
    let taken: Vec<i64> = shipping.discounts.iter().map(|it| it.amount_minor.minor()).collect();
    assert_eq!(taken, [250, 250]);
}

#[test]
fn only_the_goods_that_are_meant() {
    let ten = || json!({"kind": "linePercentage", "percent": "10"});
    let meant = |target| json!({"target": target});
    takes_from(ten(), meant(json!({"skus": ["A"]})), "1A 1B", &[100, 0]);
    takes_from(ten(), meant(json!({"categories": ["small"]})), "1A 1D", &[0, 10]);
    takes_from(
        ten(),
        meant(json!({"categories": ["books"], "excluded": ["A"]})),
        "1A 1B",
        &[0, 200],
    );
    takes_from(
        ten(),
        meant(json!({"minimumUnitPrice": "10", "maximumUnitPrice": "20"})),
        "1A 1B 1C 1E",
        &[100, 200, 0, 0],
    );
    takes_from(ten(), meant(json!({"minimumLineQuantity": "2"})), "1A 2B", &[0, 400]);
    takes_from(ten(), meant(json!({"fullPriceOnly": true})), "1A 1E", &[100, 0]);
}
