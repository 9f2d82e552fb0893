//! The stock guards what is sold: at the till of one, between two that sold the same, and on devices without a network.

mod shop;

use axum::http::StatusCode;
use orderkit::Role;
use serde_json::{Value, json};
use shop::{Device, HOUR_MS, NOW_MS, draft, limits::Limits, new_id, rules_text};

/// The mug at 10.00 with these stock rules; unpaid orders expire after half an hour.
async fn stocked(inventory: Value) -> Limits {
    let mut document: Value = serde_json::from_str(&rules_text("stocked", "10.00")).unwrap();
    document["inventory"] = inventory;
    document["workflow"] = json!({"payWithinMinutes": 30, "repeatWithinSeconds": 0});
    let pen = json!({"sku": "PEN", "name": {"en": "Pen"}, "unitPrice": "1.00", "taxClass": "all"});
    let set = json!({"sku": "SET", "name": {"en": "Set"}, "unitPrice": "12.00", "taxClass": "all"});
    document["products"].as_array_mut().unwrap().extend([pen, set]);
    Limits::with_rules(document.to_string()).await
}

async fn level(shop: &Limits, sku: &str) -> [String; 5] {
    let known = shop.known(&format!("stock/{sku}")).await;
    ["onHand", "reserved", "allocated", "backordered", "available"]
        .map(|field| known[field].as_str().unwrap().to_owned())
}

/// Places as a device does that has told the buyer a number.
async fn place(
    shop: &Limits,
    device: &mut Device<'_>,
    draft: &Value,
    total_minor: i64,
) -> (String, Value) {
    let order = new_id();
    let mut args = shop.args(draft, total_minor);
    args["number"] = json!(format!("T-{}", &order[28..]));
    let command = device.command(&order, "place@1", args);
    let answer = device.sync(&[command]).await.json();
    device.settle(&answer);
    let result = answer["results"].as_array().unwrap().last().unwrap().clone();
    (order, result)
}

fn cart(lines: &[(&str, &str)]) -> Value {
    let mut cart = draft(1);
    let line = |(sku, quantity): &(&str, &str)| json!({"sku": sku, "quantity": quantity});
    cart["lines"] = lines.iter().map(line).collect();
    cart
}

fn pays(amount: i64) -> Value {
    json!({"id": "p", "method": "card", "amountMinor": amount})
}

#[tokio::test]
async fn an_order_holds_its_goods_from_placing_to_shipping() {
    let shop = stocked(json!({})).await;
    shop.put("stock/MUG", json!({"quantity": "5"})).await;
    let mut sam = shop.shop.device("sam", Role::Staff).await;
    let (order, result) = place(&shop, &mut sam, &draft(3), 3_000).await;
    assert_eq!(result["verdict"], "accepted", "{result}");
    assert_eq!(level(&shop, "MUG").await, ["5", "3", "0", "0", "2"]);
    let known = shop.known("stock/MUG").await;
    assert_eq!(known["claims"][0]["order"], json!(order));
    assert_eq!(known["claims"][0]["untilMs"], NOW_MS + 30 * 60_000, "unless it is paid");

    assert_eq!(shop.submit(&mut sam, &order, "recordPayment@1", pays(3_000)).await, "");
    assert_eq!(shop.submit(&mut sam, &order, "confirm@1", json!({})).await, "");
    let parcel = json!({"shipment": "s", "lines": [{"line": "1", "quantity": "2"}]});
    assert_eq!(shop.submit(&mut sam, &order, "allocate@1", parcel).await, "");
    assert_eq!(level(&shop, "MUG").await, ["5", "1", "2", "0", "2"]);
    assert_eq!(shop.submit(&mut sam, &order, "ship@1", json!({"shipment": "s"})).await, "");
    assert_eq!(level(&shop, "MUG").await, ["3", "1", "0", "0", "2"]);
    // What is not set aside, one at a time.
    let off = json!({"credit": "c", "lines": [{"line": "1", "quantity": "1"}], "reason": "x"});
    assert_eq!(shop.submit(&mut sam, &order, "cancelLines@1", off).await, "");
    assert_eq!(level(&shop, "MUG").await, ["3", "0", "0", "0", "3"]);
    let log = shop.known("stock/MUG").await["log"].clone();
    assert_eq!(log[0]["reason"], "shipped");
    assert_eq!((&log[0]["before"], &log[0]["quantity"]), (&json!("5"), &json!("3")));
    assert_eq!((&log[0]["order"], &log[0]["user"]), (&json!(order), &json!("sam")));
}

#[tokio::test]
async fn what_is_not_there_is_refused_with_what_is_left() {
    let shop = stocked(json!({"safetyQuantity": "1"})).await;
    shop.put("stock/MUG", json!({"quantity": "3"})).await;
    let token = shop.shop.token("main", "cara", Role::Customer).await;
    let both = cart(&[("MUG", "1"), ("MUG", "2")]);
    let answer = shop.shop.post("/v1/main/validate", &token, &both).await.json();
    let issue = &answer["issues"][0];
    assert_eq!(
        (&issue["code"], &issue["path"]),
        (&json!("stock_missing"), &json!("/lines/1/quantity"))
    );
    assert_eq!((&issue["args"]["available"], &issue["args"]["later"]), (&json!("1"), &json!("0")));

    let key = new_id();
    let asked = json!({"draft": both});
    let body = axum::body::Body::from(asked.to_string());
    let mut request = shop::request(axum::http::Method::POST, "/v1/main/orders", &token, body);
    request.headers_mut().insert("idempotency-key", key.parse().unwrap());
    let refused = shop.shop.send(request).await;
    assert_eq!(refused.refusal(), (422, "stock_missing".to_owned()));
    assert_eq!(refused.json()["issues"][0]["path"], "/draft/lines/1/quantity");
    assert_eq!(level(&shop, "MUG").await, ["3", "0", "0", "0", "2"]);
}

#[tokio::test]
async fn goods_of_unpaid_and_of_canceled_orders_are_anybodys_again() {
    let shop = stocked(json!({})).await;
    shop.put("stock/MUG", json!({"quantity": "2"})).await;
    let mut cara = shop.shop.device("cara", Role::Customer).await;
    let (first, _) = place(&shop, &mut cara, &draft(2), 2_000).await;
    let (_, refused) = place(&shop, &mut cara, &draft(1), 1_000).await;
    assert_eq!(refused["issues"][0]["code"], "stock_missing");
    shop.shop.wait(31 * 60_000);
    shop.shop.app.do_what_is_due().await.unwrap();
    assert_eq!(shop.known(&format!("orders/{first}")).await["order"]["status"], "expired");
    assert_eq!(level(&shop, "MUG").await, ["2", "0", "0", "0", "2"]);

    // mall#376, #885: goods of an order that was called off were given back twice, or never.
    let (second, _) = place(&shop, &mut cara, &draft(2), 2_000).await;
    assert_eq!(shop.cancel(&mut cara, &second).await, "");
    assert_eq!(shop.cancel(&mut cara, &second).await, "status_forbids");
    assert_eq!(level(&shop, "MUG").await, ["2", "0", "0", "0", "2"]);
}

#[tokio::test]
async fn a_late_payment_brings_an_order_back_only_if_its_goods_are_there() {
    let shop = stocked(json!({})).await;
    shop.put("stock/MUG", json!({"quantity": "2"})).await;
    let mut sam = shop.shop.device("sam", Role::Staff).await;
    let (late, _) = place(&shop, &mut sam, &draft(2), 2_000).await;
    shop.shop.wait(31 * 60_000);
    shop.shop.app.do_what_is_due().await.unwrap();
    let mut paid = pays(2_000);
    paid["isCertain"] = json!(true);
    assert_eq!(shop.submit(&mut sam, &late, "recordPayment@1", paid).await, "");
    let (other, _) = place(&shop, &mut sam, &draft(1), 1_000).await;
    let why = json!({"reason": "paid late"});
    assert_eq!(shop.submit(&mut sam, &late, "reinstate@1", why.clone()).await, "stock_missing");
    assert_eq!(shop.cancel(&mut sam, &other).await, "");
    assert_eq!(shop.submit(&mut sam, &late, "reinstate@1", why).await, "");
    assert_eq!(level(&shop, "MUG").await, ["2", "2", "0", "0", "0"]);
}

/// Two tills sell the last two mugs and a third one: the second order wants two and gets one.
async fn oversold(policy: &str) -> (Limits, String, Value) {
    let shop = stocked(json!({"oversold": policy})).await;
    shop.put("stock/MUG", json!({"quantity": "3"})).await;
    let mut anna = shop.shop.device("anna", Role::Staff).await;
    let mut ben = shop.shop.device("ben", Role::Staff).await;
    let (_, first) = place(&shop, &mut anna, &draft(2), 2_000).await;
    assert_eq!(first["verdict"], "accepted");
    let (order, second) = place(&shop, &mut ben, &draft(2), 2_000).await;
    (shop, order, second)
}

// mall#353, #356: two buyers got the last one. Whoever comes first has it.
#[tokio::test]
async fn the_second_of_two_that_sold_the_same_is_refused() {
    let (shop, order, second) = oversold("refuse").await;
    assert_eq!(second["issues"][0]["code"], "stock_missing");
    assert_eq!(second["issues"][0]["args"]["available"], "1");
    let path = format!("/v1/main/orders/{order}");
    assert_eq!(shop.shop.get(&path, &shop.admin).await.status, StatusCode::NOT_FOUND);
    assert_eq!(level(&shop, "MUG").await, ["3", "2", "0", "0", "1"]);
}

#[tokio::test]
async fn the_second_of_two_that_sold_the_same_waits() {
    let (shop, order, second) = oversold("backorder").await;
    assert_eq!(second["verdict"], "accepted");
    assert_eq!(level(&shop, "MUG").await, ["3", "3", "0", "1", "0"]);
    let known = shop.known(&format!("orders/{order}")).await;
    let shortage = &known["order"]["shortages"][0];
    assert_eq!((&shortage["answer"], &shortage["quantity"]), (&json!("later"), &json!("1")));
    assert_eq!(shortage["isOversold"], true);
    assert_eq!(known["derived"]["totalMinor"], 2_000, "nothing is lowered silently");

    // New goods go to who waits before anybody buys them.
    shop.put("stock/MUG", json!({"quantity": "4"})).await;
    assert_eq!(level(&shop, "MUG").await, ["4", "4", "0", "0", "0"]);
    let mut sam = shop.shop.device("sam", Role::Staff).await;
    let less = json!({"choice": "less"});
    assert_eq!(shop.submit(&mut sam, &order, "settleShortage@1", less.clone()).await, "");
    assert_eq!(level(&shop, "MUG").await, ["4", "3", "0", "0", "1"]);
    let known = shop.known(&format!("orders/{order}")).await;
    assert_eq!(known["derived"]["totalMinor"], 1_000);
    assert_eq!(shop.submit(&mut sam, &order, "settleShortage@1", less).await, "nothing_open");
}

#[tokio::test]
async fn the_second_of_two_that_sold_the_same_is_accepted_in_part() {
    let (shop, order, second) = oversold("partial").await;
    assert_eq!(second["verdict"], "accepted");
    assert_eq!(level(&shop, "MUG").await, ["3", "3", "0", "0", "0"]);
    let known = shop.known(&format!("orders/{order}?log=true")).await;
    let events: Vec<&str> = known["log"]["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["event"].as_object().unwrap().keys().next().unwrap().as_str())
        .collect();
    assert_eq!(events, ["placed", "stockShort", "linesCanceled"]);
    assert_eq!(known["order"]["shortages"][0]["answer"], "canceled");
    assert_eq!(known["derived"]["totalMinor"], 1_000, "what is not there is not paid");
    assert_eq!(known["order"]["lines"][0]["canceled"], "1");

    // Nothing at all is there for a third one: that is no order.
    let mut carl = shop.shop.device("carl", Role::Staff).await;
    let (_, third) = place(&shop, &mut carl, &draft(1), 1_000).await;
    assert_eq!(third["issues"][0]["code"], "stock_missing");
    // The buyer may call the rest off as well.
    let mut sam = shop.shop.device("sam", Role::Staff).await;
    let later = json!({"choice": "later"});
    assert_eq!(shop.submit(&mut sam, &order, "settleShortage@1", later).await, "nothing_open");
    assert_eq!(shop.cancel(&mut sam, &order).await, "");
    assert_eq!(level(&shop, "MUG").await, ["3", "2", "0", "0", "1"]);
}

#[tokio::test]
async fn backorders_have_a_limit_and_a_day() {
    let shop = stocked(json!({"backorder": {"limit": "2", "leadDays": 7}})).await;
    shop.put("stock/MUG", json!({"quantity": "1"})).await;
    let token = shop.shop.token("main", "cara", Role::Customer).await;
    let quote = shop.shop.post("/v1/main/quote", &token, &draft(3)).await.json();
    assert_eq!(quote["quote"]["later"], json!([{"line": "1", "quantity": "2", "leadDays": 7}]));
    let mut cara = shop.shop.device("cara", Role::Customer).await;
    let (_, first) = place(&shop, &mut cara, &draft(2), 2_000).await;
    assert_eq!(first["verdict"], "accepted", "{first}");
    assert_eq!(level(&shop, "MUG").await, ["1", "1", "0", "1", "0"]);
    let (_, second) = place(&shop, &mut cara, &draft(2), 2_000).await;
    assert_eq!(second["issues"][0]["args"]["later"], "1");
}

// medusajs/medusa#16502: a bundle was sold whose parts were not there.
#[tokio::test]
async fn a_set_is_counted_by_its_parts() {
    let parts = json!([{"sku": "MUG", "quantity": 1}, {"sku": "PEN", "quantity": 2}]);
    let shop = stocked(json!({"products": [{"sku": "SET", "parts": parts}]})).await;
    shop.put("stock/MUG", json!({"quantity": "5"})).await;
    shop.put("stock/PEN", json!({"quantity": "3"})).await;
    let mut cara = shop.shop.device("cara", Role::Customer).await;
    let (_, two) = place(&shop, &mut cara, &cart(&[("SET", "2")]), 2_400).await;
    assert_eq!(two["issues"][0]["args"]["available"], "1");
    let (_, one) = place(&shop, &mut cara, &cart(&[("SET", "1"), ("PEN", "1")]), 1_300).await;
    assert_eq!(one["verdict"], "accepted", "{one}");
    assert_eq!(level(&shop, "PEN").await, ["3", "3", "0", "0", "0"]);
    assert_eq!(level(&shop, "MUG").await, ["5", "1", "0", "0", "4"]);
}

// vendurehq/vendure#3508, #1738: stock that was counted anew, and goods of an edit.
#[tokio::test]
async fn edits_take_and_give_back_goods_and_counts_find_fewer() {
    let shop = stocked(json!({})).await;
    shop.put("stock/MUG", json!({"quantity": "4"})).await;
    let mut sam = shop.shop.device("sam", Role::Staff).await;
    let (order, _) = place(&shop, &mut sam, &draft(2), 2_000).await;
    let edit = |id: &str, quantity: &str| {
        json!({"id": id, "changes": [{"setQuantity": {"line": "1", "quantity": quantity}}],
               "consent": {"by": "cara", "how": "phone"}})
    };
    assert_eq!(shop.submit(&mut sam, &order, "amend@1", edit("a", "5")).await, "stock_missing");
    assert_eq!(shop.submit(&mut sam, &order, "amend@1", edit("b", "4")).await, "");
    assert_eq!(level(&shop, "MUG").await, ["4", "4", "0", "0", "0"]);
    // The two that came stand beside the first line.
    assert_eq!(shop.submit(&mut sam, &order, "amend@1", edit("c", "1")).await, "");
    assert_eq!(level(&shop, "MUG").await, ["4", "3", "0", "0", "1"]);

    // A count finds fewer than are kept: the last ones wait.
    shop.put("stock/MUG", json!({"quantity": "2"})).await;
    assert_eq!(level(&shop, "MUG").await, ["2", "2", "0", "1", "0"]);
    let staff = shop.shop.token("main", "sam", Role::Staff).await;
    let came = json!({"change": "2", "reason": "delivery 17", "onHand": "2"});
    let path = "/v1/main/stock/MUG/adjust";
    assert_eq!(shop.shop.post_once(path, &staff, &new_id(), &came).await.status, StatusCode::OK);
    assert_eq!(
        shop.shop.post_once(path, &staff, &new_id(), &came).await.refusal(),
        (409, "stock_changed".to_owned())
    );
    assert_eq!(level(&shop, "MUG").await, ["4", "3", "0", "0", "1"]);
    let log = shop.known("stock/MUG").await["log"].clone();
    assert_eq!((&log[0]["reason"], &log[0]["user"]), (&json!("delivery 17"), &json!("sam")));
    let none = json!({"change": "-9", "reason": "broken"});
    assert_eq!(
        shop.shop.post_once(path, &staff, &new_id(), &none).await.refusal(),
        (422, "stock_missing".to_owned())
    );
    let cara = shop.shop.token("main", "cara", Role::Customer).await;
    assert_eq!(shop.shop.get("/v1/main/stock", &cara).await.refusal().0, 403);
    let listed = shop.known("stock?q=mu").await;
    assert_eq!(listed["stock"][0]["sku"], "MUG");
}

#[tokio::test]
async fn what_an_edit_adds_and_comes_later_is_in_the_order_as_after_placing() {
    let parts = json!([{"sku": "MUG", "quantity": 1}, {"sku": "PEN", "quantity": 2}]);
    let backorder = json!({"limit": "9", "leadDays": 7});
    let rules = json!({"backorder": backorder, "products": [{"sku": "SET", "parts": parts}]});
    let shop = stocked(rules).await;
    shop.put("stock/MUG", json!({"quantity": "3"})).await;
    shop.put("stock/PEN", json!({"quantity": "3"})).await;
    let mut sam = shop.shop.device("sam", Role::Staff).await;
    let (order, _) = place(&shop, &mut sam, &draft(2), 2_000).await;
    let edit = |id: &str, changes: Value| json!({"id": id, "changes": changes, "consent": {"by": "cara", "how": "phone"}});
    let path = format!("orders/{order}");
    let shortages = async || shop.known(&path).await["order"]["shortages"].clone();

    let within = edit("a", json!([{"setQuantity": {"line": "1", "quantity": "3"}}]));
    assert_eq!(shop.submit(&mut sam, &order, "amend@1", within).await, "");
    assert_eq!(shortages().await, Value::Null, "all of it is there");
    let beyond = edit("b", json!([{"setQuantity": {"line": "1", "quantity": "5"}}]));
    assert_eq!(shop.submit(&mut sam, &order, "amend@1", beyond).await, "");
    assert_eq!(level(&shop, "MUG").await, ["3", "3", "0", "3", "0"]);
    let short = shortages().await;
    let first = &short[0];
    assert_eq!(short.as_array().unwrap().len(), 1, "{short}");
    assert_eq!(
        (&first["sku"], &first["quantity"], &first["answer"], &first["leadDays"]),
        (&json!("MUG"), &json!("3"), &json!("later"), &json!(7))
    );
    assert_eq!((&first["isOversold"], &first["sinceMs"]), (&Value::Null, &json!(NOW_MS)));

    // A set waits for the part that is missing most: two sets lack two mugs, and one pen of four.
    let set = edit("c", json!([{"addLine": {"line": {"sku": "SET", "quantity": "2"}}}]));
    assert_eq!(shop.submit(&mut sam, &order, "amend@1", set).await, "");
    let short = shortages().await;
    assert_eq!((&short[1]["sku"], &short[1]["quantity"]), (&json!("SET"), &json!("2")), "{short}");
    let known = shop.known(&path).await;
    let line = known["order"]["lines"].as_array().unwrap().last().unwrap()["id"].clone();
    assert_eq!(short[1]["line"], line, "the line that it is about");
    // Less of what waits adds nothing.
    let less = edit("d", json!([{"setQuantity": {"line": line, "quantity": "1"}}]));
    assert_eq!(shop.submit(&mut sam, &order, "amend@1", less).await, "");
    assert_eq!(shortages().await.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_sku_that_is_counted_late_is_kept_for_open_orders() {
    let shop = stocked(json!({})).await;
    let mut sam = shop.shop.device("sam", Role::Staff).await;
    let (order, _) = place(&shop, &mut sam, &draft(2), 2_000).await;
    assert_eq!(shop.submit(&mut sam, &order, "recordPayment@1", pays(2_000)).await, "");
    assert_eq!(shop.submit(&mut sam, &order, "confirm@1", json!({})).await, "");
    let one = json!({"shipment": "s", "lines": [{"line": "1", "quantity": "1"}]});
    assert_eq!(shop.submit(&mut sam, &order, "ship@1", one).await, "");
    shop.put("stock/MUG", json!({"quantity": "3"})).await;
    assert_eq!(
        level(&shop, "MUG").await,
        ["3", "1", "0", "0", "2"],
        "what has left is not on the shelf"
    );
    assert_eq!(shop.submit(&mut sam, &order, "ship@1", json!({"shipment": "t"})).await, "");
    assert_eq!(level(&shop, "MUG").await, ["2", "0", "0", "0", "2"]);
}

/// What a device was told that it may sell without a network.
fn leased(answer: &Value) -> String {
    answer["stock"][0]["quantity"].as_str().unwrap_or("0").to_owned()
}

#[tokio::test]
async fn devices_sell_their_part_and_nobody_else_does() {
    let shop = stocked(json!({"quota": {"quantity": "3", "percent": "50", "hours": 2}})).await;
    shop.put("stock/MUG", json!({"quantity": "10"})).await;
    let mut anna = shop.shop.device("anna", Role::Staff).await;
    let answer = anna.sync(&[]).await.json();
    assert_eq!(leased(&answer), "3");
    let ben = shop.shop.device("ben", Role::Staff).await;
    assert_eq!(leased(&ben.sync(&[]).await.json()), "2", "half of all is for devices");
    let cara = shop.shop.device("cara", Role::Customer).await;
    assert_eq!(leased(&cara.sync(&[]).await.json()), "0", "a browser is no till");
    let known = shop.known("stock/MUG").await;
    assert_eq!((&known["leased"], &known["available"]), (&json!("5"), &json!("5")));

    // Everybody else can buy five and no more; the devices' goods stay theirs.
    let mut dora = shop.shop.device("dora", Role::Customer).await;
    let (_, six) = place(&shop, &mut dora, &draft(6), 6_000).await;
    assert_eq!(six["issues"][0]["args"]["available"], "5");
    let (_, five) = place(&shop, &mut dora, &draft(5), 5_000).await;
    assert_eq!(five["verdict"], "accepted");
    let (_, two) = place(&shop, &mut anna, &draft(2), 2_000).await;
    assert_eq!(two["verdict"], "accepted", "{two}");
    let answer = anna.sync(&[]).await.json();
    anna.settle(&answer);
    assert_eq!(leased(&answer), "1", "nothing is left to fill up with");
    // The same command again takes nothing again, and more than its part is not hers.
    let (_, more) = place(&shop, &mut anna, &draft(2), 2_000).await;
    assert_eq!(more["issues"][0]["args"]["available"], "1");
    assert_eq!(shop.known("stock/MUG").await["leased"], "3");
}

#[tokio::test]
async fn what_devices_do_not_sell_is_anybodys_again() {
    let shop = stocked(json!({"quota": {"quantity": "4", "percent": "100", "hours": 2}})).await;
    shop.put("stock/MUG", json!({"quantity": "4"})).await;
    let anna = shop.shop.device("anna", Role::Staff).await;
    assert_eq!(leased(&anna.sync(&[]).await.json()), "4");
    let mut cara = shop.shop.device("cara", Role::Customer).await;
    let (_, none) = place(&shop, &mut cara, &draft(1), 1_000).await;
    assert_eq!(none["issues"][0]["args"]["available"], "0");
    // She may sell no longer, but may still tell of what she sold.
    shop.shop.wait(3 * HOUR_MS);
    let (_, none) = place(&shop, &mut cara, &draft(1), 1_000).await;
    assert_eq!(none["issues"][0]["args"]["available"], "0");
    shop.shop.wait(HOUR_MS + 1);
    let (_, one) = place(&shop, &mut cara, &draft(1), 1_000).await;
    assert_eq!(one["verdict"], "accepted");

    assert_eq!(leased(&anna.sync(&[]).await.json()), "3");
    let own = json!({"client": anna.client});
    let token = shop.shop.token("main", "cara", Role::Customer).await;
    let path = "/v1/main/stock-leases/return";
    assert_eq!(shop.shop.post(path, &token, &own).await.refusal().0, 403);
    let returned = shop.shop.post(path, &anna.token, &own).await.json();
    assert_eq!(returned["returned"], 1);
    assert_eq!(level(&shop, "MUG").await, ["4", "1", "0", "0", "3"]);
}

#[tokio::test]
async fn goods_that_come_back_are_on_the_shelf_once() {
    let shop = stocked(json!({})).await;
    shop.put("stock/MUG", json!({"quantity": "5"})).await;
    let mut sam = shop.shop.device("sam", Role::Staff).await;
    let (order, _) = place(&shop, &mut sam, &draft(3), 3_000).await;
    let steps = [
        ("recordPayment@1", pays(3_000)),
        ("confirm@1", json!({})),
        ("ship@1", json!({"shipment": "s"})),
        ("deliver@1", json!({"shipment": "s"})),
        (
            "requestReturn@1",
            json!({"returnId": "r", "lines": [{"line": "1", "quantity": "3", "reason": "noLongerWanted"}]}),
        ),
        ("approveReturn@1", json!({"returnId": "r"})),
        ("receiveReturn@1", json!({"returnId": "r"})),
    ];
    for (kind, args) in steps {
        assert_eq!(shop.submit(&mut sam, &order, kind, args).await, "", "{kind}");
    }
    assert_eq!(level(&shop, "MUG").await, ["2", "0", "0", "0", "2"]);
    let found = json!({"returnId": "r", "inspections": [
        {"line": "1", "quantity": "2", "goods": "restock"},
        {"line": "1", "quantity": "1", "condition": "damaged", "goods": "writeOff"}]});
    let inspect = sam.command(&order, "inspectReturn@1", found);
    for _ in 0..2 {
        // The answer was lost, and the same command comes again.
        let answer = sam.sync(std::slice::from_ref(&inspect)).await.json();
        assert_eq!(answer["results"][0]["verdict"], "accepted", "{answer}");
    }
    assert_eq!(level(&shop, "MUG").await, ["4", "0", "0", "0", "4"]);
    assert_eq!(shop.known("stock/MUG").await["log"][0]["reason"], "returned");
}

#[tokio::test]
async fn a_parcel_that_came_back_is_on_the_shelf_and_a_lost_one_is_not() {
    let shop = stocked(json!({})).await;
    shop.put("stock/MUG", json!({"quantity": "2"})).await;
    let mut sam = shop.shop.device("sam", Role::Staff).await;
    let (order, _) = place(&shop, &mut sam, &draft(2), 2_000).await;
    let one = |id: &str| json!({"shipment": id, "lines": [{"line": "1", "quantity": "1"}]});
    let why = |id: &str| json!({"shipment": id, "reason": "x"});
    let steps = [
        ("recordPayment@1", pays(2_000)),
        ("confirm@1", json!({})),
        ("ship@1", one("a")),
        ("ship@1", one("b")),
        ("failDelivery@1", why("a")),
        ("returnToSender@1", why("a")),
        ("lose@1", why("b")),
    ];
    for (kind, args) in steps {
        assert_eq!(shop.submit(&mut sam, &order, kind, args).await, "", "{kind}");
    }
    // Both shall be sent again; one is on the shelf, the other one is owed.
    assert_eq!(level(&shop, "MUG").await, ["1", "1", "0", "1", "0"]);
    assert_eq!(shop.submit(&mut sam, &order, "ship@1", one("c")).await, "");
    assert_eq!(shop.submit(&mut sam, &order, "ship@1", one("d")).await, "stock_missing");
}

#[tokio::test]
async fn money_goes_back_onto_cards_and_accounts_once() {
    let shop = stocked(json!({})).await;
    shop.put("gift-cards/GIFT", json!({"balanceMinor": 1_500})).await;
    shop.put("customers/cara", json!({"storeCreditMinor": 400})).await;
    let mut cara = shop.shop.device("cara", Role::Customer).await;
    let mut cart = draft(3);
    cart["details"]["giftCards"] = json!(["gift"]);
    cart["details"]["spendStoreCredit"] = json!(true);
    let (order, result) = place(&shop, &mut cara, &cart, 3_000).await;
    assert_eq!(result["verdict"], "accepted", "{result}");
    let balances = async || {
        let card = shop.known("gift-cards/GIFT").await["balanceMinor"].as_i64().unwrap();
        let account = shop.known("customers/cara").await["storeCreditMinor"].as_i64().unwrap();
        (card, account)
    };
    assert_eq!(balances().await, (0, 0));
    let mut sam = shop.shop.device("sam", Role::Staff).await;
    let off = json!({"credit": "c", "lines": [{"line": "1", "quantity": "2"}], "reason": "x"});
    assert_eq!(shop.submit(&mut sam, &order, "cancelLines@1", off).await, "");
    let refund = |id: &str, method: &str, source: &str, amount: i64, state: &str| {
        json!({"id": id, "kind": "refund", "method": method, "source": source,
               "amountMinor": amount, "state": state})
    };
    // 30.00 less 20.00: the card gets 6.00 and the account 4.00 back, when the refund is done and not before.
    let card = |state: &str| refund("r1", "giftCard", "tender-1", 500, state);
    assert_eq!(shop.submit(&mut sam, &order, "recordPayment@1", card("pending")).await, "");
    assert_eq!(balances().await, (0, 0));
    assert_eq!(shop.submit(&mut sam, &order, "recordPayment@1", card("success")).await, "");
    assert_eq!(balances().await, (500, 0));
    assert_eq!(shop.submit(&mut sam, &order, "recordPayment@1", card("success")).await, "");
    assert_eq!(balances().await, (500, 0), "told twice, given once");
    let account = refund("r2", "storeCredit", "tender-2", 400, "success");
    assert_eq!(shop.submit(&mut sam, &order, "recordPayment@1", account).await, "");
    assert_eq!(balances().await, (500, 400));
    // Called off: the rest of the card comes back, and no more than was taken.
    assert_eq!(shop.cancel(&mut cara, &order).await, "");
    assert_eq!(balances().await, (1_500, 400));
}

#[tokio::test]
async fn a_return_that_is_settled_as_store_credit_is_on_the_account() {
    let shop = stocked(json!({})).await;
    let mut cara = shop.shop.device("cara", Role::Customer).await;
    let (order, _) = place(&shop, &mut cara, &draft(2), 2_000).await;
    let mut sam = shop.shop.device("sam", Role::Staff).await;
    let steps = [
        ("recordPayment@1", pays(2_000)),
        ("confirm@1", json!({})),
        ("ship@1", json!({"shipment": "s"})),
        ("deliver@1", json!({"shipment": "s"})),
        (
            "requestReturn@1",
            json!({"returnId": "r", "lines": [{"line": "1", "quantity": "1", "reason": "late"}]}),
        ),
        ("approveReturn@1", json!({"returnId": "r"})),
        ("receiveReturn@1", json!({"returnId": "r"})),
        ("inspectReturn@1", json!({"returnId": "r"})),
        (
            "resolveReturn@1",
            json!({"returnId": "r", "outcomes": [{"line": "1", "quantity": "1", "outcome": "storeCredit"}]}),
        ),
    ];
    for (kind, args) in steps {
        assert_eq!(shop.submit(&mut sam, &order, kind, args).await, "", "{kind}");
    }
    assert_eq!(shop.known("customers/cara").await["storeCreditMinor"], 1_000);
    let known = shop.known(&format!("orders/{order}")).await;
    assert_eq!(known["derived"]["balanceDueMinor"], 0, "the ledger agrees");
}
