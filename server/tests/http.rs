//! The rest of the API and the page, through the router and without a socket.

mod shop;

use std::time::Duration;

use axum::{
    body::Body,
    http::{Method, header},
};
use http_body_util::BodyExt;
use orderkit::{Draft, Role};
use serde_json::{Value, json};
use shop::{HOUR_MS, NOW_MS, Shop, draft, new_id, request, rules};

#[tokio::test]
async fn a_foreign_token_learns_nothing() {
    let shop = Shop::open().await;
    let mut staff = shop.device("sam", Role::Staff).await;
    let (order, _) = staff.place().await;
    let foreign = shop.token("other", "olga", Role::Admin).await;
    let client = new_id();
    let sync = json!({"v": 1, "client": client});
    for tenant in ["main", "nowhere"] {
        let path = |rest: &str| format!("/v1/{tenant}/{rest}");
        let replies = [
            shop.post(&path("sync"), &foreign, &sync).await,
            shop.get(&path("orders"), &foreign).await,
            shop.get(&path(&format!("orders/{order}")), &foreign).await,
            shop.get(&path(&format!("allowed/{order}")), &foreign).await,
            shop.get(&path("ruleset"), &foreign).await,
            shop.get(&path("events"), &foreign).await,
            shop.post(&path("quote"), &foreign, &draft(1)).await,
            shop.post(&path("validate"), &foreign, &draft(1)).await,
            shop.post(&path("orders"), &foreign, &json!({"draft": draft(1)})).await,
        ];
        let bodies: Vec<String> = replies.iter().map(shop::Reply::text).collect();
        for reply in &replies {
            assert_eq!(reply.refusal(), (403, "token_forbids".to_owned()));
            assert_eq!(reply.text(), bodies[0], "the same words for every tenant and address");
        }
    }
    let reply = shop.get("/v1/main/orders", "not-a-token").await;
    assert_eq!(reply.refusal(), (401, "token_invalid".to_owned()));
    shop.wait(1_000 * HOUR_MS);
    assert_eq!(shop.get("/v1/main/orders", &staff.token).await.status, 401, "expired");
}

#[tokio::test]
async fn the_session_door_is_shut_unless_it_was_opened() {
    let shop = Shop::open().await;
    let reply = shop.post("/v1/session", "", &json!({"role": "admin"})).await;
    assert_eq!(reply.refusal(), (403, "token_forbids".to_owned()));

    let shop = Shop::with(true).await;
    let mut users = Vec::new();
    for role in ["customer", "customer", "staff", "admin"] {
        let session = shop.post("/v1/session", "", &json!({"role": role})).await.json();
        assert_eq!((&session["role"], &session["tenant"]), (&json!(role), &json!("main")));
        assert!(session["expiresMs"].as_i64().unwrap() > NOW_MS);
        let token = session["token"].as_str().unwrap();
        assert_eq!(shop.get("/v1/main/orders", token).await.status, 200);
        let holder = shop.get("/v1/session", token).await.json();
        for field in ["tenant", "user", "role", "expiresMs"] {
            assert_eq!(holder[field], session[field], "{field}");
        }
        users.push(session["user"].as_str().unwrap().to_owned());
    }
    for (host, status) in [("localhost:8080", 200), ("[::1]:80", 200), ("evil.example", 403)] {
        let body = Body::from(json!({"role": "staff"}).to_string());
        let mut request = request(Method::POST, "/v1/session", "", body);
        request.headers_mut().insert(header::HOST, host.parse().unwrap());
        assert_eq!(shop.send(request).await.status.as_u16(), status, "{host}");
    }
    assert_ne!(users[0], users[1], "every visitor is a customer of their own");
}

#[tokio::test]
async fn an_order_is_placed_once_under_a_key() {
    let shop = Shop::open().await;
    let token = shop.token("main", "cara", Role::Customer).await;
    let key = new_id();
    let place = |key: &str, body: Value| {
        let mut request =
            request(Method::POST, "/v1/main/orders", &token, Body::from(body.to_string()));
        request.headers_mut().insert("idempotency-key", key.parse().unwrap());
        shop.send(request)
    };
    let unfinished = place(&key, json!({"draft": {"lines": []}})).await;
    assert_eq!(unfinished.refusal(), (422, "lines_empty".to_owned()));
    assert_eq!(unfinished.json()["path"], "/draft/lines");
    assert!(!unfinished.json()["message"].as_str().unwrap().is_empty());

    let first = place(&key, json!({"draft": draft(2)})).await;
    assert_eq!(first.status, 201, "{}", first.text());
    assert_eq!(first.json()["order"]["totals"]["grossMinor"], 2_000);
    assert_eq!(first.json()["derived"]["summary"], "awaitingPayment");
    shop.wait(HOUR_MS);
    let again = place(&key, json!({"draft": draft(2)})).await;
    assert_eq!((again.status.as_u16(), again.json()), (201, first.json()));
    let other = place(&key, json!({"draft": draft(3)})).await;
    assert_eq!(other.refusal(), (422, "idempotency_key_invalid".to_owned()));
    let dear = json!({"draft": draft(1), "expect":
        {"totalMinor": 1, "rulesetDigest": rules("r1", "10.00").digest()}});
    assert_eq!(place(&new_id(), dear).await.refusal(), (422, "total_mismatch".to_owned()));
    let keyless = shop.post("/v1/main/orders", &token, &json!({"draft": draft(1)})).await;
    assert_eq!(keyless.refusal(), (400, "idempotency_key_invalid".to_owned()));
    let page = shop.get("/v1/main/orders", &token).await.json();
    assert_eq!(page["orders"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn lists_come_page_by_page() {
    let shop = Shop::open().await;
    let mut cara = shop.device("cara", Role::Customer).await;
    let staff = shop.token("main", "sam", Role::Staff).await;
    let mut placed = Vec::new();
    for _ in 0..5 {
        placed.push(cara.place().await.0);
        shop.wait(1_000);
    }
    placed.reverse();
    let mut listed = Vec::new();
    let mut path = "/v1/main/orders?limit=2".to_owned();
    loop {
        let page = shop.get(&path, &staff).await.json();
        let rows = page["orders"].as_array().unwrap();
        listed.extend(rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()));
        match page["next"].as_str() {
            Some(next) => path = format!("/v1/main/orders?limit=2&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(listed, placed);
    let count = async |query: &str| {
        let page = shop.get(&format!("/v1/main/orders?{query}"), &staff).await.json();
        page["orders"].as_array().unwrap().len()
    };
    assert_eq!(count("status=awaitingPayment").await, 5);
    assert_eq!(count("status=canceled").await, 0);
    assert_eq!(count("q=25").await, 5);
    assert_eq!(count("q=99").await, 0);
    for wrong in ["cursor=x", "status=x", "limit=x"] {
        let reply = shop.get(&format!("/v1/main/orders?{wrong}"), &staff).await;
        assert_eq!(reply.refusal(), (400, "shape_invalid".to_owned()), "{wrong}");
    }

    let detail = shop.get(&format!("/v1/main/orders/{}?log=true", placed[0]), &staff).await.json();
    assert_eq!(detail["log"]["events"].as_array().unwrap().len(), 1);
    let stranger = shop.token("main", "theo", Role::Customer).await;
    for path in [format!("orders/{}", placed[0]), format!("allowed/{}", placed[0])] {
        let reply = shop.get(&format!("/v1/main/{path}"), &stranger).await;
        assert_eq!(reply.refusal(), (404, "order_unknown".to_owned()));
    }
    let allowed = shop.get(&format!("/v1/main/allowed/{}", placed[0]), &staff).await.json();
    let cancel =
        allowed["commands"].as_array().unwrap().iter().find(|it| it["command"] == "cancel");
    assert_eq!(cancel.unwrap()["allowed"], true);
}

#[tokio::test]
async fn a_quote_has_the_bytes_of_the_library() {
    let shop = Shop::open().await;
    let token = shop.token("main", "cara", Role::Customer).await;
    let rules = rules("r1", "10.00");
    let typed: Draft = serde_json::from_value(draft(3)).unwrap();
    let quote = orderkit::quote(&typed, &rules, &orderkit::Context::at(5)).unwrap();
    let expected = format!(r#"{{"ok":true,"quote":{}}}"#, serde_json::to_string(&quote).unwrap());
    let reply = shop.post("/v1/main/quote?nowMs=5", &token, &draft(3)).await;
    assert_eq!((reply.status.as_u16(), reply.text()), (200, expected));

    let unknown = json!({"lines": [{"sku": "CUP", "quantity": "1"}]});
    let reply = shop.post("/v1/main/quote", &token, &unknown).await.json();
    assert_eq!((&reply["ok"], &reply["issues"][0]["code"]), (&json!(false), &json!("sku_unknown")));
    let reply = shop.post("/v1/main/validate", &token, &draft(1)).await.json();
    assert_eq!(reply["ok"], true, "{reply}");
    let reply = shop.post("/v1/main/validate", &token, &json!({"lines": []})).await.json();
    assert_eq!(reply["issues"][0]["code"], "lines_empty");
}

#[tokio::test]
async fn rules_are_replaced_by_admins_only_and_checked_before() {
    let shop = Shop::open().await;
    let admin = shop.token("main", "ada", Role::Admin).await;
    let staff = shop.token("main", "sam", Role::Staff).await;
    let put = |token: &str, body: String| {
        shop.send(request(Method::PUT, "/v1/main/ruleset", token, Body::from(body)))
    };
    let text = shop::rules_text;
    assert_eq!(put(&staff, text("r2", "9.00")).await.status, 403);
    let reply = put(&admin, text("r2", "9.00")).await.json();
    assert_eq!((&reply["version"], &reply["changed"]), (&json!("r2"), &json!(true)));
    assert_eq!(put(&admin, text("r2", "9.00")).await.json()["changed"], false);
    assert_eq!(put(&admin, text("r1", "7.00")).await.refusal(), (422, "version_taken".to_owned()));
    assert_eq!(put(&admin, "{".to_owned()).await.refusal(), (422, "json_malformed".to_owned()));

    let reply = shop.get("/v1/main/ruleset", &staff).await;
    assert_eq!(reply.json()["version"], "r2");
    let tag = reply.header("etag").to_owned();
    assert_eq!(tag, format!("\"{}\"", rules("r2", "9.00").digest()));
    let mut known = request(Method::GET, "/v1/main/ruleset", &staff, Body::empty());
    known.headers_mut().insert(header::IF_NONE_MATCH, tag.parse().unwrap());
    let reply = shop.send(known).await;
    assert_eq!((reply.status.as_u16(), reply.bytes.len()), (304, 0));
}

#[tokio::test]
async fn listeners_are_poked() {
    let shop = Shop::open().await;
    let mut cara = shop.device("cara", Role::Customer).await;
    let granted = shop.post("/v1/main/events/token", &cara.token, &json!({})).await.json();
    let ticket = granted["token"].as_str().unwrap();
    let in_header = shop.stream("/v1/main/events", &cara.token).await;
    let path = format!("/v1/main/events?access_token={ticket}");
    let in_address = shop.stream(&path, "").await;
    assert_eq!(in_address.status(), 401, "an empty header is not passed over");
    let request = axum::http::Request::get(&path).body(Body::empty()).unwrap();
    let in_address =
        tower::ServiceExt::oneshot(orderkit_server::http::app(shop.app.clone()), request);
    let in_address = in_address.await.unwrap();
    let mut bodies = [in_header.into_body(), in_address.into_body()];
    for body in &mut bodies {
        assert_eq!(next_line(body).await, "data: {\"seq\":0}\n\n");
    }
    cara.place().await;
    for body in &mut bodies {
        assert_eq!(next_line(body).await, "data: {\"seq\":1}\n\n");
    }

    // A token that travels in addresses is good for nothing else, and not for long.
    assert_eq!(shop.get("/v1/main/orders", ticket).await.status, 401);
    shop.wait(2 * 60 * 1_000);
    assert_eq!(shop.get(&path, ticket).await.status, 401);
}

async fn next_line(body: &mut Body) -> String {
    let frame = tokio::time::timeout(Duration::from_secs(5), body.frame()).await;
    let frame = frame.expect("a poke in time").unwrap().unwrap();
    String::from_utf8(frame.into_data().unwrap().to_vec()).unwrap()
}

#[tokio::test]
async fn bodies_are_packed_and_unpacked_within_limits() {
    use std::io::Write;
    let shop = Shop::open().await;
    let token = shop.token("main", "cara", Role::Customer).await;
    let gzip = |bytes: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let send = |bytes: Vec<u8>| {
        let mut request = request(Method::POST, "/v1/main/quote", &token, Body::from(bytes));
        request.headers_mut().insert(header::CONTENT_ENCODING, "gzip".parse().unwrap());
        request.headers_mut().insert(header::ACCEPT_ENCODING, "br".parse().unwrap());
        shop.send(request)
    };
    let reply = send(gzip(draft(1).to_string().as_bytes())).await;
    assert_eq!((reply.status.as_u16(), reply.header("content-encoding")), (200, "br"));
    // 17 MB of blanks are 17 kB on the wire.
    let bomb = gzip(&vec![b' '; 17 * 1024 * 1024]);
    assert!(bomb.len() < 100_000);
    assert_eq!(send(bomb).await.status, 413);
}

#[tokio::test]
async fn the_page_and_its_policy() {
    let shop = Shop::open().await;
    let page = shop.get("/", "").await;
    // Without a built page there is a hint in its place.
    assert!(page.status == 200 || page.text().contains("make web"));
    for path in ["/", "/orders/42", "/health"] {
        let policy = shop.get(path, "").await;
        let policy = policy.header("content-security-policy");
        assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval'"), "{path}: {policy}");
    }
    for path in ["/v1", "/v1/main", "/v1/main/nothing", "/missing.js", "/assets/a.wasm"] {
        let reply = shop.get(path, "").await;
        assert_eq!(reply.refusal(), (404, "not_found".to_owned()), "{path}");
    }
    let health = shop.get("/health", "").await.json();
    assert_eq!((&health["ok"], &health["openSignIn"]), (&json!(true), &json!(false)));
}

#[tokio::test]
async fn messages_come_in_the_language_of_the_caller() {
    let shop = Shop::open().await;
    let mut messages = Vec::new();
    for language in ["en-GB,en;q=0.9", "zh-CN,zh;q=0.9,en;q=0.5"] {
        let mut request = request(Method::GET, "/v1/main/orders", "x", Body::empty());
        request.headers_mut().insert(header::ACCEPT_LANGUAGE, language.parse().unwrap());
        messages.push(shop.send(request).await.json()["message"].to_string());
    }
    assert!(messages[0].is_ascii() && !messages[1].is_ascii(), "{messages:?}");
}
