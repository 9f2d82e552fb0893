//! Notices to customers: written with what happened, in the language of the buyer, and sent once, whatever dies or does not answer.

mod shop;

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use axum::{body::Body, http::Method};
use orderkit::Role;
use orderkit_server::{
    notice::{Channel, Notices},
    payment::verify,
};
use serde_json::{Value, json};
use shop::{NOW_MS, Shop, new_id, process::Server};

const SECOND_MS: i64 = 1_000;
const PAGE: &str = "https://mugs.example.org";

fn folder_of(shop: &Shop) -> Notices {
    let channel = Channel::Folder(shop.folder.path().join("mail"));
    let from = "mugs@example.org".to_owned();
    Notices { channel, page: Some(PAGE.to_owned()), from }
}

async fn does(shop: &Shop, order: &str, token: &str, kind: &str, args: Value) {
    let reply = shop.command(order, &new_id(), token, kind, args).await;
    assert_eq!(reply.status, 200, "{kind}: {}", reply.text());
}

async fn notices(shop: &Shop, order: &str, token: &str) -> Vec<Value> {
    let list = shop.get(&format!("/v1/main/orders/{order}/notices"), token).await;
    assert_eq!(list.status, 200, "{}", list.text());
    list.json()["notices"].as_array().unwrap().clone()
}

/// Places an order of one mug in a language, through plain HTTP.
async fn place(shop: &Shop, token: &str, language: &str) -> String {
    let mut draft = shop::draft(1);
    draft["details"]["language"] = json!(language);
    let key = new_id();
    let body = json!({"draft": draft});
    let placed = shop.post_once("/v1/main/orders", token, &key, &body).await;
    assert_eq!(placed.status, 201, "{}", placed.text());
    key
}

#[tokio::test]
async fn every_step_that_matters_to_a_customer_has_one_notice() {
    let shop = Shop::open().await.telling(folder_of);
    let staff = shop.token("main", "sam", Role::Staff).await;
    let order = place(&shop, &staff, "en").await;
    let paid = json!({"id": "p1", "method": "card", "amountMinor": 1_000});
    for _ in 0..2 {
        does(&shop, &order, &staff, "recordPayment@1", paid.clone()).await;
    }
    does(&shop, &order, &staff, "note@1", json!({"text": "for us alone"})).await;
    does(&shop, &order, &staff, "confirm@1", json!({})).await;
    let parcel = json!({"shipment": "s1", "carrier": "DHL", "tracking": "JD0001"});
    does(&shop, &order, &staff, "ship@1", parcel).await;
    let told = notices(&shop, &order, &staff).await;
    let kinds: Vec<&str> = told.iter().map(|it| it["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["placed", "paid", "shipped"]);
    let text = told[0]["body"].as_str().unwrap();
    let number =
        shop.get(&format!("/v1/main/orders/{order}"), &staff).await.json()["order"]["number"]
            .as_str()
            .unwrap()
            .to_owned();
    for part in [
        "Dear Ada Beck,",
        "1 × Mug: 10.00 EUR",
        "Total: 10.00 EUR",
        "Please pay 10.00 EUR.",
        &format!("{PAGE}/track?number={number}"),
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(told[2]["body"].as_str().unwrap().contains("With DHL, tracking number JD0001."));
    let customer = shop.token("main", "ada", Role::Customer).await;
    let hidden = shop.get(&format!("/v1/main/orders/{order}/notices"), &customer).await;
    assert_eq!(hidden.status, 403);
}

#[tokio::test]
async fn an_edit_is_told_as_a_difference_in_the_language_of_the_buyer() {
    let shop = Shop::open().await.telling(folder_of);
    let staff = shop.token("main", "sam", Role::Staff).await;
    for (language, subject, parts) in [
        (
            "en",
            "was changed",
            ["Mug: 1 → 2", "Total: 20.00 EUR (before: 10.00 EUR)", "The reason: as you said"],
        ),
        ("zh", "已修改", ["Mug：1 → 2", "合计：20.00 EUR（原为 10.00 EUR）", "原因：as you said"]),
    ] {
        let order = place(&shop, &staff, language).await;
        let edit = json!({"id": "a", "reason": "as you said",
            "changes": [{"setQuantity": {"line": "1", "quantity": "2"}}],
            "consent": {"by": "Ada", "how": "telephone"}});
        does(&shop, &order, &staff, "amend@1", edit).await;
        let told = notices(&shop, &order, &staff).await;
        assert_eq!((&told[1]["kind"], &told[1]["language"]), (&json!("amended"), &json!(language)));
        assert!(told[1]["subject"].as_str().unwrap().contains(subject), "{}", told[1]);
        for part in parts {
            assert!(told[1]["body"].as_str().unwrap().contains(part), "{part}: {}", told[1]);
        }
        let offer =
            json!({"id": "b", "changes": [{"setQuantity": {"line": "1", "quantity": "3"}}]});
        does(&shop, &order, &staff, "proposeAmendment@1", offer).await;
        let told = notices(&shop, &order, &staff).await;
        let asks = told[2]["body"].as_str().unwrap();
        assert_eq!(told[2]["kind"], "amendmentProposed");
        assert!(asks.contains("2 → 4") && asks.contains("40.00 EUR"), "{asks}");
        assert!(asks.contains(&format!("{PAGE}/track?number=")), "{asks}");
    }
}

#[tokio::test]
async fn mail_has_headers_that_any_reader_understands_and_goes_out_once() {
    let shop = Shop::open().await.telling(folder_of);
    let staff = shop.token("main", "sam", Role::Staff).await;
    let mut draft = shop::draft(1);
    draft["details"]["language"] = json!("zh");
    draft["details"]["customer"] = json!({"name": "王小明", "email": "wang@example.org"});
    let key = new_id();
    shop.post_once("/v1/main/orders", &staff, &key, &json!({"draft": draft})).await;
    assert_eq!(shop.app.send_notices().await.unwrap(), 1);
    assert_eq!(shop.app.send_notices().await.unwrap(), 0);
    let file = shop.folder.path().join("mail").join(format!("main-{key}-0.eml"));
    let mail = std::fs::read_to_string(file).unwrap();
    let head = mail.split("\r\n\r\n").next().unwrap();
    assert!(head.is_ascii(), "RFC 2047: {head}");
    assert!(head.contains("wang@example.org") && head.contains("=?utf-8?"), "{head}");
    assert!(head.contains(&format!("Message-ID: <main-{key}-0@example.org>")), "{head}");
    assert!(mail.contains("Auto-Submitted: auto-generated"));
    let told = notices(&shop, &key, &staff).await;
    assert_eq!((&told[0]["state"], &told[0]["sentMs"]), (&json!("sent"), &json!(NOW_MS)));
}

#[tokio::test]
async fn who_has_no_address_is_said_to_have_none() {
    let shop = Shop::open().await.telling(folder_of);
    let staff = shop.token("main", "sam", Role::Staff).await;
    let mut draft = shop::draft(1);
    draft["details"]["customer"] = json!({"name": "Ada Beck", "phone": "+49 228 5550199"});
    let key = new_id();
    let placed = shop.post_once("/v1/main/orders", &staff, &key, &json!({"draft": draft})).await;
    assert_eq!(placed.status, 201, "{}", placed.text());
    assert_eq!(notices(&shop, &key, &staff).await[0]["state"], "unreachable");
    assert_eq!(shop.app.send_notices().await.unwrap(), 0);
}

/// A stranger's server that answers with a status each time, and keeps what it got.
struct Listener {
    url: String,
    got: Arc<Mutex<Vec<(String, String)>>>,
}

impl Listener {
    fn answering(statuses: &'static [u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/told", listener.local_addr().unwrap());
        let got = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&got);
        thread::spawn(move || {
            for (at, stream) in listener.incoming().enumerate() {
                let status = statuses[at.min(statuses.len() - 1)];
                kept.lock().unwrap().push(answer(stream.unwrap(), status));
            }
        });
        Self { url, got }
    }
}

fn answer(mut stream: TcpStream, status: u16) -> (String, String) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line == "\r\n" || line.is_empty() {
            break;
        }
        head.push_str(&line);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    write!(stream, "HTTP/1.1 {status} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        .unwrap();
    (head, String::from_utf8(body).unwrap())
}

#[tokio::test]
async fn a_webhook_is_signed_and_tried_again_under_the_same_name_until_it_is_taken() {
    let listener = Listener::answering(&[503, 500, 204]);
    let url = listener.url.clone();
    let shop = Shop::open().await.telling(|_| Notices {
        channel: Channel::Webhook { url, secret: "shared".to_owned() },
        page: None,
        from: String::new(),
    });
    let staff = shop.token("main", "sam", Role::Staff).await;
    let order = place(&shop, &staff, "en").await;
    for _ in 0..40 {
        shop.app.send_notices().await.unwrap();
        shop.wait(SECOND_MS);
    }
    let got = listener.got.lock().unwrap().clone();
    assert_eq!(got.len(), 3, "two failures and the one that was taken");
    for (head, body) in &got {
        let header = |name: &str| {
            let line = head.lines().find(|it| it.to_ascii_lowercase().starts_with(name));
            line.unwrap().split_once(':').unwrap().1.trim().to_owned()
        };
        assert_eq!(header("idempotency-key"), format!("main-{order}-0"));
        let now_ms = NOW_MS + 60 * SECOND_MS;
        assert!(verify("shared", &header("orderkit-signature"), "main", body.as_bytes(), now_ms));
        let body: Value = serde_json::from_str(body).unwrap();
        assert_eq!(
            (&body["kind"], &body["to"]["email"]),
            (&json!("placed"), &json!("ada@example.org"))
        );
    }
    assert_eq!(notices(&shop, &order, &staff).await[0]["state"], "sent");
}

#[tokio::test]
async fn a_notice_that_nobody_takes_is_given_up_seen_and_sent_again() {
    let listener = Listener::answering(&[500, 500, 500, 500, 500, 500, 500, 500, 200]);
    let url = listener.url.clone();
    let shop = Shop::open().await.telling(|_| Notices {
        channel: Channel::Webhook { url, secret: "shared".to_owned() },
        page: None,
        from: String::new(),
    });
    let staff = shop.token("main", "sam", Role::Staff).await;
    let order = place(&shop, &staff, "en").await;
    for _ in 0..20 {
        shop.app.send_notices().await.unwrap();
        shop.wait(3_600 * SECOND_MS);
    }
    let told = notices(&shop, &order, &staff).await;
    assert_eq!(
        (&told[0]["state"], &told[0]["tries"]),
        (&json!("failed"), &json!(8)),
        "{}",
        told[0]
    );
    assert!(told[0]["error"].as_str().unwrap().contains("500"), "{}", told[0]);
    let path = format!("/v1/main/orders/{order}/notices/0/send");
    assert_eq!(shop.post(&path, &staff, &json!({})).await.json()["state"], "waiting");
    shop.app.send_notices().await.unwrap();
    assert_eq!(notices(&shop, &order, &staff).await[0]["state"], "sent");
}

/// How many messages of an order are in the folder.
fn mails(folder: &Path, order: &str) -> usize {
    let files = std::fs::read_dir(folder.join("mail")).map(Iterator::flatten);
    let names = files.into_iter().flatten().map(|it| it.file_name().into_string().unwrap());
    names.filter(|name| name.contains(order) && name.ends_with(".eml")).count()
}

/// The server dies after it has sent and before it knows that: the customer has one message.
#[test]
fn a_crash_around_sending_loses_nothing_and_repeats_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let rules = shop::rules_text("r1", "10.00");
    let server = Server::serve(folder.path(), Some("notice_sent:kill"), &rules, &[]);
    let session = server.post("/v1/session", "", &json!({"role": "customer"})).unwrap();
    let token = session["token"].as_str().unwrap().to_owned();
    let order = new_id();
    let once = format!("idempotency-key: {order}\r\n");
    let body = json!({"draft": shop::draft(1)}).to_string();
    let placed = server.send("POST", "/v1/main/orders", &token, &once, &body);
    assert!(placed.is_some());
    let begun = Instant::now();
    while mails(folder.path(), &order) == 0 && begun.elapsed() < Duration::from_secs(20) {
        thread::sleep(Duration::from_millis(50));
    }
    thread::sleep(Duration::from_millis(300));
    assert_eq!(server.post("/v1/session", "", &json!({"role": "staff"})), None, "it is dead");
    drop(server);

    let server = Server::serve(folder.path(), None, &rules, &[]);
    let staff = server.post("/v1/session", "", &json!({"role": "staff"})).unwrap();
    let staff = staff["token"].as_str().unwrap().to_owned();
    let path = format!("/v1/main/orders/{order}/notices");
    let begun = Instant::now();
    let told = loop {
        let told = server.get(&path, &staff)["notices"].clone();
        if told[0]["state"] == "sent" || begun.elapsed() > Duration::from_secs(50) {
            break told;
        }
        thread::sleep(Duration::from_millis(200));
    };
    assert_eq!(told.as_array().unwrap().len(), 1, "{told}");
    assert_eq!((&told[0]["state"], &told[0]["tries"]), (&json!("sent"), &json!(2)), "{told}");
    assert_eq!(mails(folder.path(), &order), 1);
}

/// A shop that sells what comes later, and two devices that sold the last mug; what the second order's customer was told.
async fn short(oversold: &str, language: &str) -> Vec<(String, String)> {
    let shop = Shop::open().await.telling(folder_of);
    let mut document: Value = serde_json::from_str(&shop::rules_text("short", "10.00")).unwrap();
    document["inventory"] = json!({"oversold": oversold});
    shop.app.put_rules("main", document.to_string().as_bytes()).await.unwrap();
    let admin = shop.token("main", "root", Role::Admin).await;
    let level = Body::from(json!({"quantity": "1"}).to_string());
    let put = shop::request(Method::PUT, "/v1/main/stock/MUG", &admin, level);
    assert_eq!(shop.send(put).await.status, 200);
    let mut sam = shop.device("sam", Role::Staff).await;
    let mut draft = shop::draft(2);
    draft["details"]["language"] = json!(language);
    let order = new_id();
    let digest = orderkit::Rules::from_json(document.to_string().as_bytes()).unwrap();
    let args = json!({"draft": draft, "number": format!("T-{}", &order[28..]),
        "expect": {"totalMinor": 2_000, "rulesetDigest": digest.digest()}});
    let command = sam.command(&order, "place@1", args);
    let answer = sam.sync(&[command]).await.json();
    assert_eq!(answer["results"][0]["verdict"], "accepted", "{answer}");
    let told = notices(&shop, &order, &sam.token).await;
    let word = |it: &Value, field: &str| it[field].as_str().unwrap().to_owned();
    told.iter().map(|it| (word(it, "kind"), word(it, "body"))).collect()
}

#[tokio::test]
async fn a_customer_is_told_once_that_goods_come_later_or_not_at_all() {
    let later = short("backorder", "en").await;
    let kinds: Vec<&str> = later.iter().map(|it| it.0.as_str()).collect();
    assert_eq!(kinds, ["placed", "stockShort"]);
    for part in ["come later", "1 × Mug", "sold to somebody else first", "/track?number="] {
        assert!(later[1].1.contains(part), "{part}: {}", later[1].1);
    }
    let chinese = short("backorder", "zh").await;
    assert!(chinese[1].1.contains("已先售给他人"), "{}", chinese[1].1);

    let off = short("partial", "en").await;
    let kinds: Vec<&str> = off.iter().map(|it| it.0.as_str()).collect();
    assert_eq!(kinds, ["placed", "linesCanceled"], "what is called off is told with its amount");
    for part in ["1 × Mug", "The reason: sold to somebody else first", "Total: 10.00 EUR"] {
        assert!(off[1].1.contains(part), "{part}: {}", off[1].1);
    }
}
