//! What an edit changes, line by line, in words.

use super::Author;
use crate::{
    amendment::Change,
    decimal::Decimal,
    draft::{Details, DraftLine},
    money::Amount,
    order::{Order, OrderLine},
};

impl Author<'_> {
    /// Goods with how many, one a line.
    pub(super) fn goods<'l>(&self, parts: impl Iterator<Item = (&'l str, Decimal)>) -> String {
        let parts = parts.filter(|(_, quantity)| !quantity.is_zero());
        parts.map(|(line, quantity)| self.item(line, quantity)).collect::<Vec<_>>().join("\n")
    }

    /// One line of the order with how many.
    pub(super) fn item(&self, line: &str, quantity: Decimal) -> String {
        self.named(&self.name(line), quantity)
    }

    pub(super) fn named(&self, name: &str, quantity: Decimal) -> String {
        self.say("notice.item", self.with("quantity", quantity.to_string()).with("item", name))
    }

    fn name(&self, line: &str) -> String {
        let all = self.after.lines.iter().chain(self.before.into_iter().flat_map(|it| &it.lines));
        let found = all.into_iter().find(|it| it.id == line);
        found.map_or_else(|| line.to_owned(), |line| self.name_of(line))
    }

    fn name_of(&self, line: &OrderLine) -> String {
        line.name.as_ref().map_or_else(|| line.sku.clone(), |it| it.text(self.language).to_owned())
    }

    fn name_in_draft(&self, line: &DraftLine) -> String {
        let known = self.writing.ruleset.products.iter().find(|it| it.sku == line.sku);
        let name = line.name.as_ref().or(known.map(|it| &it.name));
        name.map_or_else(|| line.sku.clone(), |it| it.text(self.language).to_owned())
    }

    /// All goods and details that an edit has changed. More of the same goods is a line of its own in the order, and none to its
    /// reader.
    pub(super) fn differences(&self) -> Vec<String> {
        let Some(before) = self.before else { return Vec::new() };
        let mut skus: Vec<&str> = Vec::new();
        for line in self.after.lines.iter().chain(&before.lines) {
            if !skus.contains(&line.sku.as_str()) {
                skus.push(&line.sku);
            }
        }
        let mut changes: Vec<String> =
            skus.into_iter().flat_map(|sku| self.changed(before, sku)).collect();
        changes.extend(self.details(&before.details, &self.after.details));
        changes
    }

    fn changed(&self, before: &Order, sku: &str) -> Vec<String> {
        let (old, new) = (of_sku(before, sku), of_sku(self.after, sku));
        let lines = self.after.lines.iter().chain(&before.lines);
        let name = lines.into_iter().find(|it| it.sku == sku).map(|it| self.name_of(it));
        let name = name.unwrap_or_default();
        let mut changes = Vec::new();
        if old != new && new.is_zero() {
            changes.push(self.removed(&name, old));
        } else if old != new && old.is_zero() {
            changes.push(self.added(&name, new));
        } else if old != new {
            changes.push(self.quantity(&name, &old.to_string(), &new.to_string()));
        }
        for line in self.after.lines.iter().filter(|it| it.sku == sku) {
            let known = before.lines.iter().find(|it| it.id == line.id);
            if let Some(known) = known.filter(|known| known.unit_price != line.unit_price) {
                changes.push(self.price(&name, known.unit_price, line.unit_price));
            }
        }
        changes
    }

    /// What an edit that waits would change.
    pub(super) fn proposed(&self, changes: &[Change]) -> Vec<String> {
        let mut said = Vec::new();
        let mut details = self.after.details.clone();
        for change in changes {
            let line = |id: &String| self.after.lines.iter().find(|it| it.id == *id);
            let gone = |id: &String| {
                let open = line(id).map_or(Decimal::ZERO, OrderLine::to_deliver);
                self.removed(&self.name(id), open)
            };
            match change {
                Change::AddLine { line } => {
                    said.push(self.added(
                        &self.name_in_draft(line),
                        line.quantity.value().unwrap_or_default(),
                    ));
                }
                Change::RemoveLine { line } => said.push(gone(line)),
                Change::ReplaceLine { line, by } => {
                    said.push(gone(line));
                    said.push(
                        self.added(
                            &self.name_in_draft(by),
                            by.quantity.value().unwrap_or_default(),
                        ),
                    );
                }
                Change::SetQuantity { line: id, quantity } => {
                    let open = line(id).map_or(Decimal::ZERO, OrderLine::to_deliver);
                    let old = line(id).map_or(open, |it| of_sku(self.after, &it.sku));
                    let others = old.checked_sub(open).unwrap_or_default();
                    let new = others.checked_add(*quantity).unwrap_or(*quantity);
                    said.push(self.quantity(&self.name(id), &old.to_string(), &new.to_string()));
                }
                Change::SetUnitPrice { line: id, unit_price } => {
                    let old = line(id).map_or(Decimal::ZERO, |it| it.unit_price);
                    said.push(self.price(&self.name(id), old, *unit_price));
                }
                Change::SetShippingAddress { address } => {
                    details.shipping_address = Some(address.as_ref().clone());
                }
                Change::SetBillingAddress { address } => {
                    details.billing_address = address.as_deref().cloned();
                }
                Change::SetContact { contact } => details.customer = Some(contact.as_ref().clone()),
                Change::SetShippingMethod { method } => {
                    details.shipping_method = Some(method.clone());
                }
                Change::SetPaymentMethod { method } => {
                    details.payment_method = Some(method.clone())
                }
                Change::AddCoupon { code } | Change::RemoveCoupon { code } => {
                    let key = if matches!(change, Change::AddCoupon { .. }) {
                        "notice.coupon_added"
                    } else {
                        "notice.coupon_removed"
                    };
                    said.push(self.say(key, self.with("code", code.as_str())));
                }
                Change::AddAdjustment { .. } | Change::RemoveDiscount { .. } => {
                    said.push(self.say("notice.discount_changed", self.arguments()));
                }
                Change::SetNote { .. } => {}
            }
        }
        said.extend(self.details(&self.after.details, &details));
        said
    }

    fn details(&self, before: &Details, after: &Details) -> Vec<String> {
        let rules = self.writing.ruleset;
        let mut changes = Vec::new();
        if before.shipping_address != after.shipping_address
            && let Some(address) = &after.shipping_address
        {
            let postcode = address.postcode.clone().unwrap_or_default();
            let town = format!("{postcode} {}", address.city);
            let street = address.street.join(", ");
            let parts = [street.trim(), town.trim(), address.country.as_str()];
            let parts: Vec<&str> = parts.into_iter().filter(|it| !it.is_empty()).collect();
            changes.push(self.say("notice.address", self.with("address", parts.join(", "))));
        }
        if before.billing_address != after.billing_address {
            changes.push(self.say("notice.billing_address", self.arguments()));
        }
        if before.customer != after.customer {
            changes.push(self.say("notice.contact", self.arguments()));
        }
        if before.shipping_method != after.shipping_method {
            let id = after.shipping_method.clone().unwrap_or_default();
            let found = rules.shipping_methods.iter().find(|it| it.id == id);
            let name = found.map_or(id.as_str(), |it| it.name.text(self.language));
            changes.push(self.say("notice.shipping_method", self.with("method", name)));
        }
        if before.payment_method != after.payment_method {
            let id = after.payment_method.clone().unwrap_or_default();
            let found = rules.payment_methods.iter().find(|it| it.id == id);
            let name = found.map_or(id.as_str(), |it| it.name.text(self.language));
            changes.push(self.say("notice.payment_method", self.with("method", name)));
        }
        changes
    }

    fn added(&self, name: &str, quantity: Decimal) -> String {
        self.say("notice.line_added", self.with("item", self.named(name, quantity)))
    }

    fn removed(&self, name: &str, quantity: Decimal) -> String {
        self.say("notice.line_removed", self.with("item", self.named(name, quantity)))
    }

    fn quantity(&self, name: &str, before: &str, after: &str) -> String {
        let arguments = self.with("item", name).with("before", before).with("after", after);
        self.say("notice.line_quantity", arguments)
    }

    fn price(&self, name: &str, before: Decimal, after: Decimal) -> String {
        let arguments = self.with("item", name).with("before", before.to_string());
        self.say("notice.line_price", arguments.with("after", after.to_string()))
    }

    /// The total before and after, and what is to be paid or goes back.
    pub(super) fn difference_of_total(&self) -> String {
        let (before, after) = (self.total(self.before), self.total(Some(self.after)));
        let mut said = vec![self.totals(before, after)];
        let due = |order: &Order| order.derived().map_or(Amount::ZERO, |it| it.balance_due_minor);
        let balance = due(self.after);
        if balance.is_negative() {
            said.push(self.say("notice.back", self.with("amountMinor", balance.negate())));
        } else if balance > Amount::ZERO && self.before.is_some_and(|it| due(it) != balance) {
            said.push(self.say("notice.rest", self.with("amountMinor", balance)));
        }
        said.retain(|it| !it.is_empty());
        said.join("\n")
    }

    pub(super) fn totals(&self, before: Amount, after: Amount) -> String {
        if before == after {
            return self.say("notice.total", self.with("amountMinor", after));
        }
        let arguments = self.with("beforeMinor", before).with("afterMinor", after);
        self.say("notice.total_changed", arguments)
    }
}

/// How many of some goods shall be delivered, on whichever lines they are.
fn of_sku(order: &Order, sku: &str) -> Decimal {
    let own = order.lines.iter().filter(|line| line.sku == sku);
    own.fold(Decimal::ZERO, |sum, line| sum.checked_add(line.to_deliver()).unwrap_or(sum))
}
