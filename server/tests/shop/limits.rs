//! A shop with limits and balances, and short ways to order in it.

use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use orderkit::{Role, Rules};
use serde_json::{Value, json};

use super::{Device, Reply, Shop, draft, new_id, request, rules_text};

/// The mug at 10.00 with these promotions and price lists, and points worth a cent each.
fn ruleset(promotions: &Value, price_lists: &Value) -> String {
    let mut document: Value = serde_json::from_str(&rules_text("limits", "10.00")).unwrap();
    document["promotions"] = promotions.clone();
    document["priceLists"] = price_lists.clone();
    document["points"] = json!({"unitPoints": 100, "unitMinor": 100});
    let pen = json!({"sku": "PEN", "name": {"en": "Pen"}, "unitPrice": "1.00", "taxClass": "all"});
    document["products"].as_array_mut().unwrap().push(pen);
    document.to_string()
}

/// A coupon `TAKE2` of 2.00 off with these limits.
pub fn coupon(limits: &Value) -> Value {
    json!([{"id": "take2", "name": {"en": "Two off"}, "couponCodes": ["TAKE2"],
            "effect": {"kind": "orderFixed", "amountMinor": 200}, "limits": limits}])
}

pub struct Limits {
    pub shop: Shop,
    pub admin: String,
    pub digest: String,
}

impl Limits {
    pub async fn open(promotions: Value, price_lists: Value) -> Self {
        Self::with_rules(ruleset(&promotions, &price_lists)).await
    }

    /// A coupon with these limits in a shop with these terms of return, where unpaid orders expire.
    pub async fn with_returns(limits: Value, returns: Value) -> Self {
        let text = ruleset(&coupon(&limits), &json!([]));
        let mut document: Value = serde_json::from_str(&text).unwrap();
        document["returns"] = returns;
        document["workflow"] = json!({"payWithinMinutes": 30, "repeatWithinSeconds": 0});
        Self::with_rules(document.to_string()).await
    }

    pub async fn with_rules(text: String) -> Self {
        let shop = Shop::open().await;
        shop.app.put_rules("main", text.as_bytes()).await.unwrap();
        let digest = Rules::from_json(text.as_bytes()).unwrap().digest().to_owned();
        let admin = shop.token("main", "ada", Role::Admin).await;
        Self { shop, admin, digest }
    }

    pub async fn with_coupon(limits: Value) -> Self {
        Self::open(coupon(&limits), json!([])).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Reply {
        let path = format!("/v1/main/{path}");
        let body = Body::from(body.to_string());
        self.shop.send(request(Method::PUT, &path, &self.admin, body)).await
    }

    pub async fn known(&self, path: &str) -> Value {
        let reply = self.shop.get(&format!("/v1/main/{path}"), &self.admin).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
        reply.json()
    }

    pub fn args(&self, draft: &Value, total_minor: i64) -> Value {
        json!({"draft": draft,
               "expect": {"totalMinor": total_minor, "rulesetDigest": self.digest}})
    }

    /// Places a draft at a price; the code of the first issue, or nothing if it was accepted.
    pub async fn place(
        &self,
        device: &mut Device<'_>,
        draft: &Value,
        total: i64,
    ) -> (String, String) {
        let order = new_id();
        let args = self.args(draft, total);
        (order.clone(), self.submit(device, &order, "place@1", args).await)
    }

    pub async fn cancel(&self, device: &mut Device<'_>, order: &str) -> String {
        self.submit(device, order, "cancel@1", json!({"reason": "no"})).await
    }

    pub async fn submit(
        &self,
        device: &mut Device<'_>,
        order: &str,
        kind: &str,
        args: Value,
    ) -> String {
        let command = device.command(order, kind, args);
        let answer = device.sync(&[command]).await.json();
        device.settle(&answer);
        let result = answer["results"].as_array().unwrap().last().unwrap();
        result["issues"][0]["code"].as_str().unwrap_or_default().to_owned()
    }

    /// The total of a quote over HTTP.
    pub async fn quoted(&self, token: &str, query: &str, draft: &Value) -> i64 {
        let path = format!("/v1/main/quote{query}");
        let answer = self.shop.post(&path, token, draft).await.json();
        answer["quote"]["totals"]["grossMinor"].as_i64().unwrap_or_else(|| panic!("{answer}"))
    }

    pub async fn uses(&self) -> Value {
        self.known("ruleset/uses").await["uses"].clone()
    }
}

pub fn with(field: &str, value: Value) -> Value {
    let mut draft = draft(1);
    draft["details"][field] = value;
    draft
}

pub fn with_coupon() -> Value {
    with("couponCodes", json!(["take2"]))
}
