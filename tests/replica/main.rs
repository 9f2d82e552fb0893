//! The client's copy: what it stores, sends and understands, against a small authority.

mod authority;
mod device;
mod pages;
#[path = "../shop/mod.rs"]
mod shop;

use authority::Authority;
use device::Device;
use orderkit::{
    Code, Role, Rules,
    replica::{
        AppendInputs, BRIEF_FORMAT, Brief, EditRequest, Series, order_digest,
        protocol::{Known, SyncRequest, SyncResponse, Verdict},
    },
};
use shop::{DRAFT, NOW_MS, RULESET, actor};
use uuid::Uuid;

/// The brief of format 2 of the order that these tests place.
const BRIEF: &str = r#"{"country":"DE","currency":"EUR","customer":"Ada Lovelace","digest":null,"id":"00000000-0000-0000-0000-000000000001","item":"Tea","itemZh":"茶","likeness":"4d2a44dded83b1f0","lines":2,"number":null,"placedMs":1764000000000,"revision":1,"search":"t-23456789 ada lovelace ada@example.org","summary":"awaitingPayment","totalMinor":3076,"v":2}"#;

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
    let effects = device.replica.receive(&late, 9).unwrap();
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
        assert!(device.replica.receive(body, 1).is_err());
        assert!(device.replica.settle().unwrap(), "nothing to take over");
    }
    assert_eq!(device.replica.outbox().count(), 1);
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
        let body = authority.whole_answer();
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
        assert!(client.take(body), "the checksum agrees");
        (client.rows, client.logs)
    };
    let folded = pages(&authority.whole_answer());
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
    assert_eq!((BRIEF_FORMAT, told.to_string().as_str()), (2, BRIEF));
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
