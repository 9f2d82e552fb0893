//! Limits of the HTTP face: floods, slow clients and bombs, over real sockets where the socket matters.

mod shop;

use std::{
    io::Write,
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use axum::{
    body::Body,
    http::{Method, header},
};
use orderkit::Role;
use orderkit_server::http::{Limits, Rate};
use serde_json::json;
use shop::{
    Shop, draft, new_id,
    process::{Server, rest},
    request, rules_text,
};

fn serve(more: &[&str]) -> (tempfile::TempDir, Server) {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::serve(folder.path(), None, &rules_text("r1", "10.00"), more);
    (folder, server)
}

/// So many bytes of blanks, which are a thousandth packed.
fn bomb(megabytes: usize) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let megabyte = vec![b' '; 1024 * 1024];
    for _ in 0..megabytes {
        encoder.write_all(&megabyte).unwrap();
    }
    encoder.finish().unwrap()
}

fn packed(server: &Server, token: &str, path: &str, encodings: &[&str], body: &[u8]) -> String {
    let mut stream = server.connect();
    let encodings: Vec<String> =
        encodings.iter().map(|it| format!("content-encoding: {it}\r\n")).collect();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n{}\
         content-length: {}\r\nconnection: close\r\n\r\n",
        encodings.concat(),
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    // It may be closed before all is sent.
    let _ = stream.write_all(body);
    rest(&mut stream)
}

#[test]
fn a_gzip_bomb_is_stopped_while_it_is_unpacked_with_little_memory() {
    let (_folder, server) = serve(&[]);
    let token = server.sign_in("staff");
    let (bomb, before) = (bomb(300), server.memory());
    assert!(bomb.len() < 2_000_000, "{}", bomb.len());
    for path in ["/v1/main/sync", "/v1/main/quote", "/v1/main/payments/statement"] {
        let answer = packed(&server, &token, path, &["gzip"], &bomb);
        assert!(answer.starts_with("HTTP/1.1 413"), "{path}: {answer}");
        assert!(answer.contains("document_too_large"), "{answer}");
    }
    let grown = server.memory().saturating_sub(before);
    assert!(grown < 80 * 1024, "{grown} KiB for 300 MB");

    // Packed twice, or in a way that nobody reads.
    for encodings in [&["gzip", "gzip"][..], &["gzip, gzip"], &["br"], &["deflate"]] {
        let answer = packed(&server, &token, "/v1/main/sync", encodings, &bomb);
        assert!(answer.starts_with("HTTP/1.1 415"), "{encodings:?}: {answer}");
        assert!(answer.contains("encoding_unknown"), "{answer}");
    }
    let cut = packed(&server, &token, "/v1/main/quote", &["gzip"], &bomb[..100]);
    assert!(cut.starts_with("HTTP/1.1 400"), "{cut}");
}

#[test]
fn who_is_not_known_sends_no_body() {
    let (_folder, server) = serve(&[]);
    let mut stream = server.connect();
    write!(
        stream,
        "POST /v1/main/sync HTTP/1.1\r\nhost: x\r\nauthorization: Bearer wrong\r\n\
         content-length: 16000000\r\nexpect: 100-continue\r\nconnection: close\r\n\r\n"
    )
    .unwrap();
    let answer = rest(&mut stream);
    assert!(answer.starts_with("HTTP/1.1 401"), "not even asked for it: {answer}");
}

#[test]
fn slow_clients_are_let_go() {
    let (_folder, server) = serve(&["--request-seconds", "2"]);
    let token = server.sign_in("staff");
    let body = |rest: &str| {
        format!(
            "POST /v1/main/quote HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\
             content-length: 5000\r\n\r\n{rest}"
        )
    };
    // What is sent at once, what comes byte by byte, and how the answer begins.
    let rows = [
        ("half open", String::new(), 0, ""),
        ("slow header", "GET /health HTTP/1.1\r\nx: ".to_owned(), 40, ""),
        ("no body", body(""), 0, "HTTP/1.1 408"),
        ("slow body", body("{"), 40, "HTTP/1.1 408"),
        ("idle", "GET /health HTTP/1.1\r\nhost: x\r\n\r\n".to_owned(), 0, "HTTP/1.1 200"),
    ];
    let server = &server;
    thread::scope(|scope| {
        for (name, at_once, bytes, begins) in rows {
            scope.spawn(move || {
                let mut stream = server.connect();
                let began = Instant::now();
                stream.write_all(at_once.as_bytes()).unwrap();
                for _ in 0..bytes {
                    thread::sleep(Duration::from_millis(100));
                    if stream.write_all(b"a").is_err() {
                        break;
                    }
                }
                let answer = rest(&mut stream);
                let took = began.elapsed();
                assert!(answer.starts_with(begins), "{name}: {answer}");
                if begins.contains("408") {
                    assert!(answer.contains("request_too_slow"), "{name}: {answer}");
                }
                assert!(took < Duration::from_secs(8), "{name}: {took:?}");
            });
        }
    });
    assert!(packed(server, &token, "/v1/main/quote", &[], b"{}").starts_with("HTTP/1.1 200"));
}

#[test]
fn connections_are_counted_in_all_and_by_address() {
    for (flag, status, code) in [
        ("--max-connections", "503", "try_later"),
        ("--max-connections-per-address", "429", "rate_limited"),
    ] {
        let (_folder, server) = serve(&[flag, "4"]);
        let held: Vec<TcpStream> = (0..4).map(|_| server.connect()).collect();
        let answer = rest(&mut server.connect());
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{flag}: {answer}");
        assert!(answer.contains(code) && answer.contains("retry-after: "), "{answer}");
        drop(held);
        let mut back = false;
        for _ in 0..100 {
            thread::sleep(Duration::from_millis(20));
            let mut stream = server.connect();
            let asked =
                write!(stream, "GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
            back |= asked.is_ok() && rest(&mut stream).starts_with("HTTP/1.1 200");
        }
        assert!(back, "places that were left are free again");
    }
}

#[test]
fn hundreds_of_half_open_connections_and_half_sent_bodies_cost_little() {
    let (_folder, server) = serve(&["--max-connections-per-address", "800"]);
    let token = server.sign_in("staff");
    let before = server.memory();
    let mut held = Vec::new();
    for at in 0..400 {
        let mut stream = server.connect();
        if at % 2 == 0 {
            // It announces 16 MB and sends little: what is announced takes no memory.
            write!(
                stream,
                "POST /v1/main/sync HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\
                 content-length: 16000000\r\n\r\n{}",
                " ".repeat(1_000)
            )
            .unwrap();
        }
        held.push(stream);
    }
    thread::sleep(Duration::from_millis(500));
    let health = server.get("/health", "");
    assert_eq!(health["ok"], true);
    // Bodies on their way take nobody's turn.
    assert!(server.post("/v1/main/quote", &token, &draft(1)).unwrap()["ok"] == true);
    let grown = server.memory().saturating_sub(before);
    assert!(grown < 60 * 1024, "{grown} KiB for 400 connections");
}

#[tokio::test]
async fn bodies_have_a_limit_by_route_and_one_together() {
    let shop = Shop::open().await.limited(Limits { body_memory: 3_000_000, ..Limits::default() });
    let token = shop.token("main", "sam", Role::Admin).await;
    let send = async |path: &str, bytes: usize| {
        let body = Body::from(vec![b' '; bytes]);
        shop.send(request(Method::POST, path, &token, body)).await.refusal()
    };
    let too_large = || (413, "document_too_large".to_owned());
    let malformed = || (400, "json_malformed".to_owned());
    assert_eq!(send("/v1/main/numbers/return", 70_000).await, too_large());
    assert_eq!(send("/v1/main/numbers/return", 60_000).await, malformed());
    let path = format!("/v1/main/orders/{}/returns/preview", new_id());
    assert_eq!(send(&path, 2_200_000).await, too_large());
    assert_eq!(send("/v1/main/sync", 2_200_000).await, malformed());
    assert_eq!(send("/v1/main/sync", 4_000_000).await, (503, "try_later".to_owned()));
}

#[tokio::test]
async fn users_addresses_and_sync_have_rates_of_their_own() {
    let limits = Limits {
        user_rate: Rate::of(1, 3),
        sync_rate: Rate::of(1, 2),
        address_rate: Rate::of(1, 4),
        ..Limits::default()
    };
    let shop = Shop::open().await.limited(limits);
    let sam = shop.token("main", "sam", Role::Staff).await;
    let ida = shop.token("main", "ida", Role::Staff).await;
    for _ in 0..3 {
        assert_eq!(shop.get("/v1/main/orders", &sam).await.status, 200);
    }
    let over = shop.get("/v1/main/orders", &sam).await;
    assert_eq!(over.refusal(), (429, "rate_limited".to_owned()));
    let wait: u64 = over.header("retry-after").parse().unwrap();
    assert!((1..=2).contains(&wait), "{wait}");
    assert!(over.json()["message"].as_str().unwrap().contains(&format!("{wait} s")));
    // Another token is the same user; another user has a bucket of their own, and so has sync.
    let other = shop.token("main", "sam", Role::Staff).await;
    assert_eq!(shop.get("/v1/main/orders", &other).await.status, 429);
    assert_eq!(shop.get("/v1/main/orders", &ida).await.status, 200);
    let sync = json!({"v": 1, "client": new_id()});
    for status in [200, 200, 429] {
        assert_eq!(shop.post("/v1/main/sync", &sam, &sync).await.status, status);
    }
    for status in [401, 401, 401, 401, 429] {
        assert_eq!(shop.get("/v1/main/orders", "wrong").await.status, status);
    }
    assert_eq!(shop.post("/v1/session", "", &json!({"role": "staff"})).await.status, 429);
    assert_eq!(shop.get("/health", "").await.status, 200, "who watches is never sent away");
    tokio::time::sleep(Duration::from_millis(2_100)).await;
    assert_eq!(shop.get("/v1/main/orders", &sam).await.status, 200, "they fill again");
}

#[tokio::test]
async fn a_request_waits_for_its_turn_and_not_for_ever() {
    let limits = Limits { requests: 1, queue_wait: Duration::from_millis(50), ..Limits::default() };
    let shop = Shop::open().await.limited(limits);
    let sam = shop.token("main", "sam", Role::Staff).await;
    // An answer of `track` takes 0.3 seconds.
    let search = json!({"number": "1", "contact": "ada@example.org"});
    let slow = shop.post("/v1/main/track", "", &search);
    let quick = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        shop.get("/v1/main/orders", &sam).await
    };
    let (slow, quick) = tokio::join!(slow, quick);
    assert_eq!((slow.status.as_u16(), quick.refusal()), (404, (503, "try_later".to_owned())));
    assert!(!quick.header("retry-after").is_empty());
    assert_eq!(shop.get("/v1/main/orders", &sam).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tenant_that_floods_does_not_starve_the_others() {
    let limits = Limits {
        requests: 8,
        requests_per_tenant: 4,
        queue_wait: Duration::from_secs(2),
        tenant_rate: Rate::of(100, 200),
        ..Limits::default()
    };
    let shop = Shop::open().await.limited(limits);
    let mut flood = Vec::new();
    for user in 0..20 {
        flood.push(shop.token("main", &format!("u{user}"), Role::Customer).await);
    }
    let olga = shop.token("other", "olga", Role::Staff).await;
    let order = json!({"draft": draft(1)});
    let attack = async {
        let requests = (0..600).map(|at| {
            let (shop, token, order) = (&shop, &flood[at % flood.len()], &order);
            async move {
                shop.post_once("/v1/main/orders", token, &new_id(), order).await.status.as_u16()
            }
        });
        futures_util::future::join_all(requests).await
    };
    let other = async {
        let mut slowest = Duration::ZERO;
        for _ in 0..20 {
            let began = Instant::now();
            assert_eq!(shop.get("/v1/other/orders", &olga).await.status, 200);
            slowest = slowest.max(began.elapsed());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        slowest
    };
    let (statuses, slowest) = tokio::join!(attack, other);
    let of = |status: u16| statuses.iter().filter(|it| **it == status).count();
    assert_eq!(of(201) + of(429) + of(503), 600, "{statuses:?}");
    assert!(of(201) > 0 && of(429) > 0, "{} placed, {} limited", of(201), of(429));
    assert!(slowest < Duration::from_secs(2), "{slowest:?}");
}

#[tokio::test]
async fn streams_are_counted_by_user_and_tenant() {
    let limits = Limits { streams_per_user: 2, streams_per_tenant: 3, ..Limits::default() };
    let shop = Shop::open().await.limited(limits);
    let sam = shop.token("main", "sam", Role::Staff).await;
    let ida = shop.token("main", "ida", Role::Staff).await;
    let olga = shop.token("other", "olga", Role::Staff).await;
    let first = shop.stream("/v1/main/events", &sam).await;
    let second = shop.stream("/v1/main/events", &sam).await;
    assert_eq!((first.status().as_u16(), second.status().as_u16()), (200, 200));
    let over = shop.get("/v1/main/events", &sam).await;
    assert_eq!(over.refusal(), (429, "streams_too_many".to_owned()));
    assert_eq!(over.header("retry-after"), "30");
    let third = shop.stream("/v1/main/events", &ida).await;
    assert_eq!(third.status(), 200);
    assert_eq!(shop.get("/v1/main/events", &ida).await.status, 429, "all of the tenant are taken");
    let elsewhere = shop.stream("/v1/other/events", &olga).await;
    assert_eq!(elsewhere.status(), 200);
    drop(second);
    let again = shop.stream("/v1/main/events", &sam).await;
    assert_eq!(again.status(), 200);
    drop((first, third, elsewhere, again));
}

#[tokio::test]
async fn a_body_in_pieces_is_read_to_its_end() {
    let shop = Shop::open().await;
    let token = shop.token("main", "cara", Role::Customer).await;
    let text = draft(1).to_string();
    let pieces: Vec<Result<Vec<u8>, std::io::Error>> =
        text.as_bytes().chunks(7).map(|piece| Ok(piece.to_vec())).collect();
    let body = Body::from_stream(futures_util::stream::iter(pieces));
    let mut whole = request(Method::POST, "/v1/main/quote", &token, body);
    whole.headers_mut().insert(header::CONTENT_ENCODING, "identity".parse().unwrap());
    assert_eq!(shop.send(whole).await.json()["ok"], true);
    let broken = [Ok(b"{".to_vec()), Err(std::io::Error::other("gone"))];
    let body = Body::from_stream(futures_util::stream::iter(broken));
    let reply = shop.send(request(Method::POST, "/v1/main/quote", &token, body)).await;
    assert_eq!(reply.refusal(), (400, "json_malformed".to_owned()));
}
