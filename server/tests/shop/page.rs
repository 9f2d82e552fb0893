//! A page without a browser: the client of the library with a store in memory, before a real server process.

use std::{
    collections::BTreeMap,
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, SystemTime},
};

use orderkit::{
    Actor, Envelope, Role, Rules,
    client::{AppendInputs, Client, Outcome, Response, Retry, Step},
    json,
    replica::protocol::{CommandResult, SyncResponse, Verdict},
};
use serde_json::{Value, json, value::RawValue};
use uuid::Uuid;

use super::{Chance, new_id, process::Server};

/// A page of the staff.
pub struct Page {
    pub client: Client,
    pub chance: Chance,
    token: String,
    place: Value,
    /// Every command that the user was told to be saved, with its counter.
    pub saved: BTreeMap<Uuid, u64>,
    /// What the server said of each, once.
    pub told: BTreeMap<Uuid, CommandResult>,
    /// The orders of this page.
    pub orders: Vec<Uuid>,
    /// The logs that a browser would store: not all of them stay in memory.
    logs: BTreeMap<u64, Vec<u8>>,
}

/// The clock of this machine.
pub fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_millis()).unwrap()
}

impl Page {
    /// Signs in and begins an empty copy.
    pub fn open(server: &Server, seed: u64) -> Self {
        Self::with_rules(server, seed, &super::rules_text("r1", "10.00"))
    }

    /// The same with the rules of this document.
    pub fn with_rules(server: &Server, seed: u64, document: &str) -> Self {
        let session = server.post("/v1/session", "", &json!({"role": "staff"})).unwrap();
        let user = session["user"].as_str().unwrap().to_owned();
        let rules = Rules::from_json(document.as_bytes()).unwrap();
        let expect = json!({"totalMinor": 1_000, "rulesetDigest": rules.digest()});
        let place = json!({"draft": super::draft(1), "expect": expect});
        let actor = Actor { user, role: Role::Staff };
        let id = new_id().parse().unwrap();
        let (mut client, _stored) = Client::begin(rules, id, actor, now_ms());
        client.begin_exchange(Retry { first: 5, longest: 40 });
        Self {
            client,
            chance: Chance(seed),
            token: session["token"].as_str().unwrap().to_owned(),
            place,
            saved: BTreeMap::new(),
            told: BTreeMap::new(),
            orders: Vec::new(),
            logs: BTreeMap::new(),
        }
    }

    /// The token of its user.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Places an order of one mug and gives its id.
    pub fn place(&mut self) -> Uuid {
        let order = new_id().parse().unwrap();
        let args = self.place.to_string();
        self.append(order, "place@1", args);
        self.orders.push(order);
        order
    }

    /// Places many orders at once, as the file of another device that was never online.
    pub fn bring_in(&mut self, count: usize) {
        let mut file = self.client.export_unsent(now_ms());
        let args = RawValue::from_string(self.place.to_string()).unwrap();
        file.commands = (1..=count)
            .map(|n| Envelope {
                n: u64::try_from(n).unwrap(),
                id: new_id().parse().unwrap(),
                order: new_id().parse().unwrap(),
                kind: "place@1".to_owned(),
                base: 0,
                at_ms: now_ms(),
                args: args.clone(),
            })
            .collect();
        let imported = self.client.import_unsent(file).unwrap();
        let put = imported.writes.unwrap().put;
        self.saved.extend(put.iter().map(|record| (record.command.id, record.n)));
        self.client.settle().unwrap();
    }

    /// Writes a note on one of its orders.
    pub fn note(&mut self) {
        let index = self.chance.below(self.orders.len());
        let text = format!("note {}", self.chance.next());
        self.append(self.orders[index], "note@1", json!({"text": text}).to_string());
    }

    fn append(&mut self, order: Uuid, kind: &str, args: String) {
        let id: Uuid = new_id().parse().unwrap();
        let random = (0..256).map(|_| self.chance.next().to_le_bytes()[0]).collect();
        let args = RawValue::from_string(args).unwrap();
        let kind = kind.to_owned();
        let inputs = AppendInputs { id, order, kind, args, base: None, at_ms: now_ms(), random };
        for key in self.client.logs_of(order) {
            assert!(self.client.load_logs(key, self.logs.get(&key).cloned()));
        }
        let appended = self.client.append(inputs).unwrap();
        self.client.settle().unwrap();
        self.saved.insert(id, appended.saved.n);
    }

    /// How many commands the server has not decided.
    pub fn waiting(&self) -> usize {
        self.client.replica().outbox().filter(|it| it.verdict.is_none()).count()
    }

    /// One request and its answer, as a page makes it of them.
    pub fn exchange(&mut self, address: &str) -> Step {
        let body = self.client.request(500);
        let random = u32::try_from(self.chance.next() >> 32).unwrap();
        let Some(reply) = post(address, "/v1/main/sync", &self.token, &body) else {
            return self.client.hear(&Response::default(), random);
        };
        let issue = json::read(&reply.body).ok();
        let (status, is_json) = (reply.status, reply.is_json);
        let retry_after_ms = reply.retry_after_ms;
        let response = Response { status, is_json, issue, retry_after_ms };
        match self.client.hear(&response, random) {
            Step::Take => self.take(&reply.body, random),
            step => step,
        }
    }

    fn take(&mut self, body: &[u8], random: u32) -> Step {
        let received = match self.client.receive(body, now_ms()) {
            Ok(received) => received,
            Err(refusal) => return self.client.found_unreadable(&refusal.issues[0], random),
        };
        let mut agrees = true;
        if let Some(writes) = &received.writes {
            if writes.clear_pages {
                self.logs.clear();
            }
            for key in &writes.pages.put_logs {
                self.logs.insert(*key, self.client.new_page(*key).to_vec());
            }
            agrees = self.client.settle().unwrap().agrees;
            let answer: SyncResponse = json::read(body).unwrap();
            self.hear_verdicts(answer.results);
        }
        if !agrees {
            self.client.drop_confirmed(None);
            self.client.settle().unwrap();
        }
        let outcome = Outcome {
            decided: received.decided,
            more: received.more,
            retry_after_ms: received.retry_after_ms,
            gap: received.gap,
            agrees,
            poked: 0,
        };
        self.client.took(outcome, random)
    }

    fn hear_verdicts(&mut self, results: Vec<CommandResult>) {
        for result in results.into_iter().filter(|it| it.verdict != Verdict::Deferred) {
            let before = self.told.insert(result.id, result.clone());
            if let Some(before) = before {
                assert_eq!(before, result, "a verdict stays as it was");
            }
        }
    }

    /// Exchanges until nothing waits and all is here.
    pub fn drain(&mut self, address: &str) {
        for _ in 0..4_000 {
            match self.exchange(address) {
                Step::Rest if self.waiting() == 0 => return,
                Step::Rest | Step::Again => {}
                Step::Offline { wait_ms } | Step::Later { wait_ms, .. } => pause(wait_ms),
                step => panic!("nothing here is refused as a whole: {step:?}"),
            }
        }
        panic!("{} commands are left", self.waiting());
    }
}

/// Waits as a page does, and shorter: the tests have no time.
pub fn pause(wait_ms: i64) {
    std::thread::sleep(Duration::from_millis(u64::try_from(wait_ms.clamp(1, 50)).unwrap()));
}

/// An answer of the server.
pub struct Answer {
    pub status: u16,
    pub is_json: bool,
    pub retry_after_ms: Option<i64>,
    pub body: Vec<u8>,
}

/// The bytes of a request.
pub fn request(path: &str, token: &str, body: &[u8]) -> Vec<u8> {
    let mut bytes = format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    )
    .into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

/// Sends a request; none if the connection ended before the answer did.
pub fn post(address: &str, path: &str, token: &str, body: &[u8]) -> Option<Answer> {
    send(address, &request(path, token, body))
}

/// Sends bytes and reads an answer that is as long as it says.
pub fn send(address: &str, bytes: &[u8]) -> Option<Answer> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(bytes).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&answer[..end]).to_lowercase();
    let header = |name: &str| {
        head.lines().find_map(|line| Some(line.strip_prefix(name)?.trim_start_matches(':').trim()))
    };
    let body = answer[end + 4..].to_vec();
    if let Some(length) = header("content-length") {
        (length.parse() == Ok(body.len())).then_some(())?;
    }
    Some(Answer {
        status: head.split(' ').nth(1)?.parse().ok()?,
        is_json: header("content-type").is_some_and(|it| it.starts_with("application/json")),
        retry_after_ms: header("retry-after").and_then(|it| Some(it.parse::<i64>().ok()? * 1_000)),
        body,
    })
}
