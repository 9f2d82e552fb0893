//! Shipping: each model of rates with its edges, zones, limits, and what holds for any order.

use orderkit::{
    Code, Context, Draft, Issue, Quote, Rules, TraceStep,
    pricing::{ShippingEstimate, ShippingPartKind, shipping_options},
    quote, validate,
};
use proptest::prelude::*;
use serde_json::{Value, json};

const NOW_MS: i64 = 1_764_000_000_000;

/// A shop of fixed products with the methods and zones of a test.
fn document(methods: Value, zones: Value) -> Value {
    let product = |sku: &str, price: &str, more: Value| {
        let mut product =
            json!({"sku": sku, "name": {"en": sku}, "unitPrice": price, "taxClass": "goods"});
        for (key, value) in more.as_object().unwrap() {
            product[key] = value.clone();
        }
        product
    };
    json!({
        "version": "1", "name": {"en": "Shop"}, "currency": "EUR", "homeCountry": "DE",
        "priceBasis": "taxInclusive",
        "products": [
            product("KILO", "10.00", json!({"weightGrams": 1000, "quantityStep": "0.001"})),
            product("GRAM", "0.01", json!({"weightGrams": 1})),
            product("BOX", "20.00", json!({"weightGrams": 800, "lengthMm": 400, "widthMm": 300, "heightMm": 200, "tags": ["oversize"]})),
            product("GLASS", "5.00", json!({"weightGrams": 300, "tags": ["fragile"]})),
            product("PLAIN", "1.00", json!({})),
            product("FRESH", "8.00", json!({"weightGrams": 500, "shippingTemplate": "fresh"})),
            product("BULKY", "90.00", json!({"weightGrams": 9000, "shippingTemplate": "bulky"})),
        ],
        "promotions": [{"id": "ten", "name": {"en": "Ten off"}, "couponCodes": ["TEN"], "effect": {"kind": "orderFixed", "amountMinor": 1000}}],
        "shippingZones": zones,
        "shippingMethods": methods,
        "paymentMethods": [{"id": "card", "name": {"en": "Card"}}, {"id": "cash", "name": {"en": "Cash"}, "terms": "onDelivery"}],
        "taxClasses": [{"id": "goods", "rules": [{"components": [{"percent": "19"}]}]}]
    })
}

/// The method of a test under the id `post`, with names and tax filled in.
fn method(fields: Value) -> Value {
    let mut method = json!({"id": "post", "name": {"en": "Post"}, "taxClass": "goods"});
    for (key, value) in fields.as_object().unwrap() {
        method[key] = value.clone();
    }
    method
}

fn load(document: &Value) -> Rules {
    // The shop names two templates; a method that has no table for them must not make it invalid.
    let mut document = document.clone();
    let text = document["shippingMethods"].to_string();
    for template in ["fresh", "bulky"] {
        if !text.contains(&format!("\"template\":\"{template}\"")) {
            let products = document["products"].as_array_mut().unwrap();
            products.retain(|product| product["shippingTemplate"] != template);
        }
    }
    Rules::from_json(document.to_string().as_bytes()).unwrap()
}

fn shop(fields: Value, zones: Value) -> Rules {
    load(&document(json!([method(fields)]), zones))
}

/// A method with one table of one row.
fn table(measure: &str, rates: Value) -> Rules {
    shop(json!({"tables": [{"measure": measure, "rows": [{"rates": rates}]}]}), json!([]))
}

fn draft(lines: &[(&str, &str)]) -> Draft {
    let lines: Vec<Value> =
        lines.iter().map(|(sku, quantity)| json!({"sku": sku, "quantity": quantity})).collect();
    let details = json!({"shippingMethod": "post", "paymentMethod": "card"});
    serde_json::from_value(json!({"lines": lines, "details": details})).unwrap()
}

fn to(mut draft: Draft, country: &str, region: &str, city: &str, postcode: &str) -> Draft {
    let address = json!({"country": country, "region": region, "city": city, "postcode": postcode});
    draft.details.shipping_address = Some(serde_json::from_value(address).unwrap());
    draft
}

fn priced(draft: &Draft, rules: &Rules) -> Quote {
    quote(draft, rules, &Context::at(NOW_MS)).unwrap()
}

#[track_caller]
fn charge(draft: &Draft, rules: &Rules) -> i64 {
    let quote = priced(draft, rules);
    let shipping = quote.shipping.unwrap();
    // The steps that are parts of the charge add up to it, wherever it is not free as a whole.
    let parts = quote.trace.iter().filter_map(|step| match step {
        TraceStep::ShippingRate { amount_minor, parts, .. } => {
            let sum: i64 = parts.iter().map(|part| part.amount_minor.minor()).sum();
            assert_eq!(sum, amount_minor.minor(), "{parts:?}");
            Some(sum)
        }
        TraceStep::ShippingPrice { amount_minor, .. }
        | TraceStep::ShippingCarrier { amount_minor, .. }
        | TraceStep::ShippingSurcharge { amount_minor, .. } => Some(amount_minor.minor()),
        _ => None,
    });
    let parts: Vec<i64> = parts.collect();
    let free = |step: &TraceStep| matches!(step, TraceStep::ShippingFree { template: None, .. });
    if !parts.is_empty() && !quote.trace.iter().any(free) {
        assert_eq!(parts.iter().sum::<i64>(), shipping.amount_minor.minor(), "{:?}", quote.trace);
    }
    shipping.amount_minor.minor()
}

#[track_caller]
fn refused(draft: &Draft, rules: &Rules) -> Issue {
    let refusal = quote(draft, rules, &Context::at(NOW_MS)).unwrap_err();
    assert_eq!(refusal.issues.len(), 1, "{refusal:?}");
    assert_eq!(refusal.issues[0].path, "/details/shippingMethod");
    refusal.issues[0].clone()
}

fn argument(issue: &Issue, key: &str) -> String {
    serde_json::to_value(issue.args.get(key)).unwrap().to_string().replace('"', "")
}

/// Charges of a table by the quantity of a SKU, each with its expectation; a negative one is a refusal.
#[track_caller]
fn ladder(rules: &Rules, sku: &str, expected: &[(&str, i64)]) {
    for (quantity, expected) in expected {
        let draft = draft(&[(sku, quantity)]);
        if *expected < 0 {
            assert_eq!(refused(&draft, rules).code, Code::ShippingNoRate, "{quantity}");
        } else {
            assert_eq!(charge(&draft, rules), *expected, "{quantity} {sku}");
        }
    }
}

#[test]
fn flat_by_order_and_by_item() {
    let flat = shop(json!({"priceMinor": 490}), json!([]));
    ladder(&flat, "KILO", &[("1", 490), ("40", 490)]);
    let each = table("quantity", json!([{"further": {"size": "1", "priceMinor": 150}}]));
    ladder(&each, "KILO", &[("1", 150), ("3", 450), ("0.5", 150), ("1.001", 300)]);
    let both = shop(
        json!({"priceMinor": 200, "tables": [{"rows": [{"rates": [{"further": {"size": "1", "priceMinor": 150}}]}]}]}),
        json!([]),
    );
    ladder(&both, "KILO", &[("2", 500)]);
}

#[test]
fn first_and_further_units_round_each_begun_step_up() {
    let by_weight = table(
        "weight",
        json!([{"first": {"size": "1000", "priceMinor": 800}, "further": {"size": "1000", "priceMinor": 200}}]),
    );
    let edges =
        [("0.001", 800), ("1", 800), ("1.001", 1000), ("2", 1000), ("2.001", 1200), ("4", 1400)];
    ladder(&by_weight, "KILO", &edges);
    let by_piece = table(
        "quantity",
        json!([{"first": {"size": "2", "priceMinor": 500}, "further": {"size": "3", "priceMinor": 100}}]),
    );
    ladder(&by_piece, "GLASS", &[("1", 500), ("2", 500), ("3", 600), ("5", 600), ("6", 700)]);
    let by_volume = table(
        "volume",
        json!([{"first": {"size": "24000000", "priceMinor": 600}, "further": {"size": "1000000", "priceMinor": 10}}]),
    );
    ladder(&by_volume, "BOX", &[("1", 600), ("2", 840)]);
    assert_eq!(refused(&draft(&[("KILO", "1")]), &by_volume).code, Code::ShippingSizeUnknown);
}

#[test]
fn the_trace_has_the_steps_as_data() {
    let rules = table(
        "weight",
        json!([{"first": {"size": "1000", "priceMinor": 800}, "further": {"size": "1000", "priceMinor": 200}}]),
    );
    let trace = priced(&draft(&[("KILO", "3.2")]), &rules).trace;
    let step = trace.iter().find(|step| matches!(step, TraceStep::ShippingRate { .. })).unwrap();
    assert_eq!(
        serde_json::to_value(step).unwrap(),
        json!({
            "step": "shippingRate", "method": "post", "row": 0, "measure": "weight", "load": "3200",
            "parts": [
                {"kind": "first", "count": 1, "size": "1000", "priceMinor": 800, "amountMinor": 800},
                {"kind": "further", "count": 3, "size": "1000", "priceMinor": 200, "amountMinor": 600},
            ],
            "amountMinor": 1400,
        })
    );
}

#[test]
fn bands_hold_their_lower_edge_and_not_their_upper_one() {
    let by_weight = table(
        "weight",
        json!([
            {"to": "2000", "priceMinor": 400},
            {"from": "2000", "to": "5000", "priceMinor": 700},
            {"from": "5000", "to": "10000.5", "first": {"size": "5000", "priceMinor": 900}, "further": {"size": "1000", "priceMinor": 50}},
        ]),
    );
    let edges = [
        ("1.999", 400),
        ("2", 700),
        ("4.999", 700),
        ("5", 900),
        ("5.001", 950),
        ("10", 1150),
        ("10.001", -1),
    ];
    ladder(&by_weight, "KILO", &edges);
    let over = refused(&draft(&[("KILO", "11")]), &by_weight);
    assert_eq!(
        (argument(&over, "load"), argument(&over, "maximum")),
        ("11000".into(), "10000.5".into())
    );

    let by_value = table(
        "value",
        json!([{"to": "5000", "priceMinor": 1000}, {"from": "5000", "percent": "2.5"}]),
    );
    ladder(&by_value, "KILO", &[("1", 1000), ("4.999", 1000), ("5", 125), ("5.1", 128)]);
    let by_count = table(
        "quantity",
        json!([{"to": "10", "further": {"size": "1", "priceMinor": 30}}, {"from": "10", "further": {"size": "1", "priceMinor": 20}}]),
    );
    ladder(&by_count, "GLASS", &[("9", 270), ("10", 200)]);
}

#[test]
fn the_size_counts_as_a_weight_where_it_is_more() {
    // 400 × 300 × 200 mm = 24,000,000 mm³; / 5000 = 4800 g, rounded up to 5000 g.
    let rules = shop(
        json!({"tables": [{"measure": "weight", "volumetricDivisor": 5000, "roundUpTo": 500,
            "rows": [{"rates": [{"further": {"size": "500", "priceMinor": 10}}]}]}]}),
        json!([]),
    );
    ladder(&rules, "BOX", &[("1", 100), ("2", 200)]); // 9600 g become 10,000 g
    ladder(&rules, "GLASS", &[("1", 10), ("2", 20)]); // no size: 300 g and 600 g
    let mixed = draft(&[("BOX", "1"), ("KILO", "5")]); // 5800 g against 4800 g
    assert_eq!(charge(&mixed, &rules), 120);
    let volumetric = |draft: &Draft| {
        let trace = priced(draft, &rules).trace;
        trace.iter().any(|step| matches!(step, TraceStep::ShippingRate { volumetric: true, .. }))
    };
    assert!(volumetric(&draft(&[("BOX", "1")])) && !volumetric(&mixed));
}

#[test]
fn parcels_least_and_highest_prices() {
    let parcels = table(
        "weight",
        json!([{"parcelSize": "30000", "first": {"size": "5000", "priceMinor": 500}, "further": {"size": "5000", "priceMinor": 100}}]),
    );
    // 30 kg: 500 + 5 × 100; 31 kg: a second parcel of 1 kg; 70 kg: two full ones and 10 kg.
    ladder(&parcels, "KILO", &[("30", 1000), ("31", 1500), ("60", 2000), ("70", 2600)]);
    let clamped = table(
        "quantity",
        json!([{"further": {"size": "1", "priceMinor": 100}, "minimumMinor": 250, "maximumMinor": 450}]),
    );
    ladder(&clamped, "GLASS", &[("1", 250), ("3", 300), ("4", 400), ("5", 450)]);
}

#[test]
fn openfoodfoundation_openfoodnetwork_6072_a_fee_by_weight_is_rounded_once_for_the_order() {
    // 1.00 for a kilogram; a thousand units of one gram each cost 0.001 that must not become 0.
    let rules = table(
        "weight",
        json!([{"further": {"size": "1000", "priceMinor": 100, "proportional": true}}]),
    );
    ladder(&rules, "GRAM", &[("1000", 100), ("1", 0), ("5", 1), ("1234", 123)]);
    ladder(&rules, "KILO", &[("0.25", 25), ("0.125", 13)]);
}

#[test]
fn lunarphp_lunar_2514_weights_have_one_unit_and_bands_are_not_truncated() {
    // A band from 2.5 kg on, for goods that are sold by the gram and by the kilogram.
    let rules = table(
        "weight",
        json!([{"to": "2500", "priceMinor": 300}, {"from": "2500", "priceMinor": 600}]),
    );
    for (lines, expected) in [
        ([("KILO", "2"), ("GRAM", "499")], 300),
        ([("KILO", "2"), ("GRAM", "500")], 600),
        ([("KILO", "2.499"), ("GRAM", "1")], 600),
        ([("KILO", "0.5"), ("GRAM", "1999")], 300),
    ] {
        assert_eq!(charge(&draft(&lines), &rules), expected, "{lines:?}");
    }
    // Half of a gram counts where a band says so.
    let fine =
        table("weight", json!([{"to": "0.5", "priceMinor": 1}, {"from": "0.5", "priceMinor": 2}]));
    ladder(&fine, "KILO", &[("0.001", 2)]);
}

fn templates(combination: &str) -> Rules {
    let first = |first: i64, further: i64| json!([{"rates": [{"first": {"size": "1", "priceMinor": first}, "further": {"size": "1", "priceMinor": further}}]}]);
    shop(
        json!({"combination": combination, "tables": [
            {"template": "fresh", "rows": first(1000, 300)},
            {"template": "bulky", "rows": first(2000, 500)},
            {"rows": first(600, 100)},
        ]}),
        json!([]),
    )
}

#[test]
fn several_templates_in_one_order() {
    let order = draft(&[("FRESH", "2"), ("BULKY", "1"), ("KILO", "3"), ("FRESH", "1")]);
    // Alone: fresh 1000 + 2 × 300, bulky 2000, the rest 600 + 2 × 100.
    assert_eq!(charge(&order, &templates("sum")), 1600 + 2000 + 800);
    // Bulky has the highest first price; the others pay 3 × 300 and 3 × 100.
    assert_eq!(charge(&order, &templates("highestFirst")), 2000 + 900 + 300);
    assert_eq!(charge(&order, &templates("highest")), 2000);
    // A table alone is not reduced, whatever the combination.
    for combination in ["sum", "highestFirst", "highest"] {
        assert_eq!(charge(&draft(&[("FRESH", "2")]), &templates(combination)), 1300);
    }
}

#[test]
fn of_equal_first_prices_the_order_of_lines_and_tables_does_not_matter() {
    let rates = |further: i64, size: &str| json!([{"rates": [{"first": {"size": size, "priceMinor": 1000}, "further": {"size": "1", "priceMinor": further}}]}]);
    let tables = [
        json!({"template": "fresh", "rows": rates(300, "1")}),
        json!({"template": "bulky", "rows": rates(500, "2")}),
    ];
    let charges: Vec<i64> = [[0, 1], [1, 0]]
        .into_iter()
        .map(|order| {
            let tables: Vec<Value> = order.iter().map(|at| tables[*at].clone()).collect();
            let rules = shop(json!({"combination": "highestFirst", "tables": tables}), json!([]));
            charge(&draft(&[("FRESH", "1"), ("BULKY", "1")]), &rules)
        })
        .collect();
    // Fresh in full and bulky further: 1000 + 500; the other way round 1000 + 300 would be less.
    assert_eq!(charges, [1500, 1500]);
}

#[test]
fn a_template_without_a_table_is_refused_with_its_name() {
    let only_fresh =
        json!({"tables": [{"template": "fresh", "rows": [{"rates": [{"priceMinor": 500}]}]}]});
    let rules = shop(only_fresh, json!([]));
    let refusal = refused(&draft(&[("FRESH", "1"), ("KILO", "1")]), &rules);
    assert_eq!(
        (refusal.code, argument(&refusal, "sku")),
        (Code::ShippingTemplateMissing, "KILO".into())
    );
}

fn zones() -> Value {
    json!([
        {"id": "islands", "places": [
            {"countries": ["GB"], "postcodePrefixes": ["IM", "JE", "IV1 "]},
            {"countries": ["FR"], "postcodeRanges": [{"from": "97100", "to": "97699"}, {"from": "20", "to": "20"}]},
        ]},
        {"id": "britain", "places": [{"countries": ["GB"]}], "except": [{"countries": ["GB"], "regions": ["Northern Ireland", "NIR"]}]},
        {"id": "california", "places": [{"countries": ["US"], "regions": ["CA", "California"]}]},
        {"id": "pudong", "places": [{"countries": ["CN"], "regions": ["上海市"], "cities": ["浦东新区"]}]},
        {"id": "china", "places": [{"countries": ["CN"]}]},
        {"id": "france", "places": [{"countries": ["FR"]}]},
    ])
}

fn zoned() -> Rules {
    let flat =
        |zones: &[&str], price: i64| json!({"zones": zones, "rates": [{"priceMinor": price}]});
    shop(
        json!({"exceptZones": ["nowhere"], "tables": [{"rows": [
            flat(&["islands"], 1500),
            flat(&["britain"], 500),
            flat(&["pudong"], 100),
            {"zones": ["california"], "noDelivery": true},
            flat(&["china", "france"], 900),
        ]}]}),
        {
            let mut all = zones();
            let sanctioned = json!({"id": "nowhere", "places": [{"countries": ["AQ"]}]});
            all.as_array_mut().unwrap().push(sanctioned);
            all
        },
    )
}

#[test]
fn the_first_row_whose_zone_holds_the_address_counts() {
    let rules = zoned();
    let goods = || draft(&[("KILO", "1")]);
    for (country, region, city, postcode, expected) in [
        ("GB", "", "Inverness", "iv1 1aa", 1500),
        ("GB", "", "Alness", "IV10 8XX", 500),
        ("GB", "", "Douglas", "IM1 1AA", 1500),
        ("FR", "", "Saint-Denis", "97400", 1500),
        ("FR", "", "Ajaccio", "20000", 1500),
        ("FR", "", "Paris", "75001", 900),
        ("CN", "上海市", "浦东新区", "200120", 100),
        ("CN", "上海市", "徐汇区", "200030", 900),
    ] {
        assert_eq!(
            charge(&to(goods(), country, region, city, postcode), &rules),
            expected,
            "{city}"
        );
    }
    for (country, region, postcode, code) in [
        ("GB", "Northern Ireland", "BT1 1AA", Code::ShippingPlaceNotServed),
        ("GB", "gb-nir", "BT1 1AA", Code::ShippingPlaceNotServed),
        ("US", "US-CA", "90001", Code::ShippingExcluded),
        ("US", "california", "90001", Code::ShippingExcluded),
        ("US", "NY", "10001", Code::ShippingPlaceNotServed),
        ("DE", "", "10117", Code::ShippingNotServed),
        ("AQ", "", "", Code::ShippingExcluded),
    ] {
        let found = refused(&to(goods(), country, region, "", postcode), &rules);
        assert_eq!(found.code, code, "{country} {region}");
        assert_eq!(argument(&found, "possible"), "-");
    }
}

#[test]
fn a_price_for_an_unfinished_address_is_an_estimate() {
    let rules = zoned();
    let estimate = |country: &str, region: &str, city: &str, postcode: &str| {
        let draft = to(draft(&[("KILO", "1")]), country, region, city, postcode);
        priced(&draft, &rules).shipping.unwrap().estimate
    };
    assert_eq!(estimate("GB", "", "", ""), Some(ShippingEstimate::Address));
    assert_eq!(estimate("GB", "Scotland", "", "EH1 1AA"), None);
    assert_eq!(estimate("FR", "", "", "75001"), None);
    assert_eq!(estimate("CN", "上海市", "", ""), Some(ShippingEstimate::Address));
    assert_eq!(estimate("CN", "北京市", "", ""), None);
}

#[test]
fn the_refusal_names_the_methods_that_work() {
    let mut documents = json!([
        method(json!({"priceMinor": 100, "maximumWeightGrams": 5000})),
        method(json!({"priceMinor": 100, "countries": ["FR"]})),
        method(json!({"priceMinor": 900})),
        method(json!({"priceMinor": 0, "kind": "pickUp", "minimumOrderMinor": 1000})),
    ]);
    for (at, id) in ["post", "france", "van", "shop"].into_iter().enumerate() {
        documents[at]["id"] = json!(id);
    }
    let rules = load(&document(documents, json!([])));
    let heavy = refused(&draft(&[("KILO", "6")]), &rules);
    assert_eq!(
        (heavy.code, argument(&heavy, "possible")),
        (Code::ShippingTooHeavy, "van, shop".into())
    );
    assert_eq!(
        (argument(&heavy, "weightGrams"), argument(&heavy, "maximumGrams")),
        ("6000".into(), "5000".into())
    );
    assert_eq!(charge(&draft(&[("KILO", "5")]), &rules), 100);
    let unknown = refused(&draft(&[("PLAIN", "1")]), &rules);
    assert_eq!(
        (unknown.code, argument(&unknown, "possible")),
        (Code::ShippingWeightUnknown, "van".into())
    );

    let options = shipping_options(&draft(&[("KILO", "6")]), &rules, &Context::at(NOW_MS)).unwrap();
    let seen: Vec<_> = options
        .iter()
        .map(|option| {
            let code = option.issues.first().map(|issue| issue.code);
            (option.method.as_str(), option.amount_minor.map(|it| it.minor()), code)
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("post", None, Some(Code::ShippingTooHeavy)),
            ("france", None, Some(Code::ShippingNotServed)),
            ("van", Some(900), None),
            ("shop", Some(0), None),
        ]
    );
}

#[test]
fn limits_of_value() {
    let rules = shop(
        json!({"priceMinor": 300, "minimumOrderMinor": 1500, "maximumValueMinor": 5000}),
        json!([]),
    );
    ladder(&rules, "KILO", &[("1.5", 300), ("5", 300)]);
    let low = refused(&draft(&[("KILO", "1.499")]), &rules);
    assert_eq!(
        (low.code, argument(&low, "missingMinor")),
        (Code::ShippingBelowMinimum, "1".into())
    );
    let high = refused(&draft(&[("KILO", "5.001")]), &rules);
    assert_eq!(high.code, Code::ShippingTooValuable);
    // After discounts, unless the shop says otherwise.
    let mut coupon = draft(&[("KILO", "2")]);
    coupon.details.coupon_codes = vec!["TEN".to_owned()];
    assert_eq!(refused(&coupon, &rules).code, Code::ShippingBelowMinimum);
    let before = shop(
        json!({"priceMinor": 300, "minimumOrderMinor": 1500, "valueBasis": "beforeDiscounts"}),
        json!([]),
    );
    assert_eq!(charge(&coupon, &before), 300);
}

#[test]
fn free_over_an_amount_a_quantity_or_both() {
    let with = |fields: Value| {
        let mut method = json!({"priceMinor": 490});
        for (key, value) in fields.as_object().unwrap() {
            method[key] = value.clone();
        }
        shop(method, json!([]))
    };
    let amount = with(json!({"freeOverMinor": 3000}));
    ladder(&amount, "KILO", &[("2.999", 490), ("3", 0)]);
    let quantity = with(json!({"freeOverQuantity": "5"}));
    ladder(&quantity, "GLASS", &[("4", 490), ("5", 0)]);
    let both = with(json!({"freeOverMinor": 3000, "freeOverQuantity": "5"}));
    ladder(&both, "GLASS", &[("5", 490), ("6", 0)]);
    ladder(&both, "KILO", &[("3", 490), ("5", 0)]);
    let missing = |draft: &Draft| {
        let trace = priced(draft, &both).trace;
        trace.into_iter().find_map(|step| match step {
            TraceStep::ShippingNotFree { missing_minor, missing_quantity, .. } => Some((
                missing_minor.map(|it| it.minor()),
                missing_quantity.map(|it| it.to_string()),
            )),
            _ => None,
        })
    };
    assert_eq!(missing(&draft(&[("GLASS", "5")])), Some((Some(500), None)));
    assert_eq!(missing(&draft(&[("KILO", "3")])), Some((None, Some("2".to_owned()))));
    assert_eq!(missing(&draft(&[("GLASS", "1")])), Some((Some(2500), Some("4".to_owned()))));
}

#[test]
fn a_row_can_be_free_for_the_goods_of_its_table() {
    let row = json!({"freeOverMinor": 2000, "rates": [{"priceMinor": 700}]});
    let rules = shop(
        json!({"tables": [{"template": "fresh", "rows": [row]}, {"rows": [{"rates": [{"priceMinor": 400}]}]}]}),
        json!([]),
    );
    // The rest of the order does not help the fresh goods.
    assert_eq!(charge(&draft(&[("FRESH", "2"), ("KILO", "9")]), &rules), 1100);
    assert_eq!(charge(&draft(&[("FRESH", "3"), ("KILO", "9")]), &rules), 400);
    assert_eq!(charge(&draft(&[("FRESH", "3")]), &rules), 0);
}

#[test]
fn woocommerce_28752_the_threshold_counts_before_or_after_the_coupon_as_the_shop_says() {
    // Prices with tax; the coupon must not move the threshold to a sum without tax.
    let row = json!({"freeOverMinor": 3000, "rates": [{"priceMinor": 700}]});
    for (basis, expected) in [("afterDiscounts", 700), ("beforeDiscounts", 0)] {
        for fields in [
            json!({"priceMinor": 700, "freeOverMinor": 3000, "freeOverBasis": basis}),
            json!({"tables": [{"rows": [row]}], "freeOverBasis": basis}),
        ] {
            let rules = shop(fields, json!([]));
            let mut order = draft(&[("KILO", "3")]);
            assert_eq!(charge(&order, &rules), 0);
            order.details.coupon_codes = vec!["TEN".to_owned()];
            assert_eq!(charge(&order, &rules), expected, "{basis}");
            order.lines[0].quantity = "4".parse::<orderkit::Decimal>().unwrap().into();
            assert_eq!(charge(&order, &rules), 0, "40.00 less 10.00 reach 30.00");
        }
    }
}

#[test]
fn surcharges_are_added_each_for_its_reason() {
    let rules = shop(
        json!({"priceMinor": 500, "freeOverMinor": 10000, "surcharges": [
            {"id": "cod", "name": {"en": "Cash on delivery"}, "paymentMethods": ["cash"], "priceMinor": 300, "percent": "1"},
            {"id": "remote", "name": {"en": "Remote area"}, "zones": ["islands"], "priceMinor": 800, "waivedIfFree": true},
            {"id": "fragile", "name": {"en": "Fragile"}, "tags": ["fragile"], "priceMinor": 120, "perUnit": true},
            {"id": "oversize", "name": {"en": "Oversize"}, "tags": ["oversize"], "percent": "10"},
        ]}),
        zones(),
    );
    let cash = |mut draft: Draft| {
        draft.details.payment_method = Some("cash".to_owned());
        draft
    };
    let island = |draft: Draft| to(draft, "GB", "", "Douglas", "IM1 1AA");
    for (order, expected) in [
        (draft(&[("KILO", "1")]), 500),
        (cash(draft(&[("KILO", "1")])), 500 + 300 + 10),
        (island(draft(&[("KILO", "1")])), 1300),
        (draft(&[("GLASS", "3"), ("KILO", "1")]), 500 + 360),
        (draft(&[("BOX", "2"), ("KILO", "1")]), 500 + 400),
        (cash(island(draft(&[("BOX", "1"), ("GLASS", "1")]))), 500 + 300 + 25 + 800 + 120 + 200),
        // Free from 100.00 on: cash on delivery stays, the remote area is waived.
        (cash(island(draft(&[("KILO", "10")]))), 300 + 100),
        (island(draft(&[("KILO", "10")])), 0),
    ] {
        assert_eq!(charge(&order, &rules), expected, "{order:?}");
    }
}

#[test]
fn a_carrier_names_the_price_and_the_table_stands_in() {
    let rules = shop(json!({"priceMinor": 900, "carrier": true}), json!([]));
    let order = draft(&[("KILO", "1")]);
    for (expires_ms, expected) in [
        (Some(NOW_MS + 1), (640, None)),
        (Some(NOW_MS), (900, Some(ShippingEstimate::CarrierQuote))),
        (None, (900, Some(ShippingEstimate::CarrierQuote))),
    ] {
        let quotes: Vec<Value> = expires_ms
            .iter()
            .map(|expires| json!({"method": "post", "priceMinor": 640, "expiresMs": expires}))
            .collect();
        let context =
            serde_json::from_value(json!({"nowMs": NOW_MS, "carrierQuotes": quotes})).unwrap();
        let quote = quote(&order, &rules, &context).unwrap();
        let shipping = quote.shipping.unwrap();
        assert_eq!((shipping.amount_minor.minor(), shipping.estimate), expected);
        let marked = |step: &TraceStep| matches!(step, TraceStep::ShippingEstimate { .. });
        assert_eq!(quote.trace.iter().any(marked), expected.1.is_some());
        let options = shipping_options(&order, &rules, &context).unwrap();
        assert_eq!(
            (options[0].amount_minor, options[0].estimate),
            (Some(shipping.amount_minor), shipping.estimate)
        );
    }
    let without = shop(json!({"carrier": true}), json!([]));
    assert_eq!(refused(&order, &without).code, Code::ShippingQuoteMissing);
}

#[test]
fn picking_up_needs_no_address() {
    let rules = shop(json!({"priceMinor": 0, "kind": "pickUp", "countries": ["FR"]}), json!([]));
    let mut order = draft(&[("KILO", "1")]);
    order.details.customer =
        serde_json::from_value(json!({"name": "Ada", "email": "ada@example.org"})).unwrap();
    assert_eq!(validate(&order, &rules, &Context::at(NOW_MS)), []);
    let delivery = shop(json!({"priceMinor": 0}), json!([]));
    assert!(!validate(&order, &delivery, &Context::at(NOW_MS)).is_empty());
}

#[test]
fn a_draft_says_what_goods_weigh_only_where_it_names_the_price() {
    let mut document = document(
        json!([method(json!({"tables": [
            {"template": "fresh", "rows": [{"rates": [{"priceMinor": 999}]}]},
            {"measure": "weight", "rows": [{"rates": [{"further": {"size": "1000", "priceMinor": 100}}]}]}]}))]),
        json!([]),
    );
    let order = |fields: Value| {
        let mut line =
            json!({"sku": "KILO", "quantity": "1", "unitPrice": "5", "taxClass": "goods"});
        for (key, value) in fields.as_object().unwrap() {
            line[key] = value.clone();
        }
        let details = json!({"shippingMethod": "post"});
        serde_json::from_value::<Draft>(json!({"lines": [line], "details": details})).unwrap()
    };
    let from_list = load(&document);
    let mut claims = order(json!({"weightGrams": 0}));
    claims.lines[0].unit_price = None;
    assert_eq!(charge(&claims, &from_list), 100, "the product's weight counts");
    let found = validate(&claims, &from_list, &Context::at(NOW_MS));
    assert!(
        found.iter().any(|it| it.code == Code::ShippingFactsNotAllowed && it.path == "/lines/0")
    );

    document["priceSource"] = json!("draft");
    let own = load(&document);
    assert_eq!(charge(&order(json!({"weightGrams": 2500})), &own), 300);
    assert_eq!(charge(&order(json!({"shippingTemplate": "fresh"})), &own), 999);
    assert_eq!(charge(&order(json!({})), &own), 100);
}

#[test]
fn the_calculators_of_other_systems_are_rates() {
    let units = |quantity: &str| draft(&[("GRAM", quantity)]);
    // Flat rate for a first item and further ones, with boxes of three: 4 × 5.00 + 6 × 1.00.
    let boxes = table(
        "quantity",
        json!([{"parcelSize": "3", "first": {"size": "1", "priceMinor": 500}, "further": {"size": "1", "priceMinor": 100}}]),
    );
    assert_eq!(charge(&units("10"), &boxes), 2600);
    // The same where the count stops at five items: 1.13 + 4 × 2.11.
    let capped = table(
        "quantity",
        json!([{"first": {"size": "1", "priceMinor": 113}, "further": {"size": "1", "priceMinor": 211}, "maximumMinor": 957}]),
    );
    ladder(&capped, "GRAM", &[("1", 113), ("2", 324), ("5", 957), ("10", 957)]);
    // Additional only, and percent of the items: 10 % of 40.4422 is 4.04.
    let additional = table(
        "quantity",
        json!([{"first": {"size": "1", "priceMinor": 0}, "further": {"size": "1", "priceMinor": 100}}]),
    );
    assert_eq!(charge(&units("10"), &additional), 900);
    let percent = table("quantity", json!([{"percent": "10"}]));
    assert_eq!(charge(&units("4044"), &percent), 404);
    // A price sack: 10.00 below 5.00 of goods, 1.00 from there on.
    let sack = table(
        "value",
        json!([{"to": "500", "priceMinor": 1000}, {"from": "500", "priceMinor": 100}]),
    );
    ladder(&sack, "GRAM", &[("200", 1000), ("499", 1000), ("500", 100)]);
}

#[test]
fn a_ruleset_that_cannot_be_used_says_where() {
    let row = |rates: Value| json!({"tables": [{"rows": [{"rates": rates}]}]});
    let rate = |rate: Value| row(json!([rate]));
    for (fields, path) in [
        (json!({}), ""),
        (json!({"priceMinor": -1}), "/priceMinor"),
        (json!({"priceMinor": 1, "zones": ["moon"]}), "/zones/0"),
        (
            json!({"priceMinor": 1, "minimumOrderMinor": 2, "maximumValueMinor": 1}),
            "/maximumValueMinor",
        ),
        (json!({"tables": [{"rows": []}]}), "/tables/0/rows"),
        (json!({"tables": [{"rows": [{}]}]}), "/tables/0/rows/0/rates"),
        (
            json!({"tables": [{"rows": [{"noDelivery": true}, {"rates": [{"priceMinor": 1}]}]}]}),
            "/tables/0/rows/1",
        ),
        (
            json!({"tables": [{"rows": [{"rates": [{"priceMinor": 1}]}]}, {"rows": [{"rates": [{"priceMinor": 1}]}]}]}),
            "/tables/1/template",
        ),
        (
            json!({"tables": [{"roundUpTo": 0, "rows": [{"rates": [{"priceMinor": 1}]}]}]}),
            "/tables/0",
        ),
        (
            json!({"tables": [{"volumetricDivisor": 5000, "rows": [{"rates": [{"priceMinor": 1}]}]}]}),
            "/tables/0/volumetricDivisor",
        ),
        (
            row(json!([{"to": "5", "priceMinor": 1}, {"from": "6", "priceMinor": 1}])),
            "/tables/0/rows/0/rates/1/from",
        ),
        (
            row(json!([{"to": "5", "priceMinor": 1}, {"from": "4", "priceMinor": 1}])),
            "/tables/0/rows/0/rates/1/from",
        ),
        (
            row(json!([{"priceMinor": 1}, {"from": "4", "priceMinor": 1}])),
            "/tables/0/rows/0/rates/1/from",
        ),
        (rate(json!({"from": "1", "priceMinor": 1})), "/tables/0/rows/0/rates/0/from"),
        (rate(json!({"to": "0", "priceMinor": 1})), "/tables/0/rows/0/rates/0/to"),
        (rate(json!({"maximumMinor": 1})), "/tables/0/rows/0/rates/0"),
        (rate(json!({"percent": "-1"})), "/tables/0/rows/0/rates/0/percent"),
        (
            rate(json!({"first": {"size": "0", "priceMinor": 1}})),
            "/tables/0/rows/0/rates/0/first/size",
        ),
        (
            rate(json!({"first": {"size": "1", "priceMinor": 1, "proportional": true}})),
            "/tables/0/rows/0/rates/0/first/proportional",
        ),
        (
            rate(json!({"further": {"size": "1", "priceMinor": -1}})),
            "/tables/0/rows/0/rates/0/further",
        ),
        (rate(json!({"priceMinor": 1, "parcelSize": "0"})), "/tables/0/rows/0/rates/0/parcelSize"),
        (
            json!({"priceMinor": 1, "surcharges": [{"id": "a", "name": {"en": "A"}}]}),
            "/surcharges/0",
        ),
        (
            json!({"priceMinor": 1, "surcharges": [{"id": "a", "name": {"en": "A"}, "priceMinor": 1, "paymentMethods": ["shells"]}]}),
            "/surcharges/0/paymentMethods/0",
        ),
    ] {
        let mut document = document(json!([method(fields.clone())]), json!([]));
        document["products"] = json!([]);
        let refusal = Rules::from_json(document.to_string().as_bytes()).unwrap_err();
        let paths: Vec<&str> = refusal.issues.iter().map(|issue| issue.path.as_str()).collect();
        assert_eq!(paths, [format!("/shippingMethods/0{path}")], "{fields}");
    }
}

#[test]
fn a_zone_or_template_that_cannot_be_used_says_where() {
    for (place, path) in [
        (json!({}), ""),
        (json!({"countries": ["Germany"]}), "/countries/0"),
        (json!({"postcodePrefixes": ["10*"]}), "/postcodePrefixes/0"),
        (json!({"postcodeRanges": [{"from": "20000", "to": "10000"}]}), "/postcodeRanges/0"),
        (json!({"postcodeRanges": [{"from": "1000", "to": "20000"}]}), "/postcodeRanges/0"),
        (json!({"postcodeRanges": [{"from": "AB1", "to": "100"}]}), "/postcodeRanges/0"),
        (json!({"postcodeRanges": [{"from": "", "to": "100"}]}), "/postcodeRanges/0"),
    ] {
        let zones = json!([{"id": "a", "places": [{"countries": ["DE"]}], "except": [place]}]);
        let mut document = document(json!([method(json!({"priceMinor": 1}))]), zones);
        document["products"].as_array_mut().unwrap().retain(|it| it["sku"] != "BULKY");
        let refusal = Rules::from_json(document.to_string().as_bytes()).unwrap_err();
        let paths: Vec<&str> = refusal.issues.iter().map(|issue| issue.path.as_str()).collect();
        let expected = format!("/shippingZones/0/except/0{path}");
        assert_eq!(paths, [expected.as_str(), "/products/5/shippingTemplate"], "{place}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_heavier_parcel_never_costs_less_where_the_table_rises(
        first in 0_i64..5_000, further in 0_i64..5_000, size in 1_u32..5_000, step in 1_u32..5_000,
        parcel in prop::option::of(5_000_u32..50_000), proportional: bool,
        light in 1_u32..200_000, more in 0_u32..50_000,
    ) {
        let rate = json!([{
            "first": {"size": size.to_string(), "priceMinor": first},
            "further": {"size": step.to_string(), "priceMinor": further, "proportional": proportional},
            "parcelSize": parcel.map(|size| size.to_string()),
        }]);
        let rules = table("weight", rate);
        let cost = |grams: u32| charge(&draft(&[("GRAM", &grams.to_string())]), &rules);
        prop_assert!(cost(light) <= cost(light + more));
    }

    #[test]
    fn options_agree_with_the_quote_and_nothing_is_negative(
        lines in prop::collection::vec((0_usize..7, 1_u32..30), 1..6),
        country in prop::sample::select(vec!["GB", "FR", "CN", "DE", "US"]),
        postcode in prop::sample::select(vec!["", "IM1 1AA", "97400", "20000", "75001"]),
        cash: bool, coupon: bool, expires in -1_i64..2,
    ) {
        let skus = ["KILO", "GRAM", "BOX", "GLASS", "PLAIN", "FRESH", "BULKY"];
        let quantities: Vec<String> = lines.iter().map(|(_, quantity)| quantity.to_string()).collect();
        let named: Vec<(&str, &str)> =
            lines.iter().zip(&quantities).map(|((at, _), quantity)| (skus[*at], quantity.as_str())).collect();
        let mut order = to(draft(&named), country, "", "", postcode);
        order.details.payment_method = Some(if cash { "cash" } else { "card" }.to_owned());
        order.details.coupon_codes = if coupon { vec!["TEN".to_owned()] } else { Vec::new() };
        let quotes = json!([{"method": "carrier", "priceMinor": 777, "expiresMs": NOW_MS + expires}]);
        let context = serde_json::from_value(json!({"nowMs": NOW_MS, "carrierQuotes": quotes})).unwrap();
        let rules = many_methods();
        let Ok(options) = shipping_options(&order, &rules, &context) else { return Ok(()) };
        for option in &options {
            order.details.shipping_method = Some(option.method.clone());
            match quote(&order, &rules, &context) {
                Ok(quote) => {
                    let shipping = quote.shipping.unwrap();
                    prop_assert!(shipping.amount_minor.minor() >= 0);
                    prop_assert_eq!(option.amount_minor, Some(shipping.amount_minor));
                    prop_assert_eq!(option.estimate, shipping.estimate);
                    prop_assert!(option.issues.is_empty());
                }
                Err(refusal) => {
                    prop_assert_eq!(option.amount_minor, None);
                    let possible = argument(&refusal.issues[0], "possible");
                    let works = options.iter().filter(|it| it.issues.is_empty()).map(|it| it.method.as_str());
                    let works = works.collect::<Vec<_>>().join(", ");
                    prop_assert_eq!(possible, if works.is_empty() { "-".to_owned() } else { works });
                    prop_assert_eq!(&option.issues, &refusal.issues);
                }
            }
        }
    }
}

fn many_methods() -> Rules {
    let tables = json!([
        {"template": "fresh", "rows": [{"rates": [{"first": {"size": "1", "priceMinor": 900}, "further": {"size": "2", "priceMinor": 150}}], "freeOverMinor": 5000}]},
        {"template": "bulky", "measure": "weight", "rows": [{"zones": ["islands"], "noDelivery": true}, {"rates": [{"to": "100000", "percent": "3", "minimumMinor": 1000}]}]},
        {"measure": "weight", "volumetricDivisor": 5000, "roundUpTo": 500, "rows": [{"rates": [{"first": {"size": "1000", "priceMinor": 400}, "further": {"size": "500", "priceMinor": 60}}]}]},
    ]);
    let mut methods = json!([
        method(json!({"combination": "highestFirst", "tables": tables, "freeOverMinor": 30000})),
        method(
            json!({"priceMinor": 500, "tables": tables, "combination": "highest", "zones": ["britain", "france"]})
        ),
        method(
            json!({"priceMinor": 600, "carrier": true, "maximumValueMinor": 20000, "surcharges": [{"id": "cod", "name": {"en": "Cash"}, "paymentMethods": ["cash"], "percent": "2"}]})
        ),
        method(json!({"kind": "pickUp", "priceMinor": 0, "minimumOrderMinor": 2000})),
    ]);
    for (at, id) in ["post", "west", "carrier", "shop"].into_iter().enumerate() {
        methods[at]["id"] = json!(id);
    }
    load(&document(methods, zones()))
}

#[test]
fn parts_have_the_documented_kinds() {
    let kinds = [
        ShippingPartKind::Price,
        ShippingPartKind::Percent,
        ShippingPartKind::First,
        ShippingPartKind::Further,
        ShippingPartKind::Minimum,
        ShippingPartKind::Maximum,
    ];
    let words = json!(["price", "percent", "first", "further", "minimum", "maximum"]);
    assert_eq!(serde_json::to_value(kinds).unwrap(), words);
}
