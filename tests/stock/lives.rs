//! Random lives of four orders over three SKUs, one of which is sold in a set with another.

use orderkit::{Code, Rules};
use serde_json::{Value, json};

use super::warehouse::{SKUS, Warehouse};

/// How many lives are lived, unless `LIVES` says otherwise.
const LIVES: u64 = 20_000;
const ORDERS: u64 = 4;

/// Sebastiano Vigna's SplitMix64.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (word ^ (word >> 31)) % end
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len() as u64) as usize]
    }
}

fn rules(oversold: &str, backorder: Option<i64>) -> Rules {
    let mut shop: Value = serde_json::from_str(crate::shop::RULESET).unwrap();
    let product = |sku: &str| json!({"sku": sku, "name": {"en": sku}, "unitPrice": "2.50", "taxClass": "goods"});
    shop["products"] = json!([product("CUP"), product("MUG"), product("SAUCER"), product("SET")]);
    let parts = json!([{"sku": "CUP", "quantity": 1}, {"sku": "SAUCER", "quantity": 2}]);
    shop["inventory"] = json!({"oversold": oversold, "products": [{"sku": "SET", "parts": parts}]});
    if let Some(limit) = backorder {
        shop["inventory"]["backorder"] = json!({"limit": limit.to_string()});
    }
    shop["workflow"] = json!({"payWithinMinutes": 30});
    Rules::from_json(shop.to_string().as_bytes()).unwrap()
}

fn goods(chance: &mut Chance) -> Value {
    let lines = (0..=chance.below(2)).map(|_| {
        let sku = chance.one_of(&["CUP", "MUG", "SAUCER", "SET"]);
        json!({"sku": sku, "quantity": (1 + chance.below(4)).to_string()})
    });
    lines.collect()
}

/// A step of some order, with arguments that are often possible.
fn step(warehouse: &mut Warehouse, chance: &mut Chance, n: usize) -> Result<(), Code> {
    let at = chance.below(warehouse.orders.len() as u64) as usize;
    let order = &warehouse.orders[at];
    let line = order.lines[chance.below(order.lines.len() as u64) as usize].id.clone();
    let quantity = (1 + chance.below(3)).to_string();
    let part = json!([{"line": line, "quantity": quantity}]);
    let shipments: Vec<&str> = order.shipments.iter().map(|it| it.id.as_str()).collect();
    let known = shipments.get(chance.below(4) as usize).copied().unwrap_or("none").to_owned();
    let returned = order.returns.last().map_or("none", |it| it.id.as_str()).to_owned();
    let (new, owed) = (format!("n{n}"), order.totals.payable_minor);
    let because = json!({"shipment": known, "reason": "x"});
    let (kind, args) = match chance.below(26) {
        0 => ("cancel", json!({"reason": "x"})),
        1..=3 => (
            "recordPayment",
            json!({"id": new, "method": "card", "amountMinor": owed, "isCertain": true}),
        ),
        4..=6 => ("confirm", json!({})),
        7 | 8 => ("cancelLines", json!({"credit": new, "lines": part, "reason": "x"})),
        9..=11 => ("allocate", json!({"shipment": new, "lines": part})),
        12 => ("allocate", json!({"shipment": new, "lines": part, "isBackordered": true})),
        13 => ("allocate", json!({"shipment": known})),
        14 => ("ship", json!({"shipment": known})),
        15 => ("ship", json!({"shipment": new, "lines": part})),
        16 => ("cancelShipment", because),
        17 => ("failDelivery", because),
        18 => (chance.one_of(&["returnToSender", "lose", "redeliver"]), because),
        19 => ("deliver", json!({"shipment": known})),
        20 => ("reinstate", json!({"reason": "x"})),
        21 => {
            let request = json!([{"line": line, "quantity": quantity, "reason": "late"}]);
            ("requestReturn", json!({"returnId": new, "lines": request}))
        }
        22 => {
            for kind in ["approveReturn", "receiveReturn"] {
                let _ = warehouse.give(at, kind, &json!({"returnId": returned}));
            }
            let fate = chance.one_of(&["restock", "restock", "writeOff", "sendBack"]);
            let found = json!([{"line": line, "quantity": "1", "goods": fate}]);
            ("inspectReturn", json!({"returnId": returned, "inspections": found}))
        }
        23 => ("settleShortage", json!({"choice": chance.one_of(&["less", "later"])})),
        24 => {
            let change = json!([{"setQuantity": {"line": line, "quantity": quantity}}]);
            let consent = json!({"by": "ada", "how": "phone"});
            ("amend", json!({"id": new, "changes": change, "consent": consent}))
        }
        _ => {
            warehouse.now_ms += 31 * 60_000;
            ("expire", json!({}))
        }
    };
    warehouse.give(at, kind, &args)
}

fn live(seed: u64) -> (usize, usize) {
    let chance = &mut Chance(seed);
    let policy = chance.one_of(&["refuse", "backorder", "partial"]);
    let backorder = chance.one_of(&[None, Some(3)]);
    let counts = [0; 3].map(|_| chance.below(9) as i64);
    let mut warehouse = Warehouse::new(rules(policy, backorder), counts);
    let (mut done, mut short) = (0, 0);
    for _ in 0..ORDERS {
        let is_promised = chance.below(3) > 0;
        match warehouse.place(&goods(chance), is_promised) {
            Ok(()) => done += 1,
            Err(code) => {
                assert_eq!(code, Code::StockMissing);
                assert!(policy != "backorder" || !is_promised);
                short += 1;
            }
        }
        warehouse.must_hold();
        limits_hold(&warehouse, policy, backorder);
    }
    if warehouse.orders.is_empty() {
        return (done, short);
    }
    for n in 0..24 {
        if chance.below(16) == 0 {
            let (sku, found) = (chance.one_of(&SKUS), chance.below(9) as i64);
            warehouse.count(sku, found);
        } else {
            match step(&mut warehouse, chance, n) {
                Ok(()) => done += 1,
                Err(Code::StockMissing) => short += 1,
                Err(_) => {}
            }
        }
        warehouse.must_hold();
    }
    (done, short)
}

/// Before anything is counted anew or lost, no more is owed than the shop allows.
fn limits_hold(warehouse: &Warehouse, policy: &str, backorder: Option<i64>) {
    if policy == "backorder" {
        return;
    }
    for sku in SKUS {
        let owed = warehouse.states[sku].backordered;
        assert!(owed <= super::warehouse::units(backorder.unwrap_or(0)), "{sku}: {owed}");
    }
}

#[test]
fn nothing_is_sold_twice_and_nothing_is_lost() {
    let lives = std::env::var("LIVES").ok().and_then(|it| it.parse().ok()).unwrap_or(LIVES);
    let (mut done, mut short) = (0, 0);
    for seed in 0..lives {
        let caught = std::panic::catch_unwind(|| live(seed));
        let (did, lacked) = caught.unwrap_or_else(|_| panic!("the life of seed {seed} failed"));
        (done, short) = (done + did, short + lacked);
    }
    println!(
        "lives: {lives}, steps {done}, refused for want of goods {short}, sold twice 0, lost 0"
    );
    assert!(done > 0 && short > 0);
}
