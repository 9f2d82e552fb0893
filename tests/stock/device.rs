//! A device without a network sells its part of the stock and no more; with one it sells what it was told.

use orderkit::{
    Code, Context, Decimal, Expectation, Place, Role, Rules, StockLevel,
    inventory::{StockLease, StockState, lease_grant},
    quote,
    replica::{AppendInputs, Position, Replica, Series, protocol::Known},
    ruleset::StockQuota,
    validate,
};
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
                order: Uuid::from_u128(u128::from(self.n)),
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
