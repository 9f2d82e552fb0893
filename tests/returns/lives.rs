//! Random lives: whatever is called off, comes back or is given in whatever order, nothing is given twice and nothing is lost.

use std::time::Instant;

use orderkit::{Amount, Decimal, Order, credit::CreditFeeKind};
use serde_json::{Value, json};

use super::{
    life::Life,
    random::{Chance, order, shop},
};
use orderkit::validate;

/// How many lives are lived, unless `LIVES` says otherwise.
const LIVES: u64 = 400;
const REASONS: [&str; 4] = ["noLongerWanted", "defective", "late", "damagedInTransit"];

#[test]
fn any_life_ends_with_what_was_paid() {
    let lives = std::env::var("LIVES").ok().and_then(|it| it.parse().ok()).unwrap_or(LIVES);
    let began = Instant::now();
    let (mut events, mut edits, mut full, mut with_fees) = (0, 0, 0, 0);
    for seed in 0..lives {
        let caught = std::panic::catch_unwind(|| live(seed));
        let life = caught.unwrap_or_else(|_| panic!("the life of seed {seed} failed"));
        let order = life.order();
        events += life.log.events.len();
        edits += order.amendments.len();
        let fees = order.credits.iter().flat_map(|credit| &credit.fees);
        let kept = fees.filter(|fee| is_kept(fee.kind));
        if Amount::sum(kept.map(|fee| fee.amount.gross_minor)).unwrap().is_zero() {
            full += 1;
        } else {
            with_fees += 1;
        }
    }
    let spent = began.elapsed();
    let each = spent.as_secs_f64() * 1_000.0 / lives as f64;
    println!(
        "lives: {lives}, events {events}, edits {edits}, given back whole {full}, less fees {with_fees}, given too much 0, \
         cents lost 0, invariants broken 0, {each:.2} ms a life"
    );
    assert!(edits > 0 && full > 0 && with_fees > 0);
}

fn is_kept(kind: CreditFeeKind) -> bool {
    matches!(kind, CreditFeeKind::Restocking | CreditFeeKind::ReturnLabel)
}

fn live(seed: u64) -> Life {
    let mut chance = Chance::new(seed);
    let rules = super::life::rules(&shop(&mut chance));
    let (draft, context) = loop {
        let (draft, context) = order(&mut chance);
        let known = orderkit::Context { may_adjust: true, now_ms: super::life::NOW_MS, ..context };
        if validate(&draft, &rules, &known).is_empty()
            && orderkit::quote(&draft, &rules, &known)
                .is_ok_and(|it| it.totals.payable_minor > Amount::ZERO)
        {
            break (draft, known);
        }
    };
    let mut life = Life::place(rules, draft, context);
    if chance.once_in(2) {
        life.pay();
    } else {
        pay_in_two(&mut life, &mut chance);
    }
    edit_some(&mut life, &mut chance);
    life.pay();
    if life.order().status == orderkit::OrderStatus::Placed {
        life.does("confirm", json!({}));
        edit_some(&mut life, &mut chance);
    }
    if life.order().status == orderkit::OrderStatus::Confirmed && chance.once_in(3) {
        cancel_some(&mut life, &mut chance);
    }
    life.pay();
    if life.order().status == orderkit::OrderStatus::Confirmed {
        ship_some(&mut life, &mut chance);
        for round in 0..chance.below(5) {
            one_thing(&mut life, &mut chance, round);
        }
        give_all_back(&mut life);
    } else {
        pay_back(&mut life);
    }
    must_be_exact(&life);
    life
}

fn pay_in_two(life: &mut Life, chance: &mut Chance) {
    let balance = life.order().derived().unwrap().balance_due_minor.minor();
    if balance > 1 {
        let first = 1 + chance.below(balance as u64 - 1) as i64;
        life.does("recordPayment", json!({"id": "first", "method": "card", "amountMinor": first}));
    }
    life.pay();
}

/// Some edits, of which those that are refused change nothing. What they come to is settled at once.
fn edit_some(life: &mut Life, chance: &mut Chance) {
    while chance.once_in(2) {
        let order = life.order();
        let line = &order.lines[chance.below(order.lines.len() as u64) as usize].id;
        let change = match chance.below(7) {
            0 | 1 => {
                json!({"setQuantity": {"line": line, "quantity": chance.below(7).to_string()}})
            }
            2 => {
                let sku = chance.one_of(&["TEA", "CUP", "MUG", "PIN"]);
                let line = json!({"sku": sku, "quantity": (1 + chance.below(3)).to_string()});
                json!({"addLine": {"line": line}})
            }
            3 => {
                let price = format!("{}.{:02}", chance.below(20), chance.below(100));
                json!({"setUnitPrice": {"line": line, "unitPrice": price}})
            }
            4 => {
                let percent = (1 + chance.below(30)).to_string();
                let off = json!({"kind": "allowance", "percent": percent, "reason": "Late"});
                json!({"addAdjustment": {"adjustment": off}})
            }
            5 => {
                let kind = chance.one_of(&["addCoupon", "removeCoupon"]);
                json!({kind: {"code": "WELCOME"}})
            }
            _ => json!({"removeDiscount": {"rule": "manual"}}),
        };
        let args = json!({
            "id": format!("e{}", life.log.events.len()), "changes": [change], "reason": "Asked for",
            "consent": {"by": "Ada", "how": "telephone"},
        });
        let before = life.log.events.len();
        match life.try_to("amend", args) {
            Ok(_) if chance.once_in(3) => {}
            Ok(_) => {
                life.pay();
                pay_back(life);
            }
            Err(_) => assert_eq!(life.log.events.len(), before),
        }
    }
}

/// A part of what is open of some lines.
fn some(
    chance: &mut Chance,
    order: &Order,
    open: fn(&orderkit::OrderLine) -> Decimal,
) -> Vec<(String, Decimal)> {
    let mut parts = Vec::new();
    for line in order.lines.iter().filter(|line| open(line) > Decimal::ZERO) {
        if chance.once_in(2) {
            parts.push((line.id.clone(), part(chance, open(line))));
        }
    }
    parts
}

fn part(chance: &mut Chance, open: Decimal) -> Decimal {
    if chance.once_in(2) || open.mantissa() < 2 {
        return open;
    }
    let mantissa = 1 + chance.below(open.mantissa() as u64 - 1);
    Decimal::from_parts(i128::from(mantissa), open.scale()).unwrap()
}

fn cancel_some(life: &mut Life, chance: &mut Chance) {
    let parts = some(chance, &life.order(), |line| line.open_to_ship());
    if parts.is_empty() {
        return;
    }
    let id = format!("c{}", life.log.events.len());
    let lines: Vec<Value> =
        parts.iter().map(|(line, quantity)| json!({"line": line, "quantity": quantity})).collect();
    life.does("cancelLines", json!({"credit": id, "lines": lines, "reason": "Sold out"}));
}

fn ship_some(life: &mut Life, chance: &mut Chance) {
    let parts = some(chance, &life.order(), |line| line.open_to_ship());
    if !parts.is_empty() {
        let lines: Vec<Value> = parts
            .iter()
            .map(|(line, quantity)| json!({"line": line, "quantity": quantity}))
            .collect();
        life.does("ship", json!({"shipment": "first", "lines": lines}));
        life.does("deliver", json!({"shipment": "first"}));
    }
    ship_rest(life);
}

/// All that is open leaves and arrives; what is due for it is paid.
fn ship_rest(life: &mut Life) {
    life.pay();
    if life.order().lines.iter().any(|line| !line.open_to_ship().is_zero()) {
        life.ship_all();
    }
}

fn one_thing(life: &mut Life, chance: &mut Chance, round: u64) {
    let id = format!("r{round}");
    if chance.once_in(5) {
        let due = life.order().due().unwrap().minor();
        if due > 0 {
            let amount = 1 + chance.below(due.min(500) as u64);
            life.does(
                "grantCredit",
                json!({"credit": id, "amountMinor": amount, "reason": "Sorry"}),
            );
            pay_back(life);
        }
        return;
    }
    let parts = some(chance, &life.order(), |line| line.open_to_return());
    if parts.is_empty() {
        return;
    }
    let kind = chance.one_of(&["return", "return", "exchange", "refundOnly", "claim"]);
    let order = life.order();
    let reason = |sku: &str, chance: &mut Chance| match sku {
        "CUT" => "defective",
        _ => chance.one_of(&REASONS),
    };
    let lines: Vec<Value> = parts
        .iter()
        .map(|(line, quantity)| {
            let sku = &order.lines.iter().find(|it| it.id == *line).unwrap().sku;
            json!({"line": line, "quantity": quantity, "reason": reason(sku, chance)})
        })
        .collect();
    let request = json!({"returnId": id, "kind": kind, "lines": lines});
    let shown = preview(life, &request);
    life.does("requestReturn", request);
    if chance.once_in(8) {
        life.does("cancelReturn", json!({"returnId": id}));
        return;
    }
    life.does("approveReturn", json!({"returnId": id}));
    if matches!(kind, "refundOnly" | "claim") {
        life.does("resolveReturn", json!({"returnId": id}));
    } else {
        come_back(life, chance, &id, &parts);
        life.does("resolveReturn", json!({"returnId": id}));
    }
    let order = life.order();
    let whole = order
        .returns
        .last()
        .unwrap()
        .lines
        .iter()
        .all(|line| line.settled(|it| it.is_credited()) == Some(line.quantity));
    let given = order.credits.iter().find(|credit| credit.id == id).map(|it| it.total_minor);
    assert!(!whole || given == shown, "{given:?} is not what was shown: {shown:?}");
    life.refunds(&id);
    ship_rest(life);
}

fn preview(life: &Life, request: &Value) -> Option<Amount> {
    let request = serde_json::from_value(request.clone()).unwrap();
    let settlement =
        orderkit::decide::preview_return(&life.order(), &request, &life.facts()).unwrap();
    settlement.credit.map(|credit| credit.total_minor)
}

/// The parcel of a return comes, perhaps in two, and what is in it goes where it belongs.
fn come_back(life: &mut Life, chance: &mut Chance, id: &str, parts: &[(String, Decimal)]) {
    if chance.once_in(3) {
        let (line, quantity) = &parts[0];
        let some = part(chance, *quantity);
        life.does(
            "receiveReturn",
            json!({"returnId": id, "lines": [{"line": line, "quantity": some}]}),
        );
        if chance.once_in(2) {
            life.does("inspectReturn", json!({"returnId": id}));
        }
    }
    let order = life.order();
    let open = order.returns.last().unwrap().lines.iter().any(|line| line.received < line.quantity);
    if open {
        life.does("receiveReturn", json!({"returnId": id}));
    }
    let unseen: Vec<Value> = life
        .order()
        .returns
        .last()
        .unwrap()
        .lines
        .iter()
        .filter_map(|line| {
            let seen = line.inspected(None).unwrap();
            let left = line.received.checked_sub(seen).unwrap();
            let goods = chance.one_of(&["restock", "restock", "writeOff", "sendBack"]);
            (!left.is_zero()).then(|| json!({"line": line.line, "quantity": left, "goods": goods}))
        })
        .collect();
    if !unseen.is_empty() {
        life.does("inspectReturn", json!({"returnId": id, "inspections": unseen}));
    }
}

/// Everything that the customer still has comes back because it is faulty.
fn give_all_back(life: &mut Life) {
    let order = life.order();
    let open = order.lines.iter().filter(|line| line.open_to_return() > Decimal::ZERO);
    let lines: Vec<Value> = open.map(|line| json!({"line": line.id, "quantity": line.open_to_return(), "reason": "defective"})).collect();
    if !lines.is_empty() {
        life.does("requestReturn", json!({"returnId": "last", "lines": lines}));
        life.receives("last");
        life.does("resolveReturn", json!({"returnId": "last"}));
        life.refunds("last");
    }
    pay_back(life);
}

/// What is owed to the buyer goes back.
fn pay_back(life: &mut Life) {
    let order = life.order();
    let owed = order.derived().unwrap().balance_due_minor;
    if owed.is_negative() {
        let plan =
            orderkit::ledger::refund_plan(&order.payments, owed.negate(), Default::default());
        for part in plan.unwrap() {
            let id = format!("b{}", life.log.events.len());
            life.does(
                "recordPayment",
                json!({"id": id, "kind": "refund", "method": part.method,
                "source": part.source, "amountMinor": part.amount_minor}),
            );
        }
    }
}

/// Of every line everything was credited: in gross, net, tax and each discount.
fn nothing_is_left(order: &Order) {
    for line in &order.lines {
        let left = order.left_of_line(line).unwrap();
        let mut all = vec![left.amount_minor, left.net_minor, left.tax_minor, left.gross_minor];
        all.extend(left.discounts_minor.iter().chain(&left.taxes_minor));
        assert!(all.iter().all(|amount| amount.is_zero()), "{}: {left:?}", line.id);
    }
}

/// All goods were credited: what was given adds up to what the order cost, in gross, net, tax and each discount.
fn must_be_exact(life: &Life) {
    let order = life.order();
    let bytes = serde_json::to_vec(&order).unwrap();
    assert_eq!(bytes, serde_json::to_vec(&life.order()).unwrap(), "replay");
    assert!(order.derived().unwrap().balance_due_minor.is_zero());
    if order.status != orderkit::OrderStatus::Confirmed {
        return;
    }
    assert!(order.is_all_credited());
    nothing_is_left(&order);
    let sum = |amount: &dyn Fn(&orderkit::credit::Credit) -> Amount| {
        Amount::sum(order.credits.iter().map(amount)).unwrap()
    };
    let fee = |kind, amount: fn(orderkit::credit::CreditShare) -> Amount| {
        let fees = order.credits.iter().flat_map(|credit| &credit.fees);
        Amount::sum(fees.filter(|fee| fee.kind == kind).map(|fee| amount(fee.amount))).unwrap()
    };
    assert!(fee(CreditFeeKind::ClawBack, |it| it.gross_minor).is_zero(), "taken back for nothing");
    let cost = order.totals.payable_minor.plus(order.tendered_minor).unwrap();
    let kept = |amount: fn(orderkit::credit::CreditShare) -> Amount| {
        fee(CreditFeeKind::Restocking, amount)
            .plus(fee(CreditFeeKind::ReturnLabel, amount))
            .unwrap()
    };
    // When the buyer changed their mind about the last of the goods, the shop may keep the shipping charge.
    let shipping = order.shipping.as_ref();
    let charge = |amount: fn(&orderkit::pricing::QuoteShipping) -> Amount| {
        shipping.map_or(Amount::ZERO, amount)
    };
    let left = |charge: Amount, given: fn(&orderkit::credit::CreditShare) -> Amount| {
        charge.minus(sum(&|it| it.shipping.as_ref().map_or(Amount::ZERO, given))).unwrap()
    };
    let shipping_left = left(charge(|it| it.gross_minor), |it| it.gross_minor);
    let shipping_tax_left = left(charge(|it| it.tax_minor), |it| it.tax_minor);
    let is_at_fault = order.returns.last().is_some_and(|it| it.id == "last");
    assert!(!is_at_fault || shipping_left.is_zero(), "shipping");
    // Goodwill that came before makes good for what the shop keeps, and is not asked back beyond it.
    let goodwill =
        order.credits.iter().any(|it| it.cause == orderkit::credit::CreditCause::Goodwill);
    let all_kept = kept(|it| it.gross_minor).plus(shipping_left).unwrap();
    let given = sum(&|it| it.total_minor).plus(all_kept).unwrap();
    if goodwill && !all_kept.is_zero() {
        assert!(given >= cost);
        return;
    }
    if !order.amendments.is_empty() {
        // What it cost has changed on the way: in the end the buyer has borne what the shop keeps and not a cent more.
        assert_eq!(order.derived().unwrap().total_minor, all_kept, "gross");
        return;
    }
    assert_eq!(given, cost, "gross");
    let tax_kept = kept(|it| it.tax_minor).plus(shipping_tax_left).unwrap();
    let tax = sum(&|it| it.tax_minor).plus(tax_kept).unwrap();
    assert_eq!(tax, order.totals.tax_minor, "tax");
    for (index, discount) in order.discounts.iter().enumerate() {
        let replaced = order.lines.iter().filter(|line| line.replaces.is_some());
        let replaced =
            Amount::sum(replaced.filter_map(|line| line.discounts_minor.get(index).copied()))
                .unwrap();
        let lines = order.credits.iter().flat_map(|credit| &credit.lines);
        let given =
            Amount::sum(lines.filter_map(|line| line.amounts.discounts_minor.get(index).copied()))
                .unwrap();
        let shares = order.lines.iter().filter(|line| line.replaces.is_none());
        let shares =
            Amount::sum(shares.filter_map(|line| line.discounts_minor.get(index).copied()))
                .unwrap();
        assert_eq!(given.minus(replaced).unwrap(), shares, "{}", discount.rule);
    }
}
