//! Shops and orders of the tables: a ruleset and a draft in few words.

use orderkit::{Context, Draft, Quote, Rules, TraceStep, quote};
use serde_json::{Value, json};

pub const NOW_MS: i64 = 1_772_366_400_000;

/// A shop whose drafts name prices and classes, with `extra` fields of the ruleset.
pub fn ruleset(currency: &str, basis: &str, home: &str, extra: Value) -> Value {
    let mut ruleset = json!({
        "version": "1", "name": {"en": "Shop"}, "currency": currency, "homeCountry": home,
        "priceBasis": basis, "priceSource": "draft",
    });
    merge(&mut ruleset, extra);
    ruleset
}

pub fn merge(target: &mut Value, extra: Value) {
    match (target.as_object_mut(), extra) {
        (Some(target), Value::Object(extra)) => target.extend(extra),
        (_, extra) => assert!(extra.is_null(), "{extra}"),
    }
}

/// A class with one rule for everywhere.
pub fn class(id: &str, components: Value) -> Value {
    json!({"id": id, "rules": [{"components": components}]})
}

/// Lines of class, unit price and quantity.
pub fn lines(rows: &[(&str, &str, &str)]) -> Value {
    let line = |(class, price, quantity): &(&str, &str, &str)| json!({"sku": class, "taxClass": class, "unitPrice": price, "quantity": quantity});
    json!({"lines": rows.iter().map(line).collect::<Vec<_>>()})
}

pub fn rules(ruleset: &Value) -> Rules {
    Rules::from_json(ruleset.to_string().as_bytes()).unwrap()
}

#[track_caller]
pub fn price_in(ruleset: &Value, draft: &Value, context: &Context) -> Quote {
    let draft: Draft = serde_json::from_value(draft.clone()).unwrap();
    quote(&draft, &rules(ruleset), context).unwrap()
}

#[track_caller]
pub fn price(ruleset: &Value, draft: &Value) -> Quote {
    price_in(ruleset, draft, &Context::at(NOW_MS))
}

/// Net, tax and gross of the document.
pub fn totals(quote: &Quote) -> (i64, i64, i64) {
    let totals = quote.totals;
    (totals.net_minor.minor(), totals.tax_minor.minor(), totals.gross_minor.minor())
}

/// The rows of the summary: category, rate, jurisdiction, base and tax.
pub fn rows(quote: &Quote) -> Vec<String> {
    let row = |row: &orderkit::pricing::TaxTotal| {
        let levies = row.tax.jurisdiction.as_deref().map(|it| format!(" {it}")).unwrap_or_default();
        let (category, percent) =
            (format!("{:?}", row.tax.category).to_uppercase(), row.tax.percent);
        format!(
            "{category} {percent}{levies}: {} {}",
            row.taxable_minor.minor(),
            row.tax_minor.minor()
        )
    };
    quote.taxes.iter().map(row).collect()
}

pub fn line_taxes(quote: &Quote) -> Vec<i64> {
    quote.lines.iter().map(|line| line.tax_minor.minor()).collect()
}

pub fn has_step(quote: &Quote, found: impl Fn(&TraceStep) -> bool) -> bool {
    quote.trace.iter().any(found)
}
