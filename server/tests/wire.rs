//! Faults between a client and a real server process: requests and answers that are cut, lost, sent twice or too early,
//! streams that are dead though open, and a command on which the rules fail.

mod shop;

use std::{
    io::{Read, Write},
    sync::Barrier,
    thread,
    time::Duration,
};

use orderkit::{client::Step, replica::protocol::Verdict};
use serde_json::{Value, json};
use shop::{
    Shop, new_id,
    page::{self, Page, pause},
    place_args,
    process::Server,
    wire::{Cut, Target, Wire},
};

const UNLIMITED: [&str; 6] = ["--sync-rate", "off", "--tenant-rate", "off", "--user-rate", "off"];

fn serve(failpoint: Option<&str>) -> (tempfile::TempDir, Server) {
    let folder = tempfile::tempdir().unwrap();
    let rules = shop::rules_text("r1", "10.00");
    let server = Server::serve(folder.path(), failpoint, &rules, &UNLIMITED);
    (folder, server)
}

/// A client that writes its requests by hand.
struct Hand<'s> {
    server: &'s Server,
    token: String,
    client: String,
}

impl<'s> Hand<'s> {
    fn of(server: &'s Server) -> Self {
        Self { server, token: server.sign_in("staff"), client: new_id() }
    }

    /// The body of a request that places one order, as the command with this counter.
    fn place(&self, n: u64) -> Vec<u8> {
        let args = place_args(1_000, "r1", "10.00");
        let body = json!({"v": 1, "client": self.client, "commands": [{"n": n, "id": new_id(),
            "order": new_id(), "kind": "place@1", "atMs": 0, "args": args}]});
        body.to_string().into_bytes()
    }

    fn ask(&self, body: &[u8]) -> Value {
        self.ask_at(&self.server.address, body).expect("an answer")
    }

    fn ask_at(&self, address: &str, body: &[u8]) -> Option<Value> {
        let answer = page::post(address, "/v1/main/sync", &self.token, body)?;
        Some(serde_json::from_slice(&answer.body).unwrap())
    }

    /// Sends what was perhaps done already: it must have happened once, as the command with this counter.
    fn settle(&self, body: &[u8], n: u64, what: &str) {
        let answer = self.ask(body);
        let result = answer["results"].as_array().unwrap().last().unwrap();
        assert_eq!((&result["verdict"], &result["seq"]), (&json!("accepted"), &json!(n)), "{what}");
        assert_eq!((&answer["processed"], &answer["next"]), (&json!(n), &json!(n)), "{what}");
    }
}

#[test]
fn fault_02_a_request_that_is_cut_at_any_byte_is_done_once() {
    let (_folder, server) = serve(None);
    let hand = Hand::of(&server);
    let wire = Wire::to(Target::Address(server.address.clone()));
    let length = page::request("/v1/main/sync", &hand.token, &hand.place(1)).len();
    // Counters have more digits later; the request is cut before its end all the same.
    let mut n = 0;
    for asked in (1..length).step_by(3) {
        n += 1;
        let body = hand.place(n);
        wire.cut(Cut { asked: Some(asked), answered: None });
        assert_eq!(hand.ask_at(&wire.address, &body), None, "cut after {asked} bytes");
        hand.settle(&body, n, &format!("cut after {asked} bytes"));
    }
}

#[test]
fn fault_03_an_answer_that_is_lost_or_cut_at_any_byte_is_given_again() {
    let (_folder, server) = serve(None);
    let hand = Hand::of(&server);
    let wire = Wire::to(Target::Address(server.address.clone()));
    let mut n = 0;
    // The first bytes one by one, then more of them at once, beyond the end of the head.
    for answered in (0..40).chain((40..1_200).step_by(29)) {
        n += 1;
        let body = hand.place(n);
        wire.cut(Cut { asked: None, answered: Some(answered) });
        let answer = hand.ask_at(&wire.address, &body);
        assert!(answered > 600 || answer.is_none(), "cut after {answered} bytes");
        hand.settle(&body, n, &format!("cut after {answered} bytes"));
    }
}

#[test]
fn fault_04_the_same_request_on_two_connections_at_once_is_done_once() {
    let (_folder, server) = serve(None);
    let hand = Hand::of(&server);
    for n in 1..=25 {
        let body = hand.place(n);
        let start = Barrier::new(2);
        let both = thread::scope(|scope| {
            let both = [(); 2].map(|()| {
                scope.spawn(|| {
                    start.wait();
                    hand.ask(&body)
                })
            });
            both.map(|it| it.join().unwrap())
        });
        assert_eq!(both[0]["results"], both[1]["results"]);
        hand.settle(&body, n, "asked twice at once");
    }
}

#[test]
fn fault_05_a_command_that_comes_too_early_waits_for_the_one_before() {
    let (_folder, server) = serve(None);
    let hand = Hand::of(&server);
    let (first, second) = (hand.place(1), hand.place(2));
    let early = hand.ask(&second);
    assert_eq!(
        (&early["gap"], &early["next"], &early["processed"]),
        (&json!(1), &json!(0), &json!(0))
    );
    assert_eq!(early["results"], json!([]));
    hand.settle(&first, 1, "the one before");
    hand.settle(&second, 2, "the early one, sent again");
}

/// A request as somebody caught it, sent again after a week, with its token and with another one of the same user: the same
/// verdict comes, and nothing happens.
#[tokio::test]
async fn fault_06_a_request_that_is_sent_again_after_a_week_has_no_effect() {
    let shop = Shop::open().await;
    let mut device = shop.device("sam", orderkit::Role::Staff).await;
    let command = device.command(&new_id(), "place@1", place_args(1_000, "r1", "10.00"));
    let caught = std::slice::from_ref(&command);
    let first = device.sync(caught).await.json();
    shop.wait(7 * 24 * shop::HOUR_MS);
    for _ in 0..2 {
        let again = device.sync(caught).await.json();
        assert_eq!(again["results"], first["results"]);
        assert_eq!((&again["next"], &again["digest"]), (&json!(1), &first["digest"]));
        device.token = shop.token("main", "sam", orderkit::Role::Staff).await;
    }
}

#[test]
fn fault_42_a_command_on_which_the_rules_fail_is_put_aside_and_the_others_go_on() {
    let poison = new_id();
    let (_folder, server) = serve(Some(&format!("rules:panic:{poison}")));
    let hand = Hand::of(&server);
    let commands: Vec<Value> = (1..=5)
        .map(|n| {
            let id = if n == 3 { poison.clone() } else { new_id() };
            json!({"n": n, "id": id, "order": new_id(), "kind": "place@1", "atMs": 0,
                "args": place_args(1_000, "r1", "10.00")})
        })
        .collect();
    let body = json!({"v": 1, "client": hand.client, "commands": commands}).to_string();
    let verdicts = |answer: &Value| -> Vec<String> {
        let results = answer["results"].as_array().unwrap();
        results.iter().map(|it| it["verdict"].as_str().unwrap().to_owned()).collect()
    };
    let first = hand.ask(body.as_bytes());
    assert_eq!(verdicts(&first), ["accepted", "accepted", "deferred"]);
    assert!(first["results"][2]["retryAfterMs"].as_i64().unwrap() > 0);
    let second = hand.ask(body.as_bytes());
    assert_eq!(verdicts(&second), ["accepted", "accepted", "quarantined", "accepted", "accepted"]);
    assert_eq!((&second["processed"], &second["next"]), (&json!(5), &json!(4)));
    let third = hand.ask(body.as_bytes());
    assert_eq!(third["results"], second["results"], "decided once and for all");
}

/// The same with the client of the library: it comes again by itself, and says what was put aside.
#[test]
fn fault_42_a_page_gets_past_a_command_on_which_the_rules_fail() {
    let (folder, server) = serve(None);
    let mut page = Page::open(&server, 3);
    for _ in 0..5 {
        page.place();
    }
    drop(server);
    let (poison, _) = page.saved.iter().find(|(_, n)| **n == 3).unwrap();
    let server = Server::start(folder.path(), Some(&format!("rules:panic:{poison}")));
    page.drain(&server.address);
    let verdicts: Vec<Verdict> = page.told.values().map(|it| it.verdict).collect();
    let accepted = verdicts.iter().filter(|it| **it == Verdict::Accepted).count();
    let aside = verdicts.iter().filter(|it| **it == Verdict::Quarantined).count();
    assert_eq!((accepted, aside), (4, 1), "{:?}", page.told);
}

#[test]
fn fault_46_a_stream_that_is_dead_and_open_is_made_up_for_by_asking() {
    let (_folder, server) = serve(None);
    let wire = Wire::to(Target::Address(server.address.clone()));
    let mut reader = Page::open(&server, 5);
    let mut stream = std::net::TcpStream::connect(&wire.address).unwrap();
    write!(
        stream,
        "GET /v1/main/events HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {}\r\n\r\n",
        reader.token()
    )
    .unwrap();
    let mut bytes = [0; 4_096];
    let mut heard = String::new();
    while !heard.contains("data:") {
        let count = stream.read(&mut bytes).unwrap();
        heard.push_str(&String::from_utf8_lossy(&bytes[..count]));
    }
    wire.go_dead(true);
    let mut writer = Page::open(&server, 6);
    let order = writer.place();
    writer.drain(&server.address);
    // The stream is open and says nothing.
    stream.set_read_timeout(Some(Duration::from_millis(700))).unwrap();
    let silence = stream.read(&mut bytes).unwrap_err();
    assert!(matches!(
        silence.kind(),
        std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut
    ));
    // What a page does every so often without having been told of anything.
    while reader.exchange(&server.address) != Step::Rest {
        pause(1);
    }
    assert!(reader.client.replica().order_log(order).is_ok());
}
