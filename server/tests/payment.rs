//! Payments through a provider: every outcome, answers that are lost, messages that come late and twice, and a server that dies.
//! Whatever happens, the buyer pays once.

mod shop;

use std::time::{Duration, Instant};

use orderkit::Role;
use serde_json::{Value, json};
use shop::{
    NOW_MS, SECRET, new_id,
    process::Server,
    till::{SECOND_MS, Till},
};

#[tokio::test]
async fn a_card_that_works_pays_at_once_and_the_same_request_pays_once() {
    let till = Till::open(json!({})).await;
    let (key, body) = (new_id(), json!({"action": "capture", "instrument": "test-ok"}));
    let first = till.ask(&till.buyer, &key, body.clone()).await;
    assert_eq!(first.status, 201, "{}", first.text());
    let paid = first.json();
    assert_eq!(
        (&paid["payment"]["id"], &paid["derived"]["payment"]),
        (&json!(key), &json!("paid"))
    );
    assert_eq!(paid["payment"]["provider"], "local");
    assert!(paid["payment"]["reference"].as_str().unwrap().starts_with("pay_"));
    let again = till.ask(&till.buyer, &key, body).await;
    assert_eq!((again.status.as_u16(), &again.json()["payment"]), (201, &paid["payment"]));
    let other = json!({"action": "capture", "instrument": "test-slow"});
    let other = till.ask(&till.buyer, &key, other).await;
    assert_eq!(other.refusal(), (422, "idempotency_key_invalid".to_owned()));
    let more = json!({"action": "capture", "instrument": "test-ok"});
    let more = till.ask(&till.buyer, &new_id(), more).await;
    assert_eq!(more.refusal(), (422, "nothing_open".to_owned()));
    till.wait(30).await;
    assert_eq!(till.moved("capture").await, 1);
    assert_eq!(till.look().await["order"]["payments"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn each_class_of_failure_is_told_and_another_card_may_follow() {
    let till = Till::open(json!({})).await;
    for (instrument, remedy, reason) in [
        ("test-busy", "retry", "processor_busy"),
        ("test-no-funds", "otherMethod", "insufficient_funds"),
        ("test-stolen", "stop", "stolen_card"),
        ("test-nonsense", "otherMethod", "unknown_instrument"),
    ] {
        let paid = till.pay(instrument).await;
        assert_eq!(paid["payment"]["state"], "failure", "{paid}");
        assert_eq!(paid["payment"]["failure"], json!({"remedy": remedy, "reason": reason}));
        assert_eq!(paid["derived"]["payment"], "failed");
        till.wait(5).await;
    }
    assert_eq!(till.moved("capture").await, 0);
    assert_eq!(till.pay("test-ok").await["derived"]["payment"], "paid");
    assert_eq!(till.moved("capture").await, 1);
}

#[tokio::test]
async fn a_slow_payment_is_known_by_webhooks_that_come_late_twice_and_in_the_wrong_order() {
    let till = Till::open(json!({})).await;
    assert_eq!(till.pay("test-slow").await["payment"]["state"], "pending");
    let second = json!({"action": "capture", "instrument": "test-ok"});
    let second = till.ask(&till.buyer, &new_id(), second).await;
    assert_eq!(second.refusal(), (422, "payment_pending".to_owned()));
    till.wait(30).await;
    let order = till.look().await;
    assert_eq!(order["derived"]["payment"], "paid", "{order}");
    let words = order["order"]["history"].as_array().unwrap();
    // Placed, asked for, under way, received: nothing was recorded twice.
    assert_eq!(words.len(), 4, "{order}");
    assert_eq!(till.moved("capture").await, 1);
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_under_the_same_key_until_it_is_known() {
    for (instrument, payment, moved) in [
        ("test-lost", "paid", 1),
        ("test-lost-declined", "failed", 0),
        ("test-unreached", "paid", 1),
    ] {
        let till = Till::open(json!({})).await;
        let paid = till.pay(instrument).await;
        assert_eq!(paid["payment"]["state"], "pending", "{instrument}: {paid}");
        assert_eq!(paid["derived"]["payment"], "pending");
        let impatient = json!({"action": "capture", "instrument": "test-ok"});
        let impatient = till.ask(&till.buyer, &new_id(), impatient).await;
        assert_eq!(impatient.refusal(), (422, "payment_pending".to_owned()));
        till.wait(40).await;
        let order = till.look().await;
        assert_eq!(order["derived"]["payment"], payment, "{instrument}: {order}");
        assert_eq!(till.moved("capture").await, moved, "{instrument}");
    }
}

#[tokio::test]
async fn staff_ask_the_provider_now_and_nothing_is_asked_for_twice() {
    let till = Till::open(json!({})).await;
    let pending = till.pay("test-lost").await;
    let id = pending["payment"]["id"].as_str().unwrap().to_owned();
    let path = |id: &str| format!("/v1/main/orders/{}/payments/{id}/ask", till.order);
    let ask = async |id: &str, token: &str| till.shop.post(&path(id), token, &json!({})).await;
    assert_eq!(ask(&id, &till.buyer).await.refusal(), (403, "token_forbids".to_owned()));
    assert_eq!(ask("another", &till.staff).await.refusal().0, 404);
    let early = ask(&id, &till.staff).await;
    assert_eq!(early.json()["payment"]["state"], "pending", "{}", early.text());
    // It is known after a while, and the server would ask only later.
    till.shop.wait(9 * SECOND_MS);
    for _ in 0..2 {
        let known = ask(&id, &till.staff).await;
        assert_eq!(known.json()["derived"]["payment"], "paid", "{}", known.text());
    }
    till.wait(40).await;
    assert_eq!(till.moved("capture").await, 1);
    assert_eq!(till.look().await["order"]["payments"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_webhook_is_believed_only_with_a_fresh_signature_and_taken_once() {
    let till = Till::open(json!({})).await;
    let number = till.look().await["order"]["number"].as_str().unwrap().to_owned();
    let message = json!({"id": "m1", "reference": "pay_elsewhere", "state": "success", "amountMinor": 1000,
        "currency": "EUR", "orderNumber": number.to_lowercase(), "atMs": NOW_MS});
    let forged = till.webhook(&message, "another secret", NOW_MS).await;
    assert_eq!(forged.refusal(), (401, "signature_invalid".to_owned()));
    let old = till.webhook(&message, SECRET, NOW_MS - 301 * SECOND_MS).await;
    assert_eq!(old.refusal(), (401, "signature_invalid".to_owned()));
    let shapeless = till.webhook(&json!({"id": "m1"}), SECRET, NOW_MS).await;
    assert_eq!(shapeless.status, 400, "{}", shapeless.text());
    for _ in 0..2 {
        assert_eq!(till.webhook(&message, SECRET, NOW_MS).await.status, 204);
    }
    let order = till.look().await;
    assert_eq!(order["derived"]["payment"], "paid", "{order}");
    assert_eq!(order["order"]["payments"].as_array().unwrap().len(), 1);
    let other = till.shop.token("other", "sam", Role::Staff).await;
    let foreign = till.shop.get("/v1/main/quarantine", &other).await;
    assert_eq!(foreign.status, 403);
}

#[tokio::test]
async fn staff_authorize_capture_void_and_refund_through_the_provider() {
    let till = Till::open(json!({})).await;
    let body = json!({"action": "authorize", "instrument": "test-ok"});
    let held = till.ask(&till.buyer, &new_id(), body).await.json();
    assert_eq!(held["derived"]["payment"], "authorized", "{held}");
    assert!(held["payment"]["expiresMs"].as_i64().unwrap() > NOW_MS);
    let held = held["payment"]["id"].clone();
    let by_buyer = json!({"action": "capture", "source": held});
    let by_buyer = till.ask(&till.buyer, &new_id(), by_buyer).await;
    assert_eq!(by_buyer.refusal(), (422, "role_forbids".to_owned()));
    let capture = json!({"action": "capture", "source": held, "amountMinor": 600});
    let taken = till.ask(&till.staff, &new_id(), capture).await.json();
    assert_eq!(taken["payment"]["state"], Value::Null, "{taken}");
    let void = json!({"action": "void", "source": held});
    let void = till.ask(&till.staff, &new_id(), void).await.json();
    assert_eq!(void["payment"]["amountMinor"], 400, "{void}");
    let source = taken["payment"]["id"].clone();
    let refund = json!({"action": "refund", "source": source, "amountMinor": 601});
    let refund = till.ask(&till.staff, &new_id(), refund).await;
    assert_eq!(refund.refusal(), (422, "refund_too_large".to_owned()));
    let refund = json!({"action": "refund", "source": source, "amountMinor": 100});
    let refund = till.ask(&till.staff, &new_id(), refund).await.json();
    assert_eq!(refund["derived"]["paidMinor"], 500, "{refund}");
    assert_eq!((till.moved("capture").await, till.moved("refund").await), (1, 1));
}

#[tokio::test]
async fn what_the_shop_decides_to_give_back_is_asked_of_the_provider_by_itself() {
    // The last two digits of a refund say how the provider behaves: as it should, busy at first, under way, silent, out of reach.
    for paid in [1_000, 991, 993, 994, 996] {
        let till = Till::open(json!({})).await;
        let body = json!({"action": "capture", "instrument": "test-ok", "amountMinor": paid});
        assert_eq!(till.ask(&till.buyer, &new_id(), body).await.status, 201);
        let canceled = till.does("cancel@1", json!({"reason": "no longer made"})).await;
        let payments = canceled["order"]["payments"].as_array().unwrap();
        let refund = payments.iter().find(|it| it["kind"] == "refund").unwrap();
        assert_eq!((&refund["state"], &refund["amountMinor"]), (&json!("initial"), &json!(paid)));
        till.wait(40).await;
        let order = till.look().await;
        assert_eq!(order["derived"]["payment"], "refunded", "{paid}: {order}");
        assert_eq!(till.moved("refund").await, 1, "given back once");
    }
}

#[tokio::test]
async fn an_authorization_is_let_go_when_the_order_is_called_off() {
    let till = Till::open(json!({})).await;
    let body = json!({"action": "authorize", "instrument": "test-ok"});
    assert_eq!(till.ask(&till.buyer, &new_id(), body).await.status, 201);
    till.does("cancel@1", json!({"reason": "changed my mind"})).await;
    till.wait(2).await;
    let order = till.look().await;
    assert_eq!(order["order"]["payments"][1]["kind"], "void", "{order}");
    assert_eq!(order["derived"]["authorizedMinor"], Value::Null, "{order}");
    assert_eq!(till.moved("void").await, 1);
}

#[tokio::test]
async fn a_part_that_is_canceled_goes_back_and_what_was_recorded_by_hand_is_left_to_people() {
    let till = Till::open(json!({})).await;
    let cash = json!({"id": "cash", "method": "card", "amountMinor": 1_000});
    till.does("recordPayment@1", cash).await;
    let canceled = till.does("cancel@1", json!({"reason": "no longer made"})).await;
    assert_eq!(canceled["order"]["payments"].as_array().unwrap().len(), 1, "{canceled}");
    assert_eq!(canceled["derived"]["summary"], "awaitingRefund");
}

#[tokio::test]
async fn late_money_waits_for_somebody_or_goes_back_as_the_shop_says() {
    for is_sent_back in [false, true] {
        let workflow = json!({"payWithinMinutes": 1, "refundsLatePayments": is_sent_back});
        let till = Till::open(workflow).await;
        let number = till.look().await["order"]["number"].as_str().unwrap().to_owned();
        till.shop.wait(61 * SECOND_MS);
        till.shop.app.do_what_is_due().await.unwrap();
        assert_eq!(till.look().await["order"]["status"], "expired");
        let body = json!({"action": "capture", "instrument": "test-ok"});
        let closed = till.ask(&till.buyer, &new_id(), body).await;
        assert_eq!(closed.refusal(), (422, "status_forbids".to_owned()));
        // woocommerce-gateway-stripe PR#5486: the money comes all the same, by a way of the provider's own.
        till.shop.pays_elsewhere(&number, 1_000).await;
        till.wait(10).await;
        let order = till.look().await;
        let expected = if is_sent_back { "refunded" } else { "awaitingRefund" };
        assert_eq!(order["derived"]["summary"], expected, "{order}");
        assert_eq!(till.moved("refund").await, usize::from(is_sent_back));
    }
}

#[tokio::test]
async fn only_the_provider_says_what_became_of_its_payments() {
    let till = Till::open(json!({})).await;
    let said = json!({"id": "x", "method": "card", "amountMinor": 1_000, "provider": "local"});
    let said =
        till.shop.command(&till.order, &new_id(), &till.staff, "recordPayment@1", said).await;
    assert_eq!(said.refusal(), (422, "role_forbids".to_owned()));
    let unnamed = json!({"action": "capture", "instrument": "test-ok", "method": "cheque"});
    let unnamed = till.ask(&till.buyer, &new_id(), unnamed).await;
    assert_eq!(unnamed.refusal(), (422, "provider_missing".to_owned()));
    let stranger = till.shop.token("main", "eve", Role::Customer).await;
    let body = json!({"action": "capture", "instrument": "test-ok"});
    assert_eq!(till.ask(&stranger, &new_id(), body).await.status, 404);
}

/// A refund that staff asked for on a device is a command like any other; the server asks the provider.
#[tokio::test]
async fn a_refund_that_was_asked_for_by_command_reaches_the_provider() {
    let till = Till::open(json!({})).await;
    let source = till.pay("test-ok").await["payment"]["id"].clone();
    let refund = json!({"id": "back", "kind": "refund", "source": source, "method": "card",
        "amountMinor": 300, "state": "initial", "provider": "local"});
    till.does("recordPayment@1", refund).await;
    till.wait(2).await;
    let order = till.look().await;
    assert_eq!(order["derived"]["payment"], "partiallyRefunded", "{order}");
    assert_eq!(till.moved("refund").await, 1);
}

/// The server dies between the intent and the question, and between the answer and the record of it.
#[test]
fn a_crash_between_any_two_steps_is_healed_and_the_buyer_pays_once() {
    for failpoint in ["payment_intent:kill", "payment_answered:kill"] {
        let folder = tempfile::tempdir().unwrap();
        let rules = shop::provider_rules("r1", json!({}));
        let server = Server::serve(folder.path(), Some(failpoint), &rules, &[]);
        let session = server.post("/v1/session", "", &json!({"role": "customer"})).unwrap();
        let token = session["token"].as_str().unwrap().to_owned();
        let once = |key: &str| format!("idempotency-key: {key}\r\n");
        let order = new_id();
        let placing = json!({"draft": shop::draft(1)}).to_string();
        let placed = server.send("POST", "/v1/main/orders", &token, &once(&order), &placing);
        assert_eq!(placed.unwrap()["derived"]["payment"], "unpaid");
        let path = format!("/v1/main/orders/{order}/payments");
        let body = json!({"action": "capture", "instrument": "test-ok"}).to_string();
        let key = new_id();
        let died = server.send("POST", &path, &token, &once(&key), &body);
        assert_eq!(died, None, "{failpoint}: it died before it answered");
        drop(server);

        let server = Server::serve(folder.path(), None, &rules, &[]);
        let again = server.send("POST", &path, &token, &once(&key), &body).unwrap();
        assert_eq!(again["payment"]["id"], key.as_str(), "{failpoint}: {again}");
        let begun = Instant::now();
        let paid = loop {
            let order = server.get(&format!("/v1/main/orders/{order}"), &token);
            if order["derived"]["payment"] == "paid" || begun.elapsed() > Duration::from_secs(40) {
                break order;
            }
            std::thread::sleep(Duration::from_millis(100));
        };
        assert_eq!(paid["derived"]["payment"], "paid", "{failpoint}: {paid}");
        assert_eq!(paid["order"]["payments"].as_array().unwrap().len(), 1);
        drop(server);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let moved = runtime.block_on(async {
            let store = orderkit_server::store::Store::open(folder.path()).await.unwrap();
            store.read().await.unwrap().local_payments("main", None).await.unwrap()
        });
        assert_eq!(moved.len(), 1, "{failpoint}: one charge");
    }
}
