//! What the shop gives back and what it keeps, by its terms.

use orderkit::{
    Amount, Code, Context, Issue, Role, Ruleset,
    credit::{CreditFeeKind, CreditShare},
    decide::preview_return,
    returns::Settlement,
};
use serde_json::{Value, json};

use super::life::{Life, draft, last_credit, rules, ruleset};

fn with_returns(returns: Value) -> Value {
    let mut shop = ruleset();
    shop["returns"] = returns;
    shop
}

fn minor(amount: i64) -> Amount {
    Amount::new(amount).unwrap()
}

fn request(id: &str, line: &str, quantity: &str, reason: &str) -> Value {
    json!({"returnId": id, "lines": [{"line": line, "quantity": quantity, "reason": reason}]})
}

fn preview(life: &Life, request: &Value) -> Settlement {
    let request = serde_json::from_value(request.clone()).unwrap();
    preview_return(&life.order(), &request, &life.facts()).unwrap()
}

/// What each of two equal units is worth that come back one after the other; each as it was shown before.
fn two_mugs(shop: &Value, reason: &str, coupon: Option<&str>) -> [i64; 2] {
    let coupons: Vec<&str> = coupon.into_iter().collect();
    let mut life = Life::delivered(shop, draft("2 MUG", json!({"couponCodes": coupons})));
    let mut credits = [0; 2];
    for (at, id) in ["r1", "r2"].into_iter().enumerate() {
        let shown = preview(&life, &request(id, "1", "1", reason));
        let order = life.gives_back(id, &[("1", "1")], reason);
        assert_eq!(shown.credit.as_ref(), order.credits.last());
        assert_eq!(shown.refunds, order.returns[at].refunds);
        credits[at] = last_credit(&order);
        assert_eq!(life.refunds(id), credits[at]);
    }
    credits
}

#[test]
fn the_shipping_charge_goes_back_by_the_rule_of_the_reason() {
    let rows = [
        ("full", "noLongerWanted", [2_000, 2_490]),
        ("none", "noLongerWanted", [2_000, 2_000]),
        ("proRata", "noLongerWanted", [2_245, 2_245]),
        // The least expensive standard delivery is all that a withdrawal gives back.
        ("standardCost", "noLongerWanted", [2_000, 2_290]),
        // The shop is at fault: its own terms for a change of mind do not count.
        ("none", "defective", [2_000, 2_490]),
    ];
    for (rule, reason, credits) in rows {
        let shop = with_returns(json!({"shipping": rule, "standardShippingMinor": 290}));
        assert_eq!(two_mugs(&shop, reason, None), credits, "{rule} {reason}");
    }
}

#[test]
fn fees_are_entries_of_their_own_with_tax_and_never_more_than_the_credit() {
    let shop = with_returns(json!({"restockingPercent": "15", "labelMinor": 399}));
    let mut life = Life::delivered(&shop, draft("2 MUG, 1 PIN", json!({})));
    let order = life.gives_back("r1", &[("1", "1")], "noLongerWanted");
    let credit = order.credits.last().unwrap();
    let fees: Vec<_> = credit.fees.iter().map(|fee| (fee.kind, fee.amount)).collect();
    let share = |net, tax| CreditShare {
        net_minor: minor(net),
        tax_minor: minor(tax),
        gross_minor: minor(net + tax),
    };
    assert_eq!(
        fees,
        [(CreditFeeKind::Restocking, share(252, 48)), (CreditFeeKind::ReturnLabel, share(335, 64)),]
    );
    assert_eq!(credit.total_minor, minor(2_000 - 300 - 399));
    let order = life.gives_back("r2", &[("2", "1")], "noLongerWanted");
    assert_eq!(last_credit(&order), 0, "nobody pays for giving a pin back");
    let order = life.gives_back("r3", &[("1", "1")], "defective");
    assert_eq!(last_credit(&order), 2_490, "no fee for what is the shop's fault");
}

/// smartlabsAT/sonata-project-ecommerce#177: the threshold of a discount is exploited by a part return.
#[test]
fn a_discount_whose_threshold_breaks_is_kept_or_taken_back_as_the_shop_says() {
    let tiers = json!({"kind": "spendTiers", "tiers": [
        {"spendMinor": 2000, "saveMinor": 200}, {"spendMinor": 4000, "saveMinor": 600}]});
    let percent = json!({"kind": "orderPercentage", "percent": "15"});
    let rows = [
        ("keep", &tiers, json!({}), [1_700, 1_700]),
        // What stays is 20.00, which saves 2.00 by itself; it holds 3.00 of the discount.
        ("wholeTier", &tiers, json!({}), [1_600, 1_800]),
        // Half of the threshold keeps half of its 3.00.
        ("proRata", &tiers, json!({}), [1_550, 1_850]),
        ("wholeTier", &percent, json!({"minimumMinor": 3000}), [1_400, 2_000]),
        ("proRata", &percent, json!({"minimumMinor": 3000}), [1_600, 1_800]),
        // The threshold is still reached.
        ("wholeTier", &percent, json!({"minimumMinor": 1000}), [1_700, 1_700]),
    ];
    for (policy, effect, when, credits) in rows {
        let mut shop = with_returns(json!({"clawBack": policy}));
        shop["promotions"] =
            json!([{"id": "off", "name": {"en": "Off"}, "when": when, "effect": effect}]);
        shop["shippingMethods"][0]["priceMinor"] = json!(0);
        assert_eq!(two_mugs(&shop, "noLongerWanted", None), credits, "{policy} {effect} {when}");
        assert_eq!(credits.iter().sum::<i64>(), 3_400);
    }
}

#[test]
fn taking_a_discount_back_leaves_nobody_with_a_bill() {
    let mut shop = with_returns(json!({"clawBack": "wholeTier"}));
    shop["promotions"] = json!([{"id": "off", "name": {"en": "Off"}, "when": {"minimumMinor": 4010},
        "effect": {"kind": "orderFixed", "amountMinor": 1000}}]);
    shop["shippingMethods"][0]["priceMinor"] = json!(0);
    let mut life = Life::delivered(&shop, draft("2 MUG, 1 PIN", json!({})));
    let order = life.gives_back("r1", &[("2", "1")], "noLongerWanted");
    assert_eq!(last_credit(&order), 0);
    let order = life.gives_back("r2", &[("1", "2")], "noLongerWanted");
    assert_eq!(order.due().unwrap(), Amount::ZERO);
}

#[test]
fn goodwill_lowers_what_a_return_can_give_as_an_entry_of_its_own() {
    let mut life = Life::delivered(&ruleset(), draft("2 MUG", json!({})));
    let grant = |amount: i64| json!({"credit": "g1", "amountMinor": amount, "reason": "Late"});
    life.act_as(Role::Customer);
    assert_eq!(life.refuses("grantCredit", grant(500)).0, Code::RoleForbids);
    life.act_as(Role::Staff);
    assert_eq!(life.refuses("grantCredit", grant(4_491)).0, Code::CreditTooLarge);
    assert_eq!(life.refuses("grantCredit", grant(0)).0, Code::PaymentNotPositive);
    let order = life.does("grantCredit", grant(500));
    let goodwill = order.credits[0].other;
    assert_eq!((goodwill.net_minor, goodwill.tax_minor), (minor(420), minor(80)));
    assert_eq!(life.refuses("grantCredit", grant(500)).0, Code::CreditRepeated);
    assert_eq!(last_credit(&life.gives_back("r1", &[("1", "1")], "late")), 2_000);
    let order = life.gives_back("r2", &[("1", "1")], "late");
    let fee = order.credits.last().unwrap().fees[0].clone();
    assert_eq!((fee.kind, fee.amount), (CreditFeeKind::GivenBefore, goodwill));
    assert_eq!(order.due().unwrap(), Amount::ZERO);
    let tax = Amount::sum(order.credits.iter().map(|it| it.tax_minor)).unwrap();
    assert_eq!(tax, order.totals.tax_minor);
}

#[test]
fn money_goes_back_the_way_it_came_and_gift_cards_in_kind() {
    let cards = json!([{"code": "GIFT", "balanceMinor": 1500}]);
    for (order, first, second) in [
        ("lastFirst", vec![("card", 2_000)], vec![("card", 990), ("giftCard", 1_500)]),
        // 20.00 of 44.90, of which 15.00 came from the card of the shop.
        (
            "proRata",
            vec![("giftCard", 668), ("card", 1_332)],
            vec![("giftCard", 832), ("card", 1_658)],
        ),
    ] {
        let shop = with_returns(json!({"refundOrder": order}));
        let context = Context {
            gift_cards: serde_json::from_value(cards.clone()).unwrap(),
            ..Context::default()
        };
        let goods = draft("2 MUG", json!({"giftCards": ["GIFT"]}));
        let mut life = Life::place(rules(&shop), goods, context);
        life.pay();
        life.ship_all();
        for (id, expected) in [("r1", first), ("r2", second)] {
            let order = life.gives_back(id, &[("1", "1")], "late");
            let parts = &order.returns.last().unwrap().refunds;
            let parts: Vec<_> =
                parts.iter().map(|it| (it.method.as_str(), it.amount_minor.minor())).collect();
            assert_eq!(parts, expected, "{id}");
            life.refunds(id);
        }
    }
}

#[test]
fn a_return_can_become_store_credit_and_what_was_never_paid_does_not_go_back() {
    let mut life = Life::delivered(&ruleset(), draft("2 MUG", json!({})));
    life.does("requestReturn", request("r1", "1", "2", "late"));
    life.receives("r1");
    let order = life.does(
        "resolveReturn",
        json!({"returnId": "r1", "outcomes": [
        {"line": "1", "quantity": "1", "outcome": "storeCredit"},
        {"line": "1", "quantity": "1", "outcome": "refund"}]}),
    );
    let returned = &order.returns[0];
    assert_eq!(returned.store_credit_minor, minor(2_245));
    assert_eq!(returned.refunds[0].amount_minor, minor(2_245));

    let goods = draft("2 MUG", json!({"paymentMethod": "cash"}));
    let mut life = Life::place(rules(&ruleset()), goods, Context::default());
    life.ship_all();
    let order = life.gives_back("r1", &[("1", "1")], "late");
    assert_eq!(order.returns[0].refunds, []);
    assert_eq!(order.derived().unwrap().balance_due_minor, minor(2_490));
}

#[test]
fn nobody_settles_another_sum_than_the_one_they_saw() {
    let mut life = Life::delivered(&ruleset(), draft("2 MUG", json!({})));
    life.does("requestReturn", request("r1", "1", "1", "late"));
    life.receives("r1");
    let with = |shown: i64| json!({"returnId": "r1", "expectMinor": shown});
    assert_eq!(life.refuses("resolveReturn", with(2_001)).0, Code::CreditDiffers);
    life.does("resolveReturn", with(2_000));
}

#[test]
fn impossible_terms_are_found_before_they_are_saved() {
    let rows = [
        (json!({"restockingPercent": "101"}), "/returns/restockingPercent"),
        (json!({"restockingPercent": "-1"}), "/returns/restockingPercent"),
        (json!({"labelMinor": -1}), "/returns/labelMinor"),
        (json!({"standardShippingMinor": -1}), "/returns/standardShippingMinor"),
    ];
    for (returns, path) in rows {
        let shop = with_returns(returns);
        let refusal = orderkit::Rules::from_json(shop.to_string().as_bytes()).unwrap_err();
        let paths: Vec<&str> =
            refusal.issues.iter().map(|issue: &Issue| issue.path.as_str()).collect();
        assert_eq!(paths, [path]);
    }
    let plain: Ruleset = serde_json::from_value(ruleset()).unwrap();
    assert!(
        !serde_json::to_string(&plain).unwrap().contains("returns"),
        "digests stay as they were"
    );
}
