//! Some orders and the stock that they share, kept as the server keeps it.

use std::collections::BTreeMap;

use orderkit::{
    Actor, Code, Command, Context, Decimal, EventRecord, Expectation, Facts, Order, Place, Refusal,
    Role, Rules, StockLevel, decide,
    inventory::{StockClaim, StockNeed, StockState},
    quote,
};
use serde_json::Value;
use uuid::Uuid;

use crate::shop::{NOW_MS, draft};

pub const SKUS: [&str; 3] = ["CUP", "MUG", "SAUCER"];

pub struct Warehouse {
    pub rules: Rules,
    pub states: BTreeMap<&'static str, StockState>,
    pub claims: BTreeMap<(usize, &'static str), StockClaim>,
    pub orders: Vec<Order>,
    pub started: BTreeMap<&'static str, Decimal>,
    pub now_ms: i64,
    /// A count has found fewer than were kept, so more may be owed than the shop allows.
    pub is_recounted: bool,
}

pub fn units(count: i64) -> Decimal {
    Decimal::from_integer(count)
}

impl Warehouse {
    pub fn new(rules: Rules, counts: [i64; 3]) -> Self {
        let started: BTreeMap<_, _> = SKUS.into_iter().zip(counts.map(units)).collect();
        let state = |(sku, on_hand): (&&'static str, &Decimal)| {
            (*sku, StockState { on_hand: *on_hand, ..StockState::default() })
        };
        let states = started.iter().map(state).collect();
        let (claims, orders) = (BTreeMap::new(), Vec::new());
        Self { rules, states, claims, orders, started, now_ms: NOW_MS, is_recounted: false }
    }

    /// What is there, for an order whose own goods count where they are set aside.
    fn context(&self, own: Option<usize>) -> Context {
        let level = |(sku, state): (&&'static str, &StockState)| StockLevel {
            sku: (*sku).to_owned(),
            quantity: state.available(Decimal::ZERO),
            held: own
                .and_then(|at| self.claims.get(&(at, *sku)))
                .map_or(Decimal::ZERO, |claim| claim.reserved),
            backordered: state.backordered,
        };
        Context { stock: self.states.iter().map(level).collect(), ..Context::at(self.now_ms) }
    }

    /// Places an order, as a device that has told a number already or as a caller without one.
    pub fn place(&mut self, lines: &Value, is_promised: bool) -> Result<(), Code> {
        let mut draft = draft();
        draft.lines = serde_json::from_value(lines.clone()).unwrap();
        let context = self.context(None);
        let priced = quote(&draft, &self.rules, &context).unwrap();
        let expect = Expectation {
            total_minor: priced.totals.gross_minor,
            ruleset_digest: self.rules.digest().to_owned(),
            payable_minor: None,
        };
        let number = is_promised.then(|| "T-00000000".to_owned());
        let place = Command::Place(Box::new(Place { draft, number, expect, is_repeat: false }));
        let events = self.decided(None, &place, &context).map_err(|refusal| refusal.code())?;
        let mut records = events.into_iter();
        let at = self.orders.len();
        let id = Uuid::from_u128(1 + at as u128);
        let mut order = Order::begin(id, &self.record(records.next().unwrap())).unwrap();
        for event in records {
            order.apply(&self.record(event)).unwrap();
        }
        self.orders.push(order);
        self.follow(at);
        Ok(())
    }

    /// Gives a command to an order; the code of a refusal.
    pub fn give(&mut self, at: usize, kind: &str, args: &Value) -> Result<(), Code> {
        let command = Command::parse(&format!("{kind}@1"), args.to_string().as_bytes()).unwrap();
        let own = matches!(command, Command::Allocate(_) | Command::Ship(_)).then_some(at);
        let context = self.context(own);
        let events = self.decided(Some(at), &command, &context).map_err(|it| it.code())?;
        for event in events {
            let record = self.record(event);
            self.orders[at].apply(&record).unwrap();
        }
        self.follow(at);
        Ok(())
    }

    fn decided(
        &self,
        at: Option<usize>,
        command: &Command,
        context: &Context,
    ) -> Result<Vec<orderkit::Event>, Refusal> {
        let actor = Actor { user: "sam".to_owned(), role: Role::Staff };
        let facts = Facts {
            now_ms: self.now_ms,
            asked_ms: self.now_ms,
            context: Some(context),
            ..crate::shop::facts(&self.rules, &actor)
        };
        decide(at.map(|at| &self.orders[at]), command, &facts)
    }

    fn record(&self, event: orderkit::Event) -> EventRecord {
        let by = Actor { user: "sam".to_owned(), role: Role::Staff };
        EventRecord { at_ms: self.now_ms, asked_ms: None, by, command: None, event }
    }

    /// A count finds so many.
    pub fn count(&mut self, sku: &'static str, found: i64) {
        let state = self.states.get_mut(sku).unwrap();
        let moved = units(found).checked_sub(state.on_hand).unwrap();
        let started = self.started.get_mut(sku).unwrap();
        *started = started.checked_add(moved).unwrap();
        self.is_recounted |= moved.is_negative();
        state.on_hand = units(found);
        self.settle(sku);
    }

    fn follow(&mut self, at: usize) {
        let needs = self.orders[at].stock_needs(&self.rules.ruleset().inventory);
        for sku in SKUS {
            let nothing = StockNeed { sku: sku.to_owned(), ..StockNeed::default() };
            let need = needs.iter().find(|need| need.sku == sku).unwrap_or(&nothing);
            let claim = self.claims.get(&(at, sku)).copied().unwrap_or_default();
            let after = self.states.get_mut(sku).unwrap().follow(&claim, need).unwrap();
            self.claims.insert((at, sku), after);
            self.settle(sku);
        }
    }

    fn settle(&mut self, sku: &'static str) {
        let own = self.claims.iter_mut().filter(|((_, of), _)| *of == sku);
        self.states.get_mut(sku).unwrap().settle(own.map(|(_, claim)| claim)).unwrap();
    }

    /// What must always be so.
    #[track_caller]
    pub fn must_hold(&self) {
        let inventory = &self.rules.ruleset().inventory;
        for sku in SKUS {
            let state = self.states[sku];
            let own: Vec<_> = self.claims.iter().filter(|((_, of), _)| *of == sku).collect();
            let sum = |of: fn(&StockClaim) -> Decimal| {
                let all = own.iter().map(|(_, claim)| of(claim));
                all.fold(Decimal::ZERO, |sum, it| sum.checked_add(it).unwrap())
            };
            assert_eq!(state.reserved, sum(|it| it.reserved), "{sku}: what is kept is for orders");
            assert_eq!(state.allocated, sum(|it| it.allocated), "{sku}: set aside for orders");
            assert_eq!(state.backordered, sum(|it| it.backordered), "{sku}: owed to orders");
            let gone = sum(|it| it.gone);
            assert_eq!(
                state.on_hand.checked_add(gone),
                Some(self.started[sku]),
                "{sku}: none lost"
            );
            let all = [state.on_hand, state.reserved, state.allocated, state.backordered];
            assert!(
                self.is_recounted || !all.iter().any(|it| it.is_negative()),
                "{sku}: {state:?}"
            );
            let free = state.free().unwrap();
            assert!(!free.is_negative() || self.is_recounted, "{sku}: sold twice: {state:?}");
            assert!(!free.is_negative() || state.reserved.is_zero(), "{sku}: {state:?}");
            assert!(
                free <= Decimal::ZERO || state.backordered.is_zero(),
                "{sku}: waits: {state:?}"
            );
            for ((at, _), claim) in own {
                let order = &self.orders[*at];
                let needs = order.stock_needs(inventory);
                let need = needs.iter().find(|it| it.sku == sku).cloned().unwrap_or_default();
                assert_eq!(claim.reserved.checked_add(claim.backordered), Some(need.open));
                assert_eq!((claim.allocated, claim.gone), (need.allocated, need.gone));
                assert!(!claim.reserved.is_negative() && !claim.backordered.is_negative());
                if matches!(order.status.as_str(), "canceled" | "expired") {
                    assert_eq!((need.open, need.allocated), (Decimal::ZERO, Decimal::ZERO));
                }
            }
        }
        for order in &self.orders {
            assert_eq!(order.broken_invariant(), None);
        }
    }
}
