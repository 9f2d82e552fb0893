//! What a provider says by itself is recorded as what it is: of this payment, of this much, in this shop, or not at all.

mod shop;

use orderkit::Role;
use orderkit_server::payment::sign;
use serde_json::{Value, json};
use shop::{
    NOW_MS, SECRET, new_id,
    till::{SECOND_MS, Till},
};

/// A till with a payment under way, what the provider calls it, and the key that it was asked with.
async fn under_way() -> (Till, String, String) {
    let till = Till::open(json!({})).await;
    let payment = till.pay("test-slow").await["payment"].clone();
    assert_eq!(payment["state"], "pending");
    let reference = payment["reference"].as_str().unwrap().to_owned();
    let key = till.key_of(&reference).await;
    (till, reference, key)
}

/// A till with a payment of 10.00 that came, as [`under_way`] has one.
async fn paid() -> (Till, String, String) {
    let till = Till::open(json!({})).await;
    let payment = till.pay("test-ok").await["payment"].clone();
    let reference = payment["reference"].as_str().unwrap().to_owned();
    let key = till.key_of(&reference).await;
    (till, reference, key)
}

fn said(id: &str, reference: &str, fields: Value) -> Value {
    let mut message = json!({"id": id, "reference": reference, "state": "success", "atMs": NOW_MS});
    message.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    message
}

#[tokio::test]
async fn a_message_of_another_amount_currency_or_kind_is_not_recorded_as_the_payment() {
    for (differs, asked) in [
        (json!({"amountMinor": 1, "currency": "EUR"}), "EUR"),
        (json!({"amountMinor": 1_000, "currency": "GBP"}), "EUR"),
        (json!({"amountMinor": 1_000, "currency": "EUR", "kind": "authorization"}), "EUR"),
        (json!({"amountMinor": 1_001}), "EUR"),
    ] {
        let (till, reference, key) = under_way().await;
        let mut message = said("m1", &reference, differs.clone());
        message["key"] = json!(key);
        till.told(&message).await;
        till.told(&message).await;
        let order = till.look().await;
        assert_eq!(order["derived"]["payment"], "pending", "{differs}: {order}");
        let entries = till.entries().await;
        assert_eq!(entries.len(), 1, "{differs}: kept once");
        let entry = &entries[0];
        assert_eq!(
            (&entry["cause"], &entry["amountMinor"]),
            (&json!("payment_repeated"), &differs["amountMinor"]),
            "{entry}"
        );
        assert_eq!(
            entry["asked"],
            json!({"kind": "capture", "amountMinor": 1_000, "currency": asked}),
            "{entry}"
        );
        assert_eq!(entry["proposals"][0]["order"], till.order.as_str(), "{entry}");
        // The payment is asked about as before, and its own end is recorded.
        till.wait(30).await;
        let order = till.look().await;
        assert_eq!(order["derived"]["payment"], "paid", "{differs}: {order}");
        assert_eq!(order["order"]["payments"].as_array().unwrap().len(), 1, "{order}");
    }
}

#[tokio::test]
async fn a_failure_of_another_amount_does_not_end_the_payment_and_is_no_money() {
    let (till, reference, key) = under_way().await;
    let failed = json!({"key": key, "amountMinor": 1, "currency": "EUR", "state": "failure"});
    till.told(&said("m1", &reference, failed)).await;
    assert_eq!(till.look().await["derived"]["payment"], "pending");
    assert!(till.entries().await.is_empty());
}

#[tokio::test]
async fn a_message_without_figures_is_of_the_amount_that_was_asked_for() {
    let (till, reference, key) = under_way().await;
    till.told(&said("m1", &reference, json!({"key": key}))).await;
    let order = till.look().await;
    assert_eq!(
        (&order["derived"]["payment"], &order["derived"]["paidMinor"]),
        (&json!("paid"), &json!(1_000)),
        "{order}"
    );
    // Of a payment that nobody asked for they are needed.
    let unknown = till.webhook(&said("m2", "pay_other", json!({})), SECRET, NOW_MS).await;
    assert_eq!(unknown.refusal(), (400, "required".to_owned()));
    let paths: Vec<Value> =
        unknown.json()["issues"].as_array().unwrap().iter().map(|it| it["path"].clone()).collect();
    assert_eq!(paths, [json!("/amountMinor")]);
}

#[tokio::test]
async fn a_message_that_was_signed_for_one_shop_is_not_taken_by_another() {
    let till = Till::open(json!({})).await;
    let fields = json!({"amountMinor": 700, "currency": "EUR"});
    let message = said("m1", "pay_elsewhere", fields);
    let signature = sign(SECRET, "main", message.to_string().as_bytes(), NOW_MS);
    let foreign = till.webhook_of("other", &message, &signature).await;
    assert_eq!(foreign.refusal(), (401, "signature_invalid".to_owned()));
    let other = till.shop.token("other", "sam", Role::Staff).await;
    let kept = till.shop.get("/v1/other/quarantine", &other).await.json();
    assert_eq!(kept["entries"], json!([]), "nothing of it was kept");
    assert_eq!(till.webhook_of("main", &message, &signature).await.status, 204);
    assert_eq!(till.entries().await.len(), 1);
}

#[tokio::test]
async fn a_chargeback_is_recorded_against_the_payment_that_it_names() {
    // By the key that the payment was asked with, by `of`, and by what the provider calls it with the number of the order.
    for name in ["key", "of", "reference"] {
        let (till, reference, key) = paid().await;
        let number = till.look().await["order"]["number"].clone();
        let naming = match name {
            "key" => json!({"key": key}),
            "of" => json!({"of": key}),
            _ => json!({"of": reference, "orderNumber": number}),
        };
        let fields = json!({"kind": "chargeback", "amountMinor": 400, "currency": "EUR"});
        let mut message = said("c1", "dp_1", fields);
        message.as_object_mut().unwrap().extend(naming.as_object().unwrap().clone());
        till.told(&message).await;
        till.told(&message).await;
        assert_eq!(till.entries().await, [] as [Value; 0], "{name}");
        let order = till.look().await;
        let payments = order["order"]["payments"].as_array().unwrap();
        assert_eq!(payments.len(), 2, "{name}: once: {order}");
        assert_eq!(
            (&payments[1]["kind"], &payments[1]["source"], &payments[1]["amountMinor"]),
            (&json!("chargeback"), &payments[0]["id"], &json!(400)),
            "{name}"
        );
        assert_eq!(
            (&payments[1]["provider"], &payments[1]["reference"]),
            (&json!("local"), &json!("dp_1"))
        );
        assert_eq!(order["derived"]["paidMinor"], 600, "{order}");
        // What the bank took cannot be given back once more.
        let refund = json!({"action": "refund", "source": payments[0]["id"], "amountMinor": 601});
        let refund = till.ask(&till.staff, &new_id(), refund).await;
        assert_eq!(refund.refusal(), (422, "refund_too_large".to_owned()));
    }
}

#[tokio::test]
async fn a_chargeback_that_names_nothing_is_matched_to_an_order_with_its_payment() {
    let (till, _, _) = paid().await;
    let fields = json!({"kind": "chargeback", "amountMinor": 1_000, "currency": "EUR"});
    till.told(&said("c1", "dp_1", fields.clone())).await;
    assert_eq!(till.look().await["derived"]["paidMinor"], 1_000, "nothing is guessed");
    let id = till.entries().await[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/main/quarantine/{id}/match");
    let matched = till.shop.post(&path, &till.staff, &json!({"order": till.order})).await;
    assert_eq!(matched.status, 200, "{}", matched.text());
    let order = till.look().await;
    let payments = order["order"]["payments"].as_array().unwrap();
    assert_eq!(payments[1]["source"], payments[0]["id"], "the one payment of this provider");
    assert_eq!(order["derived"]["payment"], "refunded", "{order}");
}

#[tokio::test]
async fn a_chargeback_of_an_order_with_two_payments_needs_to_know_which_one() {
    let till = Till::open(json!({})).await;
    let mut ids = Vec::new();
    for amount in [400, 600] {
        let body = json!({"action": "capture", "instrument": "test-ok", "amountMinor": amount});
        let paid = till.ask(&till.buyer, &new_id(), body).await.json();
        ids.push(paid["payment"]["id"].as_str().unwrap().to_owned());
    }
    let fields = json!({"kind": "chargeback", "amountMinor": 300, "currency": "EUR"});
    till.told(&said("c1", "dp_1", fields)).await;
    let id = till.entries().await[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/main/quarantine/{id}/match");
    let vague = till.shop.post(&path, &till.staff, &json!({"order": till.order})).await;
    assert_eq!(vague.refusal(), (422, "required".to_owned()));
    assert_eq!(vague.json()["path"], "/source");
    let wrong = json!({"order": till.order, "source": "cash"});
    let wrong = till.shop.post(&path, &till.staff, &wrong).await;
    assert_eq!(wrong.refusal(), (422, "payment_unknown".to_owned()));
    let named = json!({"order": till.order, "source": ids[1]});
    let named = till.shop.post(&path, &till.staff, &named).await;
    assert_eq!(named.status, 200, "{}", named.text());
    let order = till.look().await;
    assert_eq!(order["order"]["payments"][2]["source"], ids[1].as_str(), "{order}");
}

#[tokio::test]
async fn a_refund_of_the_providers_own_office_is_told_by_the_provider() {
    let (till, _, key) = paid().await;
    let fields = json!({"kind": "refund", "amountMinor": 250, "currency": "EUR", "of": key});
    till.told(&said("r1", "re_1", fields)).await;
    let order = till.look().await;
    let payments = order["order"]["payments"].as_array().unwrap();
    assert_eq!(
        (&payments[1]["kind"], &payments[1]["source"], &payments[1]["provider"]),
        (&json!("refund"), &payments[0]["id"], &json!("local")),
        "{order}"
    );
    assert_eq!(order["derived"]["paidMinor"], 750);
    till.wait(20).await;
    assert_eq!(till.moved("refund").await, 0, "it happened there and is not asked for again");
}

#[tokio::test]
async fn what_a_provider_has_is_recorded_by_nobody_else() {
    let (till, _, _) = paid().await;
    let source = till.look().await["order"]["payments"][0]["id"].clone();
    let admin = till.shop.token("main", "kim", Role::Admin).await;
    let said = json!({"id": "x", "method": "card", "amountMinor": 1_000, "provider": "local"});
    for token in [&admin, &till.staff] {
        let key = new_id();
        let said = till.shop.command(&till.order, &key, token, "recordPayment@1", said.clone());
        assert_eq!(said.await.refusal(), (422, "role_forbids".to_owned()));
        // Money that the provider has is given back by the provider, so it must be asked.
        for kind in ["refund", "void", "capture"] {
            let by_hand = json!({"id": "y", "kind": kind, "method": "card", "amountMinor": 100,
                "source": source});
            let by_hand =
                till.shop.command(&till.order, &new_id(), token, "recordPayment@1", by_hand).await;
            assert_eq!(by_hand.refusal(), (422, "required".to_owned()), "{kind}");
            assert_eq!(by_hand.json()["path"], "/args/provider", "{kind}: the way");
        }
    }
    let mut device = till.shop.device("kim", Role::Admin).await;
    let by_hand = json!({"id": "y", "kind": "refund", "method": "card", "amountMinor": 100,
        "source": source});
    let commands = [
        device.command(&till.order, "recordPayment@1", said),
        device.command(&till.order, "recordPayment@1", by_hand),
    ];
    let answer = device.sync(&commands).await.json();
    for result in answer["results"].as_array().unwrap() {
        assert_eq!(result["verdict"], "rejected", "{answer}");
    }
    assert_eq!(till.moved("refund").await, 0);
    assert_eq!(till.look().await["derived"]["paidMinor"], 1_000);
    // As the page does it: asked for, and the provider says how it ended.
    let asked = json!({"id": "z", "kind": "refund", "method": "card", "amountMinor": 100,
        "source": source, "provider": "local", "state": "initial"});
    till.does("recordPayment@1", asked).await;
    till.shop.wait(SECOND_MS);
    till.wait(5).await;
    assert_eq!(till.moved("refund").await, 1);
    assert_eq!(till.look().await["derived"]["paidMinor"], 900);
}
