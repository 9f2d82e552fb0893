//! Gift cards, points, store credit and stock; whose they are, and who says how much there is.

mod shop;

use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use orderkit::Role;
use serde_json::{Value, json};
use shop::{
    draft,
    limits::{Limits, coupon, with, with_coupon},
    new_id, request,
};

#[tokio::test]
async fn a_gift_card_is_spent_once() {
    let limits = Limits::open(json!([]), json!([])).await;
    limits.put("gift-cards/Birthday-1", json!({"balanceMinor": 1_500})).await;
    let paid_by_card = with("giftCards", json!(["birthday-1"]));
    let mut cara = limits.shop.device("cara", Role::Customer).await;
    let (first, code) = limits.place(&mut cara, &paid_by_card, 1_000).await;
    assert_eq!(code, "");
    assert_eq!(limits.known("gift-cards/birthday-1").await["balanceMinor"], 500);

    // What is left to pay was agreed on as well.
    let mut args = limits.args(&paid_by_card, 1_000);
    args["expect"]["payableMinor"] = json!(0);
    let order = new_id();
    assert_eq!(limits.submit(&mut cara, &order, "place@1", args.clone()).await, "price_changed");
    args["expect"]["payableMinor"] = json!(500);
    let (second, twice) = (new_id(), new_id());
    assert_eq!(limits.submit(&mut cara, &second, "place@1", args.clone()).await, "");
    assert_eq!(limits.submit(&mut cara, &twice, "place@1", args).await, "price_changed");
    assert_eq!(limits.known("gift-cards/birthday-1").await["balanceMinor"], 0);

    assert_eq!(limits.cancel(&mut cara, &first).await, "");
    assert_eq!(limits.known("gift-cards/birthday-1").await["balanceMinor"], 1_000);
    // A code that is entered twice is one card.
    let both = with("giftCards", json!(["birthday-1", "BIRTHDAY-1"]));
    let mut two = both.clone();
    two["lines"][0]["quantity"] = json!("2");
    let (order, code) = limits.place(&mut cara, &two, 2_000).await;
    assert_eq!(code, "");
    let placed = limits.known(&format!("orders/{order}")).await;
    assert_eq!(placed["order"]["totals"]["payableMinor"], 1_000);
    assert_eq!(limits.known("gift-cards/birthday-1").await["balanceMinor"], 0);
    let unknown = with("giftCards", json!(["nothing"]));
    assert_eq!(limits.place(&mut cara, &unknown, 1_000).await.1, "gift_card_unknown");
}

#[tokio::test]
async fn points_and_store_credit_are_spent_and_come_back() {
    let limits = Limits::open(json!([]), json!([])).await;
    let facts = json!({"points": 350, "storeCreditMinor": 400});
    assert_eq!(limits.put("customers/cara", facts).await.status, StatusCode::OK);
    let mut spending = with("spendPoints", json!(350));
    spending["details"]["spendStoreCredit"] = json!(true);
    let mut cara = limits.shop.device("cara", Role::Customer).await;
    // 300 points take 3.00 off; 50 are too few for another unit.
    let (order, code) = limits.place(&mut cara, &spending, 700).await;
    assert_eq!(code, "");
    let placed = limits.known(&format!("orders/{order}")).await;
    assert_eq!(placed["order"]["totals"]["payableMinor"], 300);
    let known = limits.known("customers/cara").await;
    assert_eq!((&known["points"], &known["storeCreditMinor"]), (&json!(50), &json!(0)));
    assert_eq!(limits.place(&mut cara, &spending, 700).await.1, "points_too_many");
    assert_eq!(limits.cancel(&mut cara, &order).await, "");
    let known = limits.known("customers/cara").await;
    assert_eq!((&known["points"], &known["storeCreditMinor"]), (&json!(350), &json!(400)));
    let mut carl = limits.shop.device("carl", Role::Customer).await;
    assert_eq!(limits.place(&mut carl, &spending, 700).await.1, "points_too_many");
}

#[tokio::test]
async fn a_gift_is_given_while_there_are_some() {
    let promotion = json!([{"id": "pen", "name": {"en": "A pen"},
        "effect": {"kind": "gift", "skus": ["PEN"], "quantity": 1}}]);
    let limits = Limits::open(promotion, json!([])).await;
    limits.put("stock/PEN", json!({"quantity": "1"})).await;
    let mut cara = limits.shop.device("cara", Role::Customer).await;
    let pens = async |order: &str| {
        let placed = limits.known(&format!("orders/{order}")).await;
        placed["order"]["lines"].as_array().unwrap().len() - 1
    };
    let (first, code) = limits.place(&mut cara, &draft(1), 1_000).await;
    assert_eq!((code.as_str(), pens(&first).await), ("", 1));
    assert_eq!(limits.known("stock/PEN").await["available"], "0");
    let (second, code) = limits.place(&mut cara, &draft(1), 1_000).await;
    assert_eq!((code.as_str(), pens(&second).await), ("", 0));
    assert_eq!(limits.cancel(&mut cara, &first).await, "");
    assert_eq!(limits.known("stock/PEN").await["available"], "1");
}

#[tokio::test]
async fn staff_order_for_customers_by_id_or_address() {
    let limits = Limits::with_coupon(json!({"usesPerCustomer": 1})).await;
    let mut staff = limits.shop.device("sam", Role::Staff).await;
    let of = |customer: Value| {
        let mut draft = with_coupon();
        draft["details"]["customer"] = customer;
        draft
    };
    let guest = of(json!({"name": "Ben", "email": "Ben@Example.org"}));
    assert_eq!(limits.place(&mut staff, &guest, 800).await.1, "");
    let same = of(json!({"name": "Ben B.", "email": "ben@example.org"}));
    assert_eq!(limits.place(&mut staff, &same, 800).await.1, "coupon_used_up");
    assert_eq!(limits.known("customers/mailto:ben@example.org").await["placedOrders"], 1);
    let cara = of(json!({"id": "cara", "name": "Cara", "email": "ben@example.org"}));
    assert_eq!(limits.place(&mut staff, &cara, 800).await.1, "");
    let mut own = limits.shop.device("cara", Role::Customer).await;
    assert_eq!(limits.place(&mut own, &with_coupon(), 800).await.1, "coupon_used_up");
}

#[tokio::test]
async fn a_sync_tells_a_customer_of_themselves_only() {
    let list = json!([{"id": "gold", "name": {"en": "Gold"}, "customerGroups": ["gold"],
        "prices": [{"sku": "MUG", "unitPrice": "7.00"}]}]);
    let limits = Limits::open(coupon(&json!({"uses": 5, "usesPerCustomer": 2})), list).await;
    limits.put("customers/cara", json!({"groups": ["gold"], "points": 7})).await;
    let mut cara = limits.shop.device("cara", Role::Customer).await;
    let first = cara.sync(&[]).await.json();
    let context = &first["known"]["context"];
    assert_eq!(context["customer"]["groups"], json!(["gold"]));
    assert_eq!(context["customer"]["placedOrders"], 0);
    assert_eq!(context["customer"]["points"], 7);
    assert_eq!(context["mayAdjust"], false);
    let place = cara.command(&new_id(), "place@1", limits.args(&with_coupon(), 500));
    let answer = cara.sync(&[place]).await.json();
    assert_eq!(answer["results"][0]["verdict"], "accepted");
    let expected = json!([{"rule": "take2", "count": 1, "customerCount": 1,
                           "amountMinor": 200, "customerAmountMinor": 200}]);
    assert_eq!(answer["known"]["context"]["uses"], expected);
    assert_eq!(answer["known"]["context"]["customer"]["placedOrders"], 1);

    let body = json!({"v": 1, "client": cara.client, "known": answer["known"]["digest"]});
    let again = limits.shop.post("/v1/main/sync", &cara.token, &body).await.json();
    assert_eq!(again.get("known"), None, "it is no news");

    for (user, role) in [("carl", Role::Customer), ("sam", Role::Staff)] {
        let other = limits.shop.device(user, role).await.sync(&[]).await.json();
        let context = &other["known"]["context"];
        assert_eq!(context["uses"][0]["count"], 1, "the total is for all to price by");
        assert_eq!(context["uses"][0]["customerCount"], 0);
        assert_eq!(context["customer"].get("groups"), None);
        assert_eq!(context["customer"]["points"], 0);
    }
}

#[tokio::test]
async fn administration_is_for_administrators_and_checks_what_it_takes() {
    let limits = Limits::open(json!([]), json!([])).await;
    let staff = limits.shop.token("main", "sam", Role::Staff).await;
    let cara = limits.shop.token("main", "cara", Role::Customer).await;
    let bodies = [
        ("customers/cara", json!({"points": 1})),
        ("gift-cards/A", json!({"balanceMinor": 1})),
        ("stock/PEN", json!({"quantity": "1"})),
    ];
    for (path, body) in &bodies {
        let path = format!("/v1/main/{path}");
        for token in [&staff, &cara] {
            let put = request(Method::PUT, &path, token, Body::from(body.to_string()));
            assert_eq!(limits.shop.send(put).await.refusal().0, 403, "{path}");
        }
        let put = request(Method::PUT, &path, &limits.admin, Body::from(body.to_string()));
        assert_eq!(limits.shop.send(put).await.status, StatusCode::OK, "{path}");
        assert_eq!(limits.shop.get(&path, &staff).await.status, StatusCode::OK, "{path}");
        let own = if path.contains("cara") { 200 } else { 403 };
        assert_eq!(limits.shop.get(&path, &cara).await.status.as_u16(), own, "{path}");
    }
    let other = limits.shop.get("/v1/main/customers/carl", &cara).await;
    assert_eq!(other.refusal(), (403, "token_forbids".to_owned()));
    let uses = limits.shop.get("/v1/main/ruleset/uses", &cara).await;
    assert_eq!(uses.refusal(), (403, "token_forbids".to_owned()));

    let long = "x".repeat(200);
    #[rustfmt::skip]
    let rows = [
        ("customers/cara", json!({"groups": [""]}), 422, "required", "/groups/0"),
        ("customers/cara", json!({"groups": [long]}), 422, "text_too_long", "/groups/0"),
        ("customers/cara", json!({"points": -1}), 400, "shape_invalid", "/points"),
        ("customers/cara", json!({"storeCreditMinor": -1}), 422, "shape_invalid", "/storeCreditMinor"),
        ("customers/cara", json!({"placedOrders": 3}), 400, "shape_invalid", "/placedOrders"),
        ("customers/cara", json!({"exemptions": [{"certificate": "E", "startsMs": 2, "endsMs": 1}]}), 422, "shape_invalid", "/exemptions/0/endsMs"),
        ("gift-cards/A", json!({"balanceMinor": -5}), 422, "shape_invalid", "/balanceMinor"),
        ("gift-cards/A", json!({}), 400, "shape_invalid", ""),
        ("gift-cards/A%20", json!({"balanceMinor": 5}), 422, "text_invalid", "/code"),
        ("stock/PEN", json!({"quantity": "-1"}), 422, "shape_invalid", "/quantity"),
        ("stock/PEN", json!({"quantity": "many"}), 400, "shape_invalid", "/quantity"),
    ];
    for (path, body, status, code, at) in rows {
        let reply = limits.put(path, body.clone()).await;
        assert_eq!(reply.refusal(), (status, code.to_owned()), "{path} {body}");
        assert_eq!(reply.json()["path"], at, "{path} {body}");
    }
    assert_eq!(limits.known("gift-cards/a").await["balanceMinor"], 1, "nothing was changed");

    let check = json!({"number": "DE1", "valid": true, "checkedMs": 1});
    limits.put("customers/cara", json!({"groups": ["gold"], "taxNumber": check})).await;
    limits.put("customers/cara", json!({"groups": ["gold", "club"]})).await;
    let known = limits.known("customers/cara").await;
    assert_eq!(known["points"], 1, "what is left out stays");
    assert_eq!((&known["groups"], &known["taxNumber"]), (&json!(["gold", "club"]), &check));
    limits.put("customers/cara", json!({"taxNumber": null})).await;
    assert_eq!(limits.known("customers/cara").await.get("taxNumber"), None);
    let missing = limits.shop.get("/v1/main/gift-cards/none", &limits.admin).await;
    assert_eq!(missing.refusal(), (404, "not_found".to_owned()));
    let path = "/v1/main/stock/PEN";
    let removed = request(Method::DELETE, path, &limits.admin, Body::empty());
    assert_eq!(limits.shop.send(removed).await.json()["removed"], true);
    assert_eq!(limits.shop.get(path, &limits.admin).await.status.as_u16(), 404);
}

#[tokio::test]
async fn an_order_over_http_is_priced_by_what_the_server_knows() {
    let limits = Limits::with_coupon(json!({"usesPerCustomer": 1})).await;
    let cara = limits.shop.token("main", "cara", Role::Customer).await;
    let placed = async |draft: &Value| {
        let body = Body::from(json!({"draft": draft}).to_string());
        let mut request = request(Method::POST, "/v1/main/orders", &cara, body);
        request.headers_mut().insert("idempotency-key", new_id().parse().unwrap());
        limits.shop.send(request).await
    };
    let first = placed(&with_coupon()).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text());
    assert_eq!(first.json()["order"]["totals"]["grossMinor"], 800);
    assert_eq!(placed(&with_coupon()).await.refusal(), (422, "coupon_used_up".to_owned()));
    let validated = limits.shop.post("/v1/main/validate", &cara, &with_coupon()).await.json();
    assert_eq!(validated["issues"][0]["code"], "coupon_used_up");
}
