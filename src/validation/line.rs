//! The lines of a draft.

use super::text;
use crate::{
    decimal::{Decimal, Entry},
    draft::{Draft, DraftLine},
    issue::{Code, Issue},
    limits::{MAX_CODE_BYTES, MAX_LINES, MAX_QUANTITY, MAX_TEXT_BYTES},
    ruleset::{PriceSource, Product, Rules, repeated},
};

pub(super) fn all(draft: &Draft, rules: &Rules, issues: &mut Vec<Issue>) {
    if draft.lines.is_empty() {
        issues.push(Issue::new(Code::LinesEmpty, "/lines"));
    }
    if draft.lines.len() > MAX_LINES {
        let issue = Issue::new(Code::LinesTooMany, "/lines");
        issues.push(issue.with("maximum", MAX_LINES).with("count", draft.lines.len()));
        return;
    }
    for (index, line) in draft.lines.iter().enumerate() {
        one(line, rules, &format!("/lines/{index}"), issues);
    }
    let ids: Vec<String> =
        draft.lines.iter().enumerate().map(|(index, line)| line.id_or_position(index)).collect();
    let names: Vec<&str> = ids.iter().map(String::as_str).collect();
    for at in repeated(&names) {
        let id = ids.get(at).cloned().unwrap_or_default();
        issues.push(Issue::new(Code::LineIdRepeated, format!("/lines/{at}/id")).with("id", id));
    }
}

fn one(line: &DraftLine, rules: &Rules, path: &str, issues: &mut Vec<Issue>) {
    let sku_path = format!("{path}/sku");
    let product = rules.product(&line.sku);
    let from_list = rules.ruleset().price_source == PriceSource::PriceList;
    if text::required(&line.sku, MAX_CODE_BYTES, &sku_path, issues)
        && from_list
        && product.is_none()
    {
        issues.push(Issue::new(Code::SkuUnknown, sku_path).with("sku", line.sku.as_str()));
    }
    text::optional(&line.id, MAX_CODE_BYTES, &format!("{path}/id"), issues);
    if let Some(name) = &line.name {
        text::within(&name.en, MAX_TEXT_BYTES, &format!("{path}/name/en"), issues);
        text::optional(&name.zh, MAX_TEXT_BYTES, &format!("{path}/name/zh"), issues);
    }
    let quantity_path = format!("{path}/quantity");
    match &line.quantity {
        Entry::Text(text) if text.trim().is_empty() => {
            issues.push(Issue::new(Code::Required, quantity_path));
        }
        Entry::Text(_) => issues.push(Issue::new(Code::NumberMalformed, quantity_path)),
        Entry::Value(quantity) => issues.extend(quantity_issue(*quantity, product, quantity_path)),
    }
    price(line, product, from_list, path, issues);
    if from_list && line.has_shipping_facts() {
        let issue = Issue::new(Code::ShippingFactsNotAllowed, path);
        issues.push(issue.with("sku", line.sku.as_str()));
    }
}

/// Why so many units of a product cannot be ordered.
pub(crate) fn quantity_issue(
    quantity: Decimal,
    product: Option<&Product>,
    path: String,
) -> Option<Issue> {
    if quantity <= Decimal::ZERO {
        return Some(Issue::new(Code::QuantityNotPositive, path));
    }
    let minimum = product.and_then(|product| product.minimum_quantity);
    if let Some(minimum) = minimum.filter(|minimum| quantity < *minimum) {
        return Some(Issue::new(Code::QuantityTooSmall, path).with("minimum", minimum));
    }
    let maximum = product
        .and_then(|product| product.maximum_quantity)
        .unwrap_or(Decimal::from_integer(MAX_QUANTITY));
    if quantity > maximum {
        return Some(Issue::new(Code::QuantityTooLarge, path).with("maximum", maximum));
    }
    // A line without a product (the draft names its price) may be of any fraction.
    step_issue(quantity, product?.step(), path)
}

/// Why a quantity cannot be counted in these steps.
pub(crate) fn step_issue(quantity: Decimal, step: Decimal, path: String) -> Option<Issue> {
    (!quantity.is_multiple_of(step))
        .then(|| Issue::new(Code::QuantityStep, path).with("step", step))
}

fn price(
    line: &DraftLine,
    product: Option<&Product>,
    from_list: bool,
    path: &str,
    issues: &mut Vec<Issue>,
) {
    let path = format!("{path}/unitPrice");
    match (&line.unit_price, from_list) {
        (Some(_), true) => {
            issues.push(Issue::new(Code::PriceNotAllowed, path).with("sku", line.sku.as_str()));
        }
        (None, false) if product.is_none() => issues.push(Issue::new(Code::Required, path)),
        (Some(Entry::Text(text)), false) if text.trim().is_empty() => {
            issues.push(Issue::new(Code::Required, path));
        }
        (Some(Entry::Text(_)), false) => issues.push(Issue::new(Code::NumberMalformed, path)),
        (Some(Entry::Value(price)), false) if price.is_negative() => {
            issues.push(Issue::new(Code::PriceNegative, path));
        }
        _ => {}
    }
}
