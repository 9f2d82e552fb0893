//! The client's copy: what it stores, sends and understands, against a small authority.

mod shop;

use std::collections::BTreeMap;

use orderkit::{
    Actor, Code, EventRecord, OrderLog, Role, Rules, decide,
    replica::{
        AppendInputs, BRIEF_FORMAT, Brief, EditRequest, OutboxRecord, Position, Query, Replica,
        Series, order_digest,
        protocol::{Change, CommandResult, Known, ScopeDigest, SyncRequest, SyncResponse, Verdict},
    },
};
use shop::{DRAFT, NOW_MS, RULESET, actor, facts, rules};
use uuid::Uuid;

/// The brief of format 1 of the order that these tests place.
const BRIEF: &str = r#"{"country":"DE","currency":"EUR","customer":"Ada Lovelace","digest":null,"exceptions":0,"id":"00000000-0000-0000-0000-000000000001","item":"Tea","itemZh":"茶","likeness":"4d2a44dded83b1f0","lines":2,"number":null,"placedMs":1764000000000,"revision":1,"search":"t-23456789 ada lovelace ada@example.org","summary":"awaitingPayment","totalMinor":3076,"v":1}"#;

/// A server in a few lines: decides commands in order and remembers verdicts.
struct Authority {
    rules: Rules,
    orders: BTreeMap<Uuid, (u64, OrderLog)>,
    verdicts: BTreeMap<(Uuid, u64), CommandResult>,
    seq: u64,
    known: Option<Known>,
}

impl Authority {
    fn new() -> Self {
        Self {
            rules: rules(),
            orders: BTreeMap::new(),
            verdicts: BTreeMap::new(),
            seq: 0,
            known: None,
        }
    }

    fn sync(&mut self, body: &[u8], who: &Actor) -> Vec<u8> {
        let request: SyncRequest = orderkit::json::read(body).unwrap();
        let mut results = Vec::new();
        for envelope in &request.commands {
            let key = (request.client, envelope.n);
            let known = self.verdicts.get(&key).cloned();
            let result = known.unwrap_or_else(|| self.decide(envelope, who));
            self.verdicts.insert(key, result.clone());
            results.push(result);
        }
        let since = request.since.map_or(0, |since| since.seq);
        let mut changes: Vec<Change> = self
            .orders
            .values()
            .filter(|(seq, _)| *seq > since)
            .map(|(seq, log)| Change::of(*seq, log).unwrap())
            .collect();
        changes.sort_by_key(|change| change.seq);
        let hash = self.orders.values().fold(0, |hash, (_, log)| {
            hash ^ order_digest(log.id, log.order().unwrap().revision, log.head())
        });
        let orders = u64::try_from(self.orders.len()).unwrap();
        let digest = ScopeDigest { upto: self.seq, orders, hash: format!("{hash:016x}") };
        orderkit::json::write(&SyncResponse {
            v: 1,
            epoch: "e1".to_owned(),
            time_ms: NOW_MS,
            processed: request.commands.iter().map(|it| it.n).max().unwrap_or(request.ack),
            device: "K7".to_owned(),
            leases: Vec::new(),
            stock: Vec::new(),
            results,
            changes,
            next: self.seq,
            more: false,
            resync: false,
            gap: None,
            ruleset: None,
            known: self.known.clone(),
            digest: Some(digest),
        })
    }

    fn decide(&mut self, envelope: &orderkit::Envelope, who: &Actor) -> CommandResult {
        let known = self.orders.get(&envelope.order).map(|(_, log)| log.clone());
        let order = known.as_ref().map(|log| log.order().unwrap());
        let command = envelope.command().unwrap();
        let assigned = format!("A-{}", self.seq);
        let mut facts = facts(&self.rules, who);
        facts.assigned_number = Some(&assigned);
        let mut result = CommandResult {
            n: envelope.n,
            id: envelope.id,
            verdict: Verdict::Accepted,
            seq: None,
            number: None,
            issues: Vec::new(),
            retry_after_ms: None,
        };
        match decide(order.as_ref(), &command, &facts) {
            Err(refusal) => {
                result.verdict = Verdict::Rejected;
                result.issues = refusal.issues;
            }
            Ok(events) => {
                let mut log = known.unwrap_or_else(|| OrderLog::new(envelope.order));
                for event in events {
                    let (by, command) = (who.clone(), Some(envelope.id));
                    log.push(EventRecord { at_ms: NOW_MS, asked_ms: None, by, command, event });
                }
                self.seq += 1;
                result.seq = Some(self.seq);
                self.orders.insert(envelope.order, (self.seq, log));
            }
        }
        result
    }
}

/// A device: a replica with what would be in its store.
struct Device {
    replica: Replica,
    pages: Vec<Vec<u8>>,
    series: Series,
    next_n: u64,
    who: Actor,
}

impl Device {
    fn new() -> Self {
        let who = actor("sam", Role::Staff);
        let position = Position {
            client: Uuid::from_u128(99),
            actor: who.clone(),
            device: None,
            leases: Vec::new(),
            stock: Vec::new(),
            since: None,
            ack: 0,
        };
        let replica = Replica::new(rules(), position);
        Self { replica, pages: Vec::new(), series: Series::default(), next_n: 1, who }
    }

    fn submit(
        &mut self,
        order: u128,
        kind: &str,
        args: &str,
    ) -> Result<Option<String>, orderkit::Refusal> {
        let proposal = self.replica.propose(
            self.next_n,
            &self.series,
            AppendInputs {
                id: Uuid::from_u128(1_000 + u128::from(self.next_n)),
                order: Uuid::from_u128(order),
                kind: kind.to_owned(),
                args: serde_json::value::RawValue::from_string(args.to_owned()).unwrap(),
                base: None,
                at_ms: NOW_MS,
                random: (0..64).collect(),
            },
        )?;
        // What a page does between: it stores the record and the counter in one transaction.
        let stored = orderkit::json::write(&proposal.record);
        self.series = proposal.series;
        self.next_n += 1;
        let record: OutboxRecord = orderkit::json::read(&stored).unwrap();
        self.replica.commit(record);
        Ok(proposal.number)
    }

    fn place(
        &mut self,
        order: u128,
        total_minor: i64,
    ) -> Result<Option<String>, orderkit::Refusal> {
        let digest = self.replica.rules().digest();
        let args = format!(
            r#"{{"draft": {DRAFT}, "expect": {{"totalMinor": {total_minor}, "rulesetDigest": "{digest}"}}, "isRepeat": true}}"#
        );
        self.submit(order, "place@1", &args)
    }

    /// As [`Self::place`], by a buyer who does not say that a second order is meant.
    fn place_once(&mut self, order: u128) -> Result<Option<String>, orderkit::Refusal> {
        let digest = self.replica.rules().digest();
        let expect = format!(r#"{{"totalMinor": 3076, "rulesetDigest": "{digest}"}}"#);
        let args = format!(r#"{{"draft": {DRAFT}, "expect": {expect}}}"#);
        self.submit(order, "place@1", &args)
    }

    fn sync(&mut self, authority: &mut Authority) -> bool {
        let answer = authority.sync(&self.replica.request(100, 100), &self.who);
        let effects = self.replica.receive(&answer).unwrap();
        if effects.reset {
            self.pages.clear();
        }
        if effects.has_page {
            self.pages.push(self.replica.received_page().to_vec());
        }
        self.replica.settle().unwrap()
    }

    /// What a reload does: a new replica out of the store.
    fn reload(&mut self) {
        let mut replica = Replica::new(rules(), self.replica.position().clone());
        for page in &self.pages {
            replica.load_page(page.clone()).unwrap();
        }
        replica.load_outbox(self.replica.outbox().cloned().collect());
        self.replica = replica;
    }

    fn summaries(&self) -> Vec<(String, &'static str, bool)> {
        let listing = self.replica.list(&Query::default());
        let rows = listing.rows.iter();
        rows.map(|it| (it.row.number.clone(), it.row.summary.as_str(), it.unsent)).collect()
    }
}

const PAY: &str = r#"{"id": "p1", "method": "card", "amountMinor": 3076}"#;

#[test]
fn the_same_order_again_asks_whether_it_waits_here_or_was_confirmed() {
    let (mut device, mut authority) = (Device::new(), Authority::new());
    device.place_once(1).unwrap();
    let waiting = device.place_once(2).unwrap_err();
    assert_eq!(waiting.code(), Code::OrderLooksRepeated);
    assert_eq!(waiting.issues[0].args.get("order"), Some(&Uuid::from_u128(1).to_string().into()));
    device.sync(&mut authority);
    device.reload();
    assert_eq!(device.place_once(2).unwrap_err().code(), Code::OrderLooksRepeated);
    device.place(3, 3_076).unwrap();
}

#[test]
fn an_order_placed_offline_survives_a_reload_and_is_confirmed_by_the_authority() {
    let (mut device, mut authority) = (Device::new(), Authority::new());
    let number = device.place(1, 3_076).unwrap().unwrap();
    assert!(number.starts_with("T-"), "provisional while the device has no code: {number}");
    device.submit(1, "recordPayment@1", PAY).unwrap();
    let before = device.summaries();
    assert_eq!(before, [(number.clone(), "awaitingConfirmation", true)]);
    device.reload();
    assert_eq!(device.summaries(), before);

    assert!(device.sync(&mut authority), "the digests agree");
    assert_eq!(device.summaries(), [("A-0".to_owned(), "awaitingConfirmation", false)]);
    let view = device.replica.order(Uuid::from_u128(1), NOW_MS).unwrap();
    assert_eq!((view.order.aliases, view.confirmed_revision), (vec![number], 2));
    assert_eq!(device.replica.outbox().count(), 0);
    device.reload();
    assert_eq!(device.summaries().len(), 1);

    // Now the device has its code and numbers by itself, without gaps.
    let numbers: Vec<_> =
        (2..5).map(|order| device.place(order, 3_076).unwrap().unwrap()).collect();
    assert_eq!(numbers, ["251124-K70001D", "251124-K70002B", "251124-K700039"]);
}

#[test]
fn an_answer_that_was_lost_comes_again_and_counts_once() {
    let (mut device, mut authority) = (Device::new(), Authority::new());
    device.place(1, 3_076).unwrap();
    let request = device.replica.request(100, 100);
    let who = device.who.clone();
    let _lost = authority.sync(&request, &who);
    assert!(device.sync(&mut authority));
    assert_eq!((authority.orders.len(), device.replica.outbox().count()), (1, 0));
    // The same answer once more, late: nothing waits for it.
    let late = authority.sync(&request, &who);
    let effects = device.replica.receive(&late).unwrap();
    assert_eq!((effects.remove.len(), effects.refused.len()), (0, 0));
}

#[test]
fn what_the_rules_refuse_is_not_even_stored() {
    let mut device = Device::new();
    assert_eq!(device.place(1, 1).unwrap_err().code(), Code::TotalMismatch);
    assert_eq!(device.submit(1, "confirm@1", "{}").unwrap_err().code(), Code::OrderUnknown);
    assert_eq!(device.submit(1, "teleport@1", "{}").unwrap_err().code(), Code::CommandUnknown);
    assert_eq!((device.replica.outbox().count(), device.next_n), (0, 1));
}

#[test]
fn a_refused_command_stays_with_its_reason_until_it_is_dismissed() {
    let (mut device, mut authority) = (Device::new(), Authority::new());
    device.place(1, 3_076).unwrap();
    device.sync(&mut authority);
    device.submit(1, "recordPayment@1", PAY).unwrap();
    // Meanwhile the shop cancels the order elsewhere.
    let envelope = orderkit::json::read(
        br#"{"n": 1, "id": "00000000-0000-0000-0000-0000000000aa", "order": "00000000-0000-0000-0000-000000000001",
            "kind": "cancel@1", "atMs": 0, "args": {"reason": "sold out"}}"#,
    );
    authority.decide(&envelope.unwrap(), &actor("boss", Role::Admin));
    device.sync(&mut authority);
    let pending = device.replica.pending(None);
    let verdict = pending[0].verdict.as_ref().unwrap();
    assert_eq!(
        (verdict.verdict, verdict.issues[0].code),
        (Verdict::Rejected, Code::PaymentTooLarge)
    );
    assert_eq!(device.summaries()[0].1, "canceled");
    device.reload();
    assert_eq!(device.replica.pending(None).len(), 1);
    assert_eq!(device.replica.dismiss(9).unwrap_err().code, Code::NothingOpen);
    device.replica.dismiss(pending[0].n).unwrap();
    assert_eq!(device.replica.pending(None).len(), 0);
}

#[test]
fn a_waiting_command_that_the_rules_now_doubt_is_marked_and_still_sent() {
    let (mut device, mut authority) = (Device::new(), Authority::new());
    device.place(1, 3_076).unwrap();
    let dearer = RULESET.replace(r#""12.50""#, r#""13.50""#);
    device.replica.set_rules(Rules::from_json(dearer.as_bytes()).unwrap());
    let pending = device.replica.pending(None);
    assert_eq!(pending[0].doubts[0].code, Code::PriceChanged);
    assert_eq!(device.summaries().len(), 1, "the user still sees what was saved");
    assert!(device.sync(&mut authority));
    assert_eq!(authority.orders.len(), 1);
}

#[test]
fn a_page_prices_by_what_the_server_said_last() {
    let (mut device, mut authority) = (Device::new(), Authority::new());
    let card = |balance: i64| {
        let card = serde_json::json!({"code": "G", "balanceMinor": balance});
        let context = serde_json::json!({"nowMs": 0, "giftCards": [card]});
        let known = serde_json::json!({"digest": balance.to_string(), "context": context});
        orderkit::json::read::<Known>(known.to_string().as_bytes()).unwrap()
    };
    let asked = |device: &Device| {
        orderkit::json::read::<SyncRequest>(&device.replica.request(1, 1)).unwrap().known
    };
    assert_eq!(asked(&device), None);
    let with_card = DRAFT.replace("\"details\": {", "\"details\": {\"giftCards\": [\"G\"],");
    let digest = device.replica.rules().digest().to_owned();
    let args = format!(
        r#"{{"draft": {with_card}, "expect": {{"totalMinor": 3076, "rulesetDigest": "{digest}"}}}}"#
    );
    let refused = device.submit(1, "place@1", &args).unwrap_err();
    assert_eq!(refused.code(), Code::GiftCardUnknown);

    authority.known = Some(card(500));
    device.sync(&mut authority);
    assert_eq!(asked(&device).as_deref(), Some("500"));
    device.submit(1, "place@1", &args).unwrap();
    let view = device.replica.order(Uuid::from_u128(1), NOW_MS).unwrap();
    assert_eq!(view.order.totals.payable_minor, shop::minor(2_576));

    // What is known by now is folded in at once, and nothing new leaves it as it was.
    device.replica.set_known(card(100));
    let view = device.replica.order(Uuid::from_u128(1), NOW_MS).unwrap();
    assert_eq!(view.order.totals.payable_minor, shop::minor(2_976));
    authority.known = None;
    device.sync(&mut authority);
    assert_eq!(asked(&device).as_deref(), Some("100"));
}

#[test]
fn answers_that_are_not_ours_change_nothing() {
    let mut device = Device::new();
    device.place(1, 3_076).unwrap();
    for body in
        [&b"<html>Sign in to the Wi-Fi</html>"[..], b"[]", b"{}", b"", b"{\"v\":1,\"epoch\":"]
    {
        assert!(device.replica.receive(body).is_err());
        assert!(device.replica.settle().unwrap(), "nothing to take over");
    }
    assert_eq!(device.replica.outbox().count(), 1);
}

#[test]
fn packing_anew_changes_no_order() {
    let (mut device, mut authority) = (Device::new(), Authority::new());
    for order in 1..=25 {
        device.place(order, 3_076).unwrap();
        device.sync(&mut authority);
    }
    let (before, pages_before) = (device.summaries(), device.pages.len());
    let pages = device.replica.repack(10).unwrap();
    assert_eq!((pages_before, pages), (25, 3));
    device.pages =
        (0..pages).map(|at| device.replica.repacked_page(at).unwrap().to_vec()).collect();
    device.replica.settle_repack().unwrap();
    assert_eq!(device.summaries(), before);
    device.reload();
    assert_eq!(device.summaries(), before);
    assert!(device.sync(&mut authority), "the digests agree");
}

#[test]
fn a_brief_of_the_server_is_listed_as_the_order_itself_would_be() {
    let mut authority = Authority::new();
    let mut told = Device::new();
    for order in 1..=3 {
        told.place(order, 3076).unwrap();
    }
    told.sync(&mut authority);
    let answer = |change: &dyn Fn(&mut Brief)| {
        let body = authority_answer(&authority);
        let mut response: SyncResponse = orderkit::json::read(&body).unwrap();
        for it in &mut response.changes {
            let log = it.log().unwrap().unwrap();
            let mut brief = Brief::of(&log.order().unwrap(), &log).unwrap();
            change(&mut brief);
            it.brief = Some(orderkit::json::write_raw(&brief).unwrap());
        }
        orderkit::json::write(&response)
    };
    let pages = |body: &[u8]| {
        let mut client = Device::new();
        client.replica.receive(body).unwrap();
        let page = client.replica.received_page().to_vec();
        assert!(client.replica.settle().unwrap(), "the checksum agrees");
        page
    };
    let folded = pages(&authority_answer(&authority));
    assert_eq!(pages(&answer(&|_| ())), folded);
    // Those of another version are not looked at.
    let other = |brief: &mut Brief| (brief.v, brief.number) = (brief.v + 1, "?".to_owned());
    assert_eq!(pages(&answer(&other)), folded);
    let renamed = |brief: &mut Brief| brief.number = "?".to_owned();
    assert_ne!(pages(&answer(&renamed)), folded);
}

/// Briefs are stored with their orders and not worked out again: whatever changes this has to raise `BRIEF_FORMAT`.
#[test]
fn a_brief_is_what_its_format_says() {
    let mut authority = Authority::new();
    let mut device = Device::new();
    device.place(1, 3076).unwrap();
    device.sync(&mut authority);
    let (_, log) = authority.orders.values().next().unwrap();
    let order = log.order().unwrap();
    let brief = Brief::of(&order, log).unwrap();
    let mut told: serde_json::Value =
        serde_json::from_slice(&orderkit::json::write(&brief)).unwrap();
    // Both follow from what is tested elsewhere.
    assert_eq!(told["number"], order.number.as_str());
    assert_eq!(told["digest"], format!("{:x}", order_digest(order.id, 1, log.head())));
    told["number"].take();
    told["digest"].take();
    told["search"] = told["search"].as_str().unwrap().split_once(' ').unwrap().1.into();
    assert_eq!((BRIEF_FORMAT, told.to_string().as_str()), (1, BRIEF));
}

/// All that the server has, for one who asks for the first time.
fn authority_answer(authority: &Authority) -> Vec<u8> {
    let orders = authority.orders.clone();
    let mut other = Authority { orders, ..Authority::new() };
    other.seq = authority.seq;
    let client = Device::new();
    other.sync(&client.replica.request(0, 100), &client.who)
}

#[test]
fn lists_are_filtered_counted_and_paged() {
    let (mut device, mut authority) = (Device::new(), Authority::new());
    for order in 1..=9 {
        device.place(order, 3_076).unwrap();
    }
    device.sync(&mut authority);
    device.submit(4, "recordPayment@1", PAY).unwrap();
    let ask = |query: &str| device.replica.list(&orderkit::json::read(query.as_bytes()).unwrap());
    let paid = ask(r#"{"summaries": ["awaitingConfirmation"]}"#);
    assert_eq!((paid.total, paid.rows.len(), paid.rows[0].unsent), (1, 1, true));
    let page = ask(r#"{"offset": 6, "limit": 5}"#);
    assert_eq!((page.total, page.rows.len()), (9, 3));
    assert_eq!(ask(r#"{"text": "LOVE ada@"}"#).total, 9);
    assert_eq!(ask(r#"{"text": "nobody"}"#).total, 0);
    let counts = serde_json::to_value(&ask("{}").counts).unwrap();
    assert_eq!(
        (&counts["awaitingPayment"], &counts["awaitingConfirmation"]),
        (&8.into(), &1.into())
    );
}

#[test]
fn a_form_that_began_earlier_is_told_of_an_edit_made_meanwhile_on_another_device() {
    let (mut device, mut authority) = (Device::new(), Authority::new());
    device.place(1, 3_076).unwrap();
    device.sync(&mut authority);
    let id = Uuid::from_u128(1);
    let base = device.replica.order(id, NOW_MS).unwrap().confirmed_revision;
    let edit = |note: &str, base: Option<u64>| {
        let args = serde_json::json!({"id": "e", "changes": [{"setNote": {"note": note}}]});
        let request = serde_json::json!({"args": args, "base": base, "isProposal": false});
        orderkit::json::read::<EditRequest>(request.to_string().as_bytes()).unwrap()
    };
    assert!(device.replica.preview_amendment(id, &edit("ring", Some(base)), NOW_MS).is_ok());
    // The same user, elsewhere.
    let envelope = orderkit::json::read(
        br#"{"n": 1, "id": "00000000-0000-0000-0000-0000000000aa", "order": "00000000-0000-0000-0000-000000000001",
            "kind": "amend@1", "atMs": 0, "args": {"id": "other", "changes": [{"setNote": {"note": "knock"}}]}}"#,
    );
    authority.decide(&envelope.unwrap(), &device.who);
    device.sync(&mut authority);
    let refusal =
        device.replica.preview_amendment(id, &edit("ring", Some(base)), NOW_MS).unwrap_err();
    let issue = &refusal.issues[0];
    assert_eq!((issue.code, issue.path.as_str()), (Code::EditConflict, "/args/changes/0"));
    let text = serde_json::to_value(issue).unwrap();
    assert_eq!([&text["args"]["theirs"], &text["args"]["yours"]], ["knock", "ring"]);
    // What began with the newer state is no conflict, and neither is the same word.
    assert!(device.replica.preview_amendment(id, &edit("ring", Some(base + 1)), NOW_MS).is_ok());
    assert!(device.replica.preview_amendment(id, &edit("knock", Some(base)), NOW_MS).is_ok());
    assert!(device.replica.preview_amendment(id, &edit("ring", None), NOW_MS).is_ok());
}

#[test]
fn a_command_names_the_revision_that_its_form_began_with() {
    let (mut device, mut authority) = (Device::new(), Authority::new());
    device.place(1, 3_076).unwrap();
    device.submit(1, "recordPayment@1", PAY).unwrap();
    device.sync(&mut authority);
    for (begun, named) in [(None, 2), (Some(1), 1), (Some(9), 2)] {
        let proposal = device.replica.propose(
            9,
            &Series::default(),
            AppendInputs {
                id: Uuid::from_u128(9),
                order: Uuid::from_u128(1),
                kind: "note@1".to_owned(),
                args: serde_json::value::RawValue::from_string(r#"{"text": "x"}"#.to_owned())
                    .unwrap(),
                base: begun,
                at_ms: NOW_MS,
                random: Vec::new(),
            },
        );
        assert_eq!(proposal.unwrap().record.command.base, named, "{begun:?}");
    }
}
