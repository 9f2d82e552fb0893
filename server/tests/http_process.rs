//! A real server process for those who run it: how it ends, what it counts, what it writes down.

mod shop;

use std::{
    io::{Read, Write},
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use shop::{
    draft, new_id,
    process::{Server, rest},
    rules_text,
};

fn serve(more: &[&str]) -> (tempfile::TempDir, Server) {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::serve(folder.path(), None, &rules_text("r1", "10.00"), more);
    (folder, server)
}

fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
    rest(&mut stream)
}

/// A search that takes 0.3 seconds, on a connection that is kept.
fn slow(server: &Server) -> TcpStream {
    let mut stream = server.connect();
    let body = json!({"number": "1", "contact": "ada@example.org"}).to_string();
    let length = body.len();
    write!(
        stream,
        "POST /v1/main/track HTTP/1.1\r\nhost: x\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    stream
}

#[test]
fn requests_in_hand_are_answered_and_then_it_ends() {
    let (_folder, mut server) = serve(&["--drain", "1"]);
    let token = server.sign_in("staff");
    let mut listener = server.connect();
    write!(
        listener,
        "GET /v1/main/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\r\n"
    )
    .unwrap();
    let mut idle = server.connect();
    write!(idle, "GET /health HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    let mut part = [0; 2_000];
    assert!(idle.read(&mut part).unwrap() > 0);
    let mut in_hand = slow(&server);
    thread::sleep(Duration::from_millis(100));
    let began = Instant::now();
    server.terminate();
    thread::sleep(Duration::from_millis(50));
    for path in ["/health", "/ready"] {
        let answer = get(&server.address, path);
        assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("draining"), "{answer}");
        assert!(answer.to_lowercase().contains("connection: close"), "{answer}");
    }
    let new = get(&server.address, "/v1/openapi.json");
    assert!(new.starts_with("HTTP/1.1 503") && new.contains("retry-after"), "{new}");
    let answer = rest(&mut in_hand);
    assert!(answer.starts_with("HTTP/1.1 404") && answer.contains("tracking_unknown"), "{answer}");
    assert!(answer.to_lowercase().contains("connection: close"), "no second request: {answer}");
    assert_eq!(rest(&mut idle), "", "a connection without a request is closed");
    let stream = rest(&mut listener);
    assert!(stream.contains("data: ") && stream.ends_with("0\r\n\r\n"), "ended in order: {stream}");
    let status = server.ended(5).expect("it ends");
    assert_eq!(status.code(), Some(0));
    assert!(began.elapsed() >= Duration::from_secs(1), "it drains for as long as it was told");
}

#[test]
fn with_nothing_in_hand_it_ends_at_once() {
    let (_folder, mut server) = serve(&[]);
    let began = Instant::now();
    server.terminate();
    assert_eq!(server.ended(5).expect("it ends").code(), Some(0));
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    assert!(TcpStream::connect(&server.address).is_err());
}

#[test]
fn what_takes_longer_than_the_grace_is_left() {
    let (_folder, mut server) = serve(&["--grace", "1"]);
    let token = server.sign_in("staff");
    // A body that does not come on is in hand for longer than a second.
    let mut stuck = server.connect();
    write!(
        stuck,
        "POST /v1/main/quote HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\
                   content-length: 9\r\n\r\n{{"
    )
    .unwrap();
    thread::sleep(Duration::from_millis(200));
    let began = Instant::now();
    server.terminate();
    assert_eq!(server.ended(6).expect("it ends").code(), Some(0));
    let took = began.elapsed();
    assert!(took >= Duration::from_millis(900) && took < Duration::from_secs(5), "{took:?}");
    assert!(server.log().contains("did not finish in time"), "{}", server.log());
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let (_folder, mut server) = serve(&["--drain", "60"]);
    server.terminate();
    assert!(server.ended(1).is_none(), "it drains for a minute");
    server.terminate();
    let status = server.ended(3).expect("it ends");
    assert_eq!(status.code(), Some(1));
}

/// The value of a row of the figures, by the beginning of its line.
fn figure(text: &str, row: &str) -> Option<f64> {
    let line = text.lines().find(|line| line.starts_with(row))?;
    line.rsplit(' ').next()?.parse().ok()
}

#[test]
fn figures_and_log_say_what_happens_and_not_to_whom() {
    let (_folder, server) =
        serve(&["--metrics", "127.0.0.1:0", "--log", "json", "--user-rate", "5:25"]);
    let figures = server.figures.clone().expect("an address of their own");
    assert!(!get(&server.address, "/metrics").contains("orderkit_"), "never on the public address");
    // Each of these would say who somebody is.
    let marked = [
        "Zebedee Quux",
        "zebedee@quux.example",
        "+447700900123",
        "9 Zebra Crossing",
        "note-of-zebedee",
    ];
    let token = server.sign_in("customer");
    let session = server.get("/v1/session", &token);
    let user = session["user"].as_str().unwrap().to_owned();
    let mut order = draft(1);
    order["details"]["customer"] =
        json!({"name": marked[0], "email": marked[1], "phone": marked[2]});
    order["details"]["shippingAddress"]["street"] = json!([marked[3]]);
    let key = new_id();
    let headers = format!("idempotency-key: {key}\r\nx-request-id: {}\r\n", marked[1]);
    let body = json!({"draft": order}).to_string();
    let placed = server.send("POST", "/v1/main/orders", &token, &headers, &body).unwrap();
    let (id, number) =
        (placed["order"]["id"].as_str().unwrap(), placed["order"]["number"].as_str().unwrap());
    let args = shop::place_args(1_000, "r1", "10.00");
    let wrong = shop::place_args(999, "r1", "10.00");
    let command = |n: u64, args: &Value| json!({"n": n, "id": new_id(), "order": new_id(), "kind": "place@1", "atMs": 0, "args": args});
    let sync =
        json!({"v": 1, "client": new_id(), "commands": [command(1, &args), command(2, &wrong)]});
    assert_eq!(server.post("/v1/main/sync", &token, &sync).unwrap()["processed"], 2);
    let find = json!({"number": number, "contact": marked[1]});
    let found = server.post("/v1/main/track", "", &find).unwrap();
    let ticket = found["tracking"]["token"].as_str().unwrap().to_owned();
    server.get(&format!("/v1/main/orders/{id}"), &ticket);
    server.get(&format!("/v1/main/orders?number={number}"), &token);
    server.send("GET", "/v1/main/orders", "wrong-token-of-zebedee", "", "");
    server.post(
        "/v1/main/quote",
        &token,
        &json!({"lines": [{"sku": "note-of-zebedee", "quantity": "x"}]}),
    );
    server.send("POST", "/v1/main/orders", &token, "", &format!("{{\"{}", marked[4]));
    let mut listener = server.connect();
    write!(
        listener,
        "GET /v1/main/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\r\n"
    )
    .unwrap();
    assert!(listener.read(&mut [0; 100]).unwrap() > 0);
    for _ in 0..30 {
        server.send("GET", "/v1/main/ruleset", &token, "", "");
    }

    let text = get(&figures, "/metrics");
    let row = |row: &str| figure(&text, row).unwrap_or_default();
    assert_eq!(
        row(
            "orderkit_http_requests_total{method=\"POST\",route=\"/v1/{tenant}/orders\",status=\"201\"}"
        ),
        1.0,
        "{text}"
    );
    assert_eq!(
        row(
            "orderkit_http_requests_total{method=\"GET\",route=\"/v1/{tenant}/orders\",status=\"401\"}"
        ),
        1.0
    );
    assert_eq!(row("orderkit_sync_commands_total{verdict=\"accepted\"}"), 1.0);
    assert_eq!(row("orderkit_sync_commands_total{verdict=\"rejected\"}"), 1.0);
    assert_eq!(row("orderkit_streams"), 1.0);
    assert!(row("orderkit_connections") >= 1.0);
    assert!(row("orderkit_rate_limited_total{bucket=\"user\"}") >= 1.0, "{text}");
    assert!(
        row(
            "orderkit_http_request_seconds_bucket{method=\"POST\",route=\"/v1/{tenant}/sync\",le=\"30\"}"
        ) >= 1.0,
        "{text}"
    );
    assert!(row("orderkit_database_commit_requests_count") >= 1.0, "{text}");
    assert!(row("process_resident_memory_bytes") > 1_000_000.0);
    drop(listener);

    let log = server.log();
    let lines: Vec<Value> =
        log.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    let synced =
        lines.iter().find(|it| it["span"]["route"] == "/v1/{tenant}/sync").expect("a line of sync");
    assert_eq!(
        (&synced["status"], &synced["accepted"], &synced["rejected"]),
        (&json!(200), &json!(1), &json!(1))
    );
    assert!(
        synced["duration_ms"].is_u64()
            && synced["span"]["id"].is_string()
            && synced["span"]["method"] == "POST"
    );

    let own = [user.as_str(), id, number, &token, &ticket, &key, "wrong-token-of-zebedee"];
    for secret in marked.iter().chain(&own) {
        assert!(!log.contains(secret), "the log says {secret}:\n{log}");
        assert!(!text.contains(secret), "the figures say {secret}:\n{text}");
    }
    assert!(!text.contains("tenant=\""), "shops are named only with a flag of their own");
}

#[test]
fn figures_name_shops_if_they_are_to() {
    let (_folder, server) = serve(&["--metrics", "127.0.0.1:0", "--metrics-by-tenant"]);
    let token = server.sign_in("staff");
    let args = shop::place_args(1_000, "r1", "10.00");
    let sync = json!({"v": 1, "client": new_id(), "commands":
        [{"n": 1, "id": new_id(), "order": new_id(), "kind": "place@1", "atMs": 0, "args": args}]});
    server.post("/v1/main/sync", &token, &sync).unwrap();
    let text = get(server.figures.as_ref().unwrap(), "/metrics");
    assert!(text.contains("tenant=\"main\""), "{text}");
}
