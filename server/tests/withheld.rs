//! What is left out of a copy, and that the copies agree all the same: what is among the staff, and what cannot be read.

mod shop;

use orderkit::{OrderLog, Role, replica::order_digest};
use serde_json::{Value, json};
use shop::{Shop, new_id};

const SECRETS: [&str; 3] = ["Calls every day", "Known swindler", "fraudReview"];

/// An order of Ada with a note and a hold of the staff and one thing that both may know.
async fn held_order(shop: &Shop, staff: &str) -> (String, String) {
    let mut ada = shop.device("ada", Role::Customer).await;
    let (order, _) = ada.place().await;
    let steps = [
        ("note@1", json!({"text": SECRETS[0]})),
        ("hold@1", json!({"reason": SECRETS[2], "note": SECRETS[1]})),
        ("recordPayment@1", json!({"id": "p1", "method": "card", "amountMinor": 400})),
    ];
    for (kind, args) in steps {
        let done = shop.command(&order, &new_id(), staff, kind, args).await;
        assert_eq!(done.status, 200, "{}", done.text());
    }
    (order, ada.token.clone())
}

#[track_caller]
fn tells_nothing(text: &str) {
    for secret in SECRETS {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

#[tokio::test]
async fn a_customer_receives_no_notes_and_no_holds_and_the_checksums_agree() {
    let shop = Shop::open().await;
    let staff = shop.token("main", "sam", Role::Staff).await;
    let (order, ada) = held_order(&shop, &staff).await;

    let mut phone = shop.device("ada", Role::Customer).await;
    let feed = phone.sync(&[]).await;
    tells_nothing(&feed.text());
    phone.settle(&feed.json());
    let change = &feed.json()["changes"][0];
    let log: OrderLog = serde_json::from_value(change["order"].clone()).unwrap();
    assert_eq!(log.broken_entry(), None);
    let digest = order_digest(log.id, log.order().unwrap().revision, log.head());
    assert_eq!(feed.json()["digest"]["hash"], format!("{digest:016x}"));

    let whole = shop.get(&format!("/v1/main/orders/{order}?log=true"), &staff).await;
    let whole: OrderLog = serde_json::from_value(whole.json()["log"].clone()).unwrap();
    assert_eq!(whole.head(), log.head());
    assert_eq!(whole.events.len(), log.events.len());

    for path in [format!("/v1/main/orders/{order}?log=true"), format!("/v1/main/allowed/{order}")] {
        tells_nothing(&shop.get(&path, &ada).await.text());
    }
    let reason = json!({"reason": "no more"});
    let canceled = shop.command(&order, &new_id(), &ada, "cancel@1", reason).await;
    assert_eq!(canceled.status, 200, "{}", canceled.text());
    tells_nothing(&canceled.text());
}

#[tokio::test]
async fn a_list_does_not_tell_a_customer_that_an_order_is_held() {
    let shop = Shop::open().await;
    let staff = shop.token("main", "sam", Role::Staff).await;
    let (order, ada) = held_order(&shop, &staff).await;
    let summary = async |token: &str, filter: &str| -> Vec<Value> {
        let list = shop.get(&format!("/v1/main/orders{filter}"), token).await.json();
        list["orders"].as_array().unwrap().iter().map(|row| row["summary"].clone()).collect()
    };
    assert_eq!(summary(&staff, "?status=onHold").await, ["onHold"]);
    assert_eq!(summary(&ada, "").await, ["awaitingPayment"]);
    assert_eq!(summary(&ada, "?status=awaitingPayment").await, ["awaitingPayment"]);
    assert!(summary(&ada, "?status=onHold").await.is_empty());
    let released = json!({"reason": "fraudReview"});
    shop.command(&order, &new_id(), &staff, "release@1", released).await;
    assert_eq!(summary(&staff, "").await, ["awaitingPayment"]);
}

#[test]
fn a_note_of_the_customer_is_theirs() {
    let record = |role: &str, text: &str| {
        let by = json!({"user": "x", "role": role});
        serde_json::from_value(json!({"atMs": 1, "by": by, "event": {"noted": {"text": text}}}))
    };
    let mut log = OrderLog::new(uuid::Uuid::nil());
    log.push(record("customer", "Please ring twice").unwrap());
    log.push(record("staff", "Calls every day").unwrap());
    let text = serde_json::to_string(&log.for_customer()).unwrap();
    assert!(text.contains("ring twice") && !text.contains("every day"));
    // Withholding twice changes nothing more.
    assert_eq!(log.for_customer().for_customer(), log.for_customer());
}

/// Count and hash of the orders that an answer holds, as a copy works them out.
fn counted(answer: &Value) -> Value {
    let changes = answer["changes"].as_array().unwrap();
    let digest = |change: &Value| {
        let log: OrderLog = serde_json::from_value(change["order"].clone()).unwrap();
        order_digest(log.id, log.order().unwrap().revision, log.head())
    };
    let hash = changes.iter().map(digest).fold(0, |all, one| all ^ one);
    json!({"upto": answer["next"], "orders": changes.len(), "hash": format!("{hash:016x}")})
}

#[tokio::test]
async fn an_order_that_cannot_be_read_is_left_out_of_feed_and_checksum_until_it_is_mended() {
    let shop = Shop::open().await;
    let (mut ada, staff) =
        (shop.device("ada", Role::Customer).await, shop.device("sam", Role::Staff).await);
    let mut other = shop.device("ben", Role::Customer).await;
    let (broken, _) = ada.place().await;
    for _ in 0..2 {
        ada.place().await;
    }
    other.place().await;
    let fresh = shop.device("ada", Role::Customer).await;
    let (whole, own) = (staff.sync(&[]).await.json(), fresh.sync(&[]).await.json());
    assert_eq!((&whole["digest"], &own["digest"]), (&counted(&whole), &counted(&own)));

    shop.tamper(&format!("UPDATE orders SET doc = '{{' || doc WHERE id = '{broken}'")).await;
    let answer = staff.sync(&[]).await.json();
    assert_eq!((answer["changes"].as_array().unwrap().len(), &answer["next"]), (3, &whole["next"]));
    assert_eq!(answer["digest"], counted(&answer), "{answer}");
    let answer = fresh.sync(&[]).await.json();
    assert_eq!(answer["changes"].as_array().unwrap().len(), 2);
    assert_eq!(answer["digest"], counted(&answer), "{answer}");
    let answer = shop.device("ben", Role::Customer).await.sync(&[]).await.json();
    assert_eq!((&answer["digest"], &answer["digest"]["orders"]), (&counted(&answer), &json!(1)));

    // Where its part is not known, no checksum is told rather than a wrong one.
    shop.tamper(&format!("UPDATE orders SET brief = NULL WHERE id = '{broken}'")).await;
    assert_eq!(staff.sync(&[]).await.json()["digest"], Value::Null);
    shop.tamper(&format!("UPDATE orders SET doc = SUBSTR(doc, 2) WHERE id = '{broken}'")).await;
    let (answer, theirs) = (staff.sync(&[]).await.json(), fresh.sync(&[]).await.json());
    assert_eq!((&answer["digest"], &theirs["digest"]), (&whole["digest"], &own["digest"]));
    assert_eq!(answer["changes"].as_array().unwrap().len(), 4);
}
