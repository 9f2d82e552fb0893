//! Money that fits no order: it waits, orders are offered that it may belong to, and nothing disappears.

mod shop;

use orderkit::Role;
use serde_json::{Value, json};
use shop::{NOW_MS, Shop, new_id, till::SECOND_MS};

struct Desk {
    shop: Shop,
    staff: String,
    order: String,
    number: String,
}

impl Desk {
    async fn open() -> Self {
        let shop = Shop::open().await;
        shop.put_provider("r2", json!({})).await;
        let mut sam = shop.device("sam", Role::Staff).await;
        let (order, answer) = sam.place().await;
        let number = answer["results"][0]["number"].as_str().unwrap().to_owned();
        let staff = sam.token.clone();
        Self { shop, staff, order, number }
    }

    async fn entries(&self, query: &str) -> Vec<Value> {
        let list = self.shop.get(&format!("/v1/main/quarantine{query}"), &self.staff).await;
        assert_eq!(list.status, 200, "{}", list.text());
        list.json()["entries"].as_array().unwrap().clone()
    }

    async fn decide(&self, id: &str, what: &str, body: Value) -> shop::Reply {
        self.shop.post(&format!("/v1/main/quarantine/{id}/{what}"), &self.staff, &body).await
    }

    async fn look(&self) -> Value {
        self.shop.get(&format!("/v1/main/orders/{}", self.order), &self.staff).await.json()
    }

    async fn statement(&self, lines: Value) -> Value {
        let body = json!({"lines": lines});
        let answer = self.shop.post("/v1/main/payments/statement", &self.staff, &body).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    /// Money that comes to the provider without a question of the shop, and its webhook.
    async fn pays_elsewhere(&self, number: &str, amount: i64) {
        self.shop.pays_elsewhere(number, amount).await;
        self.shop.wait(2 * SECOND_MS);
        self.shop.app.settle_payments().await.unwrap();
    }
}

fn line(id: &str, amount: i64, text: &str) -> Value {
    json!({"id": id, "amountMinor": amount, "currency": "EUR", "bookedMs": NOW_MS, "text": text})
}

/// A number with one character exchanged for another one, so that the check character tells.
fn mistyped(number: &str) -> String {
    let at = number.rfind(|it: char| it.is_ascii_digit()).unwrap();
    let digit = if number.as_bytes()[at] == b'7' { "8" } else { "7" };
    format!("{}{digit}{}", &number[..at], &number[at + 1..])
}

#[tokio::test]
async fn a_payment_with_a_wrong_number_waits_with_the_order_it_probably_means() {
    let desk = Desk::open().await;
    desk.pays_elsewhere(&mistyped(&desk.number), 1_000).await;
    let entries = desk.entries("").await;
    assert_eq!(entries.len(), 1);
    let entry = &entries[0];
    assert_eq!(
        (&entry["kind"], &entry["cause"]),
        (&json!("unknownOrder"), &json!("order_unknown"))
    );
    let exception = &entry["exception"];
    assert_eq!(
        (&exception["kind"], &exception["severity"], &exception["waysOut"]),
        (&json!("unknownPayment"), &json!("warn"), &json!(["match", "refund", "dismiss"]))
    );
    let proposal = &entry["proposals"][0];
    assert_eq!(proposal["order"], desk.order.as_str(), "{entry}");
    assert_eq!(proposal["why"], json!(["number", "amount", "time"]));
    let id = entry["id"].as_str().unwrap();
    let matched = desk.decide(id, "match", json!({"order": desk.order})).await;
    assert_eq!(matched.status, 200, "{}", matched.text());
    assert_eq!(
        (&matched.json()["state"], &matched.json()["by"]),
        (&json!("matched"), &json!("sam"))
    );
    let again = desk.decide(id, "match", json!({"order": desk.order})).await;
    assert_eq!(again.status, 200, "twice is once: {}", again.text());
    let order = desk.look().await;
    assert_eq!(order["derived"]["payment"], "paid", "{order}");
    assert_eq!(order["order"]["payments"].as_array().unwrap().len(), 1);
    let who = order["order"]["history"].as_array().unwrap().last().unwrap()["by"].clone();
    assert_eq!(who["user"], "sam", "who matched it is in the log");
    assert!(desk.entries("").await.is_empty());
    assert_eq!(desk.entries("?all=true").await[0]["order"], desk.order.as_str());
    let late = desk.decide(id, "dismiss", json!({"reason": "no"})).await;
    assert_eq!(late.refusal(), (409, "quarantine_ended".to_owned()));
}

#[tokio::test]
async fn money_of_a_provider_goes_back_once_and_a_failure_leaves_it_here() {
    let desk = Desk::open().await;
    desk.pays_elsewhere("", 500).await;
    let id = desk.entries("").await[0]["id"].as_str().unwrap().to_owned();
    for _ in 0..2 {
        let back = desk.decide(&id, "refund", json!({"reason": "nobody knows it"})).await;
        assert_eq!(back.json()["state"], "refunded", "{}", back.text());
    }
    let all =
        desk.shop.app.store().read().await.unwrap().local_payments("main", None).await.unwrap();
    assert_eq!(all.iter().filter(|it| it.kind == "refund").count(), 1);
    // The provider says no to an amount that ends so.
    desk.pays_elsewhere("", 592).await;
    let id = desk.entries("").await[0]["id"].as_str().unwrap().to_owned();
    let back = desk.decide(&id, "refund", json!({})).await.json();
    assert_eq!((&back["state"], &back["reason"]), (&json!("open"), &json!("insufficient_funds")));
    let done = desk.decide(&id, "dismiss", json!({"reason": " "})).await;
    assert_eq!(done.refusal(), (422, "required".to_owned()));
    let done = desk.decide(&id, "dismiss", json!({"reason": "kept as a donation"})).await.json();
    assert_eq!(
        (&done["state"], &done["reason"]),
        (&json!("dismissed"), &json!("kept as a donation"))
    );
    assert_eq!(desk.entries("?all=true").await.len(), 2, "nothing disappears");
}

#[tokio::test]
async fn a_bank_statement_pays_the_orders_it_names_and_the_rest_waits() {
    let desk = Desk::open().await;
    let mut someone = line("b3", 1_000, "thank you for the mug");
    someone["payer"] = json!({"name": "BECK, Ada", "phone": "+49 228 5550199"});
    let lines = json!([
        line("b1", 400, &format!("Order {} part one", desk.number)),
        line("b2", 70, "Order 251124-ZZ9999Z"),
        someone,
    ]);
    let answer = desk.statement(lines.clone()).await;
    let outcomes: Vec<&Value> =
        answer["lines"].as_array().unwrap().iter().map(|it| &it["outcome"]).collect();
    assert_eq!(outcomes, ["recorded", "quarantined", "quarantined"], "{answer}");
    assert_eq!(answer["lines"][1]["cause"], "order_unknown");
    assert_eq!(answer["lines"][2]["cause"], "payment_unknown");
    assert_eq!(desk.look().await["derived"]["paidMinor"], 400);
    let again = desk.statement(lines).await;
    let outcomes: Vec<&Value> =
        again["lines"].as_array().unwrap().iter().map(|it| &it["outcome"]).collect();
    assert_eq!(outcomes, ["recorded", "known", "known"], "{again}");
    assert_eq!(desk.look().await["derived"]["paidMinor"], 400, "the same line pays once");
    let entries = desk.entries("").await;
    let named = entries.iter().find(|it| it["sourceId"] == "b3").unwrap();
    assert_eq!(named["proposals"][0]["why"], json!(["name", "time"]), "{named}");
    let id = named["id"].as_str().unwrap();
    let by_hand =
        desk.decide(id, "refund", json!({"reason": "sent back by transfer"})).await.json();
    assert_eq!((&by_hand["state"], &by_hand["by"]), (&json!("refunded"), &json!("sam")));
}

#[tokio::test]
async fn only_staff_see_and_decide_and_wrong_lines_are_refused_as_a_whole() {
    let desk = Desk::open().await;
    let ada = desk.shop.token("main", "ada", Role::Customer).await;
    assert_eq!(desk.shop.get("/v1/main/quarantine", &ada).await.status, 403);
    let body = json!({"lines": [line("b1", 1, "x")]});
    assert_eq!(desk.shop.post("/v1/main/payments/statement", &ada, &body).await.status, 403);
    let body = json!({"lines": [line("b1", 100, &desk.number), line("b2", 0, &desk.number)]});
    let refused = desk.shop.post("/v1/main/payments/statement", &desk.staff, &body).await;
    assert_eq!(refused.refusal(), (422, "payment_not_positive".to_owned()));
    assert_eq!(desk.look().await["derived"]["payment"], "unpaid");
    let unknown = desk.decide(&new_id(), "match", json!({"order": desk.order})).await;
    assert_eq!(unknown.refusal(), (404, "not_found".to_owned()));
}
