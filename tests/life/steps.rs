//! Commands in short, and a shop in which they are given.

use std::rc::Rc;

use orderkit::{Command, EventRecord, Facts, Order, OrderLog, Refusal, Role, Rules, decide};
use serde_json::Value;

use crate::shop::{NOW_MS, actor, draft, facts, place, rules_with};

pub const TOTAL: i64 = 3_076;
pub const HOUR_MS: i64 = 3_600_000;
pub const DAY_MS: i64 = 24 * HOUR_MS;

/// `kind@1` with its arguments.
#[track_caller]
pub fn command(kind: &str, args: &Value) -> Command {
    Command::parse(&format!("{kind}@1"), args.to_string().as_bytes()).unwrap()
}

/// One order and the clock.
pub struct Life {
    pub rules: Rc<Rules>,
    pub log: OrderLog,
    pub order: Order,
    pub now_ms: i64,
}

impl Life {
    /// A placed order in a shop with these switches.
    pub fn placed(workflow: &str) -> Self {
        let rules = rules_with(&[(
            r#""paymentMethods""#,
            &format!(r#""workflow": {workflow}, "paymentMethods""#),
        )]);
        Self::of(rules, draft())
    }

    pub fn of(rules: impl Into<Rc<Rules>>, draft: orderkit::Draft) -> Self {
        Self::placed_at(rules, draft, NOW_MS)
    }

    /// An order that is placed at another moment.
    pub fn placed_at(rules: impl Into<Rc<Rules>>, draft: orderkit::Draft, at_ms: i64) -> Self {
        let rules = rules.into();
        let command = Command::Place(Box::new(place(draft, &rules)));
        let staff = actor("sam", Role::Staff);
        let then = Facts { now_ms: at_ms, asked_ms: at_ms, ..facts(&rules, &staff) };
        let events = decide(None, &command, &then).unwrap();
        let mut log = OrderLog::new(uuid::Uuid::from_u128(1));
        for event in events {
            let by = staff.clone();
            log.push(EventRecord { at_ms, asked_ms: None, by, command: None, event });
        }
        let order = log.order().unwrap();
        Self { rules, log, order, now_ms: at_ms }
    }

    /// Gives a command as staff.
    pub fn give(&mut self, kind: &str, args: &str) -> Result<usize, Refusal> {
        self.give_as("sam", Role::Staff, kind, args)
    }

    pub fn give_as(
        &mut self,
        user: &str,
        role: Role,
        kind: &str,
        args: &str,
    ) -> Result<usize, Refusal> {
        let who = actor(user, role);
        let facts =
            Facts { now_ms: self.now_ms, asked_ms: self.now_ms, ..facts(&self.rules, &who) };
        let command = command(kind, &serde_json::from_str(args).unwrap());
        let events = decide(Some(&self.order), &command, &facts)?;
        let count = events.len();
        for event in events {
            let (at_ms, by) = (self.now_ms, who.clone());
            let record = EventRecord { at_ms, asked_ms: None, by, command: None, event };
            self.order.apply(&record).unwrap();
            self.log.push(record);
        }
        Ok(count)
    }

    /// Gives commands that must be accepted.
    #[track_caller]
    pub fn must(&mut self, commands: &[(&str, &str)]) -> &mut Self {
        for (kind, args) in commands {
            self.give(kind, args).unwrap_or_else(|refusal| panic!("{kind}: {refusal:?}"));
        }
        self
    }

    /// The code of a refusal.
    #[track_caller]
    pub fn refused(&mut self, kind: &str, args: &str) -> &'static str {
        self.give(kind, args).expect_err(kind).code().as_str()
    }

    pub fn wait(&mut self, milliseconds: i64) -> &mut Self {
        self.now_ms += milliseconds;
        self
    }

    pub fn summary(&self) -> &'static str {
        self.order.derived().unwrap().summary.as_str()
    }

    /// Paid in full and confirmed.
    pub fn confirmed(workflow: &str) -> Self {
        let mut life = Self::placed(workflow);
        life.must(&[("recordPayment", &pay("p1", TOTAL)), ("confirm", "{}")]);
        life
    }
}

pub fn pay(id: &str, amount: i64) -> String {
    format!(r#"{{"id": "{id}", "method": "card", "amountMinor": {amount}}}"#)
}

/// A payment with more to say: `rest` is JSON members.
pub fn money(id: &str, kind: &str, amount: i64, rest: &str) -> String {
    let comma = if rest.is_empty() { "" } else { ", " };
    format!(
        r#"{{"id": "{id}", "kind": "{kind}", "method": "card", "amountMinor": {amount}{comma}{rest}}}"#
    )
}
