//! A shop to test with: rules, a clock that stands still, users with tokens, and devices that sync.
#![allow(dead_code, reason = "each test program uses its own part")]

pub mod census;
#[cfg(feature = "postgres")]
pub mod cluster;
pub mod crew;
pub mod engine;
pub mod faulty;
pub mod limits;
pub mod page;
pub mod process;
#[cfg(feature = "postgres")]
pub mod proxy;
pub mod till;
pub mod wire;

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use http_body_util::BodyExt;
use orderkit::{Actor, Role, Rules};
use orderkit_server::{
    App, Clock, SessionTimes, Settings,
    database::{Database, query},
    http::{self, Limits},
    notice::Notices,
    store::{Purpose, Store},
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::watch;
use tower::ServiceExt;

pub const NOW_MS: i64 = 1_764_000_000_000;
/// What the provider for trying out signs with.
pub const SECRET: &str = "a secret of the tests";
pub const HOUR_MS: i64 = 60 * 60 * 1_000;

pub struct Shop {
    pub app: App,
    pub folder: TempDir,
    pub database: Arc<dyn Database>,
    router: Router,
    now_ms: Arc<AtomicI64>,
    closing: watch::Sender<bool>,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Shop {
    pub async fn open() -> Self {
        Self::with(false).await
    }

    pub async fn with(open_sign_in: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = engine::database(folder.path()).await;
        Self::on(folder, database, open_sign_in).await
    }

    /// A shop on a database of the test's own.
    pub async fn on(folder: TempDir, database: Arc<dyn Database>, open_sign_in: bool) -> Self {
        let store = Store::on(Arc::clone(&database)).await.unwrap();
        let now_ms = Arc::new(AtomicI64::new(NOW_MS));
        let clock = Arc::clone(&now_ms);
        let (closing, is_closing) = watch::channel(false);
        let settings = Settings { tenant: "main".to_owned(), open_sign_in, behind_proxy: false };
        let clock = Clock::new(move || clock.load(Ordering::SeqCst));
        let app = App::new(store, clock, settings, is_closing).with_local_provider(SECRET);
        for tenant in ["main", "other"] {
            app.open_tenant(tenant, rules_text("r1", "10.00").as_bytes()).await.unwrap();
        }
        let router = http::app(app.clone());
        Self { app, folder, database, router, now_ms, closing }
    }

    /// The same shop under other limits.
    pub fn limited(mut self, limits: Limits) -> Self {
        self.app = self.app.clone().with_limits(limits);
        self.router = http::app(self.app.clone());
        self
    }

    /// The same shop, whose sign-ins last so long.
    pub fn lasting(mut self, sessions: SessionTimes) -> Self {
        self.app = self.app.clone().with_session_times(sessions);
        self.router = http::app(self.app.clone());
        self
    }

    /// Says that the server is ending.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    /// The same shop, which tells its customers what happens.
    pub fn telling(mut self, notices: impl FnOnce(&Self) -> Notices) -> Self {
        self.app = self.app.clone().with_notices(notices(&self));
        self.router = http::app(self.app.clone());
        self
    }

    /// Changes the tables behind the server's back.
    pub async fn tamper(&self, sql: &str) {
        let mut connection = self.database.begin_write("main").await.unwrap();
        query(sql).execute(connection.as_mut()).await.unwrap();
        connection.commit().await.unwrap();
    }

    pub fn wait(&self, milliseconds: i64) {
        self.now_ms.fetch_add(milliseconds, Ordering::SeqCst);
    }

    pub async fn token(&self, tenant: &str, user: &str, role: Role) -> String {
        let actor = Actor { user: user.to_owned(), role };
        self.app.grant(tenant, actor, Purpose::All, 900 * HOUR_MS).await.unwrap().0
    }

    pub async fn device(&self, user: &str, role: Role) -> Device<'_> {
        let token = self.token("main", user, role).await;
        Device { shop: self, token, client: new_id(), n: 0, since: None, ack: 0 }
    }

    pub async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes().to_vec();
        Reply { status: parts.status, headers: parts.headers, bytes }
    }

    /// The response as it comes, for streams.
    pub async fn stream(&self, path: &str, token: &str) -> axum::response::Response {
        let request = request(Method::GET, path, token, Body::empty());
        self.router.clone().oneshot(request).await.unwrap()
    }

    pub async fn get(&self, path: &str, token: &str) -> Reply {
        self.send(request(Method::GET, path, token, Body::empty())).await
    }

    pub async fn post(&self, path: &str, token: &str, body: &Value) -> Reply {
        self.send(request(Method::POST, path, token, Body::from(body.to_string()))).await
    }

    /// One command over plain HTTP, under a key of the caller.
    pub async fn command(
        &self,
        order: &str,
        key: &str,
        token: &str,
        kind: &str,
        args: Value,
    ) -> Reply {
        let body = Body::from(json!({"kind": kind, "args": args}).to_string());
        let path = format!("/v1/main/orders/{order}/commands");
        let mut request = request(Method::POST, &path, token, body);
        request.headers_mut().insert("idempotency-key", key.parse().unwrap());
        self.send(request).await
    }

    /// Puts rules in force that differ from the first ones in their workflow.
    pub async fn put_workflow(&self, version: &str, workflow: Value) {
        let mut document: Value = serde_json::from_str(&rules_text(version, "10.00")).unwrap();
        for (name, value) in workflow.as_object().unwrap() {
            document["workflow"][name] = value.clone();
        }
        self.app.put_rules("main", document.to_string().as_bytes()).await.unwrap();
    }

    /// Puts rules in force in which cards go through the provider for trying out.
    pub async fn put_provider(&self, version: &str, workflow: Value) {
        let document = provider_rules(version, workflow);
        self.app.put_rules("main", document.as_bytes()).await.unwrap();
    }

    /// A request under a key of the caller.
    pub async fn post_once(&self, path: &str, token: &str, key: &str, body: &Value) -> Reply {
        let mut request = request(Method::POST, path, token, Body::from(body.to_string()));
        request.headers_mut().insert("idempotency-key", key.parse().unwrap());
        self.send(request).await
    }

    pub async fn put_rules(&self, version: &str, price: &str) {
        let document = rules_text(version, price);
        assert!(self.app.put_rules("main", document.as_bytes()).await.unwrap().changed);
    }
}

impl Reply {
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("{}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Status and code of a refusal.
    #[track_caller]
    pub fn refusal(&self) -> (u16, String) {
        (self.status.as_u16(), self.json()["code"].as_str().unwrap_or_default().to_owned())
    }
}

pub fn request(method: Method, path: &str, token: &str, body: Body) -> Request<Body> {
    let builder = Request::builder().method(method).uri(path);
    let builder = builder.header(header::AUTHORIZATION, format!("Bearer {token}"));
    builder.body(body).unwrap()
}

/// A client with its counter, as the browser has one.
pub struct Device<'a> {
    pub shop: &'a Shop,
    pub token: String,
    pub client: String,
    pub n: u64,
    pub since: Option<Value>,
    pub ack: u64,
}

impl Device<'_> {
    /// A command under the next counter.
    pub fn command(&mut self, order: &str, kind: &str, args: Value) -> Value {
        self.n += 1;
        json!({"n": self.n, "id": new_id(), "order": order, "kind": kind, "atMs": NOW_MS, "args": args})
    }

    pub async fn sync(&self, commands: &[Value]) -> Reply {
        let mut body =
            json!({"v": 1, "client": self.client, "ack": self.ack, "commands": commands});
        if let Some(since) = &self.since {
            body["since"] = since.clone();
        }
        self.shop.post("/v1/main/sync", &self.token, &body).await
    }

    /// Syncs and goes on from where the answer ends.
    #[track_caller]
    pub fn settle(&mut self, answer: &Value) {
        self.since = Some(json!({"epoch": answer["epoch"], "seq": answer["next"]}));
        self.ack = answer["processed"].as_u64().unwrap();
    }

    /// Places an order of one mug and gives its id and the answer.
    pub async fn place(&mut self) -> (String, Value) {
        let order = new_id();
        let command = self.command(&order, "place@1", place_args(1_000, "r1", "10.00"));
        let answer = self.sync(&[command]).await.json();
        (order, answer)
    }
}

/// A shop with one mug at this price, tax of 20 % in it, and free pick-up.
pub fn rules_text(version: &str, price: &str) -> String {
    let document = json!({
        "version": version, "name": {"en": "Mugs"}, "currency": "EUR", "homeCountry": "DE",
        "priceBasis": "taxInclusive",
        "products": [{"sku": "MUG", "name": {"en": "Mug"}, "unitPrice": price, "taxClass": "all"}],
        "shippingMethods":
            [{"id": "van", "name": {"en": "Van"}, "priceMinor": 0, "taxClass": "all"}],
        "paymentMethods": [{"id": "card", "name": {"en": "Card"}}],
        "taxClasses": [{"id": "all", "rules": [{"components": [{"percent": "20"}]}]}],
        // The tests order the same mug again and again.
        "workflow": {"repeatWithinSeconds": 0},
    });
    document.to_string()
}

/// The same shop, in which cards go through the provider for trying out.
pub fn provider_rules(version: &str, workflow: Value) -> String {
    let mut document: Value = serde_json::from_str(&rules_text(version, "10.00")).unwrap();
    for (name, value) in workflow.as_object().unwrap() {
        document["workflow"][name] = value.clone();
    }
    document["paymentMethods"][0]["provider"] = json!("local");
    document.to_string()
}

pub fn rules(version: &str, price: &str) -> Rules {
    Rules::from_json(rules_text(version, price).as_bytes()).unwrap()
}

pub fn draft(quantity: u32) -> Value {
    json!({
        "lines": [{"sku": "MUG", "quantity": quantity.to_string()}],
        "details": {
            "customer": {"name": "Ada Beck", "email": "ada@example.org"},
            "shippingAddress":
                {"street": ["Weg 1"], "city": "Bonn", "postcode": "53111", "country": "DE"},
            "shippingMethod": "van", "paymentMethod": "card",
        },
    })
}

/// Arguments of a `place` of one mug, as computed with the rules of a version and price.
pub fn place_args(total_minor: i64, version: &str, price: &str) -> Value {
    let digest = rules(version, price).digest().to_owned();
    json!({"draft": draft(1), "expect": {"totalMinor": total_minor, "rulesetDigest": digest}})
}

/// A UUID that no other test has.
pub fn new_id() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("01920000-0000-7000-8000-{:012x}", NEXT.fetch_add(1, Ordering::SeqCst))
}

/// Numbers that follow from a seed, as in splitmix64.
pub struct Chance(pub u64);

impl Chance {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below another one.
    pub fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap();
        usize::try_from(self.next() % end).unwrap()
    }
}
