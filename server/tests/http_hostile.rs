//! Hostile input on every route of the table: never a 500, never a word of another tenant.

mod shop;

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use orderkit::Role;
use orderkit_server::http::{self, Limits};
use serde_json::{Value, json};
use shop::{Reply, Shop, draft, new_id, place_args, till::Till};

/// What another tenant has; none of it may ever be in an answer.
const MARKS: [&str; 4] = ["Ottilie Other", "ottilie@other.example", "OTHER-CARD", "OTHER-SKU"];

struct Target {
    shop: Shop,
    /// An administrator of the tenant that is attacked from.
    admin: String,
    cara: String,
    /// An order of that tenant, and one of the other.
    own: String,
    foreign: String,
}

impl Target {
    async fn open() -> Self {
        let limits = Limits {
            user_rate: None,
            sync_rate: None,
            tenant_rate: None,
            address_rate: None,
            ..Limits::default()
        };
        let shop = Shop::open().await.limited(limits);
        let admin = shop.token("main", "ada", Role::Admin).await;
        let cara = shop.token("main", "cara", Role::Customer).await;
        let olga = shop.token("other", "olga", Role::Admin).await;
        let own = shop
            .post_once("/v1/main/orders", &cara, &new_id(), &json!({"draft": draft(1)}))
            .await
            .json();
        let mut theirs = draft(1);
        theirs["details"]["customer"] = json!({"name": MARKS[0], "email": MARKS[1]});
        let placed =
            shop.post_once("/v1/other/orders", &olga, &new_id(), &json!({"draft": theirs})).await;
        assert_eq!(placed.status, 201, "{}", placed.text());
        let id = |it: &Value| it["order"]["id"].as_str().unwrap().to_owned();
        let (own, foreign) = (id(&own), id(&placed.json()));
        for (path, body) in [
            ("gift-cards/OTHER-CARD", json!({"balanceMinor": 500})),
            ("stock/OTHER-SKU", json!({"quantity": "5"})),
        ] {
            let put = send(
                Method::PUT,
                &format!("/v1/other/{path}"),
                &olga,
                body.to_string().into_bytes(),
            );
            assert_eq!(shop.send(put).await.status, 200);
        }
        Self { shop, admin, cara, own, foreign }
    }

    async fn ask(&self, method: &Method, path: &str, token: &str, body: Vec<u8>) -> Reply {
        self.shop.send(send(method.clone(), path, token, body)).await
    }
}

fn send(method: Method, path: &str, token: &str, body: Vec<u8>) -> Request<Body> {
    let builder = Request::builder().method(method).uri(path);
    let builder = builder.header(header::AUTHORIZATION, format!("Bearer {token}"));
    builder.header("idempotency-key", new_id()).body(Body::from(body)).unwrap()
}

/// Every method and path of the table, and whether it has a body. A stream has no end, and a sign-out would end the attack.
fn routes() -> Vec<(Method, String, bool)> {
    let document = http::openapi();
    let mut routes = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            if path == "/v1/session" || path.ends_with("/events") {
                continue;
            }
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            routes.push((method, path.clone(), operation["requestBody"].is_object()));
        }
    }
    routes
}

#[track_caller]
fn harmless(reply: &Reply, what: &str) {
    let status = reply.status.as_u16();
    assert!(
        status < 500 || (status == 503 && what.contains("/ready")),
        "{what}: {status} {}",
        reply.text()
    );
    let text = reply.text();
    for mark in MARKS {
        assert!(!text.contains(mark), "{what} tells {mark}: {text}");
    }
    if status >= 400 {
        let code = reply.json()["code"].as_str().map(str::to_owned);
        assert!(code.is_some(), "{what}: {text}");
    }
}

/// A document with one value, wherever a document has one.
fn bodies() -> Vec<(String, Vec<u8>)> {
    let deep = |open: &str, close: &str, count: usize| {
        format!("{}{}", open.repeat(count), close.repeat(count))
    };
    let mut bodies: Vec<(String, Vec<u8>)> = [
        "",
        " ",
        "null",
        "true",
        "0",
        "\"\"",
        "[]",
        "{}",
        "{",
        "}",
        "[{}]",
        "nul",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "'x'",
        "1e999",
        "-0",
        "NaN",
        "9007199254740992",
        "{\"v\":1e400}",
        "{\"v\":18446744073709551616}",
        "{\"\\ud800\":1}",
        "\u{feff}{}",
        "{}{}",
        "{}\u{0}",
    ]
    .into_iter()
    .map(|text| (text.to_owned(), text.as_bytes().to_vec()))
    .collect();
    for count in [65, 200, 20_000] {
        bodies.push((format!("{count} arrays"), deep("[", "]", count).into_bytes()));
        bodies.push((format!("{count} objects"), deep("{\"args\":", "}", count).into_bytes()));
        bodies.push((
            format!("{count} args"),
            format!("{{\"kind\":\"cancel@1\",\"args\":{}}}", deep("[", "]", count)).into_bytes(),
        ));
        bodies.push((
            format!("{count} drafts"),
            format!("{{\"draft\":{}}}", deep("{\"lines\":[", "]}", count)).into_bytes(),
        ));
    }
    bodies.push(("no UTF-8".to_owned(), vec![0xff, 0xfe, 0x7b, 0x7d]));
    bodies.push(("half a letter".to_owned(), b"{\"role\":\"\xc3\"}".to_vec()));
    // Fields that documents have, with values that they must not have.
    let fields = [
        "v",
        "client",
        "commands",
        "draft",
        "kind",
        "args",
        "base",
        "lines",
        "number",
        "contact",
        "role",
        "refresh",
        "series",
        "from",
        "to",
        "quantity",
        "change",
        "reason",
        "onHand",
        "balanceMinor",
        "endsMs",
        "groups",
        "points",
        "storeCreditMinor",
        "amountMinor",
        "action",
        "order",
        "version",
        "holdAt",
        "signals",
        "expect",
        "isRepeat",
    ];
    let values = [
        "null",
        "true",
        "-1",
        "1.5",
        "1e9",
        "9007199254740991",
        "9007199254740992",
        "-9007199254740993",
        "18446744073709551615",
        "18446744073709551616",
        "\"\"",
        "\"\\u0000\"",
        "\"9007199254740992.5\"",
        "\"1e5\"",
        "\"-1\"",
        "\"NaN\"",
        "[]",
        "[[]]",
        "{}",
        "[null]",
        "\"../../etc/passwd\"",
        "\"' OR 1=1 --\"",
    ];
    for field in fields {
        for value in values {
            let text = format!("{{\"{field}\":{value}}}");
            bodies.push((text.clone(), text.into_bytes()));
        }
        let twice = format!("{{\"{field}\":1,\"{field}\":2}}");
        bodies.push((twice.clone(), twice.into_bytes()));
    }
    bodies
}

fn filled(path: &str, tenant: &str, order: &str, other: &str) -> String {
    let path = path.replace("{tenant}", tenant).replace("{order}", order);
    ["user", "code", "sku", "digest", "entry", "payment", "provider", "position"]
        .into_iter()
        .fold(path, |path, name| path.replace(&format!("{{{name}}}"), other))
}

#[tokio::test]
async fn fault_34_no_document_makes_a_route_fail() {
    let target = Target::open().await;
    let bodies = bodies();
    let mut asked = 0;
    for (method, path, has_body) in routes() {
        if !has_body {
            continue;
        }
        let path = filled(&path, "main", &target.own, "MUG");
        // Each answer of `track` takes 0.3 seconds, and its document has two fields.
        let most = if path.ends_with("/track") { 30 } else { bodies.len() };
        for (name, body) in &bodies[..most] {
            let reply = target.ask(&method, &path, &target.admin, body.clone()).await;
            harmless(&reply, &format!("{method} {path} {name}"));
            asked += 1;
        }
    }
    assert!(asked > 10_000, "{asked}");
    let order = target
        .ask(&Method::GET, &format!("/v1/main/orders/{}", target.own), &target.admin, Vec::new())
        .await;
    assert_eq!(order.json()["order"]["revision"], 1, "nothing happened to it");
}

#[tokio::test]
async fn fault_34_no_name_in_an_address_makes_a_route_fail() {
    let target = Target::open().await;
    let long = "a".repeat(4_000);
    let names = [
        "..",
        "%2e%2e",
        "..%2f..%2fetc%2fpasswd",
        "%00",
        "%ff",
        "%C3%28",
        "a%20b",
        "'",
        "%27%20OR%201=1--",
        "%25",
        "*",
        "_",
        "null",
        "0",
        "-1",
        "9007199254740992",
        "18446744073709551616",
        "01920000-0000-7000-8000-00000000000g",
        "%F0%9F%92%A5",
        "e%CC%81",
        &long,
    ];
    let queries = [
        "",
        "?limit=-1",
        "?limit=99999999999999999999",
        "?cursor=%00",
        "?cursor=1_x",
        "?q=%27%3B--",
        "?q=%F0%9F%92%A5",
        "?q=e%CC%81",
        "?status=%00",
        "?number=%00",
        "?log=maybe",
        "?nowMs=9223372036854775808",
        "?nowMs=-9223372036854775808",
        "?series=%25",
        "?limit=1&limit=2",
        "?%ff=%ff",
    ];
    for (method, path, _) in routes() {
        let most = if path.ends_with("/track") { 3 } else { names.len() };
        for name in &names[..most] {
            let paths = [
                filled(&path, "main", name, name),
                filled(&path, "main", &target.own, name),
                filled(&path, name, &target.own, name),
            ];
            for path in paths {
                let reply = target.ask(&method, &path, &target.admin, b"{}".to_vec()).await;
                harmless(&reply, &format!("{method} {path}"));
            }
        }
        for query in &queries[..most.min(queries.len())] {
            let path = format!("{}{query}", filled(&path, "main", &target.own, "MUG"));
            let reply = target.ask(&method, &path, &target.admin, b"{}".to_vec()).await;
            harmless(&reply, &format!("{method} {path}"));
        }
    }
    for path in [
        "/../server/Cargo.toml",
        "/..%2f..%2fCargo.toml",
        "/assets/../../../../Cargo.toml",
        "/%2e%2e/%2e%2e/Cargo.toml",
        "//etc/passwd",
        "/assets/%00",
    ] {
        let reply = target.ask(&Method::GET, path, "", Vec::new()).await;
        assert!(!reply.text().contains("[package]") && !reply.text().contains("root:"), "{path}");
        assert!(reply.status.as_u16() < 500, "{path}");
    }
}

#[tokio::test]
async fn fault_34_orders_of_another_tenant_are_unknown_wherever_they_are_named() {
    let target = Target::open().await;
    let foreign = target.foreign.as_str();
    for token in [&target.admin, &target.cara] {
        for (method, path, _) in routes() {
            if !path.contains("{tenant}") {
                continue;
            }
            for (tenant, name) in [
                ("main", "OTHER-SKU"),
                ("main", "OTHER-CARD"),
                ("other", "MUG"),
                ("other", "OTHER-SKU"),
            ] {
                let path = filled(&path, tenant, foreign, name);
                let reply = target.ask(&method, &path, token, b"{}".to_vec()).await;
                harmless(&reply, &format!("{method} {path}"));
                let status = reply.status.as_u16();
                if tenant == "other" && !path.contains("/track") && !path.contains("/webhook/") {
                    assert_eq!(status, 403, "{method} {path}: {}", reply.text());
                } else if path.contains(foreign) {
                    assert!((400..500).contains(&status), "{method} {path}: {}", reply.text());
                }
            }
        }
    }
    // In a body, as the order of a command, of a payment and of a match.
    let cancel = json!({"kind": "cancel@1", "args": {"reason": "noLongerWanted"}});
    let path = format!("/v1/main/orders/{foreign}/commands");
    let reply =
        target.ask(&Method::POST, &path, &target.admin, cancel.to_string().into_bytes()).await;
    harmless(&reply, "a command");
    assert_eq!(reply.json()["code"], "order_unknown", "{}", reply.text());
    let sync = json!({"v": 1, "client": new_id(), "commands": [
        {"n": 1, "id": new_id(), "order": foreign, "kind": "cancel@1", "atMs": 0, "args": {"reason": "noLongerWanted"}},
        {"n": 2, "id": new_id(), "order": foreign, "kind": "place@1", "atMs": 0, "args": place_args(1_000, "r1", "10.00")},
    ]});
    let reply = target
        .ask(&Method::POST, "/v1/main/sync", &target.cara, sync.to_string().into_bytes())
        .await;
    harmless(&reply, "sync");
    let answer = reply.json();
    assert_eq!(answer["results"][0]["verdict"], "rejected", "{answer}");
    let olga = target.shop.token("other", "olga", Role::Admin).await;
    let theirs = target.shop.get(&format!("/v1/other/orders/{foreign}"), &olga).await.json();
    assert_eq!(
        (&theirs["order"]["revision"], &theirs["order"]["details"]["customer"]["name"]),
        (&json!(1), &json!(MARKS[0]))
    );
}

#[tokio::test]
async fn fault_34_tampered_drafts_are_refused_and_the_servers_price_stands() {
    let target = Target::open().await;
    let digest = shop::rules("r1", "10.00").digest().to_owned();
    let place = async |change: &dyn Fn(&mut Value)| {
        let mut body = json!({"draft": draft(1)});
        change(&mut body);
        let reply = target.shop.post_once("/v1/main/orders", &target.cara, &new_id(), &body).await;
        harmless(&reply, &body.to_string());
        reply
    };
    let quantities = [
        "0",
        "-1",
        "0.5",
        "1e3",
        "1000001",
        "9007199254740993",
        "99999999999999999999",
        "",
        " 1",
        "１",
        "1\u{0}",
        "NaN",
        "Infinity",
        "0x10",
    ];
    for quantity in quantities {
        let reply = place(&|body| body["draft"]["lines"][0]["quantity"] = quantity.into()).await;
        assert!([400, 422].contains(&reply.status.as_u16()), "{quantity}: {}", reply.text());
    }
    // One letter and its accent, or both as one: neither is the SKU that the shop has, and both are named as they came.
    for sku in ["MU\u{0}G", "MÚG", "MU\u{301}G", "mug\u{200b}", "ＭＵＧ", "MUG ", "mug"] {
        let reply = place(&|body| body["draft"]["lines"][0]["sku"] = sku.into()).await;
        assert!([400, 422].contains(&reply.status.as_u16()), "{sku:?}: {}", reply.text());
    }
    for (path, value) in
        [("unitPrice", json!("0.01")), ("totalMinor", json!(1)), ("discountMinor", json!(999))]
    {
        let reply = place(&|body| body["draft"]["lines"][0][path] = value.clone()).await;
        assert!([400, 422].contains(&reply.status.as_u16()), "{path}: {}", reply.text());
    }
    for total in [
        json!(-1_000),
        json!(1),
        json!(9_007_199_254_740_991_i64),
        json!(9_007_199_254_740_992_i64),
        json!(1e300),
        json!("1000"),
    ] {
        let expect = json!({"totalMinor": total, "rulesetDigest": digest});
        let reply = place(&|body| body["expect"] = expect.clone()).await;
        assert!([400, 422].contains(&reply.status.as_u16()), "{total}: {}", reply.text());
    }
    // Fields that are the server's own are no fields of a draft.
    for field in ["number", "status", "owner", "placedMs", "totals", "tenant", "__proto__"] {
        let reply = place(&|body| body["draft"][field] = json!("x")).await;
        assert_eq!(reply.refusal(), (400, "shape_invalid".to_owned()), "{field}");
    }
    let honest = place(&|_| {}).await;
    assert_eq!(
        (honest.status.as_u16(), &honest.json()["order"]["totals"]["grossMinor"]),
        (201, &json!(1_000))
    );
}

#[tokio::test]
async fn fault_34_webhooks_are_believed_only_if_they_are_signed_for_this_tenant() {
    let till = Till::open(json!({})).await;
    let body = json!({"id": "evt", "key": new_id(), "state": "success", "amountMinor": 1_000, "currency": "EUR", "atMs": 0});
    for signature in ["", "t=0,v1=", "t=9999999999999999999999,v1=00", "v1", "\u{7f}x"] {
        let request =
            Request::builder().method(Method::POST).uri("/v1/main/payments/webhook/local");
        let Ok(request) =
            request.header("orderkit-signature", signature).body(Body::from(body.to_string()))
        else {
            continue;
        };
        let reply = till.shop.send(request).await;
        assert_eq!(reply.refusal().0, 401, "{signature}: {}", reply.text());
    }
    let signed = orderkit_server::payment::sign(
        shop::SECRET,
        "other",
        body.to_string().as_bytes(),
        shop::NOW_MS,
    );
    assert_eq!(
        till.webhook_of("main", &body, &signed).await.refusal().0,
        401,
        "signed for another tenant"
    );
}
