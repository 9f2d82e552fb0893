//! Numbers on the server: series that add up, blocks, void records, and typing errors.

mod shop;

use orderkit::{
    Role,
    numbering::{NumberInputs, Pattern, PatternOptions},
};
use serde_json::{Value, json};
use shop::{Device, NOW_MS, Shop, new_id, place_args};

/// A shop that leases blocks of ten.
async fn leasing() -> Shop {
    let shop = Shop::open().await;
    assert!(shop.app.put_rules("main", leasing_rules().as_bytes()).await.unwrap().changed);
    shop
}

fn leasing_rules() -> String {
    let mut rules: Value = serde_json::from_str(&shop::rules_text("r2", "10.00")).unwrap();
    rules["numbering"] = json!({"pattern": "R{seq:4}{check}", "blockSize": 10});
    rules.to_string()
}

fn leased(serial: u64) -> String {
    let options = PatternOptions { block_size: Some(10), key: None };
    number(&Pattern::of_shop("R{seq:4}{check}", options).unwrap(), "", serial)
}

fn number(pattern: &Pattern, device: &str, sequence: u64) -> String {
    let inputs = NumberInputs { at_ms: NOW_MS, device, sequence, random: &[] };
    pattern.generate(inputs, &orderkit::TimeZone::default()).unwrap()
}

/// Places an order under a number; `total_minor` decides whether the rules take it.
async fn place(device: &mut Device<'_>, order: &str, number: &str, total_minor: i64) -> Value {
    let mut args = place_args(total_minor, "r1", "10.00");
    if number.starts_with(['R', 'T']) {
        let rules = orderkit::Rules::from_json(leasing_rules().as_bytes()).unwrap();
        args["expect"]["rulesetDigest"] = json!(rules.digest());
    }
    args["number"] = json!(number);
    let command = device.command(order, "place@1", args);
    let answer = device.sync(&[command]).await.json();
    device.settle(&answer);
    answer
}

fn code(answer: &Value) -> &str {
    let last = answer["results"].as_array().unwrap().last().unwrap();
    last["issues"][0]["code"].as_str().unwrap_or_default()
}

#[tokio::test]
async fn every_serial_of_a_device_is_accounted_for() {
    let shop = Shop::open().await;
    let mut staff = shop.device("sam", Role::Staff).await;
    let answer = staff.sync(&[]).await.json();
    let own = answer["device"].as_str().unwrap().to_owned();
    staff.settle(&answer);
    let rules = shop::rules("r1", "10.00");
    let of = |serial| number(rules.number_pattern(), &own, serial);
    assert_eq!(code(&place(&mut staff, &new_id(), &of(1), 1_000).await), "");
    assert_eq!(code(&place(&mut staff, &new_id(), &of(2), 1).await), "total_mismatch");
    assert_eq!(code(&place(&mut staff, &new_id(), &of(5), 1_000).await), "");
    // A number that was given up is never used again.
    assert_eq!(code(&place(&mut staff, &new_id(), &of(2), 1_000).await), "number_taken");
    assert_eq!(code(&place(&mut staff, &new_id(), &of(1), 1_000).await), "number_taken");

    let path = "/v1/main/numbers/report?series=20251124";
    let report = shop.get(path, &staff.token).await.json();
    let series = &report["series"][0];
    assert_eq!(series["series"], format!("20251124/{own}"));
    let counts =
        ["given", "used", "void", "open", "missing"].map(|it| series[it].as_u64().unwrap());
    assert_eq!(counts, [5, 2, 1, 0, 2]);
    assert_eq!(series["missingSpans"], json!([{"from": 3, "to": 5}]));
    let refused = &report["void"][0];
    assert_eq!((&refused["reason"], &refused["by"]), (&json!("refused"), &json!("sam")));
    assert_eq!(
        (&refused["span"], &refused["atMs"]),
        (&json!({"from": 2, "to": 3}), &json!(NOW_MS))
    );

    let entry = json!({"series": format!("20251124/{own}"), "from": 3, "to": 5, "reason": "lost"});
    let customer = shop.token("main", "cara", Role::Customer).await;
    assert_eq!(
        shop.post_once("/v1/main/numbers/void", &customer, &new_id(), &entry).await.status,
        403
    );
    assert_eq!(shop.get(path, &customer).await.status, 403);
    assert_eq!(
        shop.post_once("/v1/main/numbers/void", &staff.token, &new_id(), &entry).await.status,
        200
    );
    let report = shop.get(path, &staff.token).await.json();
    assert_eq!(
        (&report["series"][0]["void"], &report["series"][0]["missing"]),
        (&json!(3), &json!(0))
    );
    // What an order has, or was given up before, cannot be given up.
    for (from, to, expected) in [
        (4, 6, "number_taken"),
        (1, 2, "number_taken"),
        (3, 4, "number_taken"),
        (0, 2, "shape_invalid"),
        (7, 7, "shape_invalid"),
    ] {
        let entry =
            json!({"series": format!("20251124/{own}"), "from": from, "to": to, "reason": "lost"});
        let reply = shop.post_once("/v1/main/numbers/void", &staff.token, &new_id(), &entry).await;
        assert_eq!(reply.refusal(), (422, expected.to_owned()), "{from} {to}");
    }
    let missing = place(&mut staff, &new_id(), &of(4), 1_000).await;
    assert_eq!(code(&missing), "number_taken", "the lost device must not come back with it");
}

#[tokio::test]
async fn blocks_are_leased_refilled_given_back_and_accounted_for() {
    let shop = leasing().await;
    let (mut one, mut two) =
        (shop.device("sam", Role::Staff).await, shop.device("tom", Role::Staff).await);
    let first = one.sync(&[]).await.json();
    assert_eq!(first["leases"], json!([{"from": 1, "to": 11}]));
    // An answer that was lost comes again and costs no block.
    assert_eq!(one.sync(&[]).await.json()["leases"], first["leases"]);
    one.settle(&first);
    let other = two.sync(&[]).await.json();
    assert_eq!(other["leases"], json!([{"from": 11, "to": 21}]));
    two.settle(&other);
    let report = shop.get("/v1/main/numbers/report", &one.token).await.json();
    let holders = report["blocks"].as_array().unwrap().iter();
    let holders: Vec<_> = holders.map(|it| (it["user"].as_str().unwrap(), &it["span"])).collect();
    let (first, second) = (json!({"from": 1, "to": 11}), json!({"from": 11, "to": 21}));
    assert_eq!(holders, [("tom", &second), ("sam", &first)]);

    for serial in 1..8 {
        let answer = place(&mut one, &new_id(), &leased(serial), 1_000).await;
        assert_eq!(code(&answer), "", "{answer}");
        assert_eq!(answer["leases"], json!([{"from": serial + 1, "to": 11}]));
    }
    let answer = place(&mut one, &new_id(), &leased(8), 1_000).await;
    assert_eq!(
        answer["leases"],
        json!([{"from": 9, "to": 11}, {"from": 21, "to": 31}]),
        "a fifth is left"
    );
    // Nobody uses the block of another user.
    assert_eq!(code(&place(&mut one, &new_id(), &leased(12), 1_000).await), "number_invalid");
    assert_eq!(code(&place(&mut one, &new_id(), &leased(31), 1_000).await), "number_invalid");
    // The server numbers what comes with a provisional number, from the same counter.
    let provisional = place(&mut two, &new_id(), "T-23456789", 1_000).await;
    assert_eq!(provisional["results"][0]["number"], leased(31));

    let back = json!({"client": two.client});
    let reply = shop.post("/v1/main/numbers/return", &two.token, &back).await.json();
    assert_eq!(reply, json!({"void": 10}));
    let again = shop.post("/v1/main/numbers/return", &two.token, &back).await.json();
    assert_eq!(again, json!({"void": 0}));
    // It was given back: should the device be wrong about that, nobody has the number.
    assert_eq!(code(&place(&mut two, &new_id(), &leased(11), 1_000).await), "number_taken");
    let report = shop.get("/v1/main/numbers/report", &one.token).await.json();
    let series =
        report["series"].as_array().unwrap().iter().find(|it| it["series"] == "shop").unwrap();
    let counts = ["used", "void", "missing"].map(|it| series[it].as_u64().unwrap());
    assert_eq!(counts, [9, 10, 0], "{series}");
    assert_eq!(report["void"][0]["reason"], "returned");
    let customer = shop.token("main", "cara", Role::Customer).await;
    let foreign = json!({"client": one.client});
    assert_eq!(shop.post("/v1/main/numbers/return", &customer, &foreign).await.status, 403);
    let lost = shop.post("/v1/main/numbers/return", &two.token, &foreign).await.json();
    assert_eq!(lost, json!({"void": 12}), "staff say of any device that it is lost");
}

#[tokio::test]
async fn a_cleared_device_is_another_one_with_another_code() {
    // odoo/odoo#71455: storage that was cleared must not count under the old code again.
    let shop = Shop::open().await;
    let mut codes = Vec::new();
    for _ in 0..20 {
        let device = shop.device("sam", Role::Staff).await;
        codes.push(device.sync(&[]).await.json()["device"].as_str().unwrap().to_owned());
    }
    let count = codes.len();
    codes.sort();
    codes.dedup();
    assert_eq!(codes.len(), count);
}

#[tokio::test]
async fn the_same_order_twice_is_one_and_another_body_is_refused() {
    let shop = Shop::open().await;
    let mut one = shop.device("sam", Role::Staff).await;
    let order = new_id();
    let command = one.command(&order, "place@1", place_args(1_000, "r1", "10.00"));
    let first = one.sync(std::slice::from_ref(&command)).await.json();
    let given = &first["results"][0];
    assert_eq!(given["verdict"], "accepted");
    // The same command from a renamed copy: the first answer.
    let mut copy = shop.device("sam", Role::Staff).await;
    let again = copy.sync(std::slice::from_ref(&command)).await.json();
    assert_eq!(again["results"][0]["number"], given["number"]);
    copy.settle(&again);
    // The same id with another body: a typed refusal, and nothing changes.
    let mut other = command.clone();
    other["n"] = json!(2);
    other["args"]["draft"]["lines"][0]["quantity"] = json!("2");
    let refused = copy.sync(&[other]).await.json();
    assert_eq!(code(&refused), "command_id_repeated");
    // Another command for the same order.
    copy.settle(&refused);
    copy.n = 2;
    let command = copy.command(&order, "place@1", place_args(1_000, "r1", "10.00"));
    assert_eq!(code(&copy.sync(&[command]).await.json()), "order_exists");
    let list = shop.get("/v1/main/orders", &one.token).await.json();
    assert_eq!(list["orders"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_number_is_found_as_it_is_typed_and_one_error_away() {
    let shop = Shop::open().await;
    let mut cara = shop.device("cara", Role::Customer).await;
    let (_, answer) = cara.place().await;
    let number = answer["results"][0]["number"].as_str().unwrap().to_owned();
    let find = async |typed: &str, token: &str| {
        let typed: String = typed.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let found = shop.get(&format!("/v1/main/orders?number={typed}"), token).await.json();
        let numbers = |field: &str| -> Vec<String> {
            let rows = found[field].as_array().cloned().unwrap_or_default();
            rows.iter().map(|row| row["number"].as_str().unwrap().to_owned()).collect()
        };
        (numbers("orders"), numbers("suggestions"))
    };
    let own = vec![number.clone()];
    for typed in [
        number.clone(),
        number.to_lowercase(),
        number.replace('-', " "),
        number.replace('0', "o").replace('1', "l"),
    ] {
        assert_eq!(find(&typed, &cara.token).await, (own.clone(), vec![]), "{typed}");
    }
    let mut swapped: Vec<char> = number.chars().collect();
    swapped.swap(3, 4);
    let swapped: String = swapped.into_iter().collect();
    for typed in
        [swapped, number[1..].to_owned(), format!("{number}7"), number.replacen('5', "6", 1)]
    {
        assert_eq!(find(&typed, &cara.token).await, (vec![], own.clone()), "{typed}");
    }
    assert_eq!(find("9999", &cara.token).await, (vec![], vec![]));
    assert_eq!(find("茶", &cara.token).await, (vec![], vec![]));
    // Another customer learns nothing of it.
    let other = shop.token("main", "olga", Role::Customer).await;
    assert_eq!(find(&number, &other).await, (vec![], vec![]));
    assert_eq!(find(&number[1..], &other).await, (vec![], vec![]));
}
