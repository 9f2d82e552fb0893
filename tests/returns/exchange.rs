//! Other goods for those that came back: even, dearer, cheaper, and claims that are settled in goods.

use orderkit::{Amount, Code, OrderStatus, status::FulfillmentStatus};
use serde_json::{Value, json};

use super::life::{Life, draft, last_credit, rules, ruleset};

fn exchange(life: &mut Life, id: &str, line: &str, wanted: Value) -> orderkit::Order {
    life.does(
        "requestReturn",
        json!({"returnId": id, "kind": "exchange", "wanted": wanted,
        "lines": [{"line": line, "quantity": "1", "reason": "wrongItem"}]}),
    );
    life.receives(id);
    life.does("resolveReturn", json!({"returnId": id}))
}

#[test]
fn the_same_goods_again_cost_nothing_and_are_shipped_like_any() {
    let mut shop = ruleset();
    shop["promotions"] = json!([{"id": "off", "name": {"en": "Off"}, "effect": {"kind": "orderFixed", "amountMinor": 100}}]);
    let mut life = Life::delivered(&shop, draft("3 MUG, 1 CUP", json!({})));
    let order = exchange(&mut life, "r1", "1", json!([]));
    assert_eq!(last_credit(&order), 0);
    let new = order.lines.last().unwrap();
    assert_eq!(
        (new.id.as_str(), new.replaces.as_deref(), new.sku.as_str()),
        ("r1-1", Some("1"), "MUG")
    );
    assert_eq!(order.derived().unwrap().fulfillment, FulfillmentStatus::PartiallyShipped);
    assert_eq!(life.refuses("complete", json!({})).0, Code::StillOpen);
    life.ship_all();
    // All of it comes back, also what was sent in exchange.
    let order = life.gives_back("r2", &[("1", "2"), ("2", "1"), ("r1-1", "1")], "defective");
    assert_eq!(order.due().unwrap(), Amount::ZERO);
    assert_eq!(last_credit(&order), order.totals.gross_minor.minor());
}

#[test]
fn dearer_goods_make_one_difference_to_pay_before_they_leave() {
    let mut life = Life::delivered(&ruleset(), draft("1 CUP", json!({})));
    let order =
        exchange(&mut life, "r1", "1", json!([{"line": "1", "sku": "MUG", "quantity": "1"}]));
    assert_eq!(last_credit(&order), 1_250 - 2_000);
    assert_eq!(order.credits.len(), 1, "one difference");
    assert_eq!(order.derived().unwrap().balance_due_minor.minor(), 750);
    assert_eq!(life.refuses("ship", json!({"shipment": "s2"})).0, Code::PaymentMissing);
    life.pay();
    life.ship_all();
    let order = life.gives_back("r2", &[("r1-1", "1")], "defective");
    assert_eq!(last_credit(&order), 2_000 + 490);
    assert_eq!((order.due().unwrap(), life.refunds("r2")), (Amount::ZERO, 2_490));
}

#[test]
fn cheaper_goods_give_the_difference_back() {
    let mut life = Life::delivered(&ruleset(), draft("2 MUG", json!({})));
    let order =
        exchange(&mut life, "r1", "1", json!([{"line": "1", "sku": "CUP", "quantity": "1"}]));
    assert_eq!(last_credit(&order), 750);
    assert_eq!(life.refunds("r1"), 750);
    life.ship_all();
    let order = life.gives_back("r2", &[("1", "1"), ("r1-1", "1")], "defective");
    assert_eq!(last_credit(&order), 2_000 + 1_250 + 490);
    life.refunds("r2");
    assert!(life.order().derived().unwrap().balance_due_minor.is_zero());
}

#[test]
fn the_same_goods_keep_their_price_or_have_todays_as_the_shop_says() {
    for (price, credit) in [("paid", 0), ("today", -200)] {
        let mut life = Life::delivered(&ruleset(), draft("1 MUG", json!({})));
        let mut shop = ruleset();
        shop["version"] = json!("2");
        shop["products"][2]["unitPrice"] = json!("22.00");
        shop["returns"] = json!({"exchangePrice": price});
        life.rules = rules(&shop);
        assert_eq!(last_credit(&exchange(&mut life, "r1", "1", json!([]))), credit, "{price}");
    }
}

#[test]
fn a_completed_order_has_work_again_when_goods_are_sent_in_exchange() {
    let mut life = Life::delivered(&ruleset(), draft("1 MUG", json!({})));
    life.does("confirmReceipt", json!({}));
    life.does("complete", json!({}));
    let order = exchange(&mut life, "r1", "1", json!([]));
    assert_eq!(order.status, OrderStatus::Confirmed);
    life.ship_all();
    life.does("complete", json!({}));
}

#[test]
fn a_claim_is_settled_without_goods_and_notes_what_the_carrier_owes() {
    let mut life = Life::delivered(&ruleset(), draft("3 MUG", json!({})));
    life.does("requestReturn", json!({"returnId": "c1", "kind": "claim",
        "lines": [{"line": "1", "quantity": "2", "reason": "damagedInTransit", "evidence": ["https://example.org/box.jpg"]}]}));
    life.does("approveReturn", json!({"returnId": "c1"}));
    let order = life.does(
        "resolveReturn",
        json!({"returnId": "c1", "carrierClaim": "DHL 4711, 40.00", "outcomes": [
        {"line": "1", "quantity": "1", "outcome": "exchange"},
        {"line": "1", "quantity": "1", "outcome": "refund"}]}),
    );
    assert_eq!(order.returns[0].carrier_claim.as_deref(), Some("DHL 4711, 40.00"));
    assert_eq!(last_credit(&order), 2_000);
    assert_eq!(order.lines[1].open_to_ship().to_integer(), Some(1));
    // Money back alone: the goods stay where they are (仅退款), and cannot come back a second time.
    life.does(
        "requestReturn",
        json!({"returnId": "c2", "kind": "refundOnly",
        "lines": [{"line": "1", "quantity": "1", "reason": "missingItem"}]}),
    );
    life.does("approveReturn", json!({"returnId": "c2"}));
    let order = life.does("resolveReturn", json!({"returnId": "c2"}));
    assert_eq!(order.lines[0].open_to_return().to_integer(), Some(0));
    assert_eq!(order.lines[0].received.to_integer(), Some(0));
}
