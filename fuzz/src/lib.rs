//! What the fuzz targets do with bytes: more than not to panic, for what was understood must be understood again.

use orderkit::{
    Actor, Code, Context, Draft, Role, Rules, TimeZone,
    client::{Client, PROGRESS_FORMAT, Progress, Unsent},
    json,
    numbering::{NumberInputs, Pattern},
    replica::{
        Position, Query, Replica,
        protocol::{SyncRequest, SyncResponse},
    },
};
use uuid::Uuid;

mod importer;

pub use importer::importer;

const RULESET: &[u8] = include_bytes!("../../examples/ruleset.json");
/// Some moment.
pub const NOW_MS: i64 = 1_764_000_000_000;

/// The rules of the example shop.
///
/// # Panics
///
/// If they cannot be read.
pub fn rules() -> Rules {
    thread_local! {
        static RULES: Rules = Rules::from_json(RULESET).expect("the example can be read");
    }
    RULES.with(Clone::clone)
}

fn actor() -> Actor {
    Actor { user: "sam".to_owned(), role: Role::Staff }
}

fn replica() -> Replica {
    Replica::new(rules(), Position::new(Uuid::from_u128(1), actor()))
}

fn look_around(replica: &Replica) {
    for row in replica.list(&Query { limit: 5, ..Query::default() }).rows {
        let _ = replica.order(row.row.id, NOW_MS);
        let _ = replica.order_log(row.row.id);
    }
}

/// A page of rows: what can be read can be packed again, and is the same rows then.
///
/// # Panics
///
/// If not.
pub fn page(bytes: &[u8]) {
    let mut replica = replica();
    if replica.load_logs(1, bytes.to_vec()).is_ok() || replica.load_rows(2, bytes).is_err() {
        return;
    }
    look_around(&replica);
    let listed = |replica: &Replica| json::write(&replica.list(&Query::default()).rows);
    let before = listed(&replica);
    while let Ok(Some(writes)) = replica.pack(3) {
        let mut again = self::replica();
        for key in writes.put_rows {
            let page = replica.new_page(key).expect("it is to be put");
            again.load_rows(key, page).expect("our own page can be read");
        }
        replica.settle_pack().expect("our own page can be read");
        assert_eq!(listed(&replica), before);
        assert!(again.confirmed_count() <= replica.confirmed_count());
    }
}

/// A sync request: what was read is written as the same.
///
/// # Panics
///
/// If not.
pub fn request(bytes: &[u8]) {
    let Ok(request) = json::read::<SyncRequest>(bytes) else { return };
    for envelope in &request.commands {
        let _ = envelope.command();
    }
    let written = json::write(&request);
    let again = json::read::<SyncRequest>(&written).expect("our own request can be read");
    assert_eq!(json::write(&again), written);
}

/// An answer to a sync request, as a page takes it.
///
/// # Panics
///
/// If what was read is not written as the same, or the page does not hold what it stored.
pub fn answer(bytes: &[u8]) {
    if let Ok(answer) = json::read::<SyncResponse>(bytes) {
        let written = json::write(&answer);
        let again = json::read::<SyncResponse>(&written).expect("our own answer can be read");
        assert_eq!(json::write(&again), written);
    }
    let (mut client, _) = Client::begin(rules(), Uuid::from_u128(1), actor(), NOW_MS);
    client.request(100);
    let Ok(received) = client.receive(bytes, NOW_MS) else { return };
    let Some(writes) = received.writes else { return };
    let mut stored = replica();
    for key in writes.pages.put_rows {
        stored.load_rows(key, client.new_page(key)).expect("what is stored can be read");
    }
    for key in writes.pages.put_logs {
        stored.load_logs(key, client.new_page(key).to_vec()).expect("what is stored can be read");
    }
    if client.settle().is_err() {
        return;
    }
    look_around(client.replica());
    assert_eq!(stored.confirmed_count(), client.replica().confirmed_count());
}

/// A pattern of numbers: a number that it makes is one of its own.
///
/// # Panics
///
/// If not.
pub fn pattern(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let Ok(pattern) = Pattern::compile(text) else { return };
    let device = "7".repeat(usize::from(pattern.device_length()));
    let random = [bytes.first().copied().unwrap_or_default(); 256];
    for sequence in [1, 9, 1_000] {
        let inputs = NumberInputs { at_ms: NOW_MS, device: &device, sequence, random: &random };
        if let Ok(number) = pattern.generate(inputs, &TimeZone::default()) {
            assert!(pattern.verify(&number).is_ok(), "{number} of {text}");
        }
    }
}

/// A ruleset: one that is taken prices a draft, or says why not.
pub fn ruleset(bytes: &[u8]) {
    let Ok(rules) = Rules::from_json(bytes) else { return };
    let sku = rules.ruleset().products.first().map(|it| it.sku.clone()).unwrap_or_default();
    let text = serde_json::json!({"lines": [{"sku": sku, "quantity": "2"}], "details": {}});
    let Ok(draft) = json::read::<Draft>(text.to_string().as_bytes()) else { return };
    let _ = orderkit::quote(&draft, &rules, &Context::at(NOW_MS));
    let _ = orderkit::validate(&draft, &rules, &Context::at(NOW_MS));
}

/// A record of progress, as a page finds it in its store.
///
/// # Panics
///
/// If what was read is not written as the same.
pub fn progress(bytes: &[u8]) {
    let Ok(progress) = json::read::<Progress>(bytes) else { return };
    let written = json::write(&progress);
    let again = json::read::<Progress>(&written).expect("our own record can be read");
    assert_eq!(json::write(&again), written);
    if progress.format == PROGRESS_FORMAT {
        let mut client = Client::open(rules(), progress.clone());
        client.caught_up(progress);
        client.request(100);
    }
}

/// A file of unsent commands: what is taken is sent, and taken once.
///
/// # Panics
///
/// If not.
pub fn unsent(bytes: &[u8]) {
    let Ok(file) = json::read::<Unsent>(bytes) else { return };
    let (mut client, _) = Client::begin(rules(), Uuid::from_u128(1), actor(), NOW_MS);
    match client.import_unsent(file.clone()) {
        Err(refusal) => {
            assert!(matches!(refusal.code(), Code::UnsentFormatUnknown | Code::UnsentOfAnotherUser))
        }
        Ok(imported) => {
            if imported.writes.is_some() && client.settle().is_ok() {
                client.request(200);
                let again = client.import_unsent(file).expect("taken before");
                assert_eq!(again.imported, 0, "taken twice");
            }
        }
    }
}
