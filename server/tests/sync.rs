//! Sync, request by request: verdicts, repeats, gaps, forks, prices, scope, numbers.

mod shop;

use std::collections::HashSet;

use orderkit::{
    Actor, OrderLog, Role,
    replica::{AppendInputs, Position, Replica, Series, order_digest},
};
use serde_json::{Value, json, value::RawValue};
use shop::{Device, HOUR_MS, Shop, new_id, place_args};

/// Verdict and code of a result.
fn verdict(result: &Value) -> (&str, &str) {
    let code = result["issues"][0]["code"].as_str().unwrap_or_default();
    (result["verdict"].as_str().unwrap_or_default(), code)
}

#[tokio::test]
async fn every_command_has_its_own_verdict() {
    let shop = Shop::open().await;
    let mut staff = shop.device("sam", Role::Staff).await;
    let mut customer = shop.device("cara", Role::Customer).await;
    let (order, answer) = customer.place().await;
    assert_eq!(verdict(&answer["results"][0]), ("accepted", ""));
    assert_eq!(answer["results"][0]["seq"], 1);
    assert!(answer["results"][0]["number"].is_string());

    let pay = json!({"id": "p1", "method": "card", "amountMinor": 1_000});
    let refused = new_id();
    let unknown = new_id();
    let none = json!({});
    #[rustfmt::skip]
    let rows = [
        ("confirm@1", &order, none.clone(), "rejected", "payment_missing"),
        ("recordPayment@1", &order, pay.clone(), "accepted", ""),
        ("recordPayment@1", &order, pay, "accepted", ""),
        ("confirm@1", &order, none.clone(), "accepted", ""),
        ("confirm@1", &order, json!({"x": 1}), "rejected", "shape_invalid"),
        ("polish@1", &order, none.clone(), "rejected", "command_unknown"),
        ("place@1", &order, place_args(1_000, "r1", "10.00"), "rejected", "order_exists"),
        ("place@1", &refused, place_args(1, "r1", "10.00"), "rejected", "total_mismatch"),
        ("confirm@1", &refused, none.clone(), "rejected", "parent_refused"),
        ("confirm@1", &unknown, none.clone(), "rejected", "order_unknown"),
        ("cancel@1", &order, json!({"reason": " "}), "rejected", "required"),
        ("ship@1", &order, json!({"shipment": "s1"}), "accepted", ""),
        ("cancel@1", &order, json!({"reason": "late"}), "rejected", "already_shipped"),
    ];
    let commands: Vec<Value> = rows
        .iter()
        .map(|(kind, order, args, ..)| staff.command(order, kind, args.clone()))
        .collect();
    let answer = staff.sync(&commands).await.json();
    let results = answer["results"].as_array().unwrap();
    assert_eq!(results.len(), rows.len());
    for (result, (kind, _, args, expected, code)) in results.iter().zip(&rows) {
        assert_eq!(verdict(result), (*expected, *code), "{kind} {args}");
    }
    // The repeated payment changed nothing.
    assert!(results[1]["seq"].is_u64() && results[2].get("seq").is_none());
    assert_eq!(answer["processed"], rows.len());

    let command = customer.command(&order, "confirm@1", json!({}));
    let answer = customer.sync(&[command]).await.json();
    assert_eq!(verdict(&answer["results"][1]), ("rejected", "role_forbids"));
}

/// frappe/erpnext#12971 and BrainWise-DEV/POSNext#50: an invoice that was made without a network and sent twice became two.
#[tokio::test]
async fn what_comes_again_gets_its_first_verdict() {
    let shop = Shop::open().await;
    let mut device = shop.device("cara", Role::Customer).await;
    let order = new_id();
    let command = device.command(&order, "place@1", place_args(1_000, "r1", "10.00"));
    let first = device.sync(std::slice::from_ref(&command)).await.json();
    let again = device.sync(std::slice::from_ref(&command)).await.json();
    assert_eq!(again["results"], first["results"]);
    assert_eq!((&again["next"], &again["processed"]), (&json!(1), &json!(1)));

    // A verdict that was not acknowledged comes again without being asked for.
    let silent = device.sync(&[]).await.json();
    assert_eq!(silent["results"], first["results"]);
    device.settle(&silent);
    let silent = device.sync(&[]).await.json();
    assert_eq!((&silent["results"], &silent["changes"]), (&json!([]), &json!([])));

    // The same command under a new client name, as after a fork.
    let mut renamed = shop.device("cara", Role::Customer).await;
    let mut copy = command.clone();
    copy["n"] = json!(1);
    let answer = renamed.sync(std::slice::from_ref(&copy)).await.json();
    assert_eq!(answer["results"], first["results"]);
    assert_eq!(answer["next"], 1, "nothing was done twice");

    // The same id for something else, and by somebody else.
    renamed.n = 1;
    copy["n"] = json!(2);
    copy["args"]["expect"]["totalMinor"] = json!(999);
    let answer = renamed.sync(&[copy]).await.json();
    assert_eq!(verdict(&answer["results"][1]), ("rejected", "command_id_repeated"));
    let thief = shop.device("theo", Role::Customer).await;
    let answer = thief.sync(std::slice::from_ref(&command)).await.json();
    assert_eq!(verdict(&answer["results"][0]), ("rejected", "command_id_repeated"));
    assert!(answer["results"][0].get("number").is_none());
}

#[tokio::test]
async fn a_skipped_counter_decides_nothing() {
    let shop = Shop::open().await;
    let mut device = shop.device("cara", Role::Customer).await;
    let first = device.command(&new_id(), "place@1", place_args(1_000, "r1", "10.00"));
    device.n += 1;
    let third = device.command(&new_id(), "place@1", place_args(1_000, "r1", "10.00"));
    for commands in [vec![third.clone()], vec![first.clone(), third]] {
        let expected = if commands.len() == 1 { 1 } else { 2 };
        let answer = device.sync(&commands).await.json();
        assert_eq!(answer["gap"], expected);
        assert_eq!((&answer["processed"], &answer["next"]), (&json!(0), &json!(0)));
    }
    let answer = device.sync(&[first]).await.json();
    assert_eq!((answer.get("gap"), &answer["processed"]), (None, &json!(1)));
}

#[tokio::test]
async fn a_copied_profile_is_noticed_and_a_foreign_one_refused() {
    let shop = Shop::open().await;
    let mut device = shop.device("cara", Role::Customer).await;
    device.place().await;
    device.n = 0;
    let other = device.command(&new_id(), "place@1", place_args(1_000, "r1", "10.00"));
    let next = device.command(&new_id(), "place@1", place_args(1_000, "r1", "10.00"));
    let reply = device.sync(&[other, next]).await;
    assert_eq!(reply.refusal(), (409, "client_forked".to_owned()));
    let answer = device.sync(&[]).await.json();
    assert_eq!((&answer["processed"], &answer["next"]), (&json!(1), &json!(1)));

    let token = shop.token("main", "theo", Role::Staff).await;
    let foreign = Device { shop: &shop, token, client: device.client.clone(), ..device };
    assert_eq!(foreign.sync(&[]).await.refusal(), (403, "token_forbids".to_owned()));
}

#[tokio::test]
async fn what_the_server_cannot_decide_twice_is_set_aside() {
    let shop = Shop::open().await;
    let mut staff = shop.device("sam", Role::Staff).await;
    let (order, answer) = staff.place().await;
    staff.settle(&answer);
    shop.tamper("UPDATE orders SET doc = 'torn'").await;

    let cancel = staff.command(&order, "cancel@1", json!({"reason": "torn"}));
    let place = staff.command(&new_id(), "place@1", place_args(1_000, "r1", "10.00"));
    let commands = [cancel, place];
    let answer = staff.sync(&commands).await.json();
    assert_eq!(verdict(&answer["results"][0]), ("deferred", "try_later"));
    assert!(answer["results"][0]["retryAfterMs"].as_i64().unwrap() > 0);
    assert_eq!((answer["results"].as_array().unwrap().len(), &answer["processed"]), (1, &json!(1)));

    let answer = staff.sync(&commands).await.json();
    assert_eq!(verdict(&answer["results"][0]), ("quarantined", "command_quarantined"));
    assert_eq!(verdict(&answer["results"][1]), ("accepted", ""));
    assert_eq!(answer["processed"], 3);
}

#[tokio::test]
async fn the_price_that_was_shown_counts_while_the_grace_lasts() {
    // Shown by the rules r1 at 10.00; hours since other rules came; the price now.
    #[rustfmt::skip]
    let rows = [
        ("8.00", 0, Ok(800)),
        ("8.00", 99, Ok(800)),
        ("12.00", 0, Ok(1_000)),
        ("12.00", 23, Ok(1_000)),
        ("12.00", 25, Err("price_changed")),
    ];
    for (price, hours, expected) in rows {
        let shop = Shop::open().await;
        let mut device = shop.device("cara", Role::Customer).await;
        shop.put_rules("r2", price).await;
        shop.wait(hours * HOUR_MS);
        let (_, answer) = device.place().await;
        let result = &answer["results"][0];
        match expected {
            Ok(total) => {
                assert_eq!(verdict(result), ("accepted", ""), "{price} {hours}");
                let event = &answer["changes"][0]["order"]["events"][0]["event"]["placed"];
                assert_eq!(event["quote"]["totals"]["grossMinor"], total, "{price} {hours}");
            }
            Err(code) => {
                assert_eq!(verdict(result), ("rejected", code), "{price} {hours}");
                assert_eq!(result["issues"][0]["args"]["nowMinor"], 1_200);
                assert_eq!(answer["changes"], json!([]));
            }
        }
        assert_eq!(answer["ruleset"]["version"], "r2", "the page learns the new rules");
    }
}

#[tokio::test]
async fn nobody_sees_more_than_their_own() {
    let shop = Shop::open().await;
    let mut staff = shop.device("sam", Role::Staff).await;
    let mut cara = shop.device("cara", Role::Customer).await;
    let mut theo = shop.device("theo", Role::Customer).await;
    let (own, _) = cara.place().await;
    for _ in 0..3 {
        theo.place().await;
    }
    let answer = cara.sync(&[]).await.json();
    assert_eq!(orders(&answer), [own.as_str()]);
    assert_eq!((&answer["next"], &answer["more"]), (&json!(4), &json!(false)));
    assert_eq!(answer["digest"]["orders"], 1);
    let answer = staff.sync(&[]).await.json();
    assert_eq!(orders(&answer).len(), 4);

    // Another customer's order does not exist for this one.
    let theirs = orders(&answer)[1].to_owned();
    let cancel = cara.command(&theirs, "cancel@1", json!({"reason": "envy"}));
    let reply = cara.sync(&[cancel]).await;
    assert_eq!(verdict(&reply.json()["results"][1]), ("rejected", "order_unknown"));
    assert!(!reply.text().contains(theirs.as_str()));
    staff.settle(&answer);
    assert_eq!(staff.sync(&[]).await.json()["changes"], json!([]));
}

fn orders(answer: &Value) -> Vec<&str> {
    let changes = answer["changes"].as_array().unwrap();
    changes.iter().map(|change| change["order"]["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_digest_is_that_of_a_refold_of_the_feed() {
    let shop = Shop::open().await;
    let mut cara = shop.device("cara", Role::Customer).await;
    let mut staff = shop.device("sam", Role::Staff).await;
    let mut placed = Vec::new();
    for _ in 0..5 {
        placed.push(cara.place().await.0);
    }
    staff.place().await;
    for order in &placed[1..3] {
        let cancel = staff.command(order, "cancel@1", json!({"reason": "test"}));
        staff.sync(&[cancel]).await;
    }
    for (device, expected) in [(&mut cara, 5), (&mut staff, 6)] {
        device.since = None;
        let (mut count, mut hash, mut pages) = (0_u64, 0, 0);
        let digest = loop {
            let mut body = json!({"v": 1, "client": device.client, "limit": 2, "ack": 99});
            if let Some(since) = &device.since {
                body["since"] = since.clone();
            }
            let answer = shop.post("/v1/main/sync", &device.token, &body).await.json();
            for change in answer["changes"].as_array().unwrap() {
                let log: OrderLog = serde_json::from_value(change["order"].clone()).unwrap();
                hash ^= order_digest(log.id, log.order().unwrap().revision, log.head());
                count += 1;
            }
            pages += 1;
            device.since = Some(json!({"epoch": answer["epoch"], "seq": answer["next"]}));
            if answer["more"] == json!(false) {
                break answer["digest"].clone();
            }
            assert!(answer.get("digest").is_none(), "a part has no digest");
        };
        assert_eq!((count, pages), (expected, 3));
        assert_eq!(digest["orders"], count);
        assert_eq!(digest["hash"], format!("{hash:016x}"));
    }
}

#[tokio::test]
async fn a_number_is_given_once() {
    let shop = Shop::open().await;
    let mut device = shop.device("cara", Role::Customer).await;
    let mut numbers = HashSet::new();
    for _ in 0..20 {
        let (_, answer) = device.place().await;
        numbers.insert(answer["results"].as_array().unwrap().last().unwrap()["number"].to_string());
        device.settle(&answer);
    }
    assert_eq!(numbers.len(), 20);

    // A refused order uses none up.
    let last = |answer: &Value| {
        let result = answer["results"].as_array().unwrap().last().cloned().unwrap();
        result["number"].as_str().map(str::to_owned)
    };
    let refused = device.command(&new_id(), "place@1", place_args(1, "r1", "10.00"));
    assert_eq!(last(&device.sync(&[refused]).await.json()), None);
    let (_, answer) = device.place().await;
    let sequence = last(&answer).unwrap()[9..13].to_owned();
    assert_eq!(sequence, "0021");

    // The device's own series, then the same number again, then a provisional one.
    let code = answer["device"].as_str().unwrap();
    let own = own_number(code);
    let args = |number: &str| {
        let mut args = place_args(1_000, "r1", "10.00");
        args["number"] = json!(number);
        args
    };
    let provisional = "T-23456789";
    for (number, expected) in [
        (own.as_str(), ("accepted", "")),
        (own.as_str(), ("rejected", "number_taken")),
        (own_number("ZZ").as_str(), ("rejected", "number_invalid")),
        (provisional, ("accepted", "")),
    ] {
        let command = device.command(&new_id(), "place@1", args(number));
        let answer = device.sync(&[command]).await.json();
        let results = answer["results"].as_array().unwrap();
        assert_eq!(verdict(results.last().unwrap()), expected, "{number}");
        device.settle(&answer);
    }
    let found = shop.get("/v1/main/orders?q=T-2345", &device.token).await.json();
    assert_eq!(found["orders"].as_array().unwrap().len(), 1, "by its provisional number");
    assert_ne!(found["orders"][0]["number"], provisional);
}

fn own_number(device: &str) -> String {
    let rules = shop::rules("r1", "10.00");
    let inputs =
        orderkit::numbering::NumberInputs { at_ms: shop::NOW_MS, device, sequence: 7, random: &[] };
    rules.number_pattern().generate(inputs, &rules.ruleset().time_zone).unwrap()
}

#[tokio::test]
async fn another_feed_means_a_new_start() {
    let shop = Shop::open().await;
    let mut device = shop.device("cara", Role::Customer).await;
    let (_, answer) = device.place().await;
    for since in
        [json!({"epoch": "other", "seq": 1}), json!({"epoch": answer["epoch"], "seq": 900})]
    {
        device.since = Some(since);
        let answer = device.sync(&[]).await.json();
        assert_eq!((&answer["resync"], orders(&answer).len()), (&json!(true), 1));
    }
}

#[tokio::test]
async fn a_request_that_is_not_understood_is_refused_as_a_whole() {
    let shop = Shop::open().await;
    let mut device = shop.device("cara", Role::Customer).await;
    let many: Vec<Value> =
        (0..501).map(|_| device.command(&new_id(), "confirm@1", json!({}))).collect();
    assert_eq!(device.sync(&many).await.refusal(), (413, "batch_too_large".to_owned()));
    let client = device.client.clone();
    let rows = [
        (json!({"v": 2, "client": client}), 426, "protocol_unknown"),
        (json!({"v": 2, "shape": "other"}), 426, "protocol_unknown"),
        (json!({"v": 1, "client": "me"}), 400, "shape_invalid"),
        (json!({"v": 1, "client": client, "extra": 1}), 400, "shape_invalid"),
        (
            json!({"v": 1, "client": client, "commands": [{"n": 0, "id": client, "order": client,
            "kind": "confirm@1", "atMs": 0, "args": {}}]}),
            400,
            "shape_invalid",
        ),
    ];
    for (body, status, code) in rows {
        let reply = shop.post("/v1/main/sync", &device.token, &body).await;
        assert_eq!(reply.refusal(), (status, code.to_owned()), "{body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_devices_at_once_share_one_feed() {
    const DEVICES: usize = 8;
    const ORDERS: usize = 5;
    let shop = Shop::open().await;
    let mut devices = Vec::new();
    for _ in 0..DEVICES {
        devices.push(shop.device("cara", Role::Customer).await);
    }
    let placing = devices.iter_mut().map(|device| async {
        for _ in 0..ORDERS {
            let (_, answer) = device.place().await;
            device.settle(&answer);
        }
    });
    futures_util::future::join_all(placing).await;

    let staff = shop.device("sam", Role::Staff).await;
    let answer = staff.sync(&[]).await.json();
    let changes = answer["changes"].as_array().unwrap();
    let seqs: Vec<u64> = changes.iter().map(|change| change["seq"].as_u64().unwrap()).collect();
    assert_eq!(seqs, (1..=40).collect::<Vec<u64>>(), "no gap and nothing twice");
    let number = |change: &Value| {
        change["order"]["events"][0]["event"]["placed"]["number"].as_str().unwrap().to_owned()
    };
    let numbers: HashSet<String> = changes.iter().map(number).collect();
    assert_eq!(numbers.len(), DEVICES * ORDERS);
}

#[tokio::test]
async fn an_import_brings_each_order_once_and_into_the_feed() {
    let shop = Shop::open().await;
    let mut staff = shop.device("sam", Role::Staff).await;
    for _ in 0..3 {
        let (_, answer) = staff.place().await;
        staff.settle(&answer);
    }
    staff.since = None;
    let answer = staff.sync(&[]).await.json();
    let log = |change: &Value| serde_json::from_value(change["order"].clone()).unwrap();
    let logs: Vec<OrderLog> = answer["changes"].as_array().unwrap().iter().map(log).collect();

    // The other shop takes them over; an order that comes twice in a batch counts once.
    let batch = [&logs[..], &logs[..1]].concat();
    let store = shop.app.store();
    let first = store.import_orders("other", batch.clone()).await.unwrap();
    assert_eq!((first.inserted, first.already), (3, 1));
    let again = store.import_orders("other", batch).await.unwrap();
    assert_eq!((again.inserted, again.already), (0, 4));

    let token = shop.token("other", "olga", Role::Staff).await;
    let body = json!({"v": 1, "client": new_id()});
    let theirs = shop.post("/v1/other/sync", &token, &body).await.json();
    assert_eq!(theirs["digest"]["hash"], answer["digest"]["hash"]);
    assert_eq!((theirs["changes"].as_array().unwrap().len(), &theirs["next"]), (3, &json!(3)));

    // Another order with a number that is taken: nothing of the batch comes in.
    let mut fresh = logs[0].clone();
    fresh.id = new_id().parse().unwrap();
    let error = store.import_orders("other", vec![fresh]).await.unwrap_err();
    assert!(error.to_string().contains("has the number"), "{error}");
    assert_eq!(shop.post("/v1/other/sync", &token, &body).await.json()["next"], 3);
}

/// The copy that the browser holds, driven by the library that the browser runs.
#[tokio::test]
async fn the_copy_of_the_client_library_stays_true() {
    let shop = Shop::open().await;
    let token = shop.token("main", "cara", Role::Customer).await;
    let actor = Actor { user: "cara".to_owned(), role: Role::Customer };
    let client = new_id().parse().unwrap();
    let position = Position {
        client,
        actor,
        device: None,
        leases: Vec::new(),
        stock: Vec::new(),
        since: None,
        ack: 0,
    };
    let mut replica = Replica::new(shop::rules("r1", "10.00"), position);
    let mut next_key = 1;
    let mut series = Series::default();
    let mut numbers = Vec::new();
    for n in 1..=4 {
        let args = place_args(1_000, "r1", "10.00").to_string();
        let inputs = AppendInputs {
            id: new_id().parse().unwrap(),
            order: new_id().parse().unwrap(),
            kind: "place@1".to_owned(),
            args: RawValue::from_string(args).unwrap(),
            base: None,
            at_ms: shop::NOW_MS,
            random: (0..=255).collect(),
        };
        let proposal = replica.propose(n, &series, inputs).unwrap();
        series = proposal.series;
        numbers.push(proposal.number.unwrap());
        replica.commit(proposal.record);
        // Two orders wait for each sync.
        if n % 2 == 0 {
            let body: Value = serde_json::from_slice(&replica.request(500, 500)).unwrap();
            let reply = shop.post("/v1/main/sync", &token, &body).await;
            let effects = replica.receive(&reply.bytes, next_key).unwrap();
            next_key = effects.pages.next_key;
            assert_eq!((effects.remove.len(), effects.refused.len()), (2, 0), "{}", reply.text());
            assert!(replica.settle().unwrap(), "the digests agree");
        }
    }
    assert_eq!(replica.confirmed_count(), 4);
    assert!(numbers[0].starts_with("T-"), "before the device had a code: {numbers:?}");
    assert_eq!(&numbers[2][7..9], replica.position().device.as_deref().unwrap());
}
