//! Edits of placed orders: what may change when, what it costs, and how edits of several people merge.

#[path = "../shop/mod.rs"]
mod shop;

mod issues;
mod matrix;
mod merge;
mod policy;
mod properties;

use std::rc::Rc;

use orderkit::{
    Actor, AmendmentPreview, Amount, Code, Command, Event, EventRecord, Facts, Order, OrderLog,
    OrderStatus, Refusal, Role, Rules, Seen, decide, preview_amendment,
};
use shop::{NOW_MS, actor, draft, facts, minor, place};
use uuid::Uuid;

/// A command from its kind and arguments, as they travel.
#[track_caller]
pub fn command(kind: &str, args: &str) -> Command {
    Command::parse(&format!("{kind}@1"), args.as_bytes()).unwrap()
}

pub fn pay(id: &str, amount: Amount) -> Command {
    let args = format!(r#"{{"id": "{id}", "method": "card", "amountMinor": {}}}"#, amount.minor());
    command("recordPayment", &args)
}

/// An edit that the customer agreed to.
#[track_caller]
pub fn amend(id: &str, changes: &str) -> Command {
    let args = format!(
        r#"{{"id": "{id}", "changes": [{changes}], "reason": "by telephone", "consent": {{"by": "Ada", "how": "telephone"}}}}"#
    );
    command("amend", &args)
}

pub fn quantity(line: &str, quantity: &str) -> String {
    format!(r#"{{"setQuantity": {{"line": "{line}", "quantity": "{quantity}"}}}}"#)
}

pub fn add(sku: &str, quantity: &str) -> String {
    format!(r#"{{"addLine": {{"line": {{"sku": "{sku}", "quantity": "{quantity}"}}}}}}"#)
}

/// An order with the rules and the people around it; every command is decided on what the earlier ones left.
pub struct Desk {
    pub rules: Rc<Rules>,
    pub log: OrderLog,
    pub order: Order,
}

impl Desk {
    /// A placed order: three teas at 4.95 less 10 %, a cup at 12.50, parcel 4.90.
    pub fn new(rules: impl Into<Rc<Rules>>) -> Self {
        Self::with(rules, draft())
    }

    #[track_caller]
    pub fn with(rules: impl Into<Rc<Rules>>, draft: orderkit::Draft) -> Self {
        let rules = rules.into();
        let staff = staff();
        let place = Command::Place(Box::new(place(draft, &rules)));
        let log = shop::live(&[place], &facts(&rules, &staff));
        let order = log.order().unwrap();
        Self { rules, log, order }
    }

    pub fn paid(mut self) -> Self {
        let due = self.order.due().unwrap();
        self.run(&pay("p1", due));
        self
    }

    pub fn try_as(
        &self,
        who: &Actor,
        seen: Option<Seen<'_>>,
        command: &Command,
    ) -> Result<Vec<Event>, Refusal> {
        decide(Some(&self.order), command, &Facts { seen, ..facts(&self.rules, who) })
    }

    pub fn try_run(&self, command: &Command) -> Result<Vec<Event>, Refusal> {
        self.try_as(&staff(), None, command)
    }

    #[track_caller]
    pub fn refuses(&self, command: &Command, code: Code, path: &str) {
        let refusal = self.try_run(command).unwrap_err();
        let first = &refusal.issues[0];
        assert_eq!((first.code, first.path.as_str()), (code, path), "{refusal:?}");
    }

    #[track_caller]
    pub fn run(&mut self, command: &Command) {
        let events = self.try_run(command).unwrap();
        assert!(!events.is_empty(), "nothing happened: {command:?}");
        self.append(events, &staff(), None);
    }

    pub fn append(&mut self, events: Vec<Event>, by: &Actor, command: Option<Uuid>) {
        for event in events {
            let by = by.clone();
            let record = EventRecord { at_ms: NOW_MS, asked_ms: None, by, command, event };
            self.order.apply(&record).unwrap();
            self.log.events.push(record);
        }
        self.check();
    }

    #[track_caller]
    pub fn preview(&self, command: &Command) -> AmendmentPreview {
        let Command::Amend(amendment) = command else { panic!("{command:?}") };
        preview_amendment(&self.order, amendment, &facts(&self.rules, &staff())).unwrap()
    }

    pub fn due(&self) -> i64 {
        self.order.due().unwrap().minor()
    }

    pub fn balance(&self) -> i64 {
        self.order.derived().unwrap().balance_due_minor.minor()
    }

    /// Every sum agrees, and the log gives the same bytes again, also after it was written and read.
    #[track_caller]
    pub fn check(&self) {
        let order = &self.order;
        let mut sum = order.left_of_shipping().unwrap();
        for line in &order.lines {
            let left = order.left_of_line(line).unwrap();
            assert!(!left.gross_minor.is_negative() && !left.net_minor.is_negative(), "{left:?}");
            assert_eq!(left.net_minor.plus(left.tax_minor).unwrap(), left.gross_minor);
            let off = left.discount_minor().unwrap();
            // A part of a line is rounded in each of its amounts; they meet again when nothing or everything is left.
            let gap = left.amount_minor.minus(off).unwrap().minus(left.gross_minor).unwrap();
            let most = if line.credited.is_zero() { 0 } else { left.discounts_minor.len() };
            assert!(gap.minor().unsigned_abs() <= most as u64, "{left:?}");
            if line.to_deliver().is_zero() {
                let share = left.share();
                assert_eq!(share, Default::default(), "something is left of line {}", line.id);
            }
            sum = sum.plus(left.share()).unwrap();
        }
        let charges = order.totals.charge_minor.minus(order.totals.allowance_minor).unwrap();
        assert_eq!(sum.gross_minor.plus(charges).unwrap(), order.left().unwrap().gross_minor);
        if order.status == OrderStatus::Placed {
            assert_eq!(order.left().unwrap().gross_minor, order.due().unwrap());
        }
        let rows = Amount::sum(order.taxes.iter().map(|row| row.tax_minor)).unwrap();
        assert_eq!(rows, order.totals.tax_minor, "the tax summary");
        let lines = order.lines.iter().map(|line| line.gross_minor);
        let shipping = order.shipping.as_ref().map_or(minor(0), |it| it.gross_minor);
        let lines = Amount::sum(lines).unwrap().plus(shipping).unwrap().plus(charges).unwrap();
        assert_eq!(lines, order.totals.gross_minor, "the totals");
        let text = serde_json::to_vec(&self.log).unwrap();
        let read: OrderLog = orderkit::json::read(&text).unwrap();
        assert_eq!(read.order().unwrap(), *order);
    }
}

pub fn staff() -> Actor {
    actor("sam", Role::Staff)
}
