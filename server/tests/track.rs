//! A buyer without an account: finding one order, and nothing else.

mod shop;

use std::{net::SocketAddr, time::Duration};

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Method, header},
};
use orderkit::Role;
use serde_json::{Value, json};
use shop::{HOUR_MS, Reply, Shop, draft, new_id, request};
use tokio::time::Instant;

const PHONE: &str = "+49 228 9652 7341";

/// An order of somebody with a telephone number; its id and number.
async fn placed(shop: &Shop, token: &str, phone: &str) -> (String, String) {
    let mut draft = draft(3);
    draft["details"]["customer"]["phone"] = json!(phone);
    let body = Body::from(json!({"draft": draft}).to_string());
    let mut request = request(Method::POST, "/v1/main/orders", token, body);
    request.headers_mut().insert("idempotency-key", new_id().parse().unwrap());
    let answer = shop.send(request).await.json();
    let text = |field: &str| answer["order"][field].as_str().unwrap().to_owned();
    (text("id"), text("number"))
}

async fn search(shop: &Shop, number: &str, contact: &str) -> Reply {
    search_from(shop, number, contact, None).await
}

async fn search_from(shop: &Shop, number: &str, contact: &str, from: Option<&str>) -> Reply {
    let body = Body::from(json!({"number": number, "contact": contact}).to_string());
    let mut request = request(Method::POST, "/v1/main/track", "", body);
    request.headers_mut().remove(header::AUTHORIZATION);
    if let Some(address) = from {
        let address: SocketAddr = format!("{address}:4000").parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(address));
    }
    shop.send(request).await
}

fn token_of(reply: &Reply) -> String {
    reply.json()["tracking"]["token"].as_str().unwrap_or_else(|| panic!("{}", reply.text())).into()
}

#[tokio::test]
async fn an_order_is_found_by_number_and_contact_and_by_nothing_less() {
    let shop = Shop::open().await;
    let staff = shop.token("main", "sam", Role::Staff).await;
    let (id, number) = placed(&shop, &staff, PHONE).await;

    let typed = format!(" {} ", number.to_lowercase().replace('-', " "));
    let found = search(&shop, &typed, "0228 96527341").await;
    let tracking = &found.json()["tracking"];
    assert_eq!((&tracking["order"], &tracking["number"]), (&json!(id), &json!(number)));
    assert_eq!(tracking["shop"]["name"]["en"], "Mugs");
    assert_eq!(tracking["shop"]["paymentMethods"], json!([{"id": "card", "name": {"en": "Card"}}]));
    assert_eq!(search(&shop, &number, "7341").await.status, 200, "the end of the number");
    assert_eq!(search(&shop, &number, "Ada@Example.org").await.status, 200);

    let unknown = search(&shop, "990101-0000009", "7341").await;
    assert_eq!(unknown.refusal(), (404, "tracking_unknown".to_owned()));
    for (number, contact) in
        [(number.as_str(), "7342"), (&number, "eve@example.org"), ("1", "7341")]
    {
        let wrong = search(&shop, number, contact).await;
        assert_eq!((wrong.status, wrong.text()), (unknown.status, unknown.text()), "{contact}");
        assert_eq!(names(&wrong), names(&unknown));
    }
    let empty = search(&shop, " ", "").await;
    let paths: Vec<Value> =
        empty.json()["issues"].as_array().unwrap().iter().map(|it| it["path"].clone()).collect();
    assert_eq!((empty.status.as_u16(), paths), (422, vec![json!("/number"), json!("/contact")]));
    let body = json!({"number": number, "contact": "7341"});
    assert_eq!(shop.post("/v1/nowhere/track", "", &body).await.text(), unknown.text());
}

fn names(reply: &Reply) -> Vec<String> {
    let mut names: Vec<String> = reply.headers.keys().map(ToString::to_string).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_typing_error_is_mended_only_for_whoever_knows_the_contact() {
    let shop = Shop::open().await;
    let staff = shop.token("main", "sam", Role::Staff).await;
    let (_, number) = placed(&shop, &staff, PHONE).await;
    let other = placed(&shop, &staff, "+49 30 555 123456").await.1;

    // One character of the number is another one.
    let mut typed: Vec<char> = number.chars().collect();
    typed[3] = if typed[3] == '7' { '8' } else { '7' };
    let typed: String = typed.into_iter().collect();
    let answer = search(&shop, &typed, "7341").await.json();
    assert_eq!(answer["suggestions"], json!([number]));
    assert_eq!(answer["tracking"], Value::Null, "to be asked for once more");
    assert_eq!(search(&shop, &typed, "7342").await.refusal().0, 404);
    assert_eq!(search(&shop, &other, "7341").await.refusal().0, 404, "another buyer's order");
}

#[tokio::test]
async fn tries_are_counted_by_number_and_by_address() {
    let shop = Shop::open().await;
    let staff = shop.token("main", "sam", Role::Staff).await;
    let (_, number) = placed(&shop, &staff, PHONE).await;
    // Whether there is such an order makes no difference.
    for number in [number.as_str(), "990101-0000009"] {
        for _ in 0..5 {
            assert_eq!(search(&shop, number, "0000 1").await.status, 404);
        }
        let over = search(&shop, &number.replace('-', ""), "7341").await;
        assert_eq!(over.refusal(), (429, "tries_too_many".to_owned()), "{number}");
        let wait: i64 = over.header("retry-after").parse().unwrap();
        assert!((1..=15 * 60).contains(&wait), "{wait}");
    }
    shop.wait(15 * 60 * 1_000);
    assert_eq!(search(&shop, &number, "7341").await.status, 200, "after a while");

    // One address may try so many numbers; another one still may.
    let mut refused = None;
    for at in 0..31 {
        let reply = search_from(&shop, &format!("99010{at}-77"), "7341", Some("192.0.2.7")).await;
        refused = (reply.status == 429).then_some(at);
    }
    assert_eq!(refused, Some(30));
    assert_eq!(search_from(&shop, &number, "7341", Some("192.0.2.7")).await.status, 429);
    assert_eq!(search_from(&shop, &number, "7341", Some("192.0.2.8")).await.status, 200);
}

/// Numbers that are one typing error from an order's, none of which there is.
fn near(number: &str) -> Vec<String> {
    let at = number.rfind('-').unwrap() + 2;
    let one = |digit: char| {
        let mut typed: Vec<char> = number.chars().collect();
        typed[at] = digit;
        typed.into_iter().collect::<String>()
    };
    ('0'..='9').map(one).filter(|it| it != number).collect()
}

#[tokio::test]
async fn wrong_contacts_are_counted_by_the_order_that_a_number_means_however_it_is_typed() {
    let shop = Shop::open().await;
    let staff = shop.token("main", "sam", Role::Staff).await;
    let (_, number) = placed(&shop, &staff, PHONE).await;
    let typed = near(&number);
    let from = |at: usize| format!("192.0.2.{at}");
    let unknown = search_from(&shop, "990101-0000009", "7341", Some("192.0.2.99")).await;

    // A few errors are a buyer's own.
    for (at, typed) in typed.iter().take(4).enumerate() {
        let wrong = search_from(&shop, typed, &format!("000{at}"), Some(&from(at))).await;
        assert_eq!((wrong.status, wrong.text()), (unknown.status, unknown.text()));
    }
    let offered = search_from(&shop, &typed[4], "7341", Some(&from(4))).await;
    assert_eq!(offered.json()["suggestions"], json!([number]), "{}", offered.text());
    // One more, and the right contact is no other than a wrong one: by a near number, and by its own.
    let last = search_from(&shop, &typed[5], "0009", Some(&from(5))).await;
    assert_eq!(last.text(), unknown.text());
    for (at, typed) in [(6, &typed[6]), (7, &number)] {
        let over = search_from(&shop, typed, "7341", Some(&from(at))).await;
        assert_eq!((over.status, over.text()), (unknown.status, unknown.text()), "{typed}");
        assert_eq!(names(&over), names(&unknown));
    }
    shop.wait(15 * 60 * 1_000);
    assert_eq!(search_from(&shop, &number, "7341", Some(&from(8))).await.status, 200);
}

#[tokio::test]
async fn an_order_that_its_buyer_has_found_is_tried_anew() {
    let shop = Shop::open().await;
    let staff = shop.token("main", "sam", Role::Staff).await;
    let (_, number) = placed(&shop, &staff, PHONE).await;
    for _ in 0..2 {
        for typed in near(&number).iter().take(4) {
            assert_eq!(search(&shop, typed, "0000").await.status, 404);
        }
        assert_eq!(search(&shop, &number, "7341").await.status, 200);
    }
}

#[tokio::test]
async fn addresses_of_one_network_are_one() {
    let shop = Shop::open().await;
    let staff = shop.token("main", "sam", Role::Staff).await;
    let (_, number) = placed(&shop, &staff, PHONE).await;
    let mut statuses = Vec::new();
    for at in 0..31 {
        let from = format!("[2001:db8:0:1::{at:x}]");
        statuses
            .push(search_from(&shop, &format!("99010{at}-77"), "7341", Some(&from)).await.status);
    }
    assert!(statuses[..30].iter().all(|it| *it == 404) && statuses[30] == 429, "{statuses:?}");
    let same = search_from(&shop, &number, "7341", Some("[2001:db8:0:1:ffff::1]")).await;
    assert_eq!(same.refusal(), (429, "tries_too_many".to_owned()));
    let other = search_from(&shop, &number, "7341", Some("[2001:db8:0:2::1]")).await;
    assert_eq!(other.status, 200, "{}", other.text());
}

#[tokio::test]
async fn what_is_too_long_is_told_with_its_length_where_it_is() {
    let shop = Shop::open().await;
    let long = search(&shop, "1", &"7".repeat(255)).await;
    assert_eq!(long.refusal(), (422, "text_too_long".to_owned()));
    let told = long.json();
    assert_eq!(told["path"], "/contact", "{told}");
    assert_eq!(told["message"], "At most 254 bytes fit here; this has 255.");
    let long = search(&shop, &"7".repeat(1_000), "7341").await;
    assert_eq!(long.json()["path"], "/number");
    assert!(long.json()["message"].as_str().unwrap().contains("1000"), "{}", long.text());
}

#[tokio::test]
async fn every_answer_takes_as_long() {
    let shop = Shop::open().await;
    let staff = shop.token("main", "sam", Role::Staff).await;
    let (_, number) = placed(&shop, &staff, PHONE).await;
    for (number, contact) in [(number.as_str(), "7341"), (&number, "1111 2"), ("99-99", "7341")] {
        let began = Instant::now();
        search(&shop, number, contact).await;
        assert!(began.elapsed() >= Duration::from_millis(299), "{contact}");
    }
}

#[tokio::test]
async fn the_token_is_for_one_order_and_one_day() {
    let shop = Shop::open().await;
    let staff = shop.token("main", "sam", Role::Staff).await;
    let cara = shop.token("main", "cara", Role::Customer).await;
    let (id, number) = placed(&shop, &cara, PHONE).await;
    let (other, _) = placed(&shop, &cara, PHONE).await;
    let note = json!({"text": "Rings twice"});
    assert_eq!(shop.command(&id, &new_id(), &staff, "note@1", note).await.status, 200);
    let hold = json!({"reason": "manual", "note": "Ask first"});
    assert_eq!(shop.command(&id, &new_id(), &staff, "hold@1", hold).await.status, 200);
    let token = token_of(&search(&shop, &number, "7341").await);

    // The one order, without what the staff write to each other.
    let path = |rest: &str| format!("/v1/main/{rest}");
    let seen = shop.get(&path(&format!("orders/{id}?log=true")), &token).await;
    assert_eq!((seen.status.as_u16(), &seen.json()["order"]["number"]), (200, &json!(number)));
    for word in ["Rings twice", "Ask first", "sam", "\"log\""] {
        assert!(!seen.text().contains(word), "{word}: {}", seen.text());
    }
    let allowed = shop.get(&path(&format!("allowed/{id}")), &token).await.json();
    let of = |kind: &str| {
        let all = allowed["commands"].as_array().unwrap();
        all.iter().find(|it| it["command"] == kind).unwrap().clone()
    };
    assert_eq!(of("cancel")["allowed"], true);
    assert_eq!(of("confirm")["reasons"][0]["code"], "role_forbids");

    // Everything else is refused: other orders as unknown, other addresses as forbidden.
    for rest in [format!("orders/{other}"), format!("allowed/{other}")] {
        let reply = shop.get(&path(&rest), &token).await;
        assert_eq!(reply.refusal(), (404, "order_unknown".to_owned()), "{rest}");
    }
    let cancel = json!({"reason": "No more"});
    let foreign = shop.command(&other, &new_id(), &token, "cancel@1", cancel.clone()).await;
    assert_eq!(foreign.refusal(), (404, "order_unknown".to_owned()));
    let preview = json!({"args": {"id": new_id(), "changes": []}});
    let foreign = path(&format!("orders/{other}/amendments/preview"));
    assert_eq!(shop.post(&foreign, &token, &preview).await.refusal().0, 404);
    for get in [
        "orders",
        "orders?number=1",
        "events",
        "ruleset",
        "ruleset/uses",
        "ruleset/versions",
        "numbers/report",
        "customers/cara",
        "gift-cards/X",
        "stock/MUG",
    ] {
        let reply = shop.get(&path(get), &token).await;
        assert!([401, 403].contains(&reply.refusal().0), "{get}: {}", reply.text());
    }
    for (post, body) in [
        ("sync", json!({"v": 1, "client": new_id()})),
        ("events/token", json!({})),
        ("orders", json!({"draft": draft(1)})),
        ("quote", draft(1)),
        ("validate", draft(1)),
        ("numbers/void", json!({"series": "1", "from": 1, "to": 2, "reason": "lost"})),
        ("numbers/return", json!({"client": new_id()})),
        ("payments/statement", json!({"lines": []})),
        ("quarantine/1/match", json!({"order": id})),
    ] {
        let reply = shop.post(&path(post), &token, &body).await;
        assert_eq!(reply.refusal(), (403, "token_forbids".to_owned()), "{post}");
    }
    for put in ["ruleset", "customers/cara", "stock/MUG"] {
        let request = request(Method::PUT, &path(put), &token, Body::from("{}"));
        assert_eq!(shop.send(request).await.status, 403, "{put}");
    }
    assert_eq!(shop.get("/v1/session", &token).await.status, 403);
    assert_eq!(shop.get(&format!("/v1/other/orders/{id}"), &token).await.status, 403);

    shop.wait(24 * HOUR_MS);
    assert_eq!(shop.get(&path(&format!("orders/{id}")), &token).await.status, 401);
}

#[tokio::test]
async fn a_buyer_cancels_once_however_often_it_is_sent() {
    let shop = Shop::open().await;
    let staff = shop.token("main", "sam", Role::Staff).await;
    let (id, number) = placed(&shop, &staff, PHONE).await;
    let token = token_of(&search(&shop, &number, "7341").await);
    let confirm = shop.command(&id, &new_id(), &token, "confirm@1", json!({})).await;
    assert_eq!(confirm.refusal(), (422, "role_forbids".to_owned()));

    let key = new_id();
    let cancel = || shop.command(&id, &key, &token, "cancel@1", json!({"reason": "No more"}));
    let (first, second) = (cancel().await, cancel().await);
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (200, 200), "{}", first.text());
    assert_eq!(first.json(), second.json());
    let order = &shop.get(&format!("/v1/main/orders/{id}"), &staff).await.json()["order"];
    let canceled = order["history"].as_array().unwrap();
    let canceled: Vec<&Value> = canceled.iter().filter(|it| it["event"] == "canceled").collect();
    assert_eq!(canceled.len(), 1);
    assert_eq!(canceled[0]["by"]["role"], "customer");
}

#[tokio::test]
async fn a_buyer_without_an_account_pays_what_is_due_and_nothing_else() {
    let shop = Shop::open().await;
    shop.put_provider("r2", json!({})).await;
    let staff = shop.token("main", "sam", Role::Staff).await;
    let cara = shop.token("main", "cara", Role::Customer).await;
    let (id, number) = placed(&shop, &cara, PHONE).await;
    let (other, _) = placed(&shop, &cara, "+49 30 555 123456").await;
    let note = json!({"text": "Rings twice"});
    assert_eq!(shop.command(&id, &new_id(), &staff, "note@1", note).await.status, 200);
    let found = search(&shop, &number, "7341").await;
    let card = json!([{"id": "card", "name": {"en": "Card"}, "provider": "local"}]);
    assert_eq!(found.json()["tracking"]["shop"]["paymentMethods"], card);
    let token = token_of(&found);
    let path = |id: &str| format!("/v1/main/orders/{id}/payments");
    let ask = async |id: &str, key: &str, body: Value| {
        shop.post_once(&path(id), &token, key, &body).await
    };

    let capture = json!({"action": "capture", "instrument": "test-ok"});
    let foreign = ask(&other, &new_id(), capture.clone()).await;
    assert_eq!(foreign.refusal(), (404, "order_unknown".to_owned()));
    let more = json!({"action": "capture", "instrument": "test-ok", "amountMinor": 1_000_000});
    assert_eq!(ask(&id, &new_id(), more).await.refusal().1, "payment_too_large");
    let declined = json!({"action": "capture", "instrument": "test-no-funds"});
    let declined = ask(&id, &new_id(), declined).await.json();
    assert_eq!(declined["payment"]["state"], "failure");

    let key = new_id();
    let (first, again) =
        (ask(&id, &key, capture.clone()).await, ask(&id, &key, capture.clone()).await);
    assert_eq!((first.status.as_u16(), again.status.as_u16()), (201, 201), "{}", first.text());
    let paid = first.json();
    assert_eq!(
        (&paid["payment"]["id"], &paid["derived"]["payment"]),
        (&json!(key), &json!("paid"))
    );
    for word in ["Rings twice", "sam"] {
        assert!(!first.text().contains(word), "{word}: {}", first.text());
    }
    assert_eq!(ask(&id, &new_id(), capture).await.refusal().1, "nothing_open");

    // Money that came is only given back, or taken of what is kept ready, by the shop.
    for action in ["refund", "capture", "void"] {
        let reply = ask(&id, &new_id(), json!({"action": action, "source": key})).await;
        assert_eq!(reply.refusal(), (422, "role_forbids".to_owned()), "{action}");
    }
    let order = shop.get(&format!("/v1/main/orders/{id}"), &staff).await.json();
    assert_eq!(order["order"]["payments"].as_array().unwrap().len(), 2, "one declined, one paid");
}
