//! A till: an order whose payments go through the provider for trying out, and what the provider says of them.

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use orderkit::{Amount, Currency, PaymentKind, Role};
use orderkit_server::{
    Clock,
    payment::{LocalProvider, Outcome, Provider, ProviderRequest, SIGNATURE_HEADER, sign},
};
use serde_json::{Value, json};

use super::{NOW_MS, Reply, SECRET, Shop, new_id};

pub const SECOND_MS: i64 = 1_000;

impl Shop {
    /// Money that comes to the provider without a question of the shop.
    pub async fn pays_elsewhere(&self, number: &str, amount: i64) {
        let clock = Clock::new(|| NOW_MS);
        let provider = LocalProvider::new(self.app.store().clone(), clock, SECRET);
        let request = ProviderRequest {
            tenant: "main".to_owned(),
            key: new_id(),
            kind: PaymentKind::Capture,
            amount_minor: Amount::new(amount).unwrap(),
            currency: Currency::parse("EUR").unwrap(),
            instrument: Some("test-ok".to_owned()),
            source_reference: None,
            order_number: number.to_owned(),
        };
        assert!(matches!(provider.ask(&request).await, Outcome::Success(_)));
    }
}

/// A shop whose cards go through the provider, and an order of 10.00 in it.
pub struct Till {
    pub shop: Shop,
    pub order: String,
    pub buyer: String,
    pub staff: String,
}

impl Till {
    pub async fn open(workflow: Value) -> Self {
        let shop = Shop::open().await;
        shop.put_provider("r2", workflow).await;
        let mut ada = shop.device("ada", Role::Customer).await;
        let (order, answer) = ada.place().await;
        assert_eq!(answer["results"][0]["verdict"], "accepted", "{answer}");
        let buyer = ada.token.clone();
        let staff = shop.token("main", "sam", Role::Staff).await;
        Self { shop, order, buyer, staff }
    }

    pub async fn ask(&self, token: &str, key: &str, body: Value) -> Reply {
        let path = format!("/v1/main/orders/{}/payments", self.order);
        self.shop.post_once(&path, token, key, &body).await
    }

    pub async fn pay(&self, instrument: &str) -> Value {
        let body = json!({"action": "capture", "instrument": instrument});
        let reply = self.ask(&self.buyer, &new_id(), body).await;
        assert_eq!(reply.status, 201, "{}", reply.text());
        reply.json()
    }

    pub async fn does(&self, kind: &str, args: Value) -> Value {
        let reply = self.shop.command(&self.order, &new_id(), &self.staff, kind, args).await;
        assert_eq!(reply.status, 200, "{kind}: {}", reply.text());
        reply.json()
    }

    pub async fn look(&self) -> Value {
        self.shop.get(&format!("/v1/main/orders/{}", self.order), &self.staff).await.json()
    }

    /// Lets time pass and the server work, until nothing has to be done.
    pub async fn wait(&self, seconds: i64) {
        for _ in 0..seconds {
            self.shop.wait(SECOND_MS);
            self.shop.app.settle_payments().await.unwrap();
        }
    }

    /// How often the provider has moved money of a kind.
    pub async fn moved(&self, kind: &str) -> usize {
        let mut store = self.shop.app.store().read().await.unwrap();
        let all = store.local_payments("main", None).await.unwrap();
        all.iter().filter(|it| it.kind == kind && it.fate == "success").count()
    }

    pub async fn webhook(&self, body: &Value, secret: &str, at_ms: i64) -> Reply {
        self.webhook_of("main", body, &sign(secret, "main", body.to_string().as_bytes(), at_ms))
            .await
    }

    /// A webhook that reaches a tenant with a signature that may be of another one.
    pub async fn webhook_of(&self, tenant: &str, body: &Value, signature: &str) -> Reply {
        let request = Request::builder()
            .method(Method::POST)
            .uri(format!("/v1/{tenant}/payments/webhook/local"))
            .header(header::CONTENT_TYPE, "application/json")
            .header(SIGNATURE_HEADER, signature);
        self.shop.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// What the provider says by itself, signed now.
    pub async fn told(&self, body: &Value) {
        let taken = self.webhook(body, SECRET, NOW_MS).await;
        assert_eq!(taken.status, 204, "{}", taken.text());
    }

    /// What waits in quarantine.
    pub async fn entries(&self) -> Vec<Value> {
        let list = self.shop.get("/v1/main/quarantine", &self.staff).await;
        assert_eq!(list.status, 200, "{}", list.text());
        list.json()["entries"].as_array().unwrap().clone()
    }

    /// The key under which the provider was asked for a payment.
    pub async fn key_of(&self, reference: &str) -> String {
        let mut store = self.shop.app.store().read().await.unwrap();
        let all = store.local_payments("main", None).await.unwrap();
        all.iter().find(|it| it.reference == reference).unwrap().key.clone()
    }
}
