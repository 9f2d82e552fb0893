//! Which rules of EN 16931 a document, or a part of one, breaks.
//!
//! Arithmetic is not written a second time here: for each rule, what the document states becomes a
//! draft, the engine computes the figure, and the two are compared.

use serde_json::{Value, json};

use super::{
    fragment::{DIGITS, Fragment, adjustment, rows, stated, taxes},
    structure,
};
use crate::vectors_runner::{
    engine::{Engine, Quote},
    exact::Exact,
    outcome::Gap,
};

/// The engine needs some currency; no rule here depends on it.
const CURRENCY: &str = "EUR";

/// All rules that are broken, by name. What is not stated breaks nothing here.
pub fn broken_rules(document: &Value, engine: &Engine) -> Result<Vec<String>, Gap> {
    let mut checker = Checker { document, engine, broken: structure::broken_rules(document)? };
    checker.lines()?;
    checker.sums()?;
    checker.totals()?;
    for group in rows(document, "vat_breakdown")? {
        checker.group(group)?;
    }
    Ok(checker.broken)
}

/// Whether a rule is checked at all.
pub fn knows(rule: &str) -> bool {
    let named = |known: &str| rule == known || rule.ends_with(&format!("-{known}"));
    let listed = ARITHMETIC.iter().any(|known| named(known));
    let family =
        |number| PREFIXES.iter().any(|(_, prefix)| rule == format!("BR-{prefix}-{number}"));
    listed || family("08") || family("09") || structure::knows(rule)
}

/// Rules of sums and products, by the name of the standard and by that of the Peppol order.
const ARITHMETIC: [&str; 18] = [
    "BR-CO-10", "BR-CO-11", "BR-CO-12", "BR-CO-13", "BR-CO-14", "BR-CO-15", "BR-CO-16", "BR-CO-17",
    "R040", "R120", "T01-R008", "T01-R009", "T01-R010", "T01-R011", "T01-R016", "T01-R017",
    "T01-R022", "T01-R024",
];

/// Category and prefix of its rules.
pub const PREFIXES: [(&str, &str); 9] = [
    ("S", "S"),
    ("Z", "Z"),
    ("E", "E"),
    ("AE", "AE"),
    ("K", "IC"),
    ("G", "G"),
    ("O", "O"),
    ("L", "AF"),
    ("M", "AG"),
];

pub fn prefix(category: &str) -> Option<&'static str> {
    PREFIXES.iter().find(|(code, _)| *code == category).map(|(_, prefix)| *prefix)
}

/// Categories with a group for each rate. The official rules forgive less than 1.00 on them.
pub fn has_rate(category: &str) -> bool {
    matches!(category, "S" | "L" | "M" | "B")
}

struct Checker<'a> {
    document: &'a Value,
    engine: &'a Engine,
    broken: Vec<String>,
}

impl Checker<'_> {
    fn expect(&mut self, rules: &[&str], stated: Exact, computed: Exact, slack: Slack) {
        let distance = stated.minus(computed).abs();
        let fits = match slack {
            Slack::None => distance.is_zero(),
            Slack::TwoCents => distance <= Exact::from_minor(2, DIGITS),
            Slack::BelowOne => distance < Exact::from_minor(1, 0),
        };
        if !fits {
            self.broken.extend(rules.iter().map(|rule| (*rule).to_owned()));
        }
    }

    fn quote(&self, fragment: &Fragment) -> Result<Quote, Gap> {
        fragment.quote(self.engine, CURRENCY)
    }

    fn stated_total(&self, key: &str) -> Result<Option<Exact>, Gap> {
        stated(&self.document["totals"], key)
    }

    /// Line amounts and percentages: R120, R040.
    fn lines(&mut self) -> Result<(), Gap> {
        let document = self.document;
        for line in rows(document, "lines")? {
            self.percentages(rows(line, "allowances_charges")?)?;
            let (Some(price), Some(amount)) =
                (stated(line, "net_price")?, stated(line, "line_extension_amount")?)
            else {
                continue;
            };
            let base = stated(line, "base_quantity")?.unwrap_or_else(|| Exact::from_minor(1, 0));
            if base <= Exact::ZERO {
                continue; // R121 says so
            }
            let quantity = stated(line, "quantity")?.unwrap_or_else(|| Exact::from_minor(1, 0));
            let mut fragment = Fragment::default();
            fragment.priced_line(json!({
                "quantity": quantity.to_string(), "unitPrice": price.to_string(),
                "baseQuantity": base.to_string(), "taxes": taxes(&Value::Null)?,
            }));
            // As lines of their own: an allowance may exceed the price of a wrong document.
            for row in rows(line, "allowances_charges")? {
                fragment.adjustment(adjustment(row, true)?, &taxes(&Value::Null)?);
            }
            let computed = self.quote(&fragment)?.amount("/totals/netMinor", DIGITS);
            self.expect(&["R120", "T01-R024"], amount, computed, Slack::TwoCents);
        }
        self.percentages(rows(document, "allowances_charges")?)
    }

    fn percentages(&mut self, list: &[Value]) -> Result<(), Gap> {
        for row in list {
            let parts =
                (stated(row, "amount")?, stated(row, "base_amount")?, stated(row, "percent")?);
            if let (Some(amount), Some(_), Some(_)) = parts {
                let mut fragment = Fragment::default();
                let mut charge = adjustment(row, false)?;
                charge["kind"] = json!("charge");
                fragment.adjustment(charge, &taxes(&Value::Null)?);
                let computed = self.quote(&fragment)?.amount("/totals/netMinor", DIGITS);
                self.expect(&["R040", "T01-R022"], amount, computed, Slack::TwoCents);
            }
        }
        Ok(())
    }

    /// The sum of the lines, of the allowances and of the charges: BR-CO-10 to 12.
    fn sums(&mut self) -> Result<(), Gap> {
        let mut fragment = Fragment::default();
        let lines = rows(self.document, "lines")?;
        let mut complete = !lines.is_empty();
        for line in lines {
            match stated(line, "line_extension_amount")? {
                Some(amount) => drop(fragment.line(amount, &taxes(&Value::Null)?)),
                None => complete = false,
            }
        }
        let adjustments = rows(self.document, "allowances_charges")?;
        for row in adjustments {
            fragment.adjustment(adjustment(row, true)?, &taxes(&Value::Null)?);
        }
        let quote = self.quote(&fragment)?;
        if let (true, Some(total)) = (complete, self.stated_total("line_extension_amount")?) {
            self.expect(
                &["BR-CO-10", "T01-R008"],
                total,
                quote.amount("/totals/itemsMinor", DIGITS),
                Slack::None,
            );
        }
        // A snippet of totals alone says nothing of what they are made of.
        if complete || !adjustments.is_empty() {
            for (rules, key, pointer) in [
                (["BR-CO-11", "T01-R009"], "allowance_total_amount", "/totals/allowanceMinor"),
                (["BR-CO-12", "T01-R010"], "charge_total_amount", "/totals/chargeMinor"),
            ] {
                if let Some(total) = self.stated_total(key)? {
                    self.expect(&rules, total, quote.amount(pointer, DIGITS), Slack::None);
                }
            }
        }
        Ok(())
    }

    /// The way from the line total to what is payable: BR-CO-13 to 16.
    fn totals(&mut self) -> Result<(), Gap> {
        let none = taxes(&Value::Null)?;
        let total = |key| self.stated_total(key);
        let (lines, net, gross) = (
            total("line_extension_amount")?,
            total("tax_exclusive_amount")?,
            total("tax_inclusive_amount")?,
        );
        let payable = total("payable_amount")?;
        let tax = stated(self.document, "tax_total")?;
        if let (Some(lines), Some(net)) = (lines, net) {
            let mut sum = Fragment::default();
            sum.line(lines, &none);
            for (key, charge) in [("allowance_total_amount", false), ("charge_total_amount", true)]
            {
                let amount = total(key)?.unwrap_or_default();
                let row = json!({"charge": charge, "amount": amount.to_string()});
                sum.adjustment(adjustment(&row, true)?, &none);
            }
            let computed = self.quote(&sum)?.amount("/totals/netMinor", DIGITS);
            self.expect(&["BR-CO-13", "T01-R011"], net, computed, Slack::None);
        }
        if let (Some(net), Some(tax), Some(gross)) = (net, tax, gross) {
            let mut sum = Fragment::default();
            sum.line(net, &none).line(tax, &none);
            let computed = self.quote(&sum)?.amount("/totals/grossMinor", DIGITS);
            self.expect(&["BR-CO-15", "T01-R017"], gross, computed, Slack::None);
        }
        if let (Some(gross), Some(payable)) = (gross, payable) {
            let mut sum = Fragment::default();
            let end = |key| Ok::<_, Gap>(self.stated_total(key)?.unwrap_or_default());
            sum.line(gross, &none).ends(end("prepaid_amount")?, end("payable_rounding_amount")?)?;
            let computed = self.quote(&sum)?.amount("/totals/payableMinor", DIGITS);
            self.expect(&["BR-CO-16", "T01-R016"], payable, computed, Slack::None);
        }
        self.tax_total(tax)
    }

    fn tax_total(&mut self, tax: Option<Exact>) -> Result<(), Gap> {
        let mut sum = Fragment::default();
        let groups = rows(self.document, "vat_breakdown")?;
        for group in groups {
            let Some(amount) = stated(group, "tax_amount")? else { return Ok(()) };
            sum.line(amount, &taxes(&Value::Null)?);
        }
        if let (Some(tax), false) = (tax, groups.is_empty()) {
            let computed = self.quote(&sum)?.amount("/totals/netMinor", DIGITS);
            self.expect(&["BR-CO-14"], tax, computed, Slack::None);
        }
        Ok(())
    }

    /// One row of the tax breakdown: BR-x-08, BR-x-09, BR-CO-17.
    fn group(&mut self, group: &Value) -> Result<(), Gap> {
        let Some(category) = group["category"].as_str() else { return Ok(()) };
        let named = |number: &str| match prefix(category) {
            Some(prefix) => format!("BR-{prefix}-{number}"),
            None => format!("BR-CO-{number}"),
        };
        let slack = if has_rate(category) { Slack::BelowOne } else { Slack::None };
        let taxable = stated(group, "taxable_amount")?;
        if let (Some(taxable), Some(members)) = (taxable, self.members(group, category)?) {
            let computed = self.quote(&members)?.amount("/totals/netMinor", DIGITS);
            self.expect(&[&named("08")], taxable, computed, slack);
        }
        let Some(tax) = stated(group, "tax_amount")? else { return Ok(()) };
        let rate = stated(group, "rate")?;
        if !has_rate(category) {
            self.expect(&[&named("09")], tax, Exact::ZERO, Slack::None);
        } else if let (Some(taxable), Some(_)) = (taxable, rate) {
            let mut fragment = Fragment::default();
            fragment.line(taxable, &taxes(&json!({"vat": group}))?);
            let computed = self.quote(&fragment)?.amount("/totals/taxMinor", DIGITS);
            self.expect(&[&named("09"), "BR-CO-17"], tax, computed, slack);
        }
        Ok(())
    }

    /// The lines, allowances and charges of a group; `None` if the snippet has none at all.
    fn members(&self, group: &Value, category: &str) -> Result<Option<Fragment>, Gap> {
        let rate = stated(group, "rate")?.unwrap_or_default();
        let mut members = Fragment::default();
        let lines = rows(self.document, "lines")?;
        let adjustments = rows(self.document, "allowances_charges")?;
        let belongs = |row: &&Value| {
            let vat = &row["vat"];
            let same_rate = Exact::from_json(&vat["rate"]).unwrap_or_default() == rate;
            vat["category"] == category && (same_rate || !has_rate(category))
        };
        for line in lines.iter().filter(belongs) {
            let Some(amount) = stated(line, "line_extension_amount")? else { return Ok(None) };
            members.line(amount, &taxes(&Value::Null)?);
        }
        for row in adjustments.iter().filter(belongs) {
            members.adjustment(adjustment(row, true)?, &taxes(&Value::Null)?);
        }
        Ok((!lines.is_empty() || !adjustments.is_empty()).then_some(members))
    }
}

/// What the official validators forgive.
#[derive(Clone, Copy)]
enum Slack {
    None,
    TwoCents,
    BelowOne,
}
