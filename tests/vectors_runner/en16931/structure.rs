//! Rules that need no arithmetic: what must be stated, what excludes what, how many decimals.

use serde_json::Value;

use super::{
    checker::{PREFIXES, has_rate, prefix},
    fragment::{DIGITS, rows, stated},
};
use crate::vectors_runner::{exact::Exact, outcome::Gap};

/// Field and rule of the totals, which have at most two decimals.
const TOTALS: [(&str, &str); 8] = [
    ("line_extension_amount", "BR-DEC-09"),
    ("allowance_total_amount", "BR-DEC-10"),
    ("charge_total_amount", "BR-DEC-11"),
    ("tax_exclusive_amount", "BR-DEC-12"),
    ("tax_inclusive_amount", "BR-DEC-14"),
    ("prepaid_amount", "BR-DEC-16"),
    ("payable_rounding_amount", "BR-DEC-17"),
    ("payable_amount", "BR-DEC-18"),
];
const OTHERS: [&str; 14] = [
    "R046", "R121", "R041", "R042", "BR-27", "T01-R019", "T01-R025", "T01-R020", "T01-R021",
    "T01-R004", "T01-R005", "T01-R006", "T01-R007", "T01-R032",
];

/// Whether a rule is checked here.
pub fn knows(rule: &str) -> bool {
    let family =
        |number| PREFIXES.iter().any(|(_, prefix)| rule == format!("BR-{prefix}-{number}"));
    let listed = OTHERS.iter().any(|known| rule == *known || rule.ends_with(&format!("-{known}")));
    let outside = ["BR-O-11", "BR-O-12", "BR-O-13", "BR-O-14"];
    listed || rule.starts_with("BR-DEC-") || outside.contains(&rule) || family("01") || family("10")
}

pub fn broken_rules(document: &Value) -> Result<Vec<String>, Gap> {
    let mut broken = Broken::default();
    broken.decimals(document)?;
    for line in rows(document, "lines")? {
        broken.line(line)?;
    }
    broken.percentages(rows(document, "allowances_charges")?)?;
    broken.categories(document)?;
    if document["kind"].as_str().is_some_and(|kind| kind.starts_with("order")) {
        broken.negative_orders(document)?;
    }
    Ok(broken.rules)
}

#[derive(Default)]
struct Broken {
    rules: Vec<String>,
}

impl Broken {
    fn unless(&mut self, holds: bool, rules: &[&str]) {
        if !holds {
            self.rules.extend(rules.iter().map(|rule| (*rule).to_owned()));
        }
    }

    fn two_decimals(&mut self, object: &Value, key: &str, rule: &str) -> Result<(), Gap> {
        let fits = stated(object, key)?.is_none_or(|amount| amount.minor(DIGITS).is_some());
        self.unless(fits, &[rule, "T01-R028", "T110-R013"]);
        Ok(())
    }

    fn decimals(&mut self, document: &Value) -> Result<(), Gap> {
        for (key, rule) in TOTALS {
            self.two_decimals(&document["totals"], key, rule)?;
        }
        self.two_decimals(document, "tax_total", "BR-DEC-13")?;
        self.two_decimals(document, "tax_total_accounting", "BR-DEC-15")?;
        for group in rows(document, "vat_breakdown")? {
            self.two_decimals(group, "taxable_amount", "BR-DEC-19")?;
            self.two_decimals(group, "tax_amount", "BR-DEC-20")?;
        }
        self.adjustment_decimals(rows(document, "allowances_charges")?, ["01", "02", "05", "06"])?;
        for line in rows(document, "lines")? {
            self.two_decimals(line, "line_extension_amount", "BR-DEC-23")?;
            self.adjustment_decimals(rows(line, "allowances_charges")?, ["24", "25", "27", "28"])?;
        }
        Ok(())
    }

    /// Rules of the amount and base of an allowance, then of a charge.
    fn adjustment_decimals(&mut self, list: &[Value], rules: [&str; 4]) -> Result<(), Gap> {
        let [allowance, allowance_base, charge, charge_base] = rules;
        for row in list {
            let (amount, base) = match row["charge"] == Value::Bool(true) {
                true => (charge, charge_base),
                false => (allowance, allowance_base),
            };
            self.two_decimals(row, "amount", &format!("BR-DEC-{amount}"))?;
            self.two_decimals(row, "base_amount", &format!("BR-DEC-{base}"))?;
        }
        Ok(())
    }

    fn line(&mut self, line: &Value) -> Result<(), Gap> {
        let (net, gross) = (stated(line, "net_price")?, stated(line, "gross_price")?);
        let discount = stated(line, "price_discount")?.unwrap_or_default();
        if let (Some(net), Some(gross)) = (net, gross) {
            self.unless(net == gross.minus(discount), &["R046", "T01-R019"]);
        }
        self.unless(net.is_none_or(|net| net >= Exact::ZERO), &["BR-27", "T01-R005"]);
        let base = stated(line, "base_quantity")?;
        self.unless(base.is_none_or(|base| base > Exact::ZERO), &["R121", "T01-R025"]);
        self.percentages(rows(line, "allowances_charges")?)
    }

    fn percentages(&mut self, list: &[Value]) -> Result<(), Gap> {
        for row in list {
            let base = stated(row, "base_amount")?.is_some();
            let percent = stated(row, "percent")?.is_some();
            self.unless(base || !percent, &["R041", "T01-R020"]);
            self.unless(percent || !base, &["R042", "T01-R021"]);
        }
        Ok(())
    }

    /// Each category that is used has its group with a reason where one is due; O stands alone.
    fn categories(&mut self, document: &Value) -> Result<(), Gap> {
        let groups = rows(document, "vat_breakdown")?;
        if groups.is_empty() {
            return Ok(());
        }
        let lines = rows(document, "lines")?;
        let adjustments = rows(document, "allowances_charges")?;
        let outside = groups.iter().any(|group| group["category"] == "O");
        for (code, prefix) in PREFIXES {
            let used = lines.iter().chain(adjustments).any(|row| row["vat"]["category"] == code);
            let count = groups.iter().filter(|group| group["category"] == code).count();
            let fits = if has_rate(code) { count > 0 || !used } else { count == usize::from(used) };
            let judged = !lines.is_empty() || !adjustments.is_empty();
            self.unless(fits || !judged, &[&format!("BR-{prefix}-01")]);
        }
        for group in groups {
            let category = group["category"].as_str().unwrap_or("");
            let reason =
                group["exemption_reason"].is_string() || group["exemption_reason_code"].is_string();
            // Snippets of amounts state no reasons at all: only a whole document is judged.
            let whole = document["totals"]["payable_amount"].is_string();
            if let (Some(prefix), true) = (prefix(category), whole) {
                let due = !has_rate(category) && category != "Z";
                self.unless(due == reason || category == "B", &[&format!("BR-{prefix}-10")]);
            }
        }
        let other = |row: &Value| row["vat"]["category"].as_str().is_some_and(|code| code != "O");
        self.unless(!outside || groups.len() == 1, &["BR-O-11"]);
        self.unless(!outside || !lines.iter().any(other), &["BR-O-12"]);
        for (charge, rule) in [(false, "BR-O-13"), (true, "BR-O-14")] {
            let mixed = adjustments.iter().any(|row| row["charge"] == charge && other(row));
            self.unless(!outside || !mixed, &[rule]);
        }
        Ok(())
    }

    /// An order asks for nothing below zero.
    fn negative_orders(&mut self, document: &Value) -> Result<(), Gap> {
        let positive = |object: &Value, key: &str| {
            Ok::<_, Gap>(stated(object, key)?.is_none_or(|amount| amount >= Exact::ZERO))
        };
        for line in rows(document, "lines")? {
            self.unless(positive(line, "quantity")?, &["T01-R004"]);
        }
        for row in rows(document, "allowances_charges")? {
            self.unless(positive(row, "amount")?, &["T01-R032"]);
        }
        self.unless(positive(&document["totals"], "line_extension_amount")?, &["T01-R007"]);
        self.unless(positive(&document["totals"], "payable_amount")?, &["T01-R006"]);
        Ok(())
    }
}
