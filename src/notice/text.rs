//! The paragraphs of each kind of notice.

use super::{Author, NoticeKind};
use crate::{
    credit::Credit,
    inventory::{OVERSOLD, Shortage, ShortageAnswer},
    ledger::Payment,
    money::Amount,
    order::{Event, Order, OrderStatus, ShipmentLine},
    returns::{Return, Settlement},
    ruleset::PaymentTerms,
    status::{DeadlineKind, deadlines},
};

impl Author<'_> {
    pub(super) fn greeting(&self) -> String {
        let customer = self.after.details.customer.as_ref();
        match customer.map(|it| it.name.trim()).filter(|name| !name.is_empty()) {
            Some(name) => self.say("notice.greeting", self.with("name", name)),
            None => self.say("notice.greeting_all", self.arguments()),
        }
    }

    /// Where the order can be seen, and who writes.
    pub(super) fn closing(&self, kind: NoticeKind) -> Vec<String> {
        let mut paragraphs = Vec::new();
        if let Some(page) = self.writing.page {
            let link = format!("{}/track?number={}", page.trim_end_matches('/'), self.after.number);
            let key = match kind {
                NoticeKind::AmendmentProposed => "notice.link_consent",
                _ => "notice.link",
            };
            paragraphs.push(self.say(key, self.with("link", link)));
        }
        paragraphs.push(self.say("notice.signature", self.arguments()));
        paragraphs
    }

    pub(super) fn about(&self, kind: NoticeKind, event: &Event) -> Vec<String> {
        let lead = |arguments| self.say(&format!("notice.{}", kind.as_str()), arguments);
        let plain = || lead(self.arguments());
        let because = |reason: &str| {
            let own = match reason {
                OVERSOLD => self.say("notice.reason_oversold", self.arguments()),
                _ => reason.to_owned(),
            };
            self.say("notice.reason", self.with("reason", own))
        };
        match event {
            Event::Placed { .. } => self.placed(plain()),
            Event::PaymentRecorded { payment } => self.paid(payment, &lead),
            Event::Canceled { reason, .. } => {
                vec![plain(), because(reason), self.money_back()]
            }
            Event::Expired {} => vec![plain()],
            Event::LinesCanceled { reason, credit } => {
                let parts = credit.lines.iter().map(|part| (part.line.as_str(), part.quantity));
                vec![plain(), self.goods(parts), because(reason), self.difference_of_total()]
            }
            Event::Amended { amended } => {
                let reason = amended.amendment.reason.as_deref().map(because);
                let changes = self.differences().join("\n");
                vec![plain(), changes, reason.unwrap_or_default(), self.difference_of_total()]
            }
            Event::AmendmentProposed { amendment, total_minor } => {
                let reason = amendment.reason.as_deref().map(because);
                let changes = self.proposed(&amendment.changes).join("\n");
                let total = self.totals(self.total(Some(self.after)), *total_minor);
                vec![plain(), changes, reason.unwrap_or_default(), total]
            }
            Event::StockShort { shortages } => self.short(plain(), shortages),
            Event::Shipped { shipment } => {
                let carrier = match (&shipment.carrier, &shipment.tracking) {
                    (Some(carrier), Some(tracking)) => self.say(
                        "notice.tracking",
                        self.with("carrier", carrier.as_str()).with("tracking", tracking.as_str()),
                    ),
                    (Some(carrier), None) => {
                        self.say("notice.carrier", self.with("carrier", carrier.as_str()))
                    }
                    _ => String::new(),
                };
                vec![plain(), self.shipped(&shipment.lines), carrier]
            }
            Event::ShipmentMoved { pickup_code, .. } => {
                let code = pickup_code.as_deref();
                let code = code.map(|code| self.say("notice.pickup_code", self.with("code", code)));
                vec![plain(), code.unwrap_or_default()]
            }
            Event::CreditGranted { reason, credit } => {
                let gives = self.with("amountMinor", credit.total_minor);
                vec![lead(gives), because(reason)]
            }
            Event::Reinstated { .. } => vec![plain()],
            event => self.of_return(event, plain(), &because),
        }
    }

    fn placed(&self, lead: String) -> Vec<String> {
        let order = self.after;
        let lines = order.lines.iter().map(|line| {
            let item = self.item(&line.id, line.ordered);
            self.say(
                "notice.line_amount",
                self.with("item", item).with("amountMinor", line.gross_minor),
            )
        });
        let mut goods = lines.collect::<Vec<_>>();
        if let Some(shipping) = &order.shipping {
            let amount = shipping.gross_minor;
            goods.push(self.say("notice.shipping", self.with("amountMinor", amount)));
        }
        let total = self.total(Some(order));
        goods.push(self.say("notice.total", self.with("amountMinor", total)));
        let due = order.derived().map_or(Amount::ZERO, |it| it.balance_due_minor);
        let is_prepaid = order.payment_terms == PaymentTerms::Prepaid;
        let pay = if is_prepaid && due > Amount::ZERO { self.pay(due) } else { String::new() };
        vec![lead, goods.join("\n"), pay]
    }

    /// What comes later, when, and whether the buyer can choose.
    fn short(&self, lead: String, shortages: &[Shortage]) -> Vec<String> {
        let later = || shortages.iter().filter(|it| it.answer == ShortageAnswer::Later);
        let goods = later().map(|it| {
            let item = self.item(&it.line, it.quantity);
            match it.lead_days {
                Some(days) => {
                    let days = self.with("item", item).with("days", i64::from(days));
                    self.say("notice.item_in_days", days)
                }
                None => item,
            }
        });
        let goods = goods.collect::<Vec<_>>().join("\n");
        let choice = if later().any(|it| it.is_oversold) {
            self.say("notice.short_choice", self.arguments())
        } else {
            String::new()
        };
        vec![lead, goods, choice]
    }

    /// What is to be paid, and until when.
    fn pay(&self, due: Amount) -> String {
        let ends = deadlines(self.after, self.writing.ruleset);
        let ends = ends.iter().find(|it| it.kind == DeadlineKind::Pay);
        let due = self.with("amountMinor", due);
        match ends {
            Some(ends) => self.say("notice.pay_until", due.with("moment", self.moment(ends.at_ms))),
            None => self.say("notice.pay", due),
        }
    }

    fn paid(
        &self,
        payment: &Payment,
        lead: &dyn Fn(crate::issue::Arguments) -> String,
    ) -> Vec<String> {
        let lead = lead(self.with("amountMinor", payment.amount_minor));
        let due = self.after.derived().map_or(Amount::ZERO, |it| it.balance_due_minor);
        let is_open = !self.after.status.is_terminal();
        let rest = if is_open && due > Amount::ZERO {
            self.say("notice.rest", self.with("amountMinor", due))
        } else if self.after.status == OrderStatus::Expired && due.is_negative() {
            self.say("notice.late", self.arguments())
        } else {
            String::new()
        };
        vec![lead, rest]
    }

    /// What goes back of an order that was called off.
    fn money_back(&self) -> String {
        let due = self.after.derived().map_or(Amount::ZERO, |it| it.balance_due_minor);
        if !due.is_negative() {
            return String::new();
        }
        self.say("notice.back", self.with("amountMinor", due.negate()))
    }

    fn of_return(
        &self,
        event: &Event,
        lead: String,
        because: &dyn Fn(&str) -> String,
    ) -> Vec<String> {
        match event {
            Event::ReturnRequested { request } => vec![lead, self.returned(request)],
            Event::ReturnMoved { reason, return_id, .. } => {
                let found = self.after.returns.iter().find(|it| it.id == *return_id);
                let goods = found.map(|it| self.returned(it)).unwrap_or_default();
                let ends = deadlines(self.after, self.writing.ruleset);
                let ends = ends.iter().find(|it| {
                    it.kind == DeadlineKind::SendReturn && it.subject.as_ref() == Some(return_id)
                });
                let until = ends.map(|ends| {
                    self.say("notice.send_until", self.with("moment", self.moment(ends.at_ms)))
                });
                let reason = reason.as_deref().map(because);
                vec![lead, goods, reason.unwrap_or_default(), until.unwrap_or_default()]
            }
            Event::ReturnReceived { lines, .. } => vec![lead, self.shipped(lines)],
            Event::ReturnResolved { settlement, .. } => self.resolved(lead, settlement),
            _ => vec![lead],
        }
    }

    fn resolved(&self, lead: String, settlement: &Settlement) -> Vec<String> {
        let mut sums = Vec::new();
        let mut sum = |key: &str, amount: Amount| {
            if amount > Amount::ZERO {
                sums.push(self.say(key, self.with("amountMinor", amount)));
            }
        };
        let credit = |it: &Credit| it.total_minor;
        sum("notice.credit", settlement.credit.as_ref().map_or(Amount::ZERO, credit));
        let back = Amount::sum(settlement.refunds.iter().map(|it| it.amount_minor));
        sum("notice.back", back.unwrap_or_default());
        sum("notice.store_credit", settlement.store_credit_minor);
        sum("notice.rest", settlement.payable_minor);
        let replacements = settlement.replacements.iter().map(|it| {
            let name = it.name.as_ref().map_or(it.sku.as_str(), |name| name.text(self.language));
            let item = self.named(name, it.quantity);
            self.say("notice.replacement", self.with("item", item))
        });
        vec![lead, replacements.collect::<Vec<_>>().join("\n"), sums.join("\n")]
    }

    fn returned(&self, request: &Return) -> String {
        self.goods(request.lines.iter().map(|line| (line.line.as_str(), line.quantity)))
    }

    fn shipped(&self, lines: &[ShipmentLine]) -> String {
        self.goods(lines.iter().map(|line| (line.line.as_str(), line.quantity)))
    }

    /// What the buyer shall finally bear of an order.
    pub(super) fn total(&self, order: Option<&Order>) -> Amount {
        order.and_then(|it| it.due().ok()).unwrap_or_default()
    }
}
