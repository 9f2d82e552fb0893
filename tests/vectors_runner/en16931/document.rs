//! Whole documents: every figure that a document states, recomputed by the engine.

use serde_json::{Value, json};

use super::fragment::{DIGITS, Fragment, adjustment, rows, stated, taxes};
use crate::vectors_runner::{
    engine::{Engine, Quote},
    exact::Exact,
    outcome::{Comparison, Gap, Outcome},
};

/// Where the figures of a case start.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Line amounts are computed from prices and quantities.
    Full,
    /// Line amounts are taken as they are stated.
    LineAmounts,
}

/// The level at which a case adds up, or `None` if its own figures contradict each other.
pub fn level(case: &Value) -> Option<Level> {
    let flag = |key: &str| case[key].as_bool();
    match (case["level"].as_str(), flag("exact"), flag("exact_from_line_amounts")) {
        (Some("totals"), Some(false), _) | (_, Some(false), Some(false) | None) => None,
        (Some("totals"), ..) | (_, Some(false), Some(true)) => Some(Level::LineAmounts),
        _ => Some(Level::Full),
    }
}

pub fn run(case: &Value, engine: &Engine) -> Outcome {
    let Some(level) = level(case) else {
        return Err(Gap::not_covered("a document whose own figures contradict each other"));
    };
    let currency = case["currency"].as_str().ok_or_else(|| Gap::malformed("no currency"))?;
    // Without a tax total and a breakdown there is no tax in the document; with one that does not
    // follow from the lines, it is an input.
    let breakdown = rows(case, "vat_breakdown")?;
    let tax_total = stated(case, "tax_total")?;
    let given = case["tax_total_is_input"] == Value::Bool(true);
    let computed = !given && (tax_total.is_some() || !breakdown.is_empty());

    let mut comparison = Comparison::default();
    let quote = whole(case, level, computed)?.quote(engine, currency)?;
    lines(case, &quote, &mut comparison)?;
    adjustments(case, &quote, level, &mut comparison)?;
    let totals = Totals { case, quote: &quote };
    totals.before_tax(&mut comparison)?;
    if computed {
        groups(breakdown, &quote, &mut comparison)?;
        totals.with_tax(&mut comparison)?;
        return comparison.finish();
    }
    // The engine still adds up: the tax total joins as a charge that bears no tax.
    let mut sums = Fragment::default();
    let untaxed = taxes(&Value::Null)?;
    sums.line(quote.amount("/totals/netMinor", DIGITS), &untaxed);
    sums.line(tax_total.unwrap_or_default(), &untaxed);
    ends(case, &mut sums)?;
    let sums = sums.quote(engine, currency)?;
    Totals { case, quote: &sums }.after_tax(&mut comparison)?;
    comparison.finish()
}

/// The draft of a document.
fn whole(case: &Value, level: Level, taxed: bool) -> Result<Fragment, Gap> {
    let taxes = |of: &Value| if taxed { taxes(of) } else { taxes(&Value::Null) };
    let mut draft = Fragment::default();
    for line in rows(case, "lines")? {
        let taxes = taxes(line)?;
        if level == Level::LineAmounts {
            let amount = stated(line, "line_extension_amount")?
                .ok_or_else(|| Gap::malformed("a line without an amount"))?;
            draft.line(amount, &taxes);
        } else {
            draft.priced_line(priced(line, taxes)?);
        }
    }
    for row in rows(case, "allowances_charges")? {
        draft.adjustment(adjustment(row, level == Level::LineAmounts)?, &taxes(row)?);
    }
    ends(case, &mut draft)?;
    Ok(draft)
}

fn ends(case: &Value, draft: &mut Fragment) -> Result<(), Gap> {
    let totals = &case["totals"];
    let end = |key| Ok::<_, Gap>(stated(totals, key)?.unwrap_or_default());
    draft.ends(end("prepaid_amount")?, end("payable_rounding_amount")?)?;
    Ok(())
}

fn priced(line: &Value, taxes: Value) -> Result<Value, Gap> {
    let gross = stated(line, "gross_price")?;
    let net = stated(line, "net_price")?;
    let discount = stated(line, "price_discount")?.unwrap_or_default();
    let price = net
        .or(gross.map(|gross| gross.minus(discount)))
        .ok_or_else(|| Gap::malformed("a line without a price"))?;
    let quantity = stated(line, "quantity")?.unwrap_or_else(|| Exact::from_minor(1, 0));
    let adjustments: Result<Vec<_>, _> =
        rows(line, "allowances_charges")?.iter().map(|row| adjustment(row, false)).collect();
    let mut priced = json!({
        "quantity": quantity.to_string(),
        "unitPrice": price.to_string(),
        "taxes": taxes,
        "adjustments": adjustments?,
    });
    if let Some(base) = stated(line, "base_quantity")? {
        priced["baseQuantity"] = json!(base.to_string());
    }
    Ok(priced)
}

fn lines(case: &Value, quote: &Quote, comparison: &mut Comparison) -> Result<(), Gap> {
    for (at, line) in rows(case, "lines")?.iter().enumerate() {
        if let Some(amount) = stated(line, "line_extension_amount")? {
            let found = quote.amount(&format!("/lines/{at}/amountMinor"), DIGITS);
            comparison.exact(format!("line {}", at + 1), amount, found);
        }
    }
    Ok(())
}

/// Each allowance and charge of the document on its own, in the order of the draft.
fn adjustments(
    case: &Value,
    quote: &Quote,
    level: Level,
    comparison: &mut Comparison,
) -> Result<(), Gap> {
    if level == Level::LineAmounts {
        return Ok(());
    }
    let steps = quote.rows("/trace").iter();
    let steps = steps.filter(|step| step["step"] == "documentAdjustment");
    let found = steps.map(|step| step["amountMinor"].as_i64().unwrap_or(0));
    for (row, found) in rows(case, "allowances_charges")?.iter().zip(found) {
        let charge = row["charge"] == Value::Bool(true);
        let found = Exact::from_minor(if charge { found } else { -found }, DIGITS);
        let name = if charge { "charge" } else { "allowance" };
        comparison.exact(name, stated(row, "amount")?.unwrap_or(found), found);
    }
    Ok(())
}

/// The tax of each category and rate: the stated groups, and no others.
fn groups(stated_groups: &[Value], quote: &Quote, comparison: &mut Comparison) -> Result<(), Gap> {
    let mut left: Vec<&Value> = quote.rows("/taxes").iter().collect();
    for group in stated_groups {
        let category = group["category"].as_str().unwrap_or("");
        let rate = stated(group, "rate")?.unwrap_or_default();
        let name = format!("tax {category} {rate}");
        let same = |found: &&Value| {
            found["tax"]["category"] == category
                && Exact::from_json(&found["tax"]["percent"]) == Some(rate)
        };
        let Some(at) = left.iter().position(same) else {
            comparison.add(name, "a group", "none");
            continue;
        };
        let found = left.remove(at);
        for (key, field) in [("taxable_amount", "taxableMinor"), ("tax_amount", "taxMinor")] {
            if let Some(amount) = stated(group, key)? {
                let found = Exact::from_minor(found[field].as_i64().unwrap_or(0), DIGITS);
                comparison.exact(format!("{name} {key}"), amount, found);
            }
        }
    }
    if !stated_groups.is_empty() {
        for group in left {
            comparison.add("tax group", "none", &group["tax"]);
        }
    }
    Ok(())
}

/// The sums of a document against those of a quote.
struct Totals<'a> {
    case: &'a Value,
    quote: &'a Quote,
}

impl Totals<'_> {
    fn check(&self, key: &str, pointer: &str, comparison: &mut Comparison) -> Result<(), Gap> {
        if let Some(amount) = stated(&self.case["totals"], key)? {
            comparison.exact(key, amount, self.quote.amount(pointer, DIGITS));
        }
        Ok(())
    }

    fn before_tax(&self, comparison: &mut Comparison) -> Result<(), Gap> {
        self.check("line_extension_amount", "/totals/itemsMinor", comparison)?;
        self.check("allowance_total_amount", "/totals/allowanceMinor", comparison)?;
        self.check("charge_total_amount", "/totals/chargeMinor", comparison)?;
        self.check("tax_exclusive_amount", "/totals/netMinor", comparison)
    }

    fn with_tax(&self, comparison: &mut Comparison) -> Result<(), Gap> {
        if let Some(tax) = stated(self.case, "tax_total")? {
            comparison.exact("tax_total", tax, self.quote.amount("/totals/taxMinor", DIGITS));
        }
        self.after_tax(comparison)
    }

    fn after_tax(&self, comparison: &mut Comparison) -> Result<(), Gap> {
        self.check("tax_inclusive_amount", "/totals/grossMinor", comparison)?;
        self.check("payable_amount", "/totals/payableMinor", comparison)
    }
}
