//! Taxes of shipping and fees that follow the goods, and coins.

use orderkit::TraceStep;
use serde_json::{Value, json};

use crate::shop::{class, has_step, lines, price, rows, ruleset, totals};

fn shop(basis: &str, shipping: &str, charges: Value) -> Value {
    ruleset(
        "EUR",
        basis,
        "DE",
        json!({
        "taxation": {"shipping": shipping, "charges": charges},
        "shippingMethods": [
            {"id": "post", "name": {"en": "Post"}, "priceMinor": 1000, "taxClass": "goods"},
            {"id": "net", "name": {"en": "Net"}, "priceMinor": 1000, "taxClass": "goods", "priceBasis": "taxExclusive", "tax": "ownClass"}],
        "taxClasses": [class("food", json!([{"percent": "7"}])), class("goods", json!([{"percent": "19"}]))]}),
    )
}

fn order(rows: &[(&str, &str, &str)], method: &str) -> Value {
    let mut draft = lines(rows);
    draft["details"] = json!({"shippingMethod": method});
    draft
}

#[test]
fn shipping_follows_the_goods_as_the_shop_says() {
    let goods = [("food", "107", "1"), ("goods", "119", "1")];
    for (shipping, expected) in [
        ("ownClass", vec!["S 7: 10000 700", "S 19: 10840 2060"]),
        // 10.00 by 107 and 119: 4.73 and 5.27.
        ("proRata", vec!["S 7: 10442 731", "S 19: 10443 1984"]),
        ("highestRate", vec!["S 7: 10000 700", "S 19: 10840 2060"]),
        // 7 % and 19 % of 100.00 each: 13 %.
        ("averageRate", vec!["S 7: 10000 700", "S 13: 885 115", "S 19: 10000 1900"]),
        ("none", vec!["S 7: 10000 700", "S 19: 10000 1900", "O 0: 1000 0"]),
    ] {
        let quote = price(&shop("taxInclusive", shipping, Value::Null), &order(&goods, "post"));
        assert_eq!(rows(&quote), expected, "{shipping}");
        let charge = quote.shipping.as_ref().unwrap();
        assert_eq!(charge.gross_minor.minor(), 1_000, "{shipping}");
        assert_eq!(charge.net_minor.plus(charge.tax_minor).unwrap(), charge.gross_minor);
        assert_eq!(totals(&quote).2, 23_600, "{shipping}");
    }
    // Food alone: the highest rate is its own. Nothing with a price: the charge's own class.
    let food = price(
        &shop("taxInclusive", "highestRate", Value::Null),
        &order(&[("food", "107", "1")], "post"),
    );
    assert_eq!(rows(&food), ["S 7: 10935 765"]);
    let free =
        price(&shop("taxInclusive", "proRata", Value::Null), &order(&[("food", "0", "1")], "post"));
    assert_eq!(rows(&free), ["S 7: 0 0", "S 19: 840 160"]);
}

#[test]
fn shipping_on_top_of_prices_that_hold_tax() {
    let quote = price(
        &shop("taxInclusive", "proRata", Value::Null),
        &order(&[("food", "107", "1")], "net"),
    );
    assert_eq!(rows(&quote), ["S 7: 10000 700", "S 19: 1000 190"]);
}

#[test]
fn a_fee_is_shared_over_the_lines_or_follows_the_goods() {
    let fee = |charges: Value| {
        let mut draft = lines(&[("food", "100", "1"), ("goods", "100", "1")]);
        draft["adjustments"] =
            json!([{"kind": "charge", "amountMinor": 1000, "reason": "gift wrap"}]);
        price(&shop("taxExclusive", "ownClass", charges), &draft)
    };
    assert_eq!(rows(&fee(Value::Null)), ["S 7: 10500 735", "S 19: 10500 1995"]);
    let highest = fee(json!("highestRate"));
    assert_eq!(rows(&highest), ["S 7: 10000 700", "S 19: 11000 2090"]);
    assert_eq!(highest.totals.charge_minor.minor(), 1_000);
    assert_eq!(rows(&fee(json!("none"))), ["S 7: 10000 700", "S 19: 10000 1900", "O 0: 1000 0"]);
}

#[test]
fn coins_round_what_is_payable_and_nothing_else() {
    let with = |step: i64, mode: &str| {
        ruleset(
            "CHF",
            "taxInclusive",
            "CH",
            json!({
        "paymentMethods": [
            {"id": "cash", "name": {"en": "Cash"}, "cashRounding": {"stepMinor": step, "mode": mode}},
            {"id": "card", "name": {"en": "Card"}}],
        "taxClasses": [class("goods", json!([{"percent": "8.1"}]))]}),
        )
    };
    for (unit_price, method, step, mode, rounding) in [
        ("12.33", "cash", 5, "halfUp", 2),
        ("12.32", "cash", 5, "halfUp", -2),
        ("12.35", "cash", 5, "halfUp", 0),
        ("12.33", "card", 5, "halfUp", 0),
        ("12.35", "cash", 10, "halfUp", 5),
        ("12.35", "cash", 10, "halfDown", -5),
        ("12.39", "cash", 100, "down", -39),
    ] {
        let mut draft = lines(&[("goods", unit_price, "1")]);
        draft["details"] = json!({"paymentMethod": method});
        let quote = price(&with(step, mode), &draft);
        let (gross, payable) =
            (quote.totals.gross_minor.minor(), quote.totals.payable_minor.minor());
        assert_eq!(
            (quote.totals.cash_rounding_minor.minor(), payable - gross),
            (rounding, rounding),
            "{unit_price} {method} {step}"
        );
        assert_eq!(
            has_step(&quote, |it| matches!(it, TraceStep::CashRounding { .. })),
            rounding != 0
        );
    }
}
