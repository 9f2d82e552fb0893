//! What the interface promises: its document, repeated requests, and the statuses of sync.

mod shop;

use std::{collections::BTreeSet, path::Path};

use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use orderkit::{Code, Role};
use orderkit_server::http::{self, Limits, Rate};
use serde_json::{Value, json};
use shop::{
    HOUR_MS, NOW_MS, Reply, Shop, draft, new_id, place_args, process::Server, request, rules_text,
    till::Till,
};

#[tokio::test]
async fn every_route_of_the_document_is_there_and_in_the_guide() {
    let shop = Shop::open().await;
    let document = shop.get("/v1/openapi.json", "").await.json();
    assert_eq!(document, http::openapi(), "the command line prints the same");
    assert_eq!(document["openapi"], "3.1.0");
    let guide = include_str!("../../docs/http.md");
    let mut count = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            count += 1;
            let name = format!("{method} {path}");
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let plain = path.replace("{tenant}", "main").replace("{order}", &new_id());
            let plain = plain.replace(['{', '}'], "");
            let reply = shop.send(request(method.clone(), &plain, "wrong", Body::from("{}"))).await;
            // Without a token: it is known, and says why it does nothing.
            let status = reply.status.as_u16().to_string();
            assert_ne!(status, "405", "{name}");
            assert!(
                operation["responses"].get(&status).is_some(),
                "{name} answers {status}: {}",
                reply.text()
            );
            for field in ["summary", "description", "operationId"] {
                assert!(!operation[field].as_str().unwrap().is_empty(), "{name}: {field}");
            }
            // The guide shortens the tenant's prefix and the names of what varies.
            let tail = path.trim_start_matches("/v1/{tenant}");
            let last = tail.rsplit('/').find(|part| !part.starts_with('{')).unwrap();
            assert!(guide.contains(last), "{name} is not in docs/http.md");
        }
    }
    assert!(count > 45, "{count}");
    // What the document does not have, nobody answers.
    for path in ["/v1/main/nothing", "/v1/main"] {
        assert_eq!(shop.get(path, "wrong").await.status, 404, "{path}");
    }
    let put = request(Method::PUT, "/v1/main/orders", "wrong", Body::empty());
    assert_eq!(shop.send(put).await.status, 405);
}

#[test]
fn the_document_is_whole() {
    let document = http::openapi();
    let text = document.to_string();
    let mut references = BTreeSet::new();
    for part in text.split("\"$ref\":\"").skip(1) {
        references.insert(part.split('"').next().unwrap().to_owned());
    }
    assert!(references.len() > 50);
    for reference in &references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference} points at nothing");
    }
    let mut names = BTreeSet::new();
    for methods in document["paths"].as_object().unwrap().values() {
        for operation in methods.as_object().unwrap().values() {
            assert!(
                names.insert(operation["operationId"].as_str().unwrap()),
                "{}",
                operation["operationId"]
            );
        }
    }
    let codes = document["components"]["schemas"]["IssueCode"]["enum"].as_array().unwrap();
    assert_eq!(codes.len(), Code::ALL.len());
}

/// One request that is refused with each code of the interface, and each is in the document.
#[tokio::test]
async fn every_code_of_the_interface_is_documented_where_it_comes() {
    let limits = Limits { address_rate: Rate::of(1, 60), streams_per_user: 1, ..Limits::default() };
    let shop = Shop::open().await.limited(limits);
    let admin = shop.token("main", "ada", Role::Admin).await;
    let cara = shop.token("main", "cara", Role::Customer).await;
    let client = new_id();
    let place = |n: u64| json!({"n": n, "id": new_id(), "order": new_id(), "kind": "place@1", "atMs": NOW_MS, "args": place_args(1_000, "r1", "10.00")});
    let sync = |commands: Vec<Value>| json!({"v": 1, "client": client, "commands": commands});
    shop.post("/v1/main/sync", &cara, &sync(vec![place(1)])).await;
    let _stream = shop.stream("/v1/main/events", &cara).await;
    let many = (1..=501).map(place).collect::<Vec<_>>();
    let orders = "/v1/{tenant}/orders";
    let rows = [
        ("get", orders, shop.get("/v1/main/orders", "wrong").await, 401, "token_invalid"),
        ("get", orders, shop.get("/v1/other/orders", &cara).await, 403, "token_forbids"),
        ("get", orders, shop.get("/v1/main/orders?limit=x", &cara).await, 400, "shape_invalid"),
        (
            "post",
            orders,
            shop.post("/v1/main/orders", &cara, &json!({})).await,
            400,
            "idempotency_key_invalid",
        ),
        (
            "post",
            orders,
            shop.post_once("/v1/main/orders", &cara, &new_id(), &json!({"draft": {"lines": []}}))
                .await,
            422,
            "lines_empty",
        ),
        (
            "get",
            "/v1/{tenant}/orders/{order}",
            shop.get(&format!("/v1/main/orders/{}", new_id()), &cara).await,
            404,
            "order_unknown",
        ),
        (
            "post",
            "/v1/{tenant}/sync",
            shop.post("/v1/main/sync", &cara, &sync(vec![place(1)])).await,
            409,
            "client_forked",
        ),
        (
            "post",
            "/v1/{tenant}/sync",
            shop.post("/v1/main/sync", &cara, &sync(many)).await,
            413,
            "batch_too_large",
        ),
        (
            "post",
            "/v1/{tenant}/sync",
            shop.post("/v1/main/sync", &cara, &json!({"v": 9})).await,
            426,
            "protocol_unknown",
        ),
        (
            "get",
            "/v1/{tenant}/events",
            shop.get("/v1/main/events", &cara).await,
            429,
            "streams_too_many",
        ),
        (
            "post",
            "/v1/{tenant}/track",
            shop.post("/v1/main/track", "", &json!({"number": "1", "contact": "a@b.example"}))
                .await,
            404,
            "tracking_unknown",
        ),
        (
            "post",
            "/v1/{tenant}/track",
            shop.post("/v1/main/track", "", &json!({})).await,
            422,
            "required",
        ),
        (
            "post",
            "/v1/{tenant}/payments/webhook/{provider}",
            shop.post("/v1/main/payments/webhook/local", "", &json!({})).await,
            401,
            "signature_invalid",
        ),
        (
            "get",
            "/v1/{tenant}/gift-cards/{code}",
            shop.get("/v1/main/gift-cards/NONE", &admin).await,
            404,
            "not_found",
        ),
        (
            "get",
            "/v1/{tenant}/ruleset/versions/{digest}",
            shop.get("/v1/main/ruleset/versions/x", &admin).await,
            404,
            "ruleset_unknown",
        ),
        (
            "post",
            "/v1/session",
            shop.post("/v1/session", "", &json!({"role": "admin"})).await,
            403,
            "token_forbids",
        ),
    ];
    let document = http::openapi();
    for (method, path, reply, status, code) in rows {
        assert_eq!(reply.refusal(), (status, code.to_owned()), "{method} {path}: {}", reply.text());
        documented(&document, method, path, &reply);
    }
    loop {
        let reply = shop.post("/v1/session", "", &json!({"role": "admin"})).await;
        if reply.status == 429 {
            assert_eq!(reply.refusal().1, "rate_limited");
            break documented(&document, "post", "/v1/session", &reply);
        }
    }
    shop.close();
    let ending = shop.get("/v1/main/orders", &cara).await;
    assert_eq!(ending.refusal(), (503, "try_later".to_owned()));
    documented(&document, "get", orders, &ending);
    for path in ["/health", "/ready"] {
        let reply = shop.get(path, "").await;
        assert_eq!((reply.status.as_u16(), &reply.json()["state"]), (503, &json!("draining")));
    }
}

#[track_caller]
fn documented(document: &Value, method: &str, path: &str, reply: &Reply) {
    let status = reply.status.as_u16().to_string();
    let response = &document["paths"][path][method]["responses"][&status];
    assert!(response.is_object(), "{method} {path} {status} is not documented");
    let schema = &response["content"]["application/json"]["schema"];
    let code = reply.json()["code"].clone();
    if let Some(known) = schema["allOf"][1]["properties"]["code"]["enum"].as_array() {
        assert!(known.contains(&code), "{method} {path} {status} has {code}: {known:?}");
    }
    assert_eq!(
        response["headers"]["Retry-After"].is_object(),
        !reply.header("retry-after").is_empty(),
        "{status}"
    );
}

#[tokio::test]
async fn statuses_of_sync_are_those_that_clients_act_on() {
    let shop = Shop::open().await;
    let cara = shop.token("main", "cara", Role::Customer).await;
    let raw = async |text: &str| {
        let request = request(Method::POST, "/v1/main/sync", &cara, Body::from(text.to_owned()));
        shop.send(request).await
    };
    for text in ["", "{", "[]", "{\"v\":1}", "{\"v\":1,\"client\":\"x\"}", "{\"v\":\"1\"}"] {
        assert_eq!(raw(text).await.status, 400, "{text}");
    }
    let client = new_id();
    let body = |v: u32| json!({"v": v, "client": client});
    assert_eq!(shop.post("/v1/main/sync", "wrong", &body(1)).await.status, 401);
    assert_eq!(shop.post("/v1/other/sync", &cara, &body(1)).await.status, 403);
    let old = shop.post("/v1/main/sync", &cara, &body(0)).await;
    assert_eq!(old.refusal(), (426, "protocol_unknown".to_owned()));
    assert_eq!(raw("{\"v\":2,\"other\":true}").await.status, 426);
    // What is wrong with one command is a verdict, and no status.
    let strange = json!({"v": 1, "client": client, "commands":
        [{"n": 1, "id": new_id(), "order": new_id(), "kind": "unheardOf@7", "atMs": 0, "args": {}}]});
    let answer = shop.post("/v1/main/sync", &cara, &strange).await;
    assert_eq!(
        (answer.status.as_u16(), &answer.json()["results"][0]["verdict"]),
        (200, &json!("rejected"))
    );
    let other = json!({"v": 1, "client": client, "commands":
        [{"n": 1, "id": new_id(), "order": new_id(), "kind": "unheardOf@7", "atMs": 0, "args": {}}]});
    assert_eq!(
        shop.post("/v1/main/sync", &cara, &other).await.refusal(),
        (409, "client_forked".to_owned())
    );
    assert_eq!(
        raw(&" ".repeat(17 * 1024 * 1024)).await.refusal(),
        (413, "document_too_large".to_owned())
    );

    let limits = Limits { sync_rate: Rate::of(1, 1), ..Limits::default() };
    let shop = shop.limited(limits);
    assert_eq!(shop.post("/v1/main/sync", &cara, &body(1)).await.status, 200);
    let limited = shop.post("/v1/main/sync", &cara, &body(1)).await;
    assert_eq!((limited.status.as_u16(), limited.header("retry-after")), (429, "1"));
    shop.close();
    let ending = shop.post("/v1/main/sync", &cara, &body(1)).await;
    assert_eq!((ending.status.as_u16(), ending.header("retry-after")), (503, "2"));
}

#[tokio::test]
async fn a_command_under_a_key_answers_the_same_for_ever() {
    let shop = Shop::open().await;
    let sam = shop.token("main", "sam", Role::Staff).await;
    let (place, note) = (new_id(), new_id());
    let placed = shop.post_once("/v1/main/orders", &sam, &place, &json!({"draft": draft(1)})).await;
    assert_eq!(placed.status, 201);
    let order = placed.json()["order"]["id"].as_str().unwrap().to_owned();
    let first = json!({"text": "first"});
    let noted_first = shop.command(&order, &note, &sam, "note@1", first.clone()).await;
    assert_eq!(noted_first.status, 200, "{}", noted_first.text());
    let noted = shop.command(&order, &new_id(), &sam, "note@1", json!({"text": "later"})).await;
    assert_eq!(noted.status, 200, "{}", noted.text());
    shop.wait(900 * HOUR_MS / 2);
    // Byte for byte, though the order has gone on.
    let again = shop.post_once("/v1/main/orders", &sam, &place, &json!({"draft": draft(1)})).await;
    assert_eq!((again.status, again.text()), (StatusCode::CREATED, placed.text()));
    let again = shop.command(&order, &note, &sam, "note@1", first.clone()).await;
    assert_eq!((again.status, again.text()), (StatusCode::OK, noted_first.text()));
    // The key with something else, of another order, or of somebody else is none.
    let ida = shop.token("main", "ida", Role::Staff).await;
    let reused = [
        shop.command(&order, &note, &sam, "note@1", json!({"text": "other"})).await,
        shop.command(&new_id(), &note, &sam, "note@1", first.clone()).await,
        shop.command(&order, &note, &ida, "note@1", first.clone()).await,
        shop.post_once("/v1/main/orders", &sam, &place, &json!({"draft": draft(2)})).await,
    ];
    for reply in reused {
        assert_eq!(
            reply.refusal(),
            (422, "idempotency_key_invalid".to_owned()),
            "{}",
            reply.text()
        );
    }
    for key in ["", "1", "not-a-uuid", "{}"] {
        let reply = shop.command(&order, key, &sam, "note@1", first.clone()).await;
        assert_eq!(reply.refusal(), (400, "idempotency_key_invalid".to_owned()), "{key}");
    }
    let quoted = format!("\"{note}\"");
    let again = shop.command(&order, &quoted, &sam, "note@1", first).await;
    assert_eq!(again.text(), noted_first.text(), "as a structured field it is in quotes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_04_the_same_request_at_the_same_time_is_done_once() {
    let shop = Shop::open().await;
    let sam = shop.token("main", "sam", Role::Admin).await;
    let body = json!({"draft": draft(1)});
    let key = new_id();
    let both = (0..8).map(|_| shop.post_once("/v1/main/orders", &sam, &key, &body));
    let replies = futures_util::future::join_all(both).await;
    let first = &replies[0];
    for reply in &replies {
        assert_eq!((reply.status.as_u16(), reply.text()), (201, first.text()));
    }
    let stock =
        request(Method::PUT, "/v1/main/stock/MUG", &sam, Body::from("{\"quantity\":\"10\"}"));
    assert_eq!(shop.send(stock).await.status, 200);
    let came = json!({"change": "5", "reason": "delivery"});
    let both = (0..8).map(|_| shop.post_once("/v1/main/stock/MUG/adjust", &sam, &key, &came));
    for reply in futures_util::future::join_all(both).await {
        assert_eq!((reply.status.as_u16(), &reply.json()["onHand"]), (200, &json!("15")));
    }
    let other = json!({"change": "6", "reason": "delivery"});
    let reused = shop.post_once("/v1/main/stock/MUG/adjust", &sam, &key, &other).await;
    assert_eq!(reused.refusal(), (422, "idempotency_key_invalid".to_owned()));
    let keyless = shop.post("/v1/main/stock/MUG/adjust", &sam, &came).await;
    assert_eq!(keyless.refusal(), (400, "idempotency_key_invalid".to_owned()));
    let page = shop.get("/v1/main/orders", &sam).await.json();
    assert_eq!(page["orders"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_request_that_still_runs_is_said_to_run() {
    let shop = Shop::open().await;
    let sam = shop.token("main", "sam", Role::Staff).await;
    // The writer is busy: the first request waits for it.
    let held = shop.app.store().write("main").await.unwrap();
    let (key, body) = (new_id(), json!({"draft": draft(1)}));
    let first = shop.post_once("/v1/main/orders", &sam, &key, &body);
    let second = async {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        let second = shop.post_once("/v1/main/orders", &sam, &key, &body).await;
        drop(held);
        second
    };
    let (first, second) = tokio::join!(first, second);
    assert_eq!(second.refusal(), (409, "idempotency_key_running".to_owned()), "{}", second.text());
    assert_eq!(second.header("retry-after"), "1");
    assert_eq!(first.status, 201);
    let third = shop.post_once("/v1/main/orders", &sam, &key, &body).await;
    assert_eq!((third.status, third.text()), (first.status, first.text()));
}

#[tokio::test]
async fn a_payment_under_a_key_is_asked_for_once() {
    let till = Till::open(json!({})).await;
    let key = new_id();
    let body = json!({"action": "capture", "instrument": "test-ok"});
    let first = till.ask(&till.buyer, &key, body.clone()).await;
    let again = till.ask(&till.buyer, &key, body).await;
    assert_eq!((again.status.as_u16(), again.text()), (201, first.text()));
    assert_eq!(till.moved("capture").await, 1);
    let other = json!({"action": "capture", "instrument": "test-ok", "amountMinor": 1});
    let reused = till.ask(&till.buyer, &key, other).await;
    assert_eq!(reused.refusal(), (422, "idempotency_key_invalid".to_owned()));
}

#[test]
fn a_key_outlives_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let serve = |folder: &Path| Server::serve(folder, None, &rules_text("r1", "10.00"), &[]);
    let server = serve(folder.path());
    let token = server.sign_in("admin");
    server.send("PUT", "/v1/main/stock/MUG", &token, "", "{\"quantity\":\"10\"}").unwrap();
    let order = json!({"draft": draft(1)}).to_string();
    let came = json!({"change": "5", "reason": "delivery"}).to_string();
    let void = json!({"series": "X", "from": 1, "to": 3, "reason": "lost"}).to_string();
    let asked = [
        ("/v1/main/orders", order, new_id()),
        ("/v1/main/stock/MUG/adjust", came, new_id()),
        ("/v1/main/numbers/void", void, new_id()),
    ];
    let ask = |server: &Server| {
        let each = asked.iter().map(|(path, body, key)| {
            let header = format!("idempotency-key: {key}\r\n");
            server.send("POST", path, &token, &header, body).unwrap()
        });
        each.collect::<Vec<Value>>()
    };
    let first = ask(&server);
    assert_eq!(first[1]["onHand"], "15", "{first:?}");
    assert_eq!(first[2]["series"], "X", "{first:?}");
    drop(server);
    let server = serve(folder.path());
    assert_eq!(ask(&server), first, "killed and started again");
    assert_eq!(server.get("/v1/main/stock/MUG", &token)["onHand"], "15");
}
