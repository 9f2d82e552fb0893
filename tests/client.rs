//! A client and its store: what is written, in which order it counts, and what survives.

mod shop;

use std::collections::BTreeMap;

use orderkit::{
    Code, Issue, Role,
    client::{
        Client, Mending, PROGRESS_FORMAT, Progress, Response, Retry, Stale, Step, Unsent, Writes,
    },
    json,
    numbering::Span,
    replica::{
        OutboxRecord, Position, Query,
        protocol::{Since, SyncRequest, SyncResponse},
    },
};
use serde_json::json;
use shop::{NOW_MS, actor, place_inputs, rules};
use uuid::Uuid;

/// What a browser would store, without its pages.
#[derive(Clone, Default)]
struct Disk {
    progress: Option<Progress>,
    outbox: BTreeMap<u64, OutboxRecord>,
}

impl Disk {
    fn write(&mut self, writes: &Writes) {
        if writes.clear_outbox {
            self.outbox.clear();
        }
        for n in &writes.remove {
            self.outbox.remove(n);
        }
        self.outbox.extend(writes.put.iter().map(|record| (record.n, record.clone())));
        self.progress = Some(writes.progress.clone());
    }

    fn open(&self) -> Client {
        let progress = self.progress.clone().unwrap();
        let mut client = Client::open(rules(), progress);
        refresh(&mut client, self);
        client
    }
}

fn begin(id: u128) -> (Client, Disk) {
    let mut disk = Disk::default();
    let (client, writes) =
        Client::begin(rules(), Uuid::from_u128(id), actor("sam", Role::Staff), NOW_MS);
    disk.write(&writes);
    (client, disk)
}

/// As a page does before each change.
fn refresh(client: &mut Client, disk: &Disk) {
    let progress = disk.progress.clone().unwrap();
    let reading = client.stale(&progress);
    let stale = reading.stale;
    if stale == Stale::Everything {
        client.restart(progress.clone());
    }
    if stale != Stale::Nothing {
        let (upto, from) = (reading.commands_upto, reading.commands_from);
        client.forget_commands(upto, from);
        let read = disk.outbox.values().filter(|record| record.n <= upto || record.n >= from);
        client.add_records(read.cloned().collect());
    }
    let mending = client.caught_up(progress);
    assert_eq!(mending, Mending::Nothing);
}

fn place(client: &mut Client, disk: &mut Disk, id: u128) -> u64 {
    refresh(client, disk);
    let appended = client.append(place_inputs(id)).unwrap();
    disk.write(&appended.writes.unwrap());
    client.settle().unwrap();
    appended.saved.n
}

fn answer(client: &mut Client, change: impl FnOnce(&mut serde_json::Value)) -> Vec<u8> {
    let request: SyncRequest = json::read(&client.request(100)).unwrap();
    let processed = request.commands.iter().map(|it| it.n).max().unwrap_or(request.ack);
    let mut response = json!({
        "v": 1, "epoch": "e1", "timeMs": NOW_MS, "processed": processed, "device": "K7",
        "results": [], "changes": [], "next": 4, "more": false
    });
    change(&mut response);
    let response: SyncResponse = serde_json::from_value(response).unwrap();
    json::write(&response)
}

fn counters(disk: &Disk) -> Vec<(u64, u64, u128)> {
    let records = disk.outbox.values();
    records.map(|it| (it.n, it.command.n, it.command.order.as_u128())).collect()
}

#[test]
fn nothing_counts_before_it_is_stored() {
    let (mut client, disk) = begin(1);
    client.append(place_inputs(1)).unwrap();
    client.abandon();
    assert_eq!(client.replica().outbox().count(), 0);
    assert_eq!(client.settle().unwrap_err().issues[0].code, Code::InternalError);
    assert_eq!(client.progress().next_n, disk.progress.unwrap().next_n);
}

#[test]
fn a_request_that_is_tried_twice_is_stored_once() {
    let (mut client, mut disk) = begin(1);
    let first = client.append(place_inputs(1)).unwrap();
    // It was stored, and the news of it got lost.
    disk.write(&first.writes.unwrap());
    client.abandon();
    refresh(&mut client, &disk);
    let second = client.append(place_inputs(1)).unwrap();
    assert!(second.writes.is_none());
    assert_eq!((second.saved.n, second.saved.number), (first.saved.n, first.saved.number));
}

#[test]
fn only_commands_that_another_page_changed_are_read() {
    let (mut one, mut disk) = begin(1);
    let mut two = disk.open();
    for id in 0..4 {
        place(&mut one, &mut disk, 10 + id);
    }
    refresh(&mut two, &disk);
    place(&mut one, &mut disk, 20);
    let reading = two.stale(disk.progress.as_ref().unwrap());
    assert_eq!(
        (reading.stale, reading.commands_upto, reading.commands_from),
        (Stale::Outbox, 0, 5)
    );

    // The first is accepted, the second refused: both are decided, the others wait as before.
    let body = answer(&mut one, |it| {
        let id = |n: u128| Uuid::from_u128(1_010 + n - 1).to_string();
        it["results"] = json!([
            {"n": 1, "id": id(1), "verdict": "accepted", "seq": 1},
            {"n": 2, "id": id(2), "verdict": "rejected", "issues": [{"code": "price_changed", "path": "", "args": {}}]}
        ]);
        it["processed"] = json!(2);
    });
    let received = one.receive(&body, NOW_MS).unwrap();
    disk.write(&received.writes.unwrap());
    one.settle().unwrap();
    let reading = two.stale(disk.progress.as_ref().unwrap());
    assert_eq!((reading.stale, reading.commands_upto), (Stale::Appended, 2));
    refresh(&mut two, &disk);
    for page in [&one, &two] {
        let records: Vec<(u64, bool)> =
            page.replica().outbox().map(|it| (it.n, it.verdict.is_some())).collect();
        assert_eq!(records, [(2, true), (3, false), (4, false), (5, false)]);
        assert_eq!(page.replica().list(&Query::default()).total, 3);
    }
}

#[test]
fn a_reading_that_broke_off_begins_again() {
    let (mut one, mut disk) = begin(1);
    let mut two = disk.open();
    for id in 0..5 {
        place(&mut one, &mut disk, 10 + id);
    }
    let writes = one.drop_confirmed(None);
    disk.write(&writes);
    one.settle().unwrap();
    // The store fails while the other page reads everything: it must not take what it has for all there is.
    let progress = disk.progress.clone().unwrap();
    assert_eq!(two.stale(&progress).stale, Stale::Everything);
    two.restart(progress.clone());
    assert_eq!(two.stale(&progress).stale, Stale::Everything);
    refresh(&mut two, &disk);
    assert_eq!(two.replica().outbox().count(), 5);
}

#[test]
fn only_the_command_that_was_sent_is_put_aside() {
    let (mut one, mut disk) = begin(1);
    for id in 0..3 {
        place(&mut one, &mut disk, 10 + id);
    }
    let mut two = disk.open();
    for page in [&mut one, &mut two] {
        page.begin_exchange(Retry::default());
        page.request(100);
    }
    // Both sent the first one alone, and both were told that it is too large.
    let too_large = Issue::new(Code::CommandTooLarge, "");
    let writes = one.set_aside(Uuid::from_u128(2), &too_large).unwrap();
    disk.write(&writes);
    one.settle().unwrap();
    refresh(&mut two, &disk);
    assert!(two.set_aside(Uuid::from_u128(3), &too_large).is_none());
    let refused = disk.outbox.values().filter(|record| record.verdict.is_some()).count();
    assert_eq!(refused, 1);
}

#[test]
fn another_role_of_the_user_pulls_anew_and_keeps_what_waits() {
    let (mut client, mut disk) = begin(1);
    place(&mut client, &mut disk, 10);
    let body = answer(&mut client, |_| ());
    let received = client.receive(&body, NOW_MS).unwrap();
    disk.write(&received.writes.unwrap());
    client.settle().unwrap();
    assert!(client.act_as(actor("sam", Role::Staff)).is_none());
    let writes = client.act_as(actor("sam", Role::Admin)).unwrap();
    assert!(writes.clear_pages && writes.progress.position.since.is_none());
    disk.write(&writes);
    client.settle().unwrap();
    assert_eq!(client.replica().position().actor.role, Role::Admin);
    assert_eq!(client.replica().outbox().count(), 1);
}

#[test]
fn an_answer_that_was_interrupted_is_asked_for_again() {
    let (mut client, disk) = begin(1);
    let body = answer(&mut client, |_| ());
    client.begin_answer(&body).unwrap();
    // A write of the user fails meanwhile.
    client.append(place_inputs(1)).unwrap();
    client.abandon();
    let received = client.finish_answer(NOW_MS).unwrap();
    assert!(received.writes.is_none() && received.more);
    assert_eq!(client.progress().position, disk.progress.unwrap().position);
}

#[test]
fn what_a_later_version_stored_besides_is_no_hindrance() {
    let (mut client, mut disk) = begin(1);
    place(&mut client, &mut disk, 10);
    let later = |text: Vec<u8>| {
        let mut value: serde_json::Value = serde_json::from_slice(&text).unwrap();
        value["later"] = json!({"more": 1});
        value.to_string().into_bytes()
    };
    let records: Vec<u8> = [b"[".as_slice(), &later(json::write(&disk.outbox[&1])), b"]"].concat();
    let mut again = disk.open();
    again.forget_commands(0, 0);
    again.load_records(&records).unwrap();
    assert_eq!(again.replica().outbox().count(), 1);
    let position = later(json::write(&disk.progress.unwrap().position));
    assert!(json::read::<Position>(&position).is_ok());
}

#[test]
fn orders_of_the_first_form_are_fetched_again_and_what_waits_stays() {
    let (mut client, mut disk) = begin(1);
    place(&mut client, &mut disk, 10);
    let mut progress = disk.progress.clone().unwrap();
    progress.format = 1;
    disk.progress = Some(progress.clone());
    let mut again = Client::open(rules(), progress.clone());
    assert_eq!(again.stale(&progress).stale, Stale::Everything);
    again.restart(progress.clone());
    again.add_records(disk.outbox.values().cloned().collect());
    assert_eq!(again.caught_up(progress), Mending::Pages);
    let writes = again.mend(NOW_MS);
    assert!(writes.clear_pages && !writes.clear_outbox);
    // That is no damage that anybody has to be told of.
    assert_eq!((writes.progress.format, writes.progress.damaged_ms), (PROGRESS_FORMAT, None));
    disk.write(&writes);
    again.settle().unwrap();
    assert_eq!(
        (again.replica().outbox().count(), again.stale(&writes.progress).stale),
        (1, Stale::Nothing)
    );
}

#[test]
fn two_pages_count_without_gaps() {
    let (mut one, mut disk) = begin(1);
    let mut two = disk.open();
    let mut given = Vec::new();
    for id in 0..6 {
        let page = if id % 2 == 0 { &mut one } else { &mut two };
        given.push(place(page, &mut disk, 10 + id));
    }
    assert_eq!(given, [1, 2, 3, 4, 5, 6]);
    refresh(&mut one, &disk);
    assert_eq!(one.replica().outbox().count(), 6);
}

#[test]
fn a_copied_profile_gets_a_new_name_and_keeps_its_commands() {
    let (mut client, mut disk) = begin(1);
    let leased = json!([{"from": 5, "to": 7}]);
    let body = answer(&mut client, |response| response["leases"] = leased);
    let received = client.receive(&body, NOW_MS).unwrap();
    disk.write(&received.writes.unwrap());
    client.settle().unwrap();
    assert_eq!(client.progress().position.leases, [Span { from: 5, to: 7 }]);
    place(&mut client, &mut disk, 11);
    place(&mut client, &mut disk, 12);

    let (old, new) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let writes = client.rename(old, new).unwrap();
    assert!(writes.strict && writes.clear_outbox);
    disk.write(&writes);
    client.settle().unwrap();
    let position = &client.progress().position;
    // Code and blocks stay with the other copy, or both would give the same numbers.
    assert_eq!((position.client, &position.device), (new, &None));
    assert_eq!((position.leases.len(), position.ack), (0, 0));
    assert_eq!(counters(&disk), [(1, 1, 11), (2, 2, 12)]);
    assert!(client.rename(old, Uuid::from_u128(3)).is_none(), "another page was faster");
    assert_eq!(place(&mut client, &mut disk, 13), 3);
}

#[test]
fn a_command_that_no_server_takes_is_put_aside() {
    let (mut client, mut disk) = begin(1);
    place(&mut client, &mut disk, 11);
    place(&mut client, &mut disk, 12);
    client.request(100);
    let too_large = Response { status: 413, ..Response::default() };
    assert_eq!(client.hear(&too_large, 0), Step::Again);
    client.request(100);
    let Step::SetAside { issue } = client.hear(&too_large, 0) else { panic!() };
    let writes = client.set_aside(Uuid::from_u128(2), &issue).unwrap();
    disk.write(&writes);
    client.settle().unwrap();
    let (first, rest) = (counters(&disk)[0], &counters(&disk)[1..]);
    assert_eq!(first, (1, 1, 12), "the other one goes on");
    assert!(matches!(rest, [(n, _, 11)] if *n >= 1 << 50));
    let refused = disk.outbox.values().last().unwrap().verdict.clone().unwrap();
    assert_eq!(refused.issues, [Issue::new(Code::CommandTooLarge, "")]);
    // A second one gets a place of its own.
    place(&mut client, &mut disk, 13);
    client.request(100);
    let writes = client.set_aside(Uuid::from_u128(3), &issue).unwrap();
    disk.write(&writes);
    client.settle().unwrap();
    assert_eq!(disk.outbox.len(), 3);
}

#[test]
fn what_a_page_knows_outlives_its_store() {
    let (mut client, mut disk) = begin(1);
    place(&mut client, &mut disk, 11);
    let last = disk.progress.unwrap().series.last;
    disk = Disk::default();
    let writes = client.rebuild(Uuid::from_u128(2), NOW_MS + 5);
    disk.write(&writes);
    client.settle().unwrap();
    assert_eq!(counters(&disk), [(1, 1, 11)]);
    let progress = disk.progress.clone().unwrap();
    assert_eq!((progress.next_n, progress.series.last), (2, last));
    assert_eq!((progress.position.client, progress.position.since), (Uuid::from_u128(2), None));
    assert_eq!(disk.open().replica().outbox().count(), 1);
}

#[test]
fn what_a_page_knows_outlives_a_store_that_another_page_made_anew() {
    let (mut client, mut disk) = begin(1);
    place(&mut client, &mut disk, 11);
    // Everything is deleted, and another page is opened before this one finds out.
    let (mut other, mut anew) = begin(2);
    anew.progress.as_mut().unwrap().created_ms += 1;
    place(&mut other, &mut anew, 12);
    let progress = anew.progress.clone().unwrap();
    assert_eq!(client.stale(&progress).stale, Stale::Everything);
    client.restart(progress.clone());
    client.add_records(anew.outbox.values().cloned().collect());
    assert_eq!(client.caught_up(progress), Mending::Commands);
    let writes = client.mend(NOW_MS);
    anew.write(&writes);
    client.settle().unwrap();
    assert_eq!(counters(&anew), [(1, 1, 12), (2, 2, 11)]);
    refresh(&mut client, &anew);
}

#[test]
fn what_was_read_of_a_store_outlives_it_though_the_reading_broke_off() {
    let (mut one, mut disk) = begin(1);
    place(&mut one, &mut disk, 11);
    let progress = disk.progress.clone().unwrap();
    let mut client = Client::open(rules(), progress.clone());
    client.restart(progress);
    client.add_records(disk.outbox.values().cloned().collect());
    // The reading does not end: everything is deleted, and another page makes the store anew.
    let (_, mut anew) = begin(2);
    anew.progress.as_mut().unwrap().created_ms += 1;
    let progress = anew.progress.clone().unwrap();
    client.restart(progress.clone());
    assert_eq!(client.caught_up(progress), Mending::Commands);
    anew.write(&client.mend(NOW_MS));
    client.settle().unwrap();
    assert_eq!(counters(&anew), [(1, 1, 11)]);
}

#[test]
fn an_answer_that_another_page_overtook_changes_nothing() {
    let (mut one, mut disk) = begin(1);
    let mut two = disk.open();
    let (slow, fast) = (answer(&mut one, |_| {}), answer(&mut two, |it| it["next"] = json!(9)));
    let received = two.receive(&fast, NOW_MS).unwrap();
    disk.write(&received.writes.unwrap());
    two.settle().unwrap();
    refresh(&mut one, &disk);
    let received = one.receive(&slow, NOW_MS).unwrap();
    assert!(received.writes.is_none() && received.more);
    let since = Some(Since { epoch: "e1".to_owned(), seq: 9 });
    assert_eq!(one.progress().position.since, since);
}

#[test]
fn unsent_commands_move_to_another_device() {
    let (mut old, mut old_disk) = begin(1);
    place(&mut old, &mut old_disk, 11);
    place(&mut old, &mut old_disk, 12);
    let file = json::write(&old.export_unsent(NOW_MS));
    let file: Unsent = json::read(&file).unwrap();

    let (mut new, mut disk) = begin(2);
    place(&mut new, &mut disk, 13);
    let imported = new.import_unsent(file.clone()).unwrap();
    assert_eq!((imported.imported, imported.known), (2, 0));
    disk.write(&imported.writes.unwrap());
    new.settle().unwrap();
    assert_eq!(counters(&disk), [(1, 1, 13), (2, 2, 11), (3, 3, 12)]);
    let number = |client: &Client| client.replica().order(Uuid::from_u128(11), NOW_MS).unwrap();
    assert_eq!(number(&new).order.number, number(&old).order.number);

    let again = new.import_unsent(file.clone()).unwrap();
    assert!(again.writes.is_none());
    assert_eq!((again.imported, again.known), (0, 2));
    let other = Unsent { actor: actor("eve", Role::Staff), ..file.clone() };
    let unknown = Unsent { format: "x".to_owned(), ..file };
    for (file, code) in [(other, Code::UnsentOfAnotherUser), (unknown, Code::UnsentFormatUnknown)] {
        assert_eq!(new.import_unsent(file).unwrap_err().issues[0].code, code);
    }
}
