//! Points, gift cards, store credit, and how much staff may take off.

use orderkit::{Amount, Code, Context, CustomerFacts, Draft, GiftCard, Quote, Refusal, quote};
use serde_json::{Value, json};

use super::shop::{cart, rules, ruleset};

fn shop(points: Value) -> Value {
    let mut shop = ruleset(json!([]));
    shop["points"] = points;
    shop
}

fn known() -> Context {
    Context {
        customer: CustomerFacts {
            points: 1_000,
            store_credit_minor: Amount::new(250).unwrap(),
            ..CustomerFacts::default()
        },
        gift_cards: vec![
            GiftCard {
                code: "GIFT-1".to_owned(),
                balance_minor: Amount::new(400).unwrap(),
                ends_ms: None,
            },
            GiftCard {
                code: "OLD".to_owned(),
                balance_minor: Amount::new(400).unwrap(),
                ends_ms: Some(0),
            },
        ],
        ..Context::at(0)
    }
}

fn asked(details: Value) -> Draft {
    let mut draft = cart("1A");
    draft.details = serde_json::from_value(details).unwrap();
    draft
}

fn priced(points: Value, details: Value) -> Result<Quote, Refusal> {
    quote(&asked(details), &rules(&shop(points)), &known())
}

#[track_caller]
fn refused(points: Value, details: Value, code: Code, path: &str) {
    let refusal = priced(points, details).unwrap_err();
    assert_eq!((refusal.code(), refusal.issues[0].path.as_str()), (code, path));
}

#[test]
fn points_lower_the_price_or_pay_it() {
    let hundred = |kind: &str| json!({"unitPoints": 100, "unitMinor": 100, "as": kind, "maximumPercent": "50"});
    let discount = priced(hundred("discount"), json!({"spendPoints": 950})).unwrap().totals;
    assert_eq!((discount.gross_minor.minor(), discount.payable_minor.minor()), (500, 500));
    let tender = priced(hundred("tender"), json!({"spendPoints": 350})).unwrap();
    assert_eq!(
        (tender.totals.gross_minor.minor(), tender.totals.payable_minor.minor()),
        (1000, 700)
    );
    assert_eq!(tender.tenders[0].points, Some(300));
    refused(
        hundred("discount"),
        json!({"spendPoints": 1_001}),
        Code::PointsTooMany,
        "/details/spendPoints",
    );
    refused(
        Value::Null,
        json!({"spendPoints": 1}),
        Code::PointsNotAccepted,
        "/details/spendPoints",
    );
}

#[test]
fn gift_cards_and_store_credit_pay_and_leave_the_total_alone() {
    let details = json!({"giftCards": ["gift-1"], "spendStoreCredit": true});
    let quote = priced(Value::Null, details).unwrap();
    assert_eq!((quote.totals.gross_minor.minor(), quote.totals.payable_minor.minor()), (1000, 350));
    let paid: Vec<i64> = quote.tenders.iter().map(|it| it.amount_minor.minor()).collect();
    assert_eq!(paid, [400, 250]);
    let twice = priced(Value::Null, json!({"giftCards": ["gift-1", "GIFT-1"]})).unwrap();
    assert_eq!(twice.totals.payable_minor.minor(), 600, "a card that is entered twice is one card");
    refused(
        Value::Null,
        json!({"giftCards": ["NO"]}),
        Code::GiftCardUnknown,
        "/details/giftCards/0",
    );
    refused(
        Value::Null,
        json!({"giftCards": ["OLD"]}),
        Code::GiftCardEnded,
        "/details/giftCards/0",
    );
}

#[test]
fn staff_take_off_no_more_than_their_role_allows() {
    let rules = rules(&ruleset(json!([])));
    let limited = |percent: &str| Context {
        adjustment_limit_percent: Some(percent.parse().unwrap()),
        may_adjust: true,
        ..Context::at(0)
    };
    let mut draft = cart("1A 1B");
    draft.lines[0].adjustments =
        serde_json::from_value(json!([{"kind": "allowance", "amountMinor": 200}])).unwrap();
    draft.adjustments = serde_json::from_value(
        json!([{"kind": "allowance", "amountMinor": 100, "reason": "dented"}]),
    )
    .unwrap();
    assert!(quote(&draft, &rules, &limited("15")).is_ok());
    let refusal = quote(&draft, &rules, &limited("10")).unwrap_err();
    assert_eq!(
        (refusal.code(), refusal.issues[0].path.as_str()),
        (Code::AdjustmentOverLimit, "/adjustments")
    );
}

#[test]
fn points_as_a_discount_keep_to_floors_and_to_the_maximum_of_the_shop() {
    let mut shop = ruleset(json!([]));
    shop["points"] = json!({"as": "discount", "unitPoints": 1, "unitMinor": 1});
    let mut draft = cart("1A");
    draft.details.spend_points = 900;
    let mut context = Context::at(0);
    context.customer.points = 1_000;
    let off =
        |shop: &Value| quote(&draft, &rules(shop), &context).unwrap().totals.discount_minor.minor();
    assert_eq!(off(&shop), 900);
    shop["stacking"] = json!({"maximumOrderPercent": "30"});
    assert_eq!(off(&shop), 300);
    shop["products"][0]["floorUnitPrice"] = json!("8");
    assert_eq!(off(&shop), 200);
}
