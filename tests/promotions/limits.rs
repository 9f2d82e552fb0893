//! Conditions, limits, budgets, floors and price lists.

use orderkit::{Amount, Context, CustomerFacts, Quote, RuleUse, quote};
use serde_json::{Value, json};

use super::shop::{applied, cart, discounts, promotion, rules, ruleset, steps};

fn minor(amount: i64) -> Amount {
    Amount::new(amount).unwrap()
}

#[track_caller]
fn priced_in(ruleset: &Value, lines: &str, context: &Context) -> Quote {
    quote(&cart(lines), &rules(ruleset), context).unwrap()
}

fn ten(more: Value) -> Value {
    ruleset(json!([promotion("p", json!({"kind": "orderPercentage", "percent": "10"}), more)]))
}

#[track_caller]
fn says(ruleset: &Value, context: &Context, step: Value) {
    let quote = priced_in(ruleset, "2A", context);
    assert!(applied(&quote).is_empty());
    assert_eq!(steps(&quote, "p"), [step]);
}

fn customer(customer: CustomerFacts) -> Context {
    Context { customer, ..Context::at(0) }
}

#[test]
fn conditions_say_which_of_them_is_not_met() {
    let unmet = |kind: &str| json!({"step": "conditionNotMet", "rule": "p", "condition": kind});
    let nobody = Context::at(0);
    says(&ten(json!({"when": {"customerGroups": ["gold"]}})), &nobody, unmet("customerGroup"));
    says(&ten(json!({"when": {"countries": ["AT"]}})), &nobody, unmet("country"));
    says(&ten(json!({"when": {"shippingMethods": ["post"]}})), &nobody, unmet("shippingMethod"));
    says(&ten(json!({"when": {"paymentMethods": ["cash"]}})), &nobody, unmet("paymentMethod"));
    says(&ten(json!({"when": {"containsAll": ["A", "B"]}})), &nobody, unmet("contains"));
    says(&ten(json!({"when": {"containsAny": ["toys", "B"]}})), &nobody, unmet("contains"));
    says(&ten(json!({"when": {"daysSinceLastOrder": 30}})), &nobody, unmet("daysSinceLastOrder"));
    let third = customer(CustomerFacts { placed_orders: Some(2), ..CustomerFacts::default() });
    says(&ten(json!({"when": {"nthOrder": 1}})), &third, unmet("nthOrder"));
    says(&ten(json!({"startsMs": 5})), &nobody, json!({"step": "notActive", "rule": "p"}));
    let enough = json!({"step": "notEnough", "rule": "p", "missingQuantity": "3"});
    says(&ten(json!({"when": {"minimumQuantity": "5"}})), &nobody, enough);
    let toys = json!({"when": {"minimumMinor": 500, "counting": {"categories": ["toys"]}}});
    says(&ten(toys), &nobody, json!({"step": "notReached", "rule": "p", "missingMinor": 500}));
}

#[test]
fn conditions_that_are_met() {
    let gold = CustomerFacts {
        groups: vec!["gold".to_owned()],
        placed_orders: Some(0),
        last_order_ms: Some(-40 * 24 * 3_600_000),
        ..CustomerFacts::default()
    };
    let when = json!({"when": {"customerGroups": ["silver", "gold"], "nthOrder": 1, "daysSinceLastOrder": 30,
        "countries": ["DE"], "containsAll": ["A"], "containsAny": ["books"], "minimumQuantity": "2"}});
    assert_eq!(discounts(&priced_in(&ten(when), "2A", &customer(gold))), [200]);
}

#[test]
fn a_first_order_discount_without_history_is_to_be_confirmed() {
    let quote = priced_in(&ten(json!({"when": {"nthOrder": 1}})), "1A", &Context::at(0));
    assert_eq!(discounts(&quote), [100]);
    assert_eq!(steps(&quote, "p")[0], json!({"step": "toConfirm", "rule": "p"}));
}

#[test]
fn uses_and_budgets_run_out() {
    let used = |count, customer_count, amount: i64| Context {
        uses: vec![RuleUse {
            rule: "p".to_owned(),
            count,
            customer_count,
            amount_minor: minor(amount),
            ..RuleUse::default()
        }],
        ..Context::at(0)
    };
    let up = |limit: &str| json!({"step": "usedUp", "rule": "p", "limit": limit});
    let uses = ten(json!({"limits": {"uses": 100, "usesPerCustomer": 1}}));
    says(&uses, &used(100, 0, 0), up("uses"));
    says(&uses, &used(5, 1, 0), up("usesPerCustomer"));
    assert_eq!(discounts(&priced_in(&uses, "2A", &used(99, 0, 0))), [200]);

    let budget = ten(json!({"limits": {"budgetMinor": 1_000}}));
    says(&budget, &used(9, 0, 1_000), up("budget"));
    let cut = priced_in(&budget, "2A", &used(9, 0, 950));
    assert_eq!(discounts(&cut), [50]);
    assert_eq!(steps(&cut, "p")[0]["cap"], "budget");
    let whole = ten(json!({"limits": {"budgetMinor": 1_000, "wholeOnly": true}}));
    says(&whole, &used(9, 0, 950), up("budget"));
}

#[test]
fn caps_and_floors_hold_and_say_so() {
    let half =
        |more: Value| promotion("p", json!({"kind": "linePercentage", "percent": "50"}), more);
    let check = |ruleset: &Value, lines: &str, expected: &[i64], cap: &str| {
        let quote = priced_in(ruleset, lines, &Context::at(0));
        assert_eq!(discounts(&quote), expected);
        let capped = steps(&quote, "p").into_iter().find(|step| step["step"] == "discountCapped");
        assert_eq!(capped.unwrap()["cap"], cap);
    };
    check(
        &ruleset(json!([half(json!({"limits": {"lineMinor": 300}}))])),
        "1A 1C",
        &[300, 250],
        "line",
    );
    check(
        &ruleset(json!([half(json!({"limits": {"orderMinor": 600}}))])),
        "1A 1C",
        &[400, 200],
        "order",
    );

    let mut floors = ruleset(json!([promotion(
        "p",
        json!({"kind": "orderFixed", "amountMinor": 900}),
        json!({})
    )]));
    floors["products"][0]["floorUnitPrice"] = json!("9");
    // A may lose 1.00 only; what finds no room there moves to B.
    check_moved(&floors);
    floors["promotions"][0]["effect"] = json!({"kind": "linePercentage", "percent": "50"});
    check(&floors, "1A 1B", &[100, 1000], "floor");

    let mut shop = ruleset(json!([half(json!({}))]));
    shop["stacking"] = json!({"maximumLinePercent": "30"});
    check(&shop, "1A", &[300], "shop");
    shop["stacking"] = json!({"maximumOrderPercent": "40"});
    check(&shop, "1A 1A", &[400, 400], "shop");
}

#[track_caller]
fn check_moved(floors: &Value) {
    let quote = priced_in(floors, "1A 1B", &Context::at(0));
    assert_eq!(discounts(&quote), [100, 800]);
}

#[test]
fn member_prices_flash_sales_and_quantity_breaks() {
    let mut shop = ten(json!({}));
    shop["priceLists"] = json!([
        {"id": "gold", "name": {"en": "Gold"}, "customerGroups": ["gold"], "prices": [{"sku": "A", "unitPrice": "9"}, {"sku": "B", "unitPrice": "25"}]},
        {"id": "flash", "name": {"en": "Flash"}, "startsMs": 100, "endsMs": 200, "quota": 10, "combines": false, "prices": [{"sku": "A", "unitPrice": "6"}]},
        {"id": "many", "name": {"en": "Many"}, "prices": [{"sku": "C", "unitPrice": "4", "minimumQuantity": "10"}]},
    ]);
    let gold = |now_ms, sold| Context {
        customer: CustomerFacts { groups: vec!["gold".to_owned()], ..CustomerFacts::default() },
        uses: vec![RuleUse { rule: "flash".to_owned(), count: sold, ..RuleUse::default() }],
        ..Context::at(now_ms)
    };
    let seen = |lines: &str, context: &Context| {
        let quote = priced_in(&shop, lines, context);
        let line = &quote.lines[0];
        (
            line.price_list.clone().unwrap_or_default(),
            line.amount_minor.minor(),
            line.gross_minor.minor(),
        )
    };
    assert_eq!(seen("2A", &Context::at(0)), (String::new(), 2000, 1800));
    assert_eq!(seen("2A", &gold(0, 0)), ("gold".to_owned(), 1800, 1620));
    // A list never raises a price, and a flash price takes no promotion on top.
    assert_eq!(seen("1B", &gold(0, 0)), (String::new(), 2000, 1800));
    assert_eq!(seen("2A", &gold(150, 0)), ("flash".to_owned(), 1200, 1200));
    assert_eq!(seen("2A", &gold(150, 9)), ("gold".to_owned(), 1800, 1620));
    // The lines of an order share what is left; they are not cut.
    let shared = priced_in(&shop, "6A 4A 1A", &gold(150, 0));
    let lists: Vec<_> = shared.lines.iter().map(|line| line.price_list.as_deref()).collect();
    assert_eq!(lists, [Some("flash"), Some("flash"), Some("gold")]);
    assert_eq!(seen("10C", &Context::at(0)), ("many".to_owned(), 4000, 3600));
    assert_eq!(seen("9C", &Context::at(0)), (String::new(), 4500, 4050));
    let trace = serde_json::to_value(priced_in(&shop, "2A", &gold(150, 9)).trace).unwrap();
    assert_eq!(
        trace[1],
        json!({"step": "listQuotaExceeded", "line": 0, "list": "flash", "left": 1})
    );
}
