//! Limits of promotions and price lists hold on the server, whatever pages believe.

mod shop;

use axum::http::StatusCode;
use orderkit::Role;
use serde_json::{Value, json};
use shop::{
    NOW_MS, draft,
    limits::{Limits, with, with_coupon},
    new_id,
};

#[tokio::test]
async fn a_coupon_is_used_once_per_customer_and_n_times_in_all() {
    let limits = Limits::with_coupon(json!({"uses": 2, "usesPerCustomer": 1})).await;
    let mut cara = limits.shop.device("cara", Role::Customer).await;
    assert_eq!(limits.place(&mut cara, &with_coupon(), 800).await.1, "");
    assert_eq!(limits.place(&mut cara, &with_coupon(), 800).await.1, "coupon_used_up");
    assert_eq!(limits.place(&mut cara, &draft(1), 1_000).await.1, "", "without it she may");

    // Another device of hers is no other customer; another customer is.
    let mut phone = limits.shop.device("cara", Role::Customer).await;
    assert_eq!(limits.place(&mut phone, &with_coupon(), 800).await.1, "coupon_used_up");
    let mut carl = limits.shop.device("carl", Role::Customer).await;
    assert_eq!(limits.place(&mut carl, &with_coupon(), 800).await.1, "");
    let mut cleo = limits.shop.device("cleo", Role::Customer).await;
    assert_eq!(limits.place(&mut cleo, &with_coupon(), 800).await.1, "coupon_used_up");
    assert_eq!(limits.uses().await, json!([{"rule": "take2", "count": 2, "amountMinor": 400}]));
}

/// Sylius/Sylius#10125: the use of a coupon was not given back when the order was canceled.
#[tokio::test]
async fn sylius_10125_a_canceled_order_gives_the_use_of_its_coupon_back() {
    let limits = Limits::with_coupon(json!({"uses": 1})).await;
    let mut cara = limits.shop.device("cara", Role::Customer).await;
    let (order, code) = limits.place(&mut cara, &with_coupon(), 800).await;
    assert_eq!(code, "");
    assert_eq!(limits.place(&mut cara, &with_coupon(), 800).await.1, "coupon_used_up");
    assert_eq!(limits.cancel(&mut cara, &order).await, "");
    assert_eq!(limits.uses().await, json!([{"rule": "take2", "count": 0, "amountMinor": 0}]));

    let (order, code) = limits.place(&mut cara, &with_coupon(), 800).await;
    assert_eq!(code, "");
    assert_eq!(limits.cancel(&mut cara, &order).await, "");
    assert_eq!(limits.cancel(&mut cara, &order).await, "status_forbids");
    assert_eq!(limits.uses().await[0]["count"], 0, "given back once");
}

#[tokio::test]
async fn a_repeated_command_uses_and_gives_back_once() {
    let limits = Limits::with_coupon(json!({"uses": 3})).await;
    let mut cara = limits.shop.device("cara", Role::Customer).await;
    let order = new_id();
    let place = cara.command(&order, "place@1", limits.args(&with_coupon(), 800));
    for _ in 0..3 {
        cara.sync(std::slice::from_ref(&place)).await;
    }
    assert_eq!(limits.uses().await[0]["count"], 1);
    // The same command under a new name, as after a fork.
    let renamed = limits.shop.device("cara", Role::Customer).await;
    renamed.sync(std::slice::from_ref(&place)).await;
    assert_eq!(limits.uses().await[0]["count"], 1);
    let cancel = cara.command(&order, "cancel@1", json!({"reason": "no"}));
    for _ in 0..3 {
        cara.sync(std::slice::from_ref(&cancel)).await;
    }
    assert_eq!(limits.uses().await[0]["count"], 0);
}

#[tokio::test]
async fn of_two_clients_with_one_use_left_exactly_one_wins() {
    let limits = Limits::with_coupon(json!({"uses": 1})).await;
    for round in 0..5 {
        let mut one = limits.shop.device("cara", Role::Customer).await;
        let mut two = limits.shop.device("carl", Role::Customer).await;
        let (draft, orders) = (with_coupon(), [new_id(), new_id()]);
        let first = one.command(&orders[0], "place@1", limits.args(&draft, 800));
        let second = two.command(&orders[1], "place@1", limits.args(&draft, 800));
        let (first, second) = ([first], [second]);
        let (a, b) = tokio::join!(one.sync(&first), two.sync(&second));
        let answers = [a.json(), b.json()];
        let verdict = |answer: &Value| {
            let result = &answer["results"][0];
            result["issues"][0]["code"].as_str().unwrap_or("accepted").to_owned()
        };
        let mut verdicts: Vec<String> = answers.iter().map(verdict).collect();
        let winner = usize::from(verdicts[0] != "accepted");
        verdicts.sort();
        assert_eq!(verdicts, ["accepted", "coupon_used_up"], "round {round}");
        let winner_device = if winner == 0 { &mut one } else { &mut two };
        winner_device.settle(&answers[winner]);
        assert_eq!(limits.cancel(winner_device, &orders[winner]).await, "");
    }
}

#[tokio::test]
async fn an_order_that_is_refused_uses_nothing() {
    let limits = Limits::with_coupon(json!({"uses": 1})).await;
    let mut cara = limits.shop.device("cara", Role::Customer).await;
    assert_eq!(limits.place(&mut cara, &with_coupon(), 1).await.1, "total_mismatch");
    assert_eq!(limits.uses().await, json!([]));
    let mut taken = limits.args(&with_coupon(), 800);
    taken["number"] = json!("no such number");
    let order = new_id();
    assert_eq!(limits.submit(&mut cara, &order, "place@1", taken).await, "number_invalid");
    assert_eq!(limits.uses().await, json!([]));
}

#[tokio::test]
async fn a_budget_is_spent_to_its_end_and_no_further() {
    let promotion = json!([{"id": "tenth", "name": {"en": "A tenth off"},
        "effect": {"kind": "orderPercentage", "percent": "10"},
        "limits": {"budgetMinor": 250}}]);
    let limits = Limits::open(promotion, json!([])).await;
    let mut cara = limits.shop.device("cara", Role::Customer).await;
    let (first, code) = limits.place(&mut cara, &draft(1), 900).await;
    assert_eq!(code, "");
    assert_eq!(limits.place(&mut cara, &draft(1), 900).await.1, "");
    // 50 are left; a page that does not know shows 900.
    assert_eq!(limits.place(&mut cara, &draft(1), 900).await.1, "price_changed");
    assert_eq!(limits.place(&mut cara, &draft(1), 950).await.1, "");
    assert_eq!(limits.place(&mut cara, &draft(1), 950).await.1, "price_changed");
    assert_eq!(limits.place(&mut cara, &draft(1), 1_000).await.1, "");
    assert_eq!(limits.uses().await, json!([{"rule": "tenth", "count": 3, "amountMinor": 250}]));

    // A hundred comes back: who was shown the full price pays less.
    assert_eq!(limits.cancel(&mut cara, &first).await, "");
    let (order, code) = limits.place(&mut cara, &draft(1), 1_000).await;
    assert_eq!(code, "");
    let placed = limits.known(&format!("orders/{order}")).await;
    assert_eq!(placed["order"]["totals"]["grossMinor"], 900);
}

#[tokio::test]
async fn the_first_order_is_the_first_that_was_not_canceled() {
    let promotion = json!([{"id": "welcome", "name": {"en": "Welcome"},
        "when": {"nthOrder": 1}, "effect": {"kind": "orderFixed", "amountMinor": 300}}]);
    let limits = Limits::open(promotion, json!([])).await;
    let mut cara = limits.shop.device("cara", Role::Customer).await;
    let (order, code) = limits.place(&mut cara, &draft(1), 700).await;
    assert_eq!(code, "");
    assert_eq!(limits.place(&mut cara, &draft(1), 700).await.1, "price_changed");
    assert_eq!(limits.cancel(&mut cara, &order).await, "");
    assert_eq!(limits.place(&mut cara, &draft(1), 700).await.1, "");
    let known = limits.known("customers/cara").await;
    assert_eq!((&known["placedOrders"], &known["lastOrderMs"]), (&json!(1), &json!(NOW_MS)));
}

#[tokio::test]
async fn a_group_price_is_for_the_group_that_the_shop_says() {
    let list = json!([{"id": "gold", "name": {"en": "Gold"}, "customerGroups": ["gold"],
        "prices": [{"sku": "MUG", "unitPrice": "7.00"}]}]);
    let limits = Limits::open(json!([]), list).await;
    let reply = limits.put("customers/cara", json!({"groups": ["gold"]})).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    let cara = limits.shop.token("main", "cara", Role::Customer).await;
    let carl = limits.shop.token("main", "carl", Role::Customer).await;
    let staff = limits.shop.token("main", "sam", Role::Staff).await;
    assert_eq!(limits.quoted(&cara, "", &draft(1)).await, 700);
    assert_eq!(limits.quoted(&carl, "", &draft(1)).await, 1_000);
    // To name another customer helps no customer, and staff order for who they name.
    let for_cara =
        with("customer", json!({"id": "cara", "name": "Cara", "email": "c@example.org"}));
    assert_eq!(limits.quoted(&carl, "", &for_cara).await, 1_000);
    assert_eq!(limits.quoted(&staff, "", &for_cara).await, 700);
    assert_eq!(limits.quoted(&staff, "", &draft(1)).await, 1_000);
    assert_eq!(limits.quoted(&staff, "?customer=cara", &draft(1)).await, 700);
    let reply = limits.shop.post("/v1/main/quote?customer=cara", &carl, &draft(1)).await;
    assert_eq!(reply.refusal(), (403, "token_forbids".to_owned()));

    let mut device = limits.shop.device("carl", Role::Customer).await;
    assert_eq!(limits.place(&mut device, &for_cara, 700).await.1, "total_mismatch");
    let mut device = limits.shop.device("cara", Role::Customer).await;
    assert_eq!(limits.place(&mut device, &draft(1), 700).await.1, "");
    // The group was given after she saw the price: the lower one counts.
    let (order, code) = limits.place(&mut device, &draft(1), 1_000).await;
    assert_eq!(code, "");
    let placed = limits.known(&format!("orders/{order}")).await;
    assert_eq!(placed["order"]["totals"]["grossMinor"], 700);
}

#[tokio::test]
async fn a_flash_sale_sells_its_quota() {
    let list = json!([{"id": "flash", "name": {"en": "Flash sale"}, "quota": 3,
        "quotaPerCustomer": 2, "prices": [{"sku": "MUG", "unitPrice": "5.00"}]}]);
    let limits = Limits::open(json!([]), list).await;
    let mut cara = limits.shop.device("cara", Role::Customer).await;
    let mut carl = limits.shop.device("carl", Role::Customer).await;
    let (first, code) = limits.place(&mut cara, &draft(2), 1_000).await;
    assert_eq!(code, "");
    assert_eq!(limits.place(&mut cara, &draft(1), 500).await.1, "price_changed");
    assert_eq!(limits.place(&mut carl, &draft(2), 1_000).await.1, "price_changed");
    assert_eq!(limits.place(&mut carl, &draft(1), 500).await.1, "");
    assert_eq!(limits.place(&mut carl, &draft(1), 500).await.1, "price_changed");
    assert_eq!(limits.cancel(&mut cara, &first).await, "");
    assert_eq!(limits.place(&mut carl, &draft(1), 500).await.1, "");
    assert_eq!(limits.uses().await, json!([{"rule": "flash", "count": 2, "amountMinor": 0}]));
}

/// defendicon/POS-Awesome-V15#3055 (a rule that the till did not know offline) and woocommerce/woocommerce-android PR#15135 (an app
/// that could not repeat the sums of its server): whoever has the rules of the shop has its price, to the line.
#[tokio::test]
async fn pos_awesome_3055_and_woocommerce_android_15135_the_price_without_a_network_is_the_servers()
{
    let promotions = json!([
        {"id": "ladder", "name": {"en": "Ladder"},
         "effect": {"kind": "quantityTiers", "tiers": [{"quantity": "3", "percent": "12.5"}]}},
        {"id": "third", "name": {"en": "Third at half"}, "effect": {"kind": "nthUnit", "n": 3, "percent": "50"}},
        {"id": "take2", "name": {"en": "Two off"}, "couponCodes": ["TAKE2"],
         "effect": {"kind": "orderFixed", "amountMinor": 199}},
    ]);
    let limits = Limits::open(promotions, json!([])).await;
    let mut till = limits.shop.device("cara", Role::Customer).await;
    let document = limits.shop.get("/v1/main/ruleset", &till.token).await;
    let rules = orderkit::Rules::from_json(document.json().to_string().as_bytes()).unwrap();

    let mut asked = with_coupon();
    asked["lines"] = json!([{"sku": "MUG", "quantity": "7"}, {"sku": "PEN", "quantity": "3"}]);
    let context = orderkit::Context::at(NOW_MS);
    let offline =
        orderkit::quote(&serde_json::from_value(asked.clone()).unwrap(), &rules, &context).unwrap();
    let total = offline.totals.gross_minor.minor();
    assert_eq!(offline.adjustments.len(), 3, "every rule has its part");
    let (order, code) = limits.place(&mut till, &asked, total).await;
    assert_eq!(code, "");
    let stored = limits.known(&format!("orders/{order}")).await;
    let discounts = |lines: &Value| -> Vec<Value> {
        lines.as_array().unwrap().iter().map(|line| line["discountMinor"].clone()).collect()
    };
    let lines = serde_json::to_value(&offline.lines).unwrap();
    assert_eq!(discounts(&stored["order"]["lines"]), discounts(&lines));
}
