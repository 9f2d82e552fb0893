//! Faults of the database, at any moment of a request, on either engine: nothing is done twice, and nothing is lost.

mod shop;

use std::{sync::Arc, time::Duration};

use orderkit::Role;
use orderkit_server::{App, Clock, Settings, database::DatabaseError, store::Store};
use serde_json::{Value, json};
use shop::{
    Device, NOW_MS, Shop, engine,
    faulty::{Fault, Faulty},
    new_id, place_args,
};
use tokio::sync::watch;

async fn faulty_shop() -> (Shop, Arc<Faulty>) {
    let folder = tempfile::tempdir().unwrap();
    let database = Faulty::over(engine::database(folder.path()).await);
    let shop = Shop::on(folder, Arc::clone(&database) as _, false).await;
    (shop, database)
}

/// Places an order under a fault; as a page does, it sends the same again after a 503.
async fn place(device: &mut Device<'_>, order: &str) -> (Value, u32) {
    let command = device.command(order, "place@1", place_args(1_000, "r1", "10.00"));
    let mut refused = 0;
    loop {
        let reply = device.sync(std::slice::from_ref(&command)).await;
        if reply.status == 200 {
            return (reply.json(), refused);
        }
        assert_eq!(reply.refusal(), (503, "try_later".to_owned()));
        assert!(!reply.header("retry-after").is_empty());
        refused += 1;
        assert!(refused < 3, "the fault happens once");
    }
}

/// Lets a fault happen at each step of a request, one request after the other; says how often the page had to ask again.
async fn at_every_step(error: DatabaseError, is_done: bool) -> u32 {
    let (shop, database) = faulty_shop().await;
    let mut device = shop.device("sam", Role::Staff).await;
    let mut asked_again = 0;
    for step in 1.. {
        database.plan(Fault { step, error: error.clone(), is_done });
        let order = new_id();
        let (answer, refused) = place(&mut device, &order).await;
        asked_again += refused;
        assert_eq!(answer["results"][0]["verdict"], "accepted", "step {step}: {answer}");
        assert_eq!(
            answer["results"][0]["seq"],
            json!(step),
            "step {step}: done twice or not at all"
        );
        assert_eq!(answer["digest"]["orders"], json!(step));
        device.settle(&answer);
        if database.relent() {
            assert!(
                (25..40).contains(&step),
                "each is a round trip to a database elsewhere: {step}"
            );
            return asked_again;
        }
    }
    unreachable!("a request ends")
}

#[tokio::test]
async fn fault_22_a_conflict_at_any_statement_runs_the_whole_transaction_again() {
    let asked_again = at_every_step(DatabaseError::Conflict("40001".to_owned()), false).await;
    // Only where the token is looked up, which is one statement of a transaction of its own.
    assert_eq!(asked_again, 1, "the server runs it again by itself");
}

#[tokio::test]
async fn fault_22_a_lost_connection_at_any_statement_runs_the_whole_transaction_again() {
    let asked_again = at_every_step(DatabaseError::Lost("reset".to_owned()), false).await;
    assert_eq!(asked_again, 1);
}

#[tokio::test]
async fn fault_23_an_unknown_end_of_a_commit_that_was_done_is_looked_up_and_not_repeated() {
    at_every_step(DatabaseError::Unknown("reset".to_owned()), true).await;
}

#[tokio::test]
async fn fault_23_an_unknown_end_of_a_commit_that_was_not_done_is_repeated() {
    at_every_step(DatabaseError::Unknown("reset".to_owned()), false).await;
}

#[tokio::test]
async fn fault_20_a_full_disk_at_any_statement_is_said_and_the_same_request_succeeds_later() {
    let asked_again = at_every_step(DatabaseError::Storage("full".to_owned()), false).await;
    assert!(asked_again > 24, "a full disk is nothing to try again at once: {asked_again}");
}

/// As the other face of the server: one order a request, under a key.
#[tokio::test]
async fn fault_22_an_order_under_a_key_is_placed_once_whatever_statement_fails() {
    let (shop, database) = faulty_shop().await;
    let token = shop.token("main", "cara", Role::Customer).await;
    let body = json!({"draft": shop::draft(1)});
    for step in 1.. {
        database.plan(Fault {
            step,
            error: DatabaseError::Unknown("reset".to_owned()),
            is_done: true,
        });
        let key = new_id();
        let mut reply = shop.post_once("/v1/main/orders", &token, &key, &body).await;
        if reply.status == 503 {
            reply = shop.post_once("/v1/main/orders", &token, &key, &body).await;
        }
        assert!(reply.status.is_success(), "step {step}: {}", reply.text());
        let listed = shop.get("/v1/main/orders?limit=200", &token).await;
        let count = |reply: &shop::Reply| reply.json()["orders"].as_array().unwrap().len();
        if listed.status == 200 {
            assert_eq!(count(&listed), usize::try_from(step).unwrap(), "step {step}");
        }
        if database.relent() {
            return;
        }
    }
}

/// A second server on the same database.
async fn second(shop: &Shop) -> Shop {
    let folder = tempfile::tempdir().unwrap();
    Shop::on(folder, Arc::clone(&shop.database), false).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fault_45_two_servers_write_for_one_shop_and_its_feed_has_no_gap() {
    let one = Shop::open().await;
    let two = second(&one).await;
    let shops = [&one, &two];
    let reader = async {
        let mut device = two.device("reader", Role::Staff).await;
        let mut seen = Vec::new();
        while seen.len() < 80 {
            let reply = device.sync(&[]).await;
            assert_eq!(reply.status, 200, "{}", reply.text());
            let answer = reply.json();
            let changes = answer["changes"].as_array().unwrap();
            seen.extend(changes.iter().map(|change| change["seq"].as_u64().unwrap()));
            let next = answer["next"].as_u64().unwrap();
            assert_eq!(seen.len() as u64, next, "what is passed over never comes: {answer}");
            device.settle(&answer);
            // A device that asked without a pause would be asking too often.
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        seen
    };
    let writers = futures_util::future::join_all((0..8_u64).map(|writer| async move {
        let shop = shops[usize::try_from(writer % 2).unwrap()];
        let mut device = shop.device(&format!("writer-{writer}"), Role::Staff).await;
        let mut verdicts = Vec::new();
        for _ in 0..10 {
            let (_, answer) = device.place().await;
            verdicts.push(answer["results"].as_array().unwrap().last().unwrap().clone());
            device.settle(&answer);
        }
        verdicts
    }));
    let (seen, verdicts) = tokio::join!(reader, writers);
    assert_eq!(seen, (1..=80).collect::<Vec<u64>>(), "in the order of commits, each once");
    let verdicts: Vec<Value> = verdicts.into_iter().flatten().collect();
    assert!(verdicts.iter().all(|it| it["verdict"] == "accepted"), "{verdicts:?}");
    let mut numbers: Vec<&str> = verdicts.iter().map(|it| it["number"].as_str().unwrap()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), 80, "no number is given twice");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fault_4_the_same_request_on_two_servers_at_once_is_done_once() {
    let one = Shop::open().await;
    let two = second(&one).await;
    let mut device = one.device("sam", Role::Staff).await;
    for round in 1..=20 {
        let command = device.command(&new_id(), "place@1", place_args(1_000, "r1", "10.00"));
        let twin = Device {
            shop: &two,
            token: device.token.clone(),
            client: device.client.clone(),
            n: device.n,
            since: device.since.clone(),
            ack: device.ack,
        };
        let commands = [command];
        let (here, there) = tokio::join!(device.sync(&commands), twin.sync(&commands));
        let (here, there) = (here.json(), there.json());
        assert_eq!(here["results"][0]["seq"], json!(round), "{here}");
        assert_eq!(here["results"], there["results"]);
        device.settle(&here);
    }
}

#[tokio::test]
async fn work_that_is_due_is_done_once_by_two_servers() {
    let one = Shop::open().await;
    let two = second(&one).await;
    one.put_workflow("r2", json!({"payWithinMinutes": 60})).await;
    let mut device = one.device("cara", Role::Customer).await;
    let command = device.command(&new_id(), "place@1", place_args(1_000, "r1", "10.00"));
    let answer = device.sync(&[command]).await.json();
    device.settle(&answer);
    for shop in [&one, &two] {
        shop.wait(2 * shop::HOUR_MS);
    }
    let (here, there) = tokio::join!(one.app.do_what_is_due(), two.app.do_what_is_due());
    assert!(here.is_ok() && there.is_ok(), "{here:?} {there:?}");
    let answer = device.sync(&[]).await.json();
    let events = answer["changes"][0]["order"]["events"].as_array().unwrap();
    let expired = events.iter().filter(|it| it["event"]["expired"].is_object());
    assert_eq!(expired.count(), 1, "{answer}");
    assert_eq!(answer["next"], json!(2));
}

/// The server can be asked without any runtime when its database does not need one.
#[test]
fn a_request_needs_no_runtime() {
    let database = orderkit_server::simulation::MemoryDatabase::new();
    let store = orderkit_server::simulation::ready(Store::on(Arc::clone(&database) as _)).unwrap();
    let (_closing, is_closing) = watch::channel(false);
    let settings = Settings { tenant: "main".to_owned(), open_sign_in: false, behind_proxy: false };
    let app = App::new(store, Clock::new(|| NOW_MS), settings, is_closing);
    let rules = shop::rules_text("r1", "10.00");
    orderkit_server::simulation::ready(app.open_tenant("main", rules.as_bytes())).unwrap();
    let actor = orderkit::Actor { user: "sam".to_owned(), role: Role::Staff };
    let before = database.snapshot();
    let request = json!({"v": 1, "client": new_id(), "commands": [{"n": 1, "id": new_id(),
        "order": new_id(), "kind": "place@1", "atMs": NOW_MS, "args": place_args(1_000, "r1", "10.00")}]});
    let place = || {
        let request = orderkit::json::read(request.to_string().as_bytes()).unwrap();
        let answer = orderkit_server::simulation::answer(&app, "main", &actor, &request).unwrap();
        (answer.next, answer.processed, answer.results[0].verdict)
    };
    let accepted = orderkit::replica::protocol::Verdict::Accepted;
    assert_eq!(place(), (1, 1, accepted));
    assert_eq!(place(), (1, 1, accepted), "the stored verdict");
    database.restore(&before);
    assert_eq!(place(), (1, 1, accepted), "from the start again");
    database.fail(|sql| {
        sql.starts_with("INSERT INTO orders").then(|| DatabaseError::Storage("full".to_owned()))
    });
    assert_eq!(place(), (1, 1, accepted), "nothing is written for what is known");
    database.restore(&before);
    let request = orderkit::json::read(request.to_string().as_bytes()).unwrap();
    let answer = orderkit_server::simulation::answer(&app, "main", &actor, &request);
    assert!(answer.is_err());
}
