//! A real server process that dies at the worst moment, and comes back.

mod shop;

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};
use shop::new_id;

/// A server process; killed when dropped.
struct Server {
    process: Child,
    address: String,
}

impl Server {
    fn start(folder: &Path, failpoint: Option<&str>) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_orderkit"));
        let rules = folder.join("ruleset.json");
        std::fs::write(&rules, shop::rules_text("r1", "10.00")).unwrap();
        command.args(["serve", "--listen", "127.0.0.1:0", "--open-sign-in", "--ruleset"]);
        command.arg(rules).arg("--data").arg(folder).stdout(Stdio::piped()).stderr(Stdio::null());
        command.env_remove("ORDERKIT_FAILPOINT");
        if let Some(failpoint) = failpoint {
            command.env("ORDERKIT_FAILPOINT", failpoint);
        }
        let mut process = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().rsplit("//").next().unwrap().trim_end_matches('/').to_owned();
        assert!(line.starts_with("orderkit is ready on http://127.0.0.1:"), "{line}");
        Self { process, address }
    }

    /// One request; `None` if the server closed the connection without an answer.
    fn post(&self, path: &str, token: &str, body: &Value) -> Option<Value> {
        let body = body.to_string();
        let mut stream = TcpStream::connect(&self.address).ok()?;
        write!(
            stream,
            "POST {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\
             content-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        )
        .ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let (_, body) = answer.split_once("\r\n\r\n")?;
        Some(serde_json::from_str(body).unwrap())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may be dead already; then there is nothing to do.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn an_order_survives_a_crash_before_the_answer_and_is_there_once() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), Some("after_commit:kill"));
    let session = server.post("/v1/session", "", &json!({"role": "customer"})).unwrap();
    let token = session["token"].as_str().unwrap().to_owned();
    let order = new_id();
    let args = shop::place_args(1_000, "r1", "10.00");
    let request = json!({"v": 1, "client": new_id(), "commands": [{"n": 1, "id": new_id(),
        "order": order, "kind": "place@1", "atMs": 0, "args": args}]});
    assert_eq!(server.post("/v1/main/sync", &token, &request), None, "it died before it answered");
    drop(server);

    let server = Server::start(folder.path(), None);
    for attempt in 0..2 {
        let answer = server.post("/v1/main/sync", &token, &request).unwrap();
        assert_eq!(answer["results"][0]["verdict"], "accepted", "{answer}");
        assert_eq!(answer["results"][0]["seq"], 1, "attempt {attempt}");
        let changes = answer["changes"].as_array().unwrap();
        assert_eq!(changes.len(), 1);
        assert_eq!(changes[0]["order"]["id"], order);
        assert_eq!((&answer["next"], &answer["digest"]["orders"]), (&json!(1), &json!(1)));
    }
}
