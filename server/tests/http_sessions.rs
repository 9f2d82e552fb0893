//! Sign-ins: tokens that end, refresh tokens that are used once, and what a stolen one is good for.

mod shop;

use std::time::Duration;

use axum::{
    body::Body,
    http::{Method, header},
    response::Response,
};
use http_body_util::BodyExt;
use orderkit::{Actor, Role};
use orderkit_server::{SessionTimes, store::Purpose};
use serde_json::{Value, json};
use shop::{HOUR_MS, Reply, Shop, new_id, request};
use tower::ServiceExt;

async fn sign_in(shop: &Shop, role: &str) -> Value {
    shop.post("/v1/session", "", &json!({"role": role})).await.json()
}

async fn refresh(shop: &Shop, session: &Value) -> Reply {
    shop.post("/v1/session/refresh", "", &json!({"refresh": session["refresh"]})).await
}

async fn works(shop: &Shop, session: &Value) -> bool {
    shop.get("/v1/main/orders", session["token"].as_str().unwrap()).await.status == 200
}

#[tokio::test]
async fn fault_35_a_token_ends_and_the_next_one_is_the_same_user() {
    let shop = Shop::with(true).await;
    let first = sign_in(&shop, "customer").await;
    assert!(works(&shop, &first).await);
    shop.wait(HOUR_MS);
    assert!(!works(&shop, &first).await, "an hour is over");
    let reply = refresh(&shop, &first).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(reply.header("cache-control"), "no-store");
    let second = reply.json();
    for field in ["user", "role", "tenant"] {
        assert_eq!(second[field], first[field], "{field}");
    }
    assert_ne!((&second["token"], &second["refresh"]), (&first["token"], &first["refresh"]));
    assert!(works(&shop, &second).await);
    // Two weeks without a network are no reason to sign in again; months are.
    shop.wait(14 * 24 * HOUR_MS);
    let third = refresh(&shop, &second).await.json();
    assert!(works(&shop, &third).await);
    shop.wait(61 * 24 * HOUR_MS);
    assert_eq!(refresh(&shop, &third).await.refusal(), (401, "token_invalid".to_owned()));
}

#[tokio::test]
async fn fault_35_a_lost_answer_ends_no_sign_in_and_a_copy_does() {
    let shop = Shop::with(true).await;
    let first = sign_in(&shop, "staff").await;
    let lost = refresh(&shop, &first).await.json();
    shop.wait(30_000);
    // The answer got lost: the same refresh token gives another pair for a moment.
    let second = refresh(&shop, &first).await.json();
    assert!(works(&shop, &second).await && works(&shop, &lost).await);
    shop.wait(HOUR_MS / 2);
    // Later somebody has a copy, and nobody knows who: all of the sign-in ends.
    let copied = refresh(&shop, &first).await;
    assert_eq!(copied.refusal(), (401, "token_invalid".to_owned()));
    for session in [&first, &lost, &second] {
        assert!(!works(&shop, session).await);
        assert_eq!(refresh(&shop, session).await.status, 401);
    }
    let other = sign_in(&shop, "staff").await;
    assert!(works(&shop, &other).await, "another sign-in of the same user is none of it");
}

#[tokio::test]
async fn who_signs_out_leaves_nothing_that_works() {
    let shop = Shop::with(true).await;
    let (first, other) = (sign_in(&shop, "staff").await, sign_in(&shop, "staff").await);
    let second = refresh(&shop, &first).await.json();
    let token = second["token"].as_str().unwrap();
    let ticket = shop.post("/v1/main/events/token", token, &json!({})).await.json();
    let out = request(Method::DELETE, "/v1/session", token, Body::empty());
    assert_eq!(shop.send(out).await.json(), json!({"closed": true}));
    for session in [&first, &second] {
        assert!(!works(&shop, session).await);
        assert_eq!(refresh(&shop, session).await.status, 401);
    }
    let path = format!("/v1/main/events?access_token={}", ticket["token"].as_str().unwrap());
    let listen = axum::http::Request::get(&path).body(Body::empty()).unwrap();
    assert_eq!(shop.send(listen).await.status, 401);
    assert!(works(&shop, &other).await);

    // A token that the operator gave out has no sign-in: it ends alone.
    let given = shop.token("main", "sam", Role::Staff).await;
    let out = request(Method::DELETE, "/v1/session", &given, Body::empty());
    assert_eq!(shop.send(out).await.status, 200);
    assert_eq!(shop.get("/v1/main/orders", &given).await.status, 401);
}

#[tokio::test]
async fn the_database_holds_no_token_that_works() {
    let shop = Shop::with(true).await;
    let first = sign_in(&shop, "admin").await;
    let second = refresh(&shop, &first).await.json();
    let mut stored = Vec::new();
    for entry in std::fs::read_dir(shop.folder.path()).unwrap() {
        stored.extend(std::fs::read(entry.unwrap().path()).unwrap());
    }
    assert!(stored.len() > 10_000);
    for session in [&first, &second] {
        for field in ["token", "refresh"] {
            let text = session[field].as_str().unwrap().as_bytes();
            assert!(!stored.windows(text.len()).any(|it| it == text), "{field}");
        }
    }
}

#[tokio::test]
async fn words_of_a_sign_in_that_is_over_are_in_the_callers_language() {
    let shop = Shop::with(true).await;
    for (language, words) in [("en", "sign in"), ("zh-CN", "登录")] {
        let body = Body::from(json!({"refresh": "made up"}).to_string());
        let mut request = request(Method::POST, "/v1/session/refresh", "", body);
        request.headers_mut().insert(header::ACCEPT_LANGUAGE, language.parse().unwrap());
        let reply = shop.send(request).await;
        assert_eq!(reply.refusal(), (401, "token_invalid".to_owned()));
        assert!(reply.json()["message"].as_str().unwrap().contains(words), "{}", reply.text());
    }
}

#[tokio::test]
async fn a_stream_ends_with_the_token_that_opened_it() {
    let shop = Shop::with(true).await.lasting(SessionTimes { token_ms: 700, refresh_ms: HOUR_MS });
    let session = sign_in(&shop, "staff").await;
    let stream = shop.stream("/v1/main/events", session["token"].as_str().unwrap()).await;
    assert_eq!(stream.status(), 200);
    let mut body = stream.into_body();
    let first = body.frame().await.unwrap().unwrap().into_data().unwrap();
    assert!(first.starts_with(b"data: "));
    let end = tokio::time::timeout(Duration::from_secs(3), body.frame()).await;
    assert!(end.expect("it ends in time").is_none());
}

/// A stream that has told where the feed stands.
async fn opened(stream: Response) -> Body {
    assert_eq!(stream.status(), 200);
    let mut body = stream.into_body();
    let first = body.frame().await.unwrap().unwrap().into_data().unwrap();
    assert!(first.starts_with(b"data: "));
    body
}

async fn ends_within(seconds: u64, body: &mut Body) -> bool {
    let wait = Duration::from_secs(seconds);
    tokio::time::timeout(wait, body.frame()).await.is_ok_and(|frame| frame.is_none())
}

/// A stream as a browser opens it, with a ticket in the address in place of a header.
async fn open_by_ticket(shop: &Shop, token: &str) -> Body {
    let ticket = shop.post("/v1/main/events/token", token, &json!({})).await.json();
    let path = format!("/v1/main/events?access_token={}", ticket["token"].as_str().unwrap());
    let listen = axum::http::Request::get(&path).body(Body::empty()).unwrap();
    opened(orderkit_server::http::app(shop.app.clone()).oneshot(listen).await.unwrap()).await
}

#[tokio::test]
async fn who_signs_out_hears_nothing_more() {
    let shop = Shop::with(true).await;
    let session = sign_in(&shop, "staff").await;
    let token = session["token"].as_str().unwrap();
    let other = sign_in(&shop, "staff").await;
    let mut by_header = opened(shop.stream("/v1/main/events", token).await).await;
    let mut by_ticket = open_by_ticket(&shop, token).await;
    let mut of_other = open_by_ticket(&shop, other["token"].as_str().unwrap()).await;
    let out = request(Method::DELETE, "/v1/session", token, Body::empty());
    assert_eq!(shop.send(out).await.status, 200);
    assert!(ends_within(3, &mut by_header).await);
    assert!(ends_within(3, &mut by_ticket).await);
    assert!(!ends_within(1, &mut of_other).await, "another sign-in goes on");
}

#[tokio::test]
async fn a_stream_ends_with_the_token_of_the_operator_that_its_ticket_came_from() {
    let shop = Shop::open().await;
    let token = shop.token("main", "cara", Role::Customer).await;
    let mut by_ticket = open_by_ticket(&shop, &token).await;
    let out = request(Method::DELETE, "/v1/session", &token, Body::empty());
    assert_eq!(shop.send(out).await.status, 200);
    assert!(ends_within(3, &mut by_ticket).await);
}

#[tokio::test]
async fn a_right_that_another_process_took_away_is_noticed() {
    let shop = Shop::with(true).await;
    let session = sign_in(&shop, "staff").await;
    let token = session["token"].as_str().unwrap();
    let mut stream = open_by_ticket(&shop, token).await;
    // Behind the back of this one.
    let mut transaction = shop.database.begin_write("main").await.unwrap();
    for table in ["token", "refresh_token"] {
        let sql = format!("DELETE FROM {table} WHERE tenant = 'main'");
        transaction.execute(&sql, &[]).await.unwrap();
    }
    transaction.commit().await.unwrap();
    assert!(ends_within(15, &mut stream).await);
}

#[tokio::test]
async fn fault_36_a_token_that_is_taken_away_is_refused_at_once_and_nothing_is_decided() {
    let shop = Shop::open().await;
    let mut device = shop.device("cara", Role::Customer).await;
    let (order, _) = device.place().await;
    let cancel = device.command(&order, "cancel@1", json!({"reason": "noLongerWanted"}));
    let out = request(Method::DELETE, "/v1/session", &device.token, Body::empty());
    assert_eq!(shop.send(out).await.status, 200);
    assert_eq!(device.sync(std::slice::from_ref(&cancel)).await.refusal().0, 401);
    // Signed in again, the same command is decided, once.
    device.token = shop.token("main", "cara", Role::Customer).await;
    let answer = device.sync(&[cancel]).await.json();
    assert_eq!(answer["results"][0]["verdict"], "accepted", "{answer}");
    // Another user of the same browser does not continue the counter.
    device.token = shop.token("main", "carl", Role::Customer).await;
    assert_eq!(device.sync(&[]).await.refusal(), (403, "token_forbids".to_owned()));
}

#[tokio::test]
async fn tokens_of_one_kind_are_good_for_nothing_else() {
    let shop = Shop::with(true).await;
    let session = sign_in(&shop, "staff").await;
    let refresh_token = session["refresh"].as_str().unwrap();
    assert_eq!(shop.get("/v1/main/orders", refresh_token).await.status, 401);
    let access = json!({"refresh": session["token"]});
    assert_eq!(shop.post("/v1/session/refresh", "", &access).await.status, 401);
    let actor = Actor { user: "sam".to_owned(), role: Role::Staff };
    let ticket = shop.app.grant("main", actor, Purpose::Events, HOUR_MS).await.unwrap().0;
    for path in ["/v1/main/orders", "/v1/session", "/v1/main/events"] {
        assert_eq!(shop.get(path, &ticket).await.status, 401, "{path}");
    }
    assert_eq!(
        shop.post("/v1/main/sync", &ticket, &json!({"v": 1, "client": new_id()})).await.status,
        401
    );
}
