//! What holds for any taxes and any rounding.

use orderkit::{Context, Draft, Quote, Rules, TraceStep, json, quote};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::shop::{NOW_MS, class, ruleset};

/// Every class of the shops: plain, zero, several, compound, per unit.
fn classes() -> Value {
    json!([
        class("a", json!([{"percent": "19"}])),
        class("b", json!([{"percent": "7"}])),
        class("c", json!([{"category": "Z"}])),
        class(
            "d",
            json!([{"percent": "4", "jurisdiction": "NY"}, {"percent": "4.875", "jurisdiction": "NYC"}])
        ),
        class("e", json!([{"percent": "5"}, {"percent": "9.975", "compound": true}])),
        class(
            "f",
            json!([{"amountPerUnit": "0.25", "untaxed": true}, {"percent": "8.25", "compound": true}])
        ),
    ])
}

fn rounding() -> impl Strategy<Value = Value> {
    let level = prop::sample::select(vec!["group", "line", "unit", "document"]);
    let mode =
        prop::sample::select(vec!["halfUp", "halfEven", "halfDown", "up", "down", "thirdDecimal"]);
    let target = prop::sample::select(vec!["tax", "net", "both"]);
    let rates = prop::sample::select(vec![Value::Null, json!("separately"), json!("together")]);
    let leftover = prop::sample::select(vec!["largestRemainder", "first"]);
    let digits = prop::sample::select(vec![0_u8, 0, 2, 6]);
    (level, mode, target, rates, leftover, digits, any::<bool>()).prop_map(
        |(level, mode, target, rates, leftover, digits, apart)| {
            json!({"level": level, "mode": mode, "target": target, "rates": rates, "leftover": leftover,
                   "workingDigits": digits, "shippingApart": apart, "exactTotals": true})
        },
    )
}

/// Lines of class, price in tenths of a cent, quantity, and whether the price holds tax.
type Line = (&'static str, u32, u32, bool);

fn cart() -> impl Strategy<Value = (Vec<Line>, Value, &'static str, bool)> {
    let class = prop::sample::select(vec!["a", "b", "c", "d", "e", "f"]);
    let price = prop_oneof![Just(0_u32), 1_u32..2_000, 1_u32..50_000_000];
    let line = (class, price, 1_u32..30, any::<bool>());
    let shipping =
        prop::sample::select(vec!["ownClass", "proRata", "highestRate", "averageRate", "none"]);
    (prop::collection::vec(line, 1..12), rounding(), shipping, any::<bool>())
}

fn rules(rounding: &Value, shipping: &str, line_taxes: bool) -> Rules {
    let ruleset = ruleset(
        "EUR",
        "taxInclusive",
        "DE",
        json!({
        "rounding": rounding, "taxClasses": classes(),
        "taxation": {"shipping": shipping, "lineTaxes": line_taxes},
        "promotions": [{"id": "off", "name": {"en": "Off"}, "effect": {"kind": "orderPercentage", "percent": "7"}}],
        "shippingMethods": [{"id": "post", "name": {"en": "Post"}, "priceMinor": 499, "taxClass": "a"}]}),
    );
    Rules::from_json(ruleset.to_string().as_bytes()).unwrap()
}

fn draft(lines: &[Line], ships: bool, sign: i64) -> Draft {
    let line = |(class, price, quantity, inclusive): &Line| {
        let basis = if *inclusive { "taxInclusive" } else { "taxExclusive" };
        let price = format!("{}.{:03}", price / 1_000, price % 1_000);
        json!({"sku": class, "taxClass": class, "unitPrice": price, "quantity": (sign * i64::from(*quantity)).to_string(), "priceBasis": basis})
    };
    let lines: Vec<Value> = lines.iter().map(line).collect();
    let method = if ships { json!("post") } else { Value::Null };
    serde_json::from_value(json!({"lines": lines, "details": {"shippingMethod": method}})).unwrap()
}

fn sum(amounts: impl IntoIterator<Item = orderkit::Amount>) -> i64 {
    amounts.into_iter().map(orderkit::Amount::minor).sum()
}

fn traced_tax(quote: &Quote) -> i64 {
    let step = |step: &TraceStep| match step {
        TraceStep::Tax { amount_minor, .. } => amount_minor.minor(),
        TraceStep::LineTaxes { amounts_minor, .. } => sum(amounts_minor.iter().copied()),
        _ => 0,
    };
    quote.trace.iter().map(step).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn everything_adds_up((lines, rounding, shipping, ships) in cart()) {
        let quote = quote(&draft(&lines, ships, 1), &rules(&rounding, shipping, true), &Context::at(NOW_MS)).unwrap();
        let totals = quote.totals;
        for line in &quote.lines {
            prop_assert_eq!(line.net_minor.minor() + line.tax_minor.minor(), line.gross_minor.minor());
            prop_assert_eq!(sum(line.taxes.iter().map(|it| it.tax_minor)), line.tax_minor.minor());
            // Net and tax of less than a cent, each rounded with others of the document; and what is left over goes to the first
            // taxes by the shop's wish, also where these are two of a line of one cent.
            let shared = rounding["level"] == "document" && (rounding["workingDigits"] != 0 || rounding["leftover"] == "first");
            let least = if shared { -1 } else { 0 };
            prop_assert!(line.net_minor.minor() >= least && !line.gross_minor.is_negative());
        }
        let charge = quote.shipping.as_ref();
        let tax = sum(quote.lines.iter().map(|line| line.tax_minor)) + charge.map_or(0, |it| it.tax_minor.minor());
        prop_assert_eq!(tax, totals.tax_minor.minor());
        prop_assert_eq!(totals.net_minor.minor() + totals.tax_minor.minor(), totals.gross_minor.minor());
        prop_assert_eq!(sum(quote.taxes.iter().map(|row| row.tax_minor)), totals.tax_minor.minor());
        prop_assert_eq!(traced_tax(&quote), totals.tax_minor.minor());
        if lines.iter().all(|(class, ..)| matches!(*class, "a" | "b" | "c")) {
            prop_assert_eq!(sum(quote.taxes.iter().map(|row| row.taxable_minor)), totals.net_minor.minor());
        }
    }

    /// A credit of everything gives back exactly what was charged.
    #[test]
    fn a_credit_mirrors_its_invoice((lines, rounding, _, _) in cart()) {
        let mut rules = ruleset("EUR", "taxInclusive", "DE", json!({"rounding": rounding, "taxClasses": classes()}));
        rules["taxation"] = json!({"lineTaxes": true});
        let rules = Rules::from_json(rules.to_string().as_bytes()).unwrap();
        let at = |sign| quote(&draft(&lines, false, sign), &rules, &Context::at(NOW_MS)).unwrap();
        let (there, back) = (at(1), at(-1));
        for (line, credit) in there.lines.iter().zip(&back.lines) {
            prop_assert_eq!(line.net_minor.negate(), credit.net_minor);
            prop_assert_eq!(line.tax_minor.negate(), credit.tax_minor);
            prop_assert_eq!(line.gross_minor.negate(), credit.gross_minor);
        }
        let taxes = |quote: &Quote, sign: i64| quote.taxes.iter().map(|row| (row.taxable_minor.minor() * sign, row.tax_minor.minor() * sign)).collect::<Vec<_>>();
        prop_assert_eq!(taxes(&there, 1), taxes(&back, -1));
    }

    /// Listing the taxes of lines takes the way of exact fractions: same amounts, byte for byte.
    #[test]
    fn both_ways_of_computing_agree((lines, rounding, shipping, ships) in cart()) {
        let lines: Vec<Line> = lines.into_iter().filter(|(class, ..)| matches!(*class, "a" | "b" | "c" | "d")).collect();
        let target = if rounding["target"] == "both" { "tax" } else { rounding["target"].as_str().unwrap() };
        let level = if rounding["level"] == "line" { "line" } else { "group" };
        let plain = json!({"level": level, "mode": rounding["mode"], "target": target});
        let bytes = |line_taxes| {
            let rules = rules(&plain, shipping, line_taxes);
            let mut quote = quote(&draft(&lines, ships, 1), &rules, &Context::at(NOW_MS)).unwrap();
            quote.lines.iter_mut().for_each(|line| line.taxes.clear());
            (json::write(&quote.lines), json::write(&quote.taxes), json::write(&quote.totals))
        };
        prop_assert_eq!(bytes(true), bytes(false));
    }
}
