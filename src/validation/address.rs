//! Addresses, by the form of their country.

use super::{country, text};
use crate::{
    draft::{Address, Details},
    issue::{Code, Issue},
    limits::{MAX_CODE_BYTES, MAX_STREET_LINES, MAX_TEXT_BYTES},
    ruleset::{Rules, ShippingKind},
};

/// The shipping address must be complete, unless the goods are fetched; any other only if there is one.
pub(super) fn all(details: &Details, rules: &Rules, issues: &mut Vec<Issue>) {
    let nowhere = Address::default();
    let method = details.shipping_method.as_deref().and_then(|id| rules.shipping_method(id));
    let is_fetched = method.is_some_and(|method| method.kind == ShippingKind::PickUp);
    match &details.shipping_address {
        None if is_fetched => {}
        shipping => {
            let shipping = shipping.as_ref().unwrap_or(&nowhere);
            one(shipping, "/details/shippingAddress", issues);
        }
    }
    if let Some(billing) = &details.billing_address {
        one(billing, "/details/billingAddress", issues);
    }
}

fn one(address: &Address, path: &str, issues: &mut Vec<Issue>) {
    let at = |field: &str| format!("{path}/{field}");
    text::optional(&address.name, MAX_TEXT_BYTES, &at("name"), issues);
    street(&address.street, path, issues);
    text::required(&address.city, MAX_TEXT_BYTES, &at("city"), issues);
    let code = address.country.as_str();
    if !text::required(code, MAX_CODE_BYTES, &at("country"), issues) {
        return;
    }
    if !country::is_country(code) {
        issues.push(Issue::new(Code::CountryUnknown, at("country")).with("country", code));
        return;
    }
    let filled =
        |field: &Option<String>| field.as_ref().is_some_and(|text| !text.trim().is_empty());
    if country::needs_region(code) && !filled(&address.region) {
        issues.push(Issue::new(Code::Required, at("region")));
    }
    text::optional(&address.region, MAX_TEXT_BYTES, &at("region"), issues);
    text::optional(&address.postcode, MAX_CODE_BYTES, &at("postcode"), issues);
    let Some((forms, example)) = country::postcode(code) else { return };
    match &address.postcode {
        Some(postcode) if filled(&address.postcode) => {
            if !country::has_form(postcode.trim(), forms) {
                let issue = Issue::new(Code::PostcodeInvalid, at("postcode"));
                issues.push(issue.with("country", code).with("example", example));
            }
        }
        _ => issues.push(Issue::new(Code::Required, at("postcode"))),
    }
}

fn street(lines: &[String], path: &str, issues: &mut Vec<Issue>) {
    let first = lines.first().map_or("", String::as_str);
    text::required(first, MAX_TEXT_BYTES, &format!("{path}/street/0"), issues);
    for (index, line) in lines.iter().enumerate().skip(1) {
        let path = format!("{path}/street/{index}");
        if index >= MAX_STREET_LINES {
            let bytes: usize = lines.iter().map(String::len).sum();
            let issue = Issue::new(Code::TextTooLong, path);
            issues.push(issue.with("maximum", MAX_TEXT_BYTES).with("bytes", bytes));
            return;
        }
        text::within(line, MAX_TEXT_BYTES, &path, issues);
    }
}
