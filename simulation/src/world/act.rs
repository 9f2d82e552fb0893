//! What users do: on what they see, with or without a network.

use orderkit::{client::AppendInputs, replica::Query};
use serde_json::{json, value::RawValue};
use uuid::Uuid;

use super::{HostOf, World, new_id};
use crate::{
    device::{
        Promise,
        page::{PageFault, nothing},
    },
    plan::Chance,
    server::shop,
};

impl World<'_> {
    /// A user places an order at the price that they see.
    pub(super) fn place(&mut self, device: usize, choice: u64) {
        let sku = if choice.is_multiple_of(2) { "TEA" } else { "CUP" };
        let quantity = (choice >> 8) % 5 + 1;
        let note = "Please ring twice. ".repeat(if choice.is_multiple_of(5) { 40 } else { 1 });
        let draft = json!({
            "lines": [{"sku": sku, "quantity": quantity.to_string()}],
            "details": {
                "customer": {"name": "Ada", "email": "ada@example.org"},
                "shippingAddress": {"street": ["Road 1"], "city": "Berlin", "postcode": "10117", "country": "DE"},
                "shippingMethod": "parcel", "paymentMethod": "card", "note": note
            }
        });
        let order = new_id(&mut self.random);
        let Some(page) = self.page_at_work(device, choice) else { return };
        let rules = self.devices[device].page(page).map(|it| it.client.replica().rules().clone());
        let Some(rules) = rules else { return };
        let draft_text = draft.to_string();
        let now_ms = shop::START_MS + self.now_ms + self.devices[device].clock_ahead_ms;
        let Ok(read) = orderkit::json::read(draft_text.as_bytes()) else { return };
        let context = orderkit::Context { now_ms, ..orderkit::Context::default() };
        let Ok(quote) = orderkit::quote(&read, &rules, &context) else { return };
        let args = json!({
            "draft": draft,
            "expect": {"totalMinor": quote.totals.gross_minor, "rulesetDigest": quote.ruleset_digest},
            "isRepeat": true
        });
        self.give(device, page, order, "place@1", &args);
    }

    /// A user does something with an order on the list.
    pub(super) fn act(&mut self, device: usize, choice: u64) {
        let Some(page) = self.page_at_work(device, choice) else { return };
        let Some(open) = self.devices[device].page(page) else { return };
        let replica = open.client.replica();
        let rows = replica.list(&Query { limit: 20, ..Query::default() }).rows;
        if rows.is_empty() {
            return;
        }
        let row = &rows[usize::try_from(choice >> 16).unwrap_or(0) % rows.len()].row;
        let (order, total_minor) = (row.id, row.total_minor.minor());
        let (kind, args) = deed(choice, total_minor, &mut self.random);
        self.give(device, page, order, kind, &args);
    }

    /// A page where somebody can do something now.
    fn page_at_work(&mut self, device: usize, choice: u64) -> Option<u64> {
        let it = &self.devices[device];
        if it.frozen_until_ms > self.now_ms || it.pages.is_empty() {
            return None;
        }
        let at = usize::try_from(choice >> 24).unwrap_or(0) % it.pages.len();
        it.pages.get(at).map(|(id, _)| *id)
    }

    fn give(
        &mut self,
        device: usize,
        page: u64,
        order: Uuid,
        kind: &str,
        args: &serde_json::Value,
    ) {
        self.arm_disk(device);
        let now_ms = shop::START_MS + self.now_ms + self.devices[device].clock_ahead_ms;
        let command = new_id(&mut self.random);
        let Ok(args) = RawValue::from_string(args.to_string()) else { return };
        let inputs = AppendInputs {
            id: command,
            order,
            kind: kind.to_owned(),
            args,
            base: None,
            at_ms: now_ms,
            random: (0..40).collect(),
        };
        let it = &mut self.devices[device];
        let tenant = it.tenant;
        let Some((_, open)) = it.pages.iter_mut().find(|(id, _)| *id == page) else { return };
        let mut host = HostOf { now_ms, random: &mut self.random };
        match open.append(&mut it.disk, &mut host, &inputs) {
            // The user was told that it is saved.
            Ok(Ok(_)) => {
                self.outcome.commands += 1;
                self.watch.promises.push(Promise { tenant, command, order, device });
                self.watch.given.insert(command);
                self.watch.tenants.entry(order).or_insert(tenant);
                self.wake(device);
            }
            Ok(Err(_)) => {}
            Err(PageFault::Storage) => self.met(Chance::DiskFull),
            Err(PageFault::Ended) => {
                self.watch.given.insert(command);
                self.watch.tenants.entry(order).or_insert(tenant);
                self.end_page(device, page);
            }
        }
    }

    /// A user has read why a command was refused.
    pub(super) fn dismiss(&mut self, device: usize) {
        let it = &mut self.devices[device];
        let Some((id, page)) = it.pages.first_mut() else { return };
        let id = *id;
        let refused = page.client.replica().outbox().find(|record| record.verdict.is_some());
        let Some((n, command)) = refused.map(|record| (record.n, record.command.id)) else {
            return;
        };
        let now_ms = shop::START_MS + self.now_ms;
        let mut host = HostOf { now_ms, random: &mut self.random };
        // They have read it, whether or not that can be stored.
        self.watch.dismissed.insert(command);
        match page.change(&mut it.disk, &mut host, nothing, |client, _| (client.dismiss(n), ())) {
            Ok(_) | Err(PageFault::Storage) => {}
            Err(PageFault::Ended) => self.end_page(device, id),
        }
    }
}

/// Something that is done with orders: often at the same time by others.
fn deed(
    choice: u64,
    total_minor: i64,
    random: &mut fastrand::Rng,
) -> (&'static str, serde_json::Value) {
    let id = format!("x{}", random.u32(..));
    let consent = json!({"by": "Ada", "how": "telephone"});
    match choice % 8 {
        0 | 1 => {
            ("recordPayment@1", json!({"id": id, "method": "card", "amountMinor": total_minor}))
        }
        2 => ("cancel@1", json!({"reason": "changed my mind"})),
        3 => ("ship@1", json!({"shipment": id})),
        4 => ("note@1", json!({"text": "ring twice"})),
        5 | 6 => (
            "amend@1",
            json!({"id": id, "changes": [{"setQuantity": {"line": "1", "quantity": ((choice >> 32) % 6 + 1).to_string()}}], "consent": consent}),
        ),
        _ => ("amend@1", json!({"id": id, "changes": [{"setNote": {"note": id}}]})),
    }
}
