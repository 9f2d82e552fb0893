//! Writes the inputs to begin with that the client makes: `cargo run --bin seeds`, in this folder. It is needed again when a
//! format changes.

use std::{error::Error, fs, path::Path};

use orderkit::{
    Actor, Role,
    client::{AppendInputs, Client},
    json,
    replica::Query,
};
use orderkit_fuzz::{NOW_MS, rules};
use serde_json::{json, value::RawValue};
use uuid::Uuid;

fn main() -> Result<(), Box<dyn Error>> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let write = |name: &str, bytes: &[u8]| fs::write(corpus.join(name), bytes);
    let actor = Actor { user: "sam".to_owned(), role: Role::Staff };
    let (mut client, first) = Client::begin(rules(), Uuid::from_u128(1), actor, NOW_MS);
    write("progress/new.json", &json::write(&first.progress))?;

    client.request(100);
    let answer = fs::read(corpus.join("answer/two-orders.json"))?;
    let received = client.receive(&answer, NOW_MS).map_err(|refusal| format!("{refusal:?}"))?;
    let pages = received.writes.ok_or("nothing came")?.pages;
    for (name, keys) in [("page/rows", pages.put_rows), ("page/logs", pages.put_logs)] {
        write(name, client.new_page(*keys.first().ok_or("no page came")?))?;
    }
    client.settle().map_err(|refusal| format!("{refusal:?}"))?;
    write("progress/synced.json", &json::write(client.progress()))?;

    let listing = client.replica().list(&Query { limit: 1, ..Query::default() });
    let order = listing.rows.first().ok_or("no order came")?.row.id;
    for (number, text) in (10..).zip(["one", "two"]) {
        let inputs = AppendInputs {
            id: Uuid::from_u128(number),
            order,
            kind: "note@1".to_owned(),
            args: RawValue::from_string(json!({"text": text}).to_string())?,
            base: None,
            at_ms: NOW_MS,
            random: (0..=255).collect(),
        };
        client.append(inputs).map_err(|refusal| format!("{refusal:?}"))?;
        client.settle().map_err(|refusal| format!("{refusal:?}"))?;
    }
    write("request/two-notes.json", &client.request(100))?;
    write("unsent/two-notes.json", &json::write(&client.export_unsent(NOW_MS)))?;
    Ok(())
}
