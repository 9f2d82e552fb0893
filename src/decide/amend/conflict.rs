//! Two edits of one field: who, when, and both values. Edits of different fields merge.

use super::stage::Staged;
use crate::{
    amendment::Change,
    decide::{Facts, Seen},
    draft::{Address, Customer},
    issue::{Code, Issue},
    order::{FieldEdit, Order, OrderLine},
};

/// The changes that somebody else's edit came before.
pub(super) fn conflicts(
    staged: &Staged<'_>,
    seen: Option<Seen<'_>>,
    facts: &Facts<'_>,
) -> Vec<Issue> {
    let Some(seen) = seen.filter(|seen| seen.revision > 0) else { return Vec::new() };
    let is_newer = |edit: &&FieldEdit| {
        let is_own = edit.command.is_some_and(|command| seen.own_commands.contains(&command));
        edit.revision > seen.revision && !is_own
    };
    let changes = staged.changes.iter().enumerate();
    let found = changes.filter_map(|(index, change)| {
        let edit = staged.order.last_edit(&change.field()).filter(is_newer)?;
        let (theirs, yours) = values(staged.order, change);
        (theirs != yours).then(|| {
            Issue::new(Code::EditConflict, format!("/args/changes/{index}"))
                .with("field", edit.field.as_str())
                .with("by", edit.by.user.as_str())
                .with("at", facts.rules.ruleset().time_zone.text(edit.at_ms))
                .with("atMs", edit.at_ms)
                .with("theirs", theirs)
                .with("yours", yours)
        })
    });
    found.collect()
}

/// The value of the field that a change is about: as it stands, and as the change wants it.
fn values(order: &Order, change: &Change) -> (String, String) {
    let details = &order.details;
    let line = |id: &String| order.lines.iter().find(|line| line.id == *id);
    let quantity = |id| line(id).map(OrderLine::to_deliver).unwrap_or_default().to_text();
    let word = |text: &Option<String>| text.clone().unwrap_or_default();
    match change {
        Change::SetQuantity { line, quantity: wanted } => (quantity(line), wanted.to_text()),
        Change::RemoveLine { line } => (quantity(line), "0".to_owned()),
        Change::ReplaceLine { line, by } => (quantity(line), by.sku.clone()),
        Change::SetUnitPrice { line: id, unit_price } => (
            line(id).map(|line| line.unit_price).unwrap_or_default().to_text(),
            unit_price.to_text(),
        ),
        Change::SetShippingAddress { address } => {
            (place(details.shipping_address.as_ref()), place(Some(address)))
        }
        Change::SetBillingAddress { address } => {
            (place(details.billing_address.as_ref()), place(address.as_deref()))
        }
        Change::SetContact { contact } => {
            (person(details.customer.as_ref()), person(Some(contact)))
        }
        Change::SetShippingMethod { method } => (word(&details.shipping_method), method.clone()),
        Change::SetPaymentMethod { method } => (word(&details.payment_method), method.clone()),
        Change::SetNote { note } => (word(&details.note), word(note)),
        Change::AddCoupon { code } => (has_coupon(order, code), code.clone()),
        Change::RemoveCoupon { code } => (has_coupon(order, code), String::new()),
        Change::RemoveDiscount { rule } => {
            let known = order.discounts.iter().any(|discount| discount.rule == *rule);
            (if known { rule.clone() } else { String::new() }, String::new())
        }
        Change::AddLine { .. } | Change::AddAdjustment { .. } => Default::default(),
    }
}

fn has_coupon(order: &Order, code: &str) -> String {
    let mut codes = order.details.coupon_codes.iter();
    codes
        .find(|known| known.eq_ignore_ascii_case(code))
        .map(|_| code.to_owned())
        .unwrap_or_default()
}

fn joined<'t>(parts: impl IntoIterator<Item = &'t str>) -> String {
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(", ")
}

fn place(address: Option<&Address>) -> String {
    let Some(address) = address else { return String::new() };
    let Address { name, street, city, region, postcode, country } = address;
    let name = name.as_deref().into_iter();
    let place = [postcode.as_deref(), Some(city), region.as_deref(), Some(country)];
    joined(name.chain(street.iter().map(String::as_str)).chain(place.into_iter().flatten()))
}

fn person(customer: Option<&Customer>) -> String {
    let Some(customer) = customer else { return String::new() };
    let reach = [customer.email.as_deref(), customer.phone.as_deref()];
    joined([customer.name.as_str()].into_iter().chain(reach.into_iter().flatten()))
}
