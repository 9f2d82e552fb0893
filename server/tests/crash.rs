//! A real server process that dies at the worst moment, and comes back.

mod shop;

use serde_json::json;
use shop::{new_id, process::Server};

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
