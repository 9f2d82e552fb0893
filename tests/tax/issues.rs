//! Known complaints, by repository and number.

use orderkit::TraceStep;
use serde_json::{Value, json};

use crate::shop::{class, line_taxes, lines, price, ruleset, totals};

fn shop(currency: &str, basis: &str, rounding: Value, rate: &str) -> Value {
    let classes = json!([
        class("all", json!([{"percent": rate}])),
        class("none", json!([{"category": "O"}]))
    ]);
    ruleset(currency, basis, "US", json!({"rounding": rounding, "taxClasses": classes}))
}

/// The total was 34.116425 in the books while the customer paid 34.12.
#[test]
fn medusa_14818_totals_are_whole_cents_and_the_exact_ones_are_told() {
    let rounding = json!({"level": "document", "workingDigits": 6, "exactTotals": true});
    let mut ruleset = shop("USD", "taxExclusive", rounding, "10.75");
    ruleset["shippingMethods"] =
        json!([{"id": "post", "name": {"en": "Post"}, "priceMinor": 644, "taxClass": "none"}]);
    let mut draft = lines(&[("all", "24.99", "1")]);
    draft["details"] = json!({"shippingMethod": "post"});
    let quote = price(&ruleset, &draft);
    assert_eq!(totals(&quote), (2_499 + 644, 269, 3_412));
    let exact = quote.trace.iter().find_map(|step| match step {
        TraceStep::ExactTotals { exact_net, exact_tax, exact_gross } => {
            Some([exact_net, exact_tax, exact_gross].map(|it| it.clone().unwrap()))
        }
        _ => None,
    });
    assert_eq!(exact.unwrap(), ["3143", "268.6425", "3411.6425"]);
}

/// 25 pieces at 399.00 with 9 % inside, 10 % off: 8,236.25 where the sum of what was shown is 8,236.36.
#[test]
fn vendure_3091_the_subtotal_depends_on_the_level() {
    let by = |basis: &str, level: &str, unit_price: &str, off: i64| {
        let mut ruleset = shop("USD", basis, json!({"level": level, "target": "net"}), "9");
        ruleset["promotions"] = json!([{"id": "off", "name": {"en": "Off"}, "effect": {"kind": "orderFixed", "amountMinor": off}}]);
        totals(&price(&ruleset, &lines(&[("all", unit_price, "25")]))).0
    };
    // 359.10 a piece hold 329.449… net, 329.45 rounded, times 25.
    assert_eq!(by("taxInclusive", "unit", "399", 99_750), 823_625);
    // The line of 8,977.50 holds 8,236.238….
    assert_eq!(by("taxInclusive", "line", "399", 99_750), 823_624);
    // Net prices, as the shop showed them: 25 x 366.06 - 915.14.
    assert_eq!(by("taxExclusive", "line", "366.06", 91_514), 823_636);
}

/// The till rounded each line, the invoice the sum.
#[test]
fn odoo_6224_and_spree_6137_line_by_line_or_globally() {
    let three = lines(&[("all", "1.13", "1"), ("all", "1.13", "1"), ("all", "1.13", "1")]);
    let tax =
        |level: &str| price(&shop("EUR", "taxExclusive", json!({"level": level}), "21"), &three);
    assert_eq!((totals(&tax("line")).1, totals(&tax("group")).1), (72, 71));
    assert_eq!(line_taxes(&tax("group")), [24, 24, 23]);
}

/// Net amounts were cut in one place and rounded half up in another.
#[test]
fn saleor_12040_one_mode_everywhere() {
    let net = |mode: &str| {
        let rounding = json!({"level": "line", "target": "net", "mode": mode});
        totals(&price(
            &shop("USD", "taxInclusive", rounding, "23"),
            &lines(&[("all", "10.01", "1")]),
        ))
        .0
    };
    // 10.01 / 1.23 = 8.1382….
    assert_eq!((net("halfUp"), net("down")), (814, 813));
}

/// Amounts of currencies without decimals were taken times a hundred.
#[test]
fn woocommerce_payments_7724_zero_decimals() {
    let quote =
        price(&shop("JPY", "taxInclusive", json!({}), "10"), &lines(&[("all", "1000", "1")]));
    assert_eq!(totals(&quote), (909, 91, 1_000));
    assert_eq!(quote.totals.gross_minor.display(quote.currency).to_string(), "1000");
}
