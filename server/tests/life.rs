//! The life of an order over plain HTTP, and what the server does by itself when the time has come.

mod shop;

use orderkit::Role;
use serde_json::{Value, json};
use shop::{HOUR_MS, Shop, new_id};

const MINUTE_MS: i64 = 60_000;

/// The order as everybody sees it now.
async fn look(shop: &Shop, order: &str, token: &str) -> Value {
    shop.get(&format!("/v1/main/orders/{order}"), token).await.json()
}

fn pay(amount: i64) -> Value {
    json!({"id": "p1", "method": "card", "amountMinor": amount})
}

#[tokio::test]
async fn a_command_over_http_is_done_once_and_its_key_is_for_nothing_else() {
    let shop = Shop::open().await;
    let mut desk = shop.device("sam", Role::Staff).await;
    let (order, _) = desk.place().await;
    let key = new_id();
    let first = shop.command(&order, &key, &desk.token, "recordPayment@1", pay(400)).await;
    assert_eq!(first.status, 200, "{}", first.text());
    assert_eq!(first.json()["derived"]["payment"], "partiallyPaid");
    let again = shop.command(&order, &key, &desk.token, "recordPayment@1", pay(400)).await;
    assert_eq!(again.json()["order"]["payments"].as_array().unwrap().len(), 1);
    let other = shop.command(&order, &key, &desk.token, "recordPayment@1", pay(500)).await;
    assert_eq!(other.refusal(), (422, "idempotency_key_invalid".to_owned()));
    let wrong = shop.command(&order, &new_id(), &desk.token, "confirm@1", json!({})).await;
    assert_eq!(wrong.refusal(), (422, "payment_missing".to_owned()));
    let none = shop.command(&new_id(), &new_id(), &desk.token, "confirm@1", json!({})).await;
    assert_eq!(none.refusal(), (422, "order_unknown".to_owned()));
}

#[tokio::test]
async fn a_stranger_cannot_command_and_a_customer_only_what_is_theirs() {
    let shop = Shop::open().await;
    let mut ada = shop.device("ada", Role::Customer).await;
    let (order, _) = ada.place().await;
    let eve = shop.token("main", "eve", Role::Customer).await;
    let reason = json!({"reason": "no more"});
    let foreign = shop.command(&order, &new_id(), &eve, "cancel@1", reason.clone()).await;
    assert_eq!(foreign.refusal(), (422, "order_unknown".to_owned()));
    let confirm = shop.command(&order, &new_id(), &ada.token, "confirm@1", json!({})).await;
    assert_eq!(confirm.refusal(), (422, "role_forbids".to_owned()));
    let canceled = shop.command(&order, &new_id(), &ada.token, "cancel@1", reason).await;
    assert_eq!(canceled.json()["derived"]["summary"], "canceled");
}

#[tokio::test]
async fn a_draft_is_kept_and_placed_later_under_its_own_id() {
    let shop = Shop::open().await;
    let mut desk = shop.device("sam", Role::Staff).await;
    let order = new_id();
    let draft = json!({"draft": {"lines": [{"sku": "MUG", "quantity": "1"}]}});
    let kept = shop.command(&order, &new_id(), &desk.token, "saveDraft@1", draft).await;
    assert_eq!(kept.json()["derived"]["summary"], "draft", "{}", kept.text());
    let place = desk.command(&order, "place@1", shop::place_args(1_000, "r1", "10.00"));
    let answer = desk.sync(&[place]).await.json();
    assert_eq!(answer["results"][0]["verdict"], "accepted", "{answer}");
    let number = answer["results"][0]["number"].as_str().unwrap();
    let found = shop.get(&format!("/v1/main/orders?q={number}"), &desk.token).await.json();
    assert_eq!(found["orders"][0]["id"], order.as_str());
}

#[tokio::test]
async fn an_unpaid_order_expires_and_its_late_payment_brings_it_back_or_is_given_back() {
    let shop = Shop::open().await;
    shop.put_workflow("r2", json!({"payWithinMinutes": 30})).await;
    let mut desk = shop.device("sam", Role::Staff).await;
    let (order, answer) = desk.place().await;
    assert_eq!(answer["results"][0]["verdict"], "accepted", "{answer}");
    shop.wait(29 * MINUTE_MS);
    shop.app.do_what_is_due().await.unwrap();
    assert_eq!(look(&shop, &order, &desk.token).await["order"]["status"], "placed");
    shop.wait(MINUTE_MS);
    shop.app.do_what_is_due().await.unwrap();
    let expired = look(&shop, &order, &desk.token).await;
    assert_eq!(expired["derived"]["summary"], "expired");
    assert_eq!(expired["order"]["history"][1]["by"]["role"], "system");
    // woocommerce-gateway-stripe PR#5486, codingXiaxw/seckill#41: the money comes after all. It is a fact and not lost.
    let doubted = shop.command(&order, &new_id(), &desk.token, "recordPayment@1", pay(1_000)).await;
    assert_eq!(doubted.refusal(), (422, "payment_too_large".to_owned()));
    let mut certain = pay(1_000);
    certain["isCertain"] = json!(true);
    let late = shop.command(&order, &new_id(), &desk.token, "recordPayment@1", certain).await;
    assert_eq!(late.json()["derived"]["summary"], "awaitingRefund", "{}", late.text());
    let back = json!({"reason": "paid two minutes late"});
    let back = shop.command(&order, &new_id(), &desk.token, "reinstate@1", back).await;
    assert_eq!(back.json()["derived"]["summary"], "awaitingConfirmation");
}

#[tokio::test]
async fn a_payment_on_its_way_moves_the_deadline() {
    let shop = Shop::open().await;
    shop.put_workflow("r2", json!({"payWithinMinutes": 30, "pendingWithinHours": 2})).await;
    let mut desk = shop.device("sam", Role::Staff).await;
    let (order, _) = desk.place().await;
    let mut pending = pay(1_000);
    pending["state"] = json!("pending");
    shop.wait(20 * MINUTE_MS);
    shop.command(&order, &new_id(), &desk.token, "recordPayment@1", pending).await;
    shop.wait(60 * MINUTE_MS);
    shop.app.do_what_is_due().await.unwrap();
    assert_eq!(look(&shop, &order, &desk.token).await["order"]["status"], "placed");
    let mut failed = pay(1_000);
    failed["state"] = json!("failure");
    shop.command(&order, &new_id(), &desk.token, "recordPayment@1", failed).await;
    shop.app.do_what_is_due().await.unwrap();
    assert_eq!(look(&shop, &order, &desk.token).await["order"]["status"], "expired");
}

#[tokio::test]
async fn receipt_is_confirmed_and_the_order_completed_by_themselves_days_later() {
    let shop = Shop::open().await;
    shop.put_workflow("r2", json!({"receiptAfterDays": 7, "returnWindowDays": 14})).await;
    let mut desk = shop.device("sam", Role::Staff).await;
    let (order, _) = desk.place().await;
    for (kind, args) in [
        ("recordPayment@1", pay(1_000)),
        ("confirm@1", json!({})),
        ("ship@1", json!({"shipment": "s1"})),
    ] {
        let done = shop.command(&order, &new_id(), &desk.token, kind, args).await;
        assert_eq!(done.status, 200, "{}", done.text());
    }
    let mut seen = Vec::new();
    for _ in 0..30 {
        shop.wait(24 * HOUR_MS);
        while shop.app.do_what_is_due().await.unwrap() > 0 {}
        let summary = look(&shop, &order, &desk.token).await["derived"]["summary"].clone();
        if seen.last() != Some(&summary) {
            seen.push(summary);
        }
    }
    assert_eq!(seen, ["inTransit", "delivered", "completed"]);
}

#[tokio::test]
async fn a_shorter_time_limit_counts_for_open_orders_and_a_refused_step_waits_without_spinning() {
    let shop = Shop::open().await;
    let mut desk = shop.device("sam", Role::Staff).await;
    let (order, _) = desk.place().await;
    shop.command(&order, &new_id(), &desk.token, "recordPayment@1", pay(400)).await;
    shop.put_workflow("r2", json!({"payWithinMinutes": 5})).await;
    shop.wait(10 * MINUTE_MS);
    // Partly paid: it must not expire, and it must not be tried again at once.
    assert_eq!(shop.app.do_what_is_due().await.unwrap(), 1);
    assert_eq!(shop.app.do_what_is_due().await.unwrap(), 0);
    assert_eq!(look(&shop, &order, &desk.token).await["order"]["status"], "placed");
}

#[tokio::test]
async fn an_edit_is_seen_before_it_is_made_and_two_of_one_field_are_a_conflict() {
    let shop = Shop::open().await;
    let mut desk = shop.device("sam", Role::Staff).await;
    let mia = shop.token("main", "mia", Role::Staff).await;
    let (order, _) = desk.place().await;
    let seen = look(&shop, &order, &desk.token).await;
    let base = &seen["order"]["revision"];
    let consent = json!({"by": "Ada", "how": "telephone"});
    let edit = |id: &str, quantity: &str| {
        let changes = json!([{"setQuantity": {"line": "1", "quantity": quantity}}]);
        json!({"id": id, "changes": changes, "consent": consent})
    };
    let path = format!("/v1/main/orders/{order}/amendments/preview");
    let asked = json!({"args": edit("a", "2"), "base": base});
    let preview = shop.post(&path, &desk.token, &asked).await;
    assert_eq!(preview.status, 200, "{}", preview.text());
    let preview = preview.json()["preview"].clone();
    assert!(preview["differenceMinor"].as_i64().unwrap() > 0, "{preview}");
    let done = shop.command(&order, &new_id(), &desk.token, "amend@1", edit("a", "2")).await;
    assert_eq!(done.json()["derived"]["totalMinor"], preview["totalAfterMinor"], "{}", done.text());
    // Mia saw the order before that.
    let late = json!({"args": edit("b", "3"), "base": base});
    let refused = shop.post(&path, &mia, &late).await;
    assert_eq!(refused.refusal(), (422, "edit_conflict".to_owned()), "{}", refused.text());
    let late = json!({"args": edit("b", "3")});
    assert_eq!(shop.post(&path, &mia, &late).await.status, 200);
}
