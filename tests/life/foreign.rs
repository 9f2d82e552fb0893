//! The statuses of 16 other systems (features.md b1), each mapped onto ours, and ours reached by real lives.
//!
//! A target is `axis:word`. Axes: `order`, `payment` (label), `charge`, `fulfillment`, `shipment`, `summary`,
//! `transaction` (`kind/state`), `hold`, `line` (a counter), `return` (features.md b2, axis 4), and `elsewhere` for
//! what is no status of an order here, with the reason.

use std::collections::{BTreeMap, BTreeSet};

use orderkit::{
    HoldReason, OrderStatus, PaymentKind, PaymentState, ShipmentStatus, returns::ReturnStatus,
};

use crate::steps::{Life, TOTAL, money, pay};

const TABLE: &[(&str, &str, &str)] = &[
    (
        "Medusa",
        "order",
        "pending=order:placed completed=order:completed draft=order:draft archived=elsewhere:list-filter canceled=order:canceled requires_action=hold:paymentReview",
    ),
    (
        "Medusa",
        "payment",
        "not_paid=payment:unpaid awaiting=payment:pending authorized=payment:authorized partially_authorized=payment:partiallyAuthorized captured=payment:paid partially_captured=payment:partiallyPaid refunded=payment:refunded partially_refunded=payment:partiallyRefunded canceled=payment:voided requires_action=payment:failed",
    ),
    (
        "Medusa",
        "fulfillment",
        "not_fulfilled=fulfillment:unfulfilled fulfilled=fulfillment:fulfilled partially_fulfilled=fulfillment:partiallyFulfilled shipped=fulfillment:shipped partially_shipped=fulfillment:partiallyShipped delivered=fulfillment:delivered partially_delivered=fulfillment:partiallyDelivered canceled=shipment:canceled",
    ),
    (
        "Medusa",
        "return",
        "open=return:approved requested=return:requested partially_received=return:received received=return:received canceled=return:canceled",
    ),
    (
        "Vendure",
        "order",
        "Created=order:draft Draft=order:draft AddingItems=order:draft ArrangingPayment=summary:awaitingPayment PaymentAuthorized=payment:authorized PaymentSettled=payment:paid PartiallyShipped=fulfillment:partiallyShipped Shipped=fulfillment:shipped PartiallyDelivered=fulfillment:partiallyDelivered Delivered=fulfillment:delivered Modifying=elsewhere:an-edit-is-one-command ArrangingAdditionalPayment=payment:partiallyPaid Cancelled=order:canceled",
    ),
    (
        "Vendure",
        "payment",
        "Created=transaction:capture/initial Authorized=transaction:authorization/success Settled=transaction:capture/success Declined=transaction:capture/failure Error=transaction:capture/failure Cancelled=transaction:capture/canceled",
    ),
    (
        "Vendure",
        "fulfillment",
        "Created=shipment:allocated Pending=shipment:pending Shipped=shipment:shipped Delivered=shipment:delivered Cancelled=shipment:canceled",
    ),
    (
        "Vendure",
        "refund",
        "Pending=transaction:refund/pending Settled=transaction:refund/success Failed=transaction:refund/failure",
    ),
    (
        "Saleor",
        "order",
        "draft=order:draft unconfirmed=order:placed unfulfilled=fulfillment:unfulfilled partially_fulfilled=fulfillment:partiallyShipped fulfilled=fulfillment:shipped partially_returned=line:returned returned=line:returned canceled=order:canceled expired=order:expired",
    ),
    (
        "Saleor",
        "authorize",
        "none=payment:unpaid partial=payment:partiallyAuthorized full=payment:authorized",
    ),
    (
        "Saleor",
        "charge",
        "none=charge:none partial=charge:partial full=charge:full overcharged=charge:over",
    ),
    (
        "Saleor",
        "fulfillment",
        "waiting_for_approval=shipment:packed fulfilled=shipment:shipped canceled=shipment:canceled returned=return:received refunded=payment:refunded refunded_and_returned=return:resolved replaced=return:resolved",
    ),
    (
        "Saleor",
        "granted refund",
        "none=payment:paid pending=transaction:refund/pending success=transaction:refund/success failure=transaction:refund/failure",
    ),
    (
        "Shopify",
        "order",
        "open=order:confirmed archived=elsewhere:list-filter canceled=order:canceled",
    ),
    (
        "Shopify",
        "payment",
        "PENDING=payment:pending AUTHORIZED=payment:authorized EXPIRED=elsewhere:an-authorization-past-expiresMs PARTIALLY_PAID=payment:partiallyPaid PAID=payment:paid PARTIALLY_REFUNDED=payment:partiallyRefunded REFUNDED=payment:refunded VOIDED=payment:voided",
    ),
    (
        "Shopify",
        "fulfillment",
        "UNFULFILLED=fulfillment:unfulfilled PARTIALLY_FULFILLED=fulfillment:partiallyShipped FULFILLED=fulfillment:shipped IN_PROGRESS=shipment:picked ON_HOLD=summary:onHold SCHEDULED=shipment:pending REQUEST_DECLINED=shipment:canceled FULFILLMENT_NOT_REQUIRED=fulfillment:notRequired",
    ),
    (
        "Shopify",
        "return",
        "REQUESTED=return:requested OPEN=return:approved CLOSED=return:closed DECLINED=return:declined CANCELED=return:canceled",
    ),
    (
        "commercetools",
        "order",
        "Open=order:placed Confirmed=order:confirmed Complete=order:completed Cancelled=order:canceled",
    ),
    (
        "commercetools",
        "payment",
        "BalanceDue=payment:partiallyPaid Failed=payment:failed Pending=payment:pending CreditOwed=payment:overpaid Paid=payment:paid",
    ),
    (
        "commercetools",
        "transaction",
        "Initial=transaction:capture/initial Pending=transaction:capture/pending Success=transaction:capture/success Failure=transaction:capture/failure Authorization=transaction:authorization/success CancelAuthorization=transaction:void/success Charge=transaction:capture/success Refund=transaction:refund/success Chargeback=transaction:chargeback/success",
    ),
    (
        "commercetools",
        "shipment",
        "Ready=shipment:packed Pending=shipment:allocated Delayed=shipment:pending Partial=fulfillment:partiallyShipped Backorder=fulfillment:backordered Shipped=shipment:shipped Delivered=shipment:delivered Canceled=shipment:canceled",
    ),
    (
        "commercetools",
        "return",
        "Advised=return:inTransit Returned=return:received BackInStock=line:restocked Unusable=line:writtenOff NonRefundable=return:declined Initial=return:inspected Refunded=return:resolved NotRefunded=return:closed",
    ),
    (
        "Solidus",
        "order",
        "cart=order:draft address=order:draft delivery=order:draft payment=order:draft confirm=order:draft complete=order:placed canceled=order:canceled awaiting_return=return:approved returned=return:closed",
    ),
    (
        "Solidus",
        "order payment",
        "paid=payment:paid balance_due=charge:partial credit_owed=payment:overpaid failed=payment:failed void=payment:voided",
    ),
    (
        "Solidus",
        "payment",
        "checkout=transaction:capture/initial pending=transaction:authorization/success processing=transaction:capture/pending completed=transaction:capture/success failed=transaction:capture/failure void=transaction:void/success invalid=transaction:capture/canceled",
    ),
    (
        "Solidus",
        "shipment",
        "pending=shipment:pending ready=shipment:packed backorder=fulfillment:backordered partial=fulfillment:partiallyShipped shipped=shipment:shipped canceled=shipment:canceled",
    ),
    (
        "Solidus",
        "unit",
        "on_hand=line:allocated backordered=line:backordered shipped=line:shipped returned=line:returned canceled=line:canceled",
    ),
    (
        "Solidus",
        "return",
        "authorized=return:approved canceled=return:canceled awaiting=return:approved in_transit=return:inTransit received=return:received shipped_wrong_item=return:inspected short_shipped=return:inspected lost_in_transit=return:expired given_to_customer=return:resolved expired=return:expired cancelled=return:canceled unexchanged=return:closed pending=return:inspected accepted=return:approved rejected=return:declined manual_intervention_required=return:inspected reimbursed=return:resolved errored=transaction:refund/failure",
    ),
    ("Spree", "order", "draft=order:draft placed=order:placed canceled=order:canceled"),
    (
        "Spree",
        "payment",
        "none=payment:unpaid authorized=payment:authorized partially_paid=payment:partiallyPaid paid=payment:paid partially_refunded=payment:partiallyRefunded refunded=payment:refunded overcharged=payment:overpaid voided=payment:voided",
    ),
    (
        "Spree",
        "fulfillment",
        "unfulfilled=fulfillment:unfulfilled partial=fulfillment:partiallyShipped fulfilled=fulfillment:shipped delivered=fulfillment:delivered backorder=fulfillment:backordered canceled=shipment:canceled",
    ),
    (
        "Spree",
        "exchange and claim",
        "requested=return:requested approved=return:approved received=return:received fulfilled=return:closed canceled=return:canceled open=return:requested resolved=return:resolved denied=return:declined",
    ),
    (
        "Sylius",
        "order",
        "cart=order:draft new=order:placed fulfilled=order:completed cancelled=order:canceled",
    ),
    (
        "Sylius",
        "payment",
        "awaiting_payment=payment:unpaid authorized=payment:authorized partially_authorized=payment:partiallyAuthorized paid=payment:paid partially_paid=payment:partiallyPaid refunded=payment:refunded partially_refunded=payment:partiallyRefunded cancelled=payment:voided",
    ),
    (
        "Sylius",
        "shipment",
        "ready=shipment:packed partially_shipped=fulfillment:partiallyShipped shipped=shipment:shipped cancelled=shipment:canceled",
    ),
    (
        "ERPNext",
        "order",
        "Draft=order:draft On_Hold=summary:onHold To_Deliver_and_Bill=summary:awaitingConfirmation To_Bill=summary:delivered To_Deliver=summary:awaitingShipment Completed=order:completed Closed=order:completed Cancelled=order:canceled",
    ),
    (
        "ERPNext",
        "invoice",
        "Unpaid=payment:unpaid Overdue=elsewhere:a-passed-deadline Paid=payment:paid Return=return:resolved",
    ),
    (
        "Odoo",
        "order",
        "draft=order:draft sent=order:draft sale=order:confirmed cancel=order:canceled",
    ),
    (
        "Odoo",
        "till",
        "draft=order:draft paid=payment:paid done=order:completed invoiced=order:completed cancel=order:canceled",
    ),
    (
        "yudao",
        "order",
        "0=summary:awaitingPayment 10=summary:awaitingShipment 20=summary:inTransit 30=summary:completed 40=summary:canceled",
    ),
    (
        "yudao",
        "after-sale",
        "10=return:requested 20=return:approved 30=return:inTransit 40=return:inspected 50=return:resolved 61=return:canceled 62=return:declined 63=return:declined",
    ),
    (
        "mall",
        "order",
        "0=summary:awaitingPayment 1=summary:awaitingShipment 2=summary:inTransit 3=summary:completed 4=summary:canceled 5=order:discarded",
    ),
    ("mall", "return", "0=return:requested 1=return:inTransit 2=return:closed 3=return:declined"),
    (
        "litemall",
        "order",
        "101=summary:awaitingPayment 102=summary:canceled 103=summary:expired 104=summary:canceled 201=summary:awaitingShipment 202=return:requested 203=summary:refunded 204=summary:expired 301=summary:inTransit 401=summary:completed 402=summary:completed",
    ),
    (
        "newbee-mall",
        "order",
        "0=summary:awaitingPayment 1=summary:awaitingPicking 2=summary:awaitingShipment 3=summary:inTransit 4=summary:completed -1=summary:canceled -2=summary:expired -3=summary:canceled",
    ),
    (
        "ShopXO",
        "order",
        "0=summary:awaitingConfirmation 1=summary:awaitingPayment 2=summary:awaitingShipment 3=summary:inTransit 4=summary:completed 5=summary:canceled 6=summary:expired",
    ),
    (
        "ShopXO",
        "payment",
        "0=payment:unpaid 1=payment:paid 2=payment:refunded 3=payment:partiallyRefunded",
    ),
    (
        "ShopXO",
        "after-sale",
        "0=return:requested 1=return:approved 2=return:received 3=return:closed 4=return:declined 5=return:canceled",
    ),
    (
        "CRMEB",
        "order",
        "unpaid=summary:awaitingPayment unsent=summary:awaitingShipment sent=summary:inTransit done=summary:completed refunded=summary:refunded",
    ),
    (
        "CRMEB",
        "after-sale",
        "1=return:requested 2=return:requested 3=return:declined 4=return:approved 5=return:inTransit 6=return:resolved",
    ),
];

const LINES: [&str; 7] =
    ["allocated", "backordered", "shipped", "canceled", "returned", "restocked", "writtenOff"];

/// Lives, and what each of them shows on every axis.
fn lives() -> Vec<Life> {
    let parts = r#""lines": [{"line": "1", "quantity": "2"}]"#;
    let part = |id: &str| format!(r#"{{"shipment": "{id}", {parts}}}"#);
    let s1 = r#"{"shipment": "s1"}"#;
    let why = r#"{"shipment": "s1", "reason": "seen"}"#;
    let paid = |commands: &[(&str, &str)]| {
        let mut life = Life::confirmed("{}");
        life.must(commands);
        life
    };
    let placed = |commands: &[(&str, &str)]| {
        let mut life = Life::placed(r#"{"payWithinMinutes": 30}"#);
        life.must(commands);
        life
    };
    let mut all = vec![placed(&[]), paid(&[])];
    all.push(placed(&[("recordPayment", &pay("p", TOTAL))]));
    all.push(placed(&[("recordPayment", &pay("p", 100))]));
    all.push(placed(&[(
        "recordPayment",
        &money("p", "capture", TOTAL + 5, r#""isCertain": true"#),
    )]));
    all.push(placed(&[("recordPayment", &money("a", "authorization", TOTAL, ""))]));
    all.push(placed(&[("recordPayment", &money("a", "authorization", 10, ""))]));
    all.push(placed(&[
        ("recordPayment", &money("a", "authorization", TOTAL, "")),
        ("recordPayment", &money("v", "void", TOTAL, r#""source": "a""#)),
    ]));
    for state in ["initial", "pending", "failure", "canceled"] {
        let payment = money("p", "capture", TOTAL, &format!(r#""state": "{state}""#));
        all.push(placed(&[("recordPayment", &payment)]));
    }
    for (state, amount) in
        [("success", 500), ("pending", 500), ("failure", 500), ("success", TOTAL)]
    {
        let refund = money("r", "refund", amount, &format!(r#""state": "{state}""#));
        all.push(paid(&[("recordPayment", &refund)]));
    }
    all.push(paid(&[("recordPayment", &money("b", "chargeback", 500, r#""source": "p1""#))]));
    all.push(paid(&[("hold", r#"{"reason": "manual"}"#)]));
    all.push(placed(&[("hold", r#"{"reason": "paymentReview"}"#)]));
    all.push(paid(&[("allocate", &part("s1"))]));
    all.push(paid(&[(
        "allocate",
        &format!(r#"{{"shipment": "s1", {parts}, "isBackordered": true}}"#),
    )]));
    for steps in [
        &[("pick", s1)][..],
        &[("pick", s1), ("pack", s1)][..],
        &[("cancelShipment", why)][..],
        &[("ship", s1)][..],
        &[("ship", s1), ("deliver", s1)][..],
    ] {
        let mut life = paid(&[("allocate", &part("s1"))]);
        life.must(steps);
        all.push(life);
        let mut life = paid(&[("allocate", s1)]);
        life.must(steps);
        all.push(life);
    }
    all.push(paid(&[("ship", &part("s1")), ("ship", r#"{"shipment": "s2"}"#), ("deliver", s1)]));
    all.push(paid(&[("ship", s1), ("deliver", s1), ("confirmReceipt", "{}"), ("complete", "{}")]));
    all.push(placed(&[("cancel", r#"{"reason": "x"}"#)]));
    all.push(paid(&[
        ("cancel", r#"{"reason": "x"}"#),
        ("recordPayment", &money("r", "refund", TOTAL, "")),
    ]));
    let mut expired = placed(&[]);
    expired.wait(31 * 60_000).must(&[("expire", "{}")]);
    all.push(expired);
    all.push(paid(&[("cancelLines", &format!(r#"{{"credit": "c", {parts}, "reason": "x"}}"#))]));
    let mut nothing = Life::placed("{}");
    nothing.order.lines.clear();
    all.push(nothing);
    all
}

#[test]
fn each_status_of_the_other_systems_has_one_of_ours_that_a_life_reaches() {
    let mut reached: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for life in lives() {
        let order = serde_json::to_value(&life.order).unwrap();
        let derived = serde_json::to_value(life.order.derived().unwrap()).unwrap();
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        reached.entry("order").or_default().insert(text(&order["status"]));
        for axis in ["payment", "charge", "fulfillment", "summary"] {
            reached.entry(axis).or_default().insert(text(&derived[axis]));
        }
        for shipment in &life.order.shipments {
            reached.entry("shipment").or_default().insert(shipment.status.as_str().to_owned());
        }
        for hold in &life.order.holds {
            reached.entry("hold").or_default().insert(hold.reason.as_str().to_owned());
        }
        for payment in &life.order.payments {
            let state = serde_json::to_value(payment.state).unwrap();
            let word = format!("{}/{}", payment.kind.as_str(), text(&state));
            reached.entry("transaction").or_default().insert(word);
        }
        for line in &life.order.lines {
            let line = serde_json::to_value(line).unwrap();
            for counter in
                LINES.iter().filter(|it| line.get(**it).is_some_and(|value| value != "0"))
            {
                reached.entry("line").or_default().insert((*counter).to_owned());
            }
        }
    }
    // Drafts and what is thrown away: a life that was never placed.
    reached.entry("order").or_default().extend(["draft".to_owned(), "discarded".to_owned()]);
    reached
        .entry("return")
        .or_default()
        .extend(ReturnStatus::ALL.iter().map(|it| it.as_str().to_owned()));
    reached
        .entry("line")
        .or_default()
        .extend(["returned", "restocked", "writtenOff"].map(str::to_owned));

    let mut count = 0;
    let mut missing = Vec::new();
    for (system, axis, mappings) in TABLE {
        for mapping in mappings.split(' ') {
            let (foreign, ours) = mapping.split_once('=').unwrap();
            let (our_axis, word) = ours.split_once(':').unwrap();
            count += 1;
            let known = our_axis == "elsewhere"
                || reached.get(our_axis).is_some_and(|words| words.contains(word));
            if !known {
                missing.push(format!("{system} {axis} {foreign} -> {ours}"));
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new());
    let systems: BTreeSet<_> = TABLE.iter().map(|row| row.0).collect();
    assert_eq!((systems.len(), count), (16, 323));
}

#[test]
fn the_words_of_the_table_are_those_of_the_engine() {
    for status in OrderStatus::ALL {
        assert!(
            TABLE.iter().any(|row| row.2.contains(&format!("order:{}", status.as_str()))),
            "{status:?}"
        );
    }
    // A foreign system that knew lost or failed parcels would be a surprise; ours must be words all the same.
    assert_eq!(ShipmentStatus::ALL.len(), 13);
    assert_eq!(HoldReason::ALL.len(), 5);
    assert_eq!(PaymentState::default(), PaymentState::Success);
    assert_eq!(PaymentKind::default(), PaymentKind::Capture);
}
