//! Saving rules: what is refused, and what stays.

mod shop;

use std::time::Duration;

use axum::{
    body::Body,
    http::{Method, header},
};
use http_body_util::BodyExt;
use orderkit::Role;
use serde_json::{Value, json};
use shop::{HOUR_MS, NOW_MS, Reply, Shop, request, rules, rules_text};

const PATH: &str = "/v1/main/ruleset";

async fn save(shop: &Shop, token: &str, path: &str, base: &str, document: String) -> Reply {
    let mut request = request(Method::PUT, path, token, Body::from(document));
    if !base.is_empty() {
        request.headers_mut().insert(header::IF_MATCH, format!("\"{base}\"").parse().unwrap());
    }
    shop.send(request).await
}

/// The rules of a version with one field changed.
fn changed(version: &str, field: &str, value: Value) -> String {
    let mut document: Value = serde_json::from_str(&rules_text(version, "10.00")).unwrap();
    document[field] = value;
    document.to_string()
}

#[tokio::test]
async fn a_second_editor_is_told_who_was_first() {
    let shop = Shop::open().await;
    let (ada, eve) = (
        shop.token("main", "ada", Role::Admin).await,
        shop.token("main", "eve", Role::Admin).await,
    );
    let base = rules("r1", "10.00").digest().to_owned();
    shop.wait(HOUR_MS);
    let reply = save(&shop, &ada, PATH, &base, rules_text("r2", "9.00")).await;
    assert_eq!(reply.json()["changed"], true, "{}", reply.text());

    let reply = save(&shop, &eve, PATH, &base, rules_text("r3", "8.00")).await;
    assert_eq!(reply.refusal(), (409, "ruleset_changed".to_owned()));
    let args = &reply.json()["args"];
    assert_eq!(args["user"], "ada");
    assert_eq!(args["version"], "r2");
    assert_eq!(args["atMs"], NOW_MS + HOUR_MS);
    assert_eq!(args["digest"], rules("r2", "9.00").digest());
    assert_eq!(shop.get(PATH, &eve).await.json()["version"], "r2", "nothing was overwritten");

    let now = args["digest"].as_str().unwrap();
    let reply = save(&shop, &eve, PATH, now, rules_text("r3", "8.00")).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let again = save(&shop, &eve, PATH, now, rules_text("r3", "8.00")).await;
    assert_eq!(again.json()["changed"], false, "a repeated request is no conflict");
}

#[tokio::test]
async fn what_the_linter_finds_is_said_and_weighed() {
    let shop = Shop::open().await;
    let admin = shop.token("main", "ada", Role::Admin).await;
    let broken = changed(
        "r2",
        "shippingMethods",
        json!([{"id": "van", "name": {"en": "Van"},
        "priceMinor": 0, "taxClass": "none"}]),
    );
    let reply = save(&shop, &admin, PATH, "", broken).await;
    assert_eq!(reply.refusal(), (422, "ruleset_invalid".to_owned()));

    let unserved = changed(
        "r2",
        "taxClasses",
        json!([{"id": "all", "rules":
        [{"countries": ["FR"], "components": [{"percent": "20"}]}]}]),
    );
    let reply = save(&shop, &admin, &format!("{PATH}?acceptWarnings=true"), "", unserved).await;
    assert_eq!(reply.refusal(), (422, "tax_rate_missing".to_owned()), "errors are never accepted");
    assert_eq!(reply.json()["issues"][0]["severity"], "error");

    let ended = json!([{"id": "sale", "name": {"en": "Sale"}, "endsMs": 1,
        "effect": {"kind": "orderPercentage", "percent": "5"}}]);
    let doubtful = changed("r2", "promotions", ended);
    let reply = save(&shop, &admin, PATH, "", doubtful.clone()).await;
    assert_eq!(reply.refusal(), (422, "warnings_not_accepted".to_owned()));
    let issues = reply.json()["issues"].as_array().unwrap().clone();
    let ended = issues.iter().find(|it| it["code"] == "promotion_ended").unwrap();
    assert_eq!(
        (&ended["severity"], &ended["path"]),
        (&json!("warning"), &json!("/promotions/0/endsMs"))
    );
    assert!(issues.iter().any(|it| it["severity"] == "info"), "all findings: {issues:?}");
    let reply = save(&shop, &admin, &format!("{PATH}?acceptWarnings=true"), "", doubtful).await;
    assert_eq!(reply.json()["changed"], true, "{}", reply.text());
}

#[tokio::test]
async fn earlier_versions_stay_with_who_and_when() {
    let shop = Shop::open().await;
    let admin = shop.token("main", "ada", Role::Admin).await;
    for (hours, version, price) in [(1, "r2", "9.00"), (2, "r3", "8.00")] {
        shop.wait(hours * HOUR_MS);
        let reply = save(&shop, &admin, PATH, "", rules_text(version, price)).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
    }
    let list = shop.get(&format!("{PATH}/versions"), &admin).await.json();
    let row = |version: &str, price: &str, from_ms: i64| json!({"version": version, "digest": rules(version, price).digest(), "fromMs": from_ms});
    let mut expected = vec![
        row("r3", "8.00", NOW_MS + 3 * HOUR_MS),
        row("r2", "9.00", NOW_MS + HOUR_MS),
        row("r1", "10.00", NOW_MS),
    ];
    expected[0]["user"] = json!("ada");
    expected[1]["user"] = json!("ada");
    expected[1]["retiredMs"] = json!(NOW_MS + 3 * HOUR_MS);
    expected[2]["retiredMs"] = json!(NOW_MS + HOUR_MS);
    assert_eq!(list["versions"], json!(expected));

    let digest = rules("r1", "10.00").digest().to_owned();
    let first = shop.get(&format!("{PATH}/versions/{digest}"), &admin).await;
    assert_eq!(first.text(), rules_text("r1", "10.00"), "word for word");
    let unknown = shop.get(&format!("{PATH}/versions/{}", "0".repeat(64)), &admin).await;
    assert_eq!(unknown.refusal(), (404, "ruleset_unknown".to_owned()));
}

#[tokio::test]
async fn only_administrators_of_the_shop_save_and_look_back() {
    let shop = Shop::open().await;
    let digest = rules("r1", "10.00").digest().to_owned();
    let callers = [
        shop.token("main", "cara", Role::Customer).await,
        shop.token("main", "sam", Role::Staff).await,
        shop.token("other", "olga", Role::Admin).await,
    ];
    for token in &callers {
        let replies = [
            save(&shop, token, PATH, "", rules_text("r2", "1.00")).await,
            shop.get(&format!("{PATH}/versions"), token).await,
            shop.get(&format!("{PATH}/versions/{digest}"), token).await,
        ];
        for reply in replies {
            assert_eq!(reply.refusal(), (403, "token_forbids".to_owned()));
        }
    }
}

#[tokio::test]
async fn orders_keep_the_rules_that_they_were_priced_with() {
    let shop = Shop::open().await;
    let admin = shop.token("main", "ada", Role::Admin).await;
    let mut cara = shop.device("cara", Role::Customer).await;
    let (order, _) = cara.place().await;
    let reply = save(&shop, &admin, PATH, "", rules_text("r2", "99.00")).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let kept = shop.get(&format!("/v1/main/orders/{order}"), &admin).await.json();
    assert_eq!(kept["order"]["rulesetVersion"], "r1");
    assert_eq!(kept["order"]["totals"]["grossMinor"], 1_000);
}

#[tokio::test]
async fn whoever_listens_is_told_to_ask_for_the_new_rules() {
    let shop = Shop::open().await;
    let admin = shop.token("main", "ada", Role::Admin).await;
    let mut stream = shop.stream("/v1/main/events", &admin).await.into_body();
    let mut next = async || {
        let frame = tokio::time::timeout(Duration::from_secs(5), stream.frame()).await;
        let frame = frame.expect("a poke in time").unwrap().unwrap();
        String::from_utf8(frame.into_data().unwrap().to_vec()).unwrap()
    };
    assert_eq!(next().await, "data: {\"seq\":0}\n\n");
    let reply = save(&shop, &admin, PATH, "", rules_text("r2", "9.00")).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    // No order changed: a number that is known already would be no news to a page.
    assert_eq!(next().await, "data: {}\n\n");
}
