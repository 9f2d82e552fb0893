//! Returns over plain HTTP: what they would give, and what comes back to be used again.

mod shop;

use orderkit::Role;
use serde_json::{Value, json};
use shop::{
    limits::{Limits, with_coupon},
    new_id,
};

const MINUTE_MS: i64 = 60_000;

async fn does(limits: &Limits, order: &str, token: &str, kind: &str, args: Value) -> Value {
    let reply = limits.shop.command(order, &new_id(), token, kind, args).await;
    assert_eq!(reply.status, 200, "{kind}: {}", reply.text());
    reply.json()
}

/// Sylius/Sylius#10125: uses of coupons come back when an order ends without goods.
#[tokio::test]
async fn a_coupon_comes_back_with_all_of_the_goods_if_the_shop_says_so() {
    for (policy, count) in [("canceled", 1), ("allBack", 0), ("never", 1)] {
        let returns = json!({"usesComeBack": policy});
        let limits = Limits::with_returns(json!({"uses": 1}), returns).await;
        let mut cara = limits.shop.device("cara", Role::Customer).await;
        let (order, code) = limits.place(&mut cara, &with_coupon(), 800).await;
        assert_eq!(code, "");
        let staff = limits.shop.token("main", "sam", Role::Staff).await;
        let lines = json!([{"line": "1", "quantity": "1", "reason": "late"}]);
        for (kind, args) in [
            ("recordPayment@1", json!({"id": "p1", "method": "card", "amountMinor": 800})),
            ("confirm@1", json!({})),
            ("ship@1", json!({"shipment": "s1"})),
            ("deliver@1", json!({"shipment": "s1"})),
            ("requestReturn@1", json!({"returnId": "r1", "lines": lines})),
            ("approveReturn@1", json!({"returnId": "r1"})),
            ("receiveReturn@1", json!({"returnId": "r1"})),
            ("inspectReturn@1", json!({"returnId": "r1"})),
        ] {
            does(&limits, &order, &staff, kind, args).await;
        }
        let path = format!("/v1/main/orders/{order}/returns/preview");
        let resolve = json!({"kind": "resolveReturn@1", "args": {"returnId": "r1"}});
        let shown = limits.shop.post(&path, &staff, &resolve).await.json();
        assert_eq!(shown["credit"]["totalMinor"], 800, "{shown}");
        assert_eq!(shown["refunds"][0]["source"], "p1");
        let foreign = limits.shop.token("main", "eve", Role::Customer).await;
        assert_eq!(limits.shop.post(&path, &foreign, &resolve).await.status, 404);
        let settled =
            does(&limits, &order, &staff, "resolveReturn@1", json!({"returnId": "r1"})).await;
        assert_eq!(settled["order"]["credits"][0], shown["credit"]);
        assert_eq!(limits.uses().await[0]["count"], count, "{policy}");
    }
}

#[tokio::test]
async fn a_coupon_comes_back_from_an_order_that_expires_or_is_called_off_unless_never() {
    for (policy, count) in [("canceled", 0), ("allBack", 0), ("never", 1)] {
        let returns = json!({"usesComeBack": policy});
        let limits = Limits::with_returns(json!({"uses": 1}), returns).await;
        let mut cara = limits.shop.device("cara", Role::Customer).await;
        let (order, _) = limits.place(&mut cara, &with_coupon(), 800).await;
        limits.shop.wait(31 * MINUTE_MS);
        limits.shop.app.do_what_is_due().await.unwrap();
        let order = limits.shop.get(&format!("/v1/main/orders/{order}"), &cara.token).await.json();
        assert_eq!(order["order"]["status"], "expired");
        assert_eq!(limits.uses().await[0]["count"], count, "{policy}");
    }
}

#[tokio::test]
async fn an_approved_return_whose_goods_are_not_sent_ends_by_itself() {
    let limits = Limits::with_returns(json!({}), json!({"sendWithinDays": 2})).await;
    let mut cara = limits.shop.device("cara", Role::Customer).await;
    let (order, _) = limits.place(&mut cara, &with_coupon(), 800).await;
    let staff = limits.shop.token("main", "sam", Role::Staff).await;
    let lines = json!([{"line": "1", "quantity": "1", "reason": "late"}]);
    for (kind, args) in [
        ("recordPayment@1", json!({"id": "p1", "method": "card", "amountMinor": 800})),
        ("confirm@1", json!({})),
        ("ship@1", json!({"shipment": "s1"})),
        ("deliver@1", json!({"shipment": "s1"})),
        ("requestReturn@1", json!({"returnId": "r1", "lines": lines})),
        ("approveReturn@1", json!({"returnId": "r1"})),
    ] {
        does(&limits, &order, &staff, kind, args).await;
    }
    limits.shop.wait(3 * 24 * 60 * MINUTE_MS);
    limits.shop.app.do_what_is_due().await.unwrap();
    let order = limits.shop.get(&format!("/v1/main/orders/{order}"), &cara.token).await.json();
    assert_eq!(order["order"]["returns"][0]["status"], "expired");
}
