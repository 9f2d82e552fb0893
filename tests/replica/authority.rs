//! A server in a few lines.

use std::collections::BTreeMap;

use orderkit::{
    Actor, EventRecord, OrderLog, Role, Rules, decide,
    replica::{
        Position, Replica, order_digest,
        protocol::{Change, CommandResult, Known, ScopeDigest, SyncRequest, SyncResponse, Verdict},
    },
};
use uuid::Uuid;

use crate::shop::{NOW_MS, actor, facts, rules};

/// Decides commands in order and remembers verdicts.
pub struct Authority {
    rules: Rules,
    pub orders: BTreeMap<Uuid, (u64, OrderLog)>,
    verdicts: BTreeMap<(Uuid, u64), CommandResult>,
    seq: u64,
    pub known: Option<Known>,
    /// Orders that are shown to nobody any more.
    pub hidden: BTreeMap<Uuid, u64>,
}

impl Authority {
    pub fn new() -> Self {
        Self {
            rules: rules(),
            orders: BTreeMap::new(),
            verdicts: BTreeMap::new(),
            seq: 0,
            known: None,
            hidden: BTreeMap::new(),
        }
    }

    pub fn sync(&mut self, body: &[u8], who: &Actor) -> Vec<u8> {
        let request: SyncRequest = orderkit::json::read(body).unwrap();
        let mut results = Vec::new();
        for envelope in &request.commands {
            let key = (request.client, envelope.n);
            let known = self.verdicts.get(&key).cloned();
            let result = known.unwrap_or_else(|| self.decide(envelope, who));
            self.verdicts.insert(key, result.clone());
            results.push(result);
        }
        let since = request.since.map_or(0, |since| since.seq);
        let mut changes: Vec<Change> = self
            .orders
            .values()
            .filter(|(seq, _)| *seq > since)
            .map(|(seq, log)| Change::of(*seq, log).unwrap())
            .collect();
        let gone = self.hidden.iter().filter(|(_, seq)| **seq > since);
        changes.extend(gone.map(|(id, seq)| Change {
            seq: *seq,
            order: None,
            brief: None,
            gone: Some(*id),
        }));
        changes.sort_by_key(|change| change.seq);
        let hash = self.orders.values().fold(0, |hash, (_, log)| {
            hash ^ order_digest(log.id, log.order().unwrap().revision, log.head())
        });
        let orders = u64::try_from(self.orders.len()).unwrap();
        let digest = ScopeDigest { upto: self.seq, orders, hash: format!("{hash:016x}") };
        orderkit::json::write(&SyncResponse {
            v: 1,
            epoch: "e1".to_owned(),
            time_ms: NOW_MS,
            processed: request.commands.iter().map(|it| it.n).max().unwrap_or(request.ack),
            device: "K7".to_owned(),
            leases: Vec::new(),
            stock: Vec::new(),
            results,
            changes,
            next: self.seq,
            more: false,
            resync: false,
            gap: None,
            ruleset: None,
            known: self.known.clone(),
            digest: Some(digest),
        })
    }

    pub fn decide(&mut self, envelope: &orderkit::Envelope, who: &Actor) -> CommandResult {
        let known = self.orders.get(&envelope.order).map(|(_, log)| log.clone());
        let order = known.as_ref().map(|log| log.order().unwrap());
        let command = envelope.command().unwrap();
        let assigned = format!("A-{}", self.seq);
        let mut facts = facts(&self.rules, who);
        facts.assigned_number = Some(&assigned);
        let mut result = CommandResult::accepted(envelope);
        match decide(order.as_ref(), &command, &facts) {
            Err(refusal) => {
                result.verdict = Verdict::Rejected;
                result.issues = refusal.issues;
            }
            Ok(events) => {
                let mut log = known.unwrap_or_else(|| OrderLog::new(envelope.order));
                for event in events {
                    let (by, command) = (who.clone(), Some(envelope.id));
                    log.push(EventRecord { at_ms: NOW_MS, asked_ms: None, by, command, event });
                }
                self.seq += 1;
                result.seq = Some(self.seq);
                self.orders.insert(envelope.order, (self.seq, log));
            }
        }
        result
    }

    /// Shows an order to nobody any more.
    pub fn hide(&mut self, order: u128) {
        let id = Uuid::from_u128(order);
        self.orders.remove(&id).unwrap();
        self.seq += 1;
        self.hidden.insert(id, self.seq);
    }

    /// All that the server has, for one who asks for the first time.
    pub fn whole_answer(&self) -> Vec<u8> {
        let orders = self.orders.clone();
        let mut other = Authority { orders, ..Authority::new() };
        other.seq = self.seq;
        let who = actor("sam", Role::Staff);
        let client = Replica::new(rules(), Position::new(Uuid::from_u128(98), who.clone()));
        other.sync(&client.request(0, 100), &who)
    }
}
