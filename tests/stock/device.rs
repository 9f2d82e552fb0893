//! A device without a network sells its part of the stock and no more; with one it sells what it was told.

use orderkit::{
    Code, Context, Decimal, Expectation, Place, Role, Rules, StockLevel,
    inventory::{StockLease, StockState, lease_grant},
    quote,
    replica::{AppendInputs, Position, Replica, Series, protocol::Known},
    ruleset::StockQuota,
    validate,
};
use proptest::{collection, prelude::*};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::shop::{NOW_MS, RULESET, actor, draft};

const HOUR_MS: i64 = 60 * 60 * 1_000;

fn rules(inventory: &Value) -> Rules {
    let mut shop: Value = serde_json::from_str(RULESET).unwrap();
    shop["inventory"] = inventory.clone();
    Rules::from_json(shop.to_string().as_bytes()).unwrap()
}

fn units(count: i64) -> Decimal {
    Decimal::from_integer(count)
}

/// A till that holds two cups, of which five more are anybody's.
struct Till {
    replica: Replica,
    n: u64,
}

impl Till {
    fn new(inventory: &Value, ends_ms: i64) -> Self {
        let position = Position {
            client: Uuid::from_u128(7),
            actor: actor("sam", Role::Staff),
            device: Some("K7".to_owned()),
            leases: Vec::new(),
            stock: vec![StockLease { sku: "CUP".to_owned(), quantity: units(2), ends_ms }],
            since: None,
            ack: 0,
        };
        let mut replica = Replica::new(rules(inventory), position);
        let level =
            StockLevel { sku: "CUP".to_owned(), quantity: units(5), ..StockLevel::default() };
        let context = Context { stock: vec![level], ..Context::at(NOW_MS) };
        replica.set_known(Known { digest: "1".to_owned(), context });
        Self { replica, n: 0 }
    }

    /// The server says that there are so many cups now.
    fn hears_of(&mut self, count: i64) {
        let level =
            StockLevel { sku: "CUP".to_owned(), quantity: units(count), ..StockLevel::default() };
        let context = Context { stock: vec![level], ..Context::at(NOW_MS) };
        self.replica.set_known(Known { digest: count.to_string(), context });
    }

    /// Cancels the order of a counter. Says whether the rules allow it.
    fn cancel(&mut self, n: u64) -> bool {
        self.n += 1;
        let inputs = AppendInputs {
            id: Uuid::from_u128(u128::from(1_000 + self.n)),
            order: Uuid::from_u128(u128::from(500 - n)),
            kind: "cancel@1".to_owned(),
            base: None,
            args: serde_json::value::to_raw_value(&json!({"reason": "changed my mind"})).unwrap(),
            at_ms: NOW_MS,
            random: Vec::new(),
        };
        let proposed = self.replica.propose(self.n, &Series::default(), inputs);
        let is_allowed = proposed.is_ok();
        proposed.into_iter().for_each(|it| self.replica.commit(it.record));
        is_allowed
    }

    /// The server refuses the first command that waits.
    fn is_refused_one(&mut self) {
        let waiting = self.replica.outbox().find(|record| record.verdict.is_none());
        let Some(first) = waiting.map(|record| (record.n, record.command.id)) else { return };
        let answer = json!({
            "v": 1, "epoch": "e1", "timeMs": NOW_MS, "processed": first.0, "device": "K7", "changes": [], "next": 0, "more": false,
            "results": [{"n": first.0, "id": first.1, "verdict": "rejected"}]
        });
        self.replica.receive(answer.to_string().as_bytes(), 1).unwrap();
        self.replica.settle().unwrap();
    }

    /// The same after its page was opened again.
    fn reloaded(&self, count: i64) -> Self {
        let mut till = Self::new(&json!({}), NOW_MS);
        till.hears_of(count);
        let mut records: Vec<_> = self.replica.outbox().cloned().collect();
        records.reverse();
        till.replica.load_outbox(records);
        till
    }

    /// The counters of waiting commands that the rules refuse here now.
    fn doubted(&self) -> Vec<u64> {
        let waiting = self.replica.pending(None);
        waiting.iter().filter(|it| !it.doubts.is_empty()).map(|it| it.n).collect()
    }

    /// Sells so many cups; the code and what is left, if that is refused.
    fn sell(&mut self, count: i64) -> Result<(), (Code, String)> {
        let mut draft = draft();
        draft.lines =
            serde_json::from_value(json!([{"sku": "CUP", "quantity": count.to_string()}])).unwrap();
        let known = self.replica.known_now(NOW_MS).unwrap();
        let issues = validate(&draft, self.replica.rules(), &known);
        let priced = quote(&draft, self.replica.rules(), &known).unwrap();
        let expect = Expectation {
            total_minor: priced.totals.gross_minor,
            ruleset_digest: self.replica.rules().digest().to_owned(),
            payable_minor: None,
        };
        self.n += 1;
        let args = serde_json::value::to_raw_value(&Place {
            draft,
            number: None,
            expect,
            is_repeat: true,
        })
        .unwrap();
        let proposed = self.replica.propose(
            self.n,
            &Series::default(),
            AppendInputs {
                id: Uuid::from_u128(u128::from(1_000 + self.n)),
                // Ids do not rise with the counters.
                order: Uuid::from_u128(u128::from(500 - self.n)),
                kind: "place@1".to_owned(),
                base: None,
                args,
                at_ms: NOW_MS,
                random: vec![7; 160],
            },
        );
        match proposed {
            Ok(proposal) => {
                assert_eq!(issues, [], "the form and the decision agree");
                self.replica.commit(proposal.record);
                Ok(())
            }
            Err(refusal) => {
                let issue = &refusal.issues[0];
                assert_eq!(issue.path, "/args/draft/lines/0/quantity");
                assert_eq!(
                    (issues[0].code, issues[0].args.clone()),
                    (issue.code, issue.args.clone())
                );
                let args = serde_json::to_value(&issue.args).unwrap();
                Err((issue.code, args["available"].as_str().unwrap().to_owned()))
            }
        }
    }
}

fn left(code: Code, count: &str) -> Result<(), (Code, String)> {
    Err((code, count.to_owned()))
}

#[test]
fn a_till_without_a_network_sells_its_part() {
    let quota = json!({"quota": {"quantity": "2"}});
    let mut till = Till::new(&quota, NOW_MS + HOUR_MS);
    till.replica.set_offline(true);
    assert_eq!(till.sell(3), left(Code::DeviceStockMissing, "2"));
    assert_eq!(till.sell(1), Ok(()));
    assert_eq!(till.sell(2), left(Code::DeviceStockMissing, "1"));
    assert_eq!(till.sell(1), Ok(()));
    assert_eq!(till.sell(1), left(Code::DeviceStockMissing, "0"));
    // Its own orders that wait are no doubt to it, and with a network there is what it was told.
    assert!(till.replica.pending(None).iter().all(|it| it.doubts.is_empty()));
    till.replica.set_offline(false);
    assert_eq!(till.sell(6), left(Code::StockMissing, "5"));
    assert_eq!(till.sell(5), Ok(()));
    assert_eq!(till.sell(1), left(Code::StockMissing, "0"));
}

#[test]
fn a_part_ends_and_a_shop_without_quotas_sells_what_it_was_told() {
    let quota = json!({"quota": {"quantity": "2"}});
    let mut ended = Till::new(&quota, NOW_MS);
    ended.replica.set_offline(true);
    assert_eq!(ended.sell(1), left(Code::DeviceStockMissing, "0"));

    let mut free = Till::new(&json!({"safetyQuantity": "1"}), NOW_MS);
    free.replica.set_offline(true);
    assert_eq!(free.sell(5), left(Code::StockMissing, "4"));
    assert_eq!(free.sell(4), Ok(()));

    // That a shop accepts what was sold twice is no leave to sell what is known to be gone.
    let mut lax = Till::new(&json!({"oversold": "partial"}), NOW_MS);
    assert_eq!(lax.sell(6), left(Code::StockMissing, "5"));
}

#[test]
fn devices_together_hold_no_more_than_their_share() {
    let quota = StockQuota { quantity: units(4), percent: units(50), hours: 12 };
    let mut state = StockState { on_hand: units(11), ..StockState::default() };
    let mut held = Vec::new();
    for _ in 0..4 {
        let grant = lease_grant(&quota, &state, units(1), Decimal::ZERO);
        state.leased = state.leased.checked_add(grant).unwrap();
        held.push(grant.to_integer().unwrap());
    }
    assert_eq!(held, [4, 1, 0, 0], "half of the ten that can be sold");
    let again = |has: i64| {
        lease_grant(&quota, &StockState { leased: units(has), ..state }, units(1), units(has))
    };
    assert_eq!((again(3), again(2)), (Decimal::ZERO, units(2)), "filled up when half is sold");
    let broken = StockState { on_hand: "1.5".parse().unwrap(), ..StockState::default() };
    assert_eq!(lease_grant(&quota, &broken, Decimal::ZERO, Decimal::ZERO), Decimal::ZERO);
}

#[test]
fn who_was_given_first_has_what_is_scarce() {
    let mut till = Till::new(&json!({}), NOW_MS);
    for count in [2, 2, 1] {
        assert_eq!(till.sell(count), Ok(()));
    }
    assert_eq!(till.doubted(), Vec::<u64>::new());
    // Somebody else was faster: there is enough for the first. The second may still get what it asked for, and so counts for the third.
    till.hears_of(3);
    assert_eq!(till.doubted(), [2, 3]);
    assert_eq!(till.reloaded(3).doubted(), [2, 3]);
    // The first is cancelled before it is sent: what it took is there for those behind it.
    assert!(till.cancel(1));
    assert_eq!(till.doubted(), Vec::<u64>::new());
    till.hears_of(2);
    assert_eq!(till.doubted(), [3]);
}

proptest! {
    /// Whatever comes in whatever order: what is shown is what a reload would show.
    #[test]
    fn what_is_scarce_is_shared_as_after_a_reload(steps in collection::vec((0_u8..5, 1_i64..5), 1..25)) {
        let mut till = Till::new(&json!({}), NOW_MS);
        let mut count = 5;
        for (kind, amount) in steps {
            match kind {
                0 | 1 => drop(till.sell(amount)),
                2 => drop(till.cancel(amount.unsigned_abs())),
                3 => till.is_refused_one(),
                _ => {
                    count = amount * 2;
                    till.hears_of(count);
                }
            }
        }
        prop_assert_eq!(till.doubted(), till.reloaded(count).doubted());
    }
}
