//! Orders that come twice, and orders that look like fraud.

mod shop;

use orderkit::Role;
use serde_json::{Value, json};
use shop::{Device, Shop, new_id, place_args};

const SECOND_MS: i64 = 1_000;

async fn asking_shop() -> Shop {
    let shop = Shop::open().await;
    shop.put_workflow("r2", json!({"repeatWithinSeconds": 60})).await;
    shop
}

/// Places a mug and gives the result.
async fn place(device: &mut Device<'_>, change: impl FnOnce(&mut Value)) -> Value {
    let mut args = place_args(1_000, "r1", "10.00");
    change(&mut args);
    let command = device.command(&new_id(), "place@1", args);
    let answer = device.sync(&[command]).await.json();
    answer["results"].as_array().unwrap().last().unwrap().clone()
}

#[tokio::test]
async fn the_same_goods_for_the_same_buyer_within_a_minute_ask_first() {
    let shop = asking_shop().await;
    let mut phone = shop.device("ada", Role::Customer).await;
    let first = place(&mut phone, |_| {}).await;
    assert_eq!(first["verdict"], "accepted", "{first}");
    // woocommerce#62659, magento2#10767: a second click, or a second tab with an order id of its own.
    let mut tab = shop.device("ada", Role::Customer).await;
    let again = place(&mut tab, |_| {}).await;
    assert_eq!(again["verdict"], "rejected");
    assert_eq!(again["issues"][0]["code"], "order_looks_repeated");
    assert_eq!(again["issues"][0]["args"]["number"], first["number"]);
    // What is meant is taken, and something else is no repetition.
    let meant = place(&mut tab, |args| args["isRepeat"] = json!(true)).await;
    assert_eq!(meant["verdict"], "accepted", "{meant}");
    let two = place(&mut tab, |args| {
        args["draft"]["lines"][0]["quantity"] = json!("2");
        args["expect"]["totalMinor"] = json!(2_000);
    });
    assert_eq!(two.await["verdict"], "accepted");
    let mut other = shop.device("eve", Role::Customer).await;
    assert_eq!(place(&mut other, |_| {}).await["verdict"], "accepted");
}

#[tokio::test]
async fn a_minute_later_or_after_it_was_called_off_it_is_another_order() {
    let shop = asking_shop().await;
    let mut phone = shop.device("ada", Role::Customer).await;
    assert_eq!(place(&mut phone, |_| {}).await["verdict"], "accepted");
    shop.wait(59 * SECOND_MS);
    let token = phone.token.clone();
    let over_http = async |shop: &Shop, is_repeat: bool| {
        let body = json!({"draft": shop::draft(1), "isRepeat": is_repeat});
        let mut request = shop::request(
            axum::http::Method::POST,
            "/v1/main/orders",
            &token,
            axum::body::Body::from(body.to_string()),
        );
        request.headers_mut().insert("idempotency-key", new_id().parse().unwrap());
        shop.send(request).await
    };
    let asked = over_http(&shop, false).await;
    assert_eq!(asked.refusal(), (422, "order_looks_repeated".to_owned()));
    assert_eq!(asked.json()["issues"][0]["args"]["seconds"], 59);
    shop.wait(2 * SECOND_MS);
    let later = over_http(&shop, false).await;
    assert_eq!(later.status, 201, "{}", later.text());
    let order = later.json()["order"]["id"].as_str().unwrap().to_owned();
    let reason = json!({"reason": "Wrong colour"});
    shop.command(&order, &new_id(), &token, "cancel@1", reason).await;
    assert_eq!(over_http(&shop, false).await.status, 201);
}

#[tokio::test]
async fn an_offline_order_that_comes_later_is_compared_by_when_it_was_asked() {
    let shop = asking_shop().await;
    let mut till = shop.device("sam", Role::Staff).await;
    let mut tablet = shop.device("kim", Role::Staff).await;
    shop.wait(30 * SECOND_MS);
    assert_eq!(place(&mut till, |_| {}).await["verdict"], "accepted");
    shop.wait(600 * SECOND_MS);
    // The tablet asked half a minute before the till, and was offline since.
    let late = place(&mut tablet, |_| {}).await;
    assert_eq!(late["issues"][0]["code"], "order_looks_repeated", "{late}");
    assert_eq!(late["issues"][0]["args"]["seconds"], 30);
}

#[tokio::test]
async fn an_order_that_looks_like_fraud_is_taken_and_waits_for_a_look() {
    let shop = Shop::open().await;
    shop.put_workflow("r2", json!({"confirmation": "whenPaid"})).await;
    let admin = shop.token("main", "ben", Role::Admin).await;
    let staff = shop.token("main", "sam", Role::Staff).await;
    let signals = json!({"holdAt": 100, "signals": [
        {"id": "first above 9", "score": 70, "when": {"firstOrderAbove": {"amountMinor": 900}}},
        {"id": "throwaway mail", "score": 30, "when": {"mailDomains": {"domains": ["example.org"]}}},
        {"id": "three a day", "score": 100, "when": {"ordersWithin": {"count": 3, "hours": 24}}},
    ]});
    let put = async |token: &str, body: &Value| {
        let body = axum::body::Body::from(body.to_string());
        shop.send(shop::request(axum::http::Method::PUT, "/v1/main/review", token, body)).await
    };
    assert_eq!(put(&staff, &signals).await.status, 403);
    assert_eq!(put(&admin, &json!({"holdAt": 0})).await.refusal().1, "ruleset_invalid");
    assert_eq!(put(&admin, &signals).await.status, 200);
    assert_eq!(shop.get("/v1/main/review", &admin).await.json(), signals);
    assert_eq!(shop.get("/v1/main/review", &staff).await.status, 403);

    let mut phone = shop.device("ada", Role::Customer).await;
    let (order, answer) = phone.place().await;
    assert_eq!(answer["results"][0]["verdict"], "accepted", "{answer}");
    let held = shop.get(&format!("/v1/main/orders/{order}"), &staff).await.json();
    assert_eq!(held["derived"]["summary"], "onHold");
    assert_eq!(held["order"]["holds"][0]["signals"], json!(["first above 9", "throwaway mail"]));
    assert_eq!(held["order"]["history"][1]["by"]["role"], "system");
    // The buyer is told nothing, and money alone does not let it through.
    let seen = shop.get(&format!("/v1/main/orders/{order}?log=true"), &phone.token).await;
    assert!(!seen.text().contains("throwaway"), "{}", seen.text());
    let pay = json!({"id": "p1", "method": "card", "amountMinor": 1_000});
    let paid = shop.command(&order, &new_id(), &staff, "recordPayment@1", pay).await.json();
    assert_eq!(paid["order"]["status"], "placed");
    let released = json!({"reason": "fraudReview"});
    let released = shop.command(&order, &new_id(), &staff, "release@1", released).await.json();
    assert_eq!(released["order"]["status"], "confirmed", "{released}");

    // The second order is no first one, the third is one too many.
    assert_eq!(phone.place().await.1["results"][0]["verdict"], "accepted");
    let (third, _) = phone.place().await;
    let third = shop.get(&format!("/v1/main/orders/{third}"), &staff).await.json();
    assert_eq!(third["order"]["holds"][0]["signals"], json!(["throwaway mail", "three a day"]));
}
