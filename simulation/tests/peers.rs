//! Losses that were seen with other systems for offline data, played against ours: the same moment, the same answer of the
//! server or of what stands before it, and what becomes of the order. docs/simulation.md names the systems.

use orderkit::{
    Actor, Code, Context, Role, Rules,
    client::{AppendInputs, Response, Saved, Step},
    json, quote,
    replica::protocol::{SyncRequest, Verdict},
};
use orderkit_simulation::{
    device::{
        disk::Disk,
        page::{Host, Page},
    },
    server::{Server, shop},
};
use serde_json::{Value, json as object, value::RawValue};
use uuid::Uuid;

struct Time(u128);

impl Host for Time {
    fn now_ms(&self) -> i64 {
        shop::START_MS
    }

    fn new_id(&mut self) -> Uuid {
        self.0 += 1;
        uuid::Builder::from_random_bytes(self.0.to_be_bytes()).into_uuid()
    }

    fn random(&mut self) -> u32 {
        0
    }
}

/// One device and the server.
struct Desk {
    server: Server,
    disk: Disk,
    page: Page,
    time: Time,
    actor: Actor,
}

impl Desk {
    fn open() -> Self {
        let server = Server::new();
        let (mut disk, mut time) = (Disk::default(), Time(0));
        let actor = shop::actor(0, Role::Staff);
        let rules = Rules::from_json(shop::ruleset(0).as_bytes()).unwrap();
        let page = Page::open(&mut disk, rules, &actor, &mut time).unwrap();
        let mut desk = Self { server, disk, page, time, actor };
        desk.exchange();
        desk
    }

    fn append(&mut self, order: Uuid, kind: &str, args: &Value) -> Saved {
        let inputs = AppendInputs {
            id: self.time.new_id(),
            order,
            kind: kind.to_owned(),
            args: RawValue::from_string(args.to_string()).unwrap(),
            base: None,
            at_ms: shop::START_MS,
            random: (0..40).collect(),
        };
        self.page.append(&mut self.disk, &mut self.time, &inputs).unwrap().unwrap()
    }

    /// An order at the price that the user sees.
    fn place(&mut self, quantity: u32) -> Saved {
        let draft = object!({
            "lines": [{"sku": "TEA", "quantity": quantity.to_string()}],
            "details": {
                "customer": {"name": "Ada", "email": "ada@example.org"},
                "shippingAddress": {"street": ["Road 1"], "city": "Berlin", "postcode": "10117", "country": "DE"},
                "shippingMethod": "parcel", "paymentMethod": "card"
            }
        });
        let rules = self.page.client.replica().rules();
        let context = Context { now_ms: shop::START_MS, ..Context::default() };
        let read = json::read(draft.to_string().as_bytes()).unwrap();
        let quoted = quote(&read, rules, &context).unwrap();
        let expect =
            object!({"totalMinor": quoted.totals.gross_minor, "rulesetDigest": rules.digest()});
        let order = self.time.new_id();
        self.append(
            order,
            "place@1",
            &object!({"draft": draft, "expect": expect, "isRepeat": true}),
        )
    }

    fn set_quantity(&mut self, order: Uuid, quantity: u32) -> Saved {
        let change = object!({"setQuantity": {"line": "1", "quantity": quantity.to_string()}});
        self.append(order, "amend@1", &object!({"id": "edit", "changes": [change], "consent": {"by": "Ada", "how": "telephone"}}))
    }

    fn request(&mut self) -> Vec<u8> {
        self.page.request(&mut self.disk, &mut self.time).unwrap()
    }

    fn hear(&mut self, response: &Response, body: &[u8]) -> Step {
        self.page.hear(&mut self.disk, &mut self.time, response, body).unwrap().step
    }

    fn answer(&self, body: &[u8]) -> (Response, Vec<u8>) {
        let answer = self.server.answer(shop::TENANTS[0], &self.actor, body, None).unwrap();
        (answer.response, answer.body)
    }

    fn exchange(&mut self) {
        let mut steps = Vec::new();
        for _ in 0..20 {
            let body = self.request();
            let (response, body) = self.answer(&body);
            let step = self.hear(&response, &body);
            if step == Step::Rest {
                return;
            }
            steps.push((step, String::from_utf8_lossy(&body).into_owned()));
        }
        panic!("the exchange does not come to rest: {steps:#?}");
    }

    fn orders_on_server(&self) -> usize {
        self.server.changes(shop::TENANTS[0], None).len()
    }

    /// How many pieces, as the user sees it and as the server has it.
    fn quantities(&self, order: Uuid) -> (String, String) {
        let view = self.page.client.replica().order(order, shop::START_MS).unwrap();
        let changes = self.server.changes(shop::TENANTS[0], None);
        let log =
            changes.iter().filter_map(|it| it.log().unwrap()).find(|log| log.id == order).unwrap();
        let of = |order: &orderkit::Order| {
            let whole = |it: orderkit::Decimal| it.to_string().parse::<i64>().unwrap();
            // More of the same goods than were ordered at first are a line of their own, at their own price.
            let lines = order.lines.iter().map(|line| whole(line.ordered) - whole(line.canceled));
            lines.sum::<i64>().to_string()
        };
        (of(&view.order), of(&log.order().unwrap()))
    }

    fn unsent(&self) -> usize {
        self.page.client.replica().outbox().filter(|it| it.verdict.is_none()).count()
    }

    fn refused(&self) -> Vec<Code> {
        let outbox = self.page.client.replica().outbox();
        let verdicts = outbox.filter_map(|record| record.verdict.as_ref());
        verdicts.flat_map(|verdict| verdict.issues.iter().map(|it| it.code)).collect()
    }
}

/// RxDB: the customer's second edit is dropped by the default conflict handler, without a word.
#[test]
fn fault_16_an_edit_while_the_first_request_is_on_its_way_is_kept_though_the_server_prices_anew() {
    let mut desk = Desk::open();
    let order = desk.place(2).order;
    // The price falls before the request arrives; the server takes the order at the lower one.
    let first = desk.request();
    desk.server.change_rules(shop::TENANTS[0], 3);
    let (response, body) = desk.answer(&first);
    desk.set_quantity(order, 3);
    desk.hear(&response, &body);
    desk.exchange();
    assert_eq!((desk.unsent(), desk.refused()), (0, vec![]));
    assert_eq!(desk.quantities(order), ("3".to_owned(), "3".to_owned()));
}

/// RxDB and PouchDB: safe only because the ids are the client's. Ours also says that it was accepted.
#[test]
fn fault_3_an_answer_that_is_lost_after_the_commit_leaves_one_order() {
    let mut desk = Desk::open();
    let saved = desk.place(2);
    let body = desk.request();
    desk.answer(&body);
    assert!(matches!(desk.hear(&Response::default(), b""), Step::Offline { .. }));
    assert_eq!(desk.unsent(), 1, "nobody was told");
    desk.exchange();
    assert_eq!((desk.orders_on_server(), desk.unsent()), (1, 0));
    assert_eq!(desk.quantities(saved.order).1, "2");
}

/// RxDB: 503 with the body `[]` counts as success; the server has nothing, the client believes that all is sent.
#[test]
fn fault_40_what_is_no_answer_of_the_server_never_counts_as_success() {
    let page = |status, is_json| Response { status, is_json, ..Response::default() };
    for (response, body) in [
        (page(503, true), &b"[]"[..]),
        (page(200, true), b"[]"),
        (page(200, true), b"{}"),
        (page(200, true), b"{\"v\":1,\"epoch\":\"e1\",\"resu"),
        (page(200, false), b"<html>Sign in to the network</html>"),
        (page(502, false), b"<html>Bad gateway</html>"),
        (page(204, false), b""),
    ] {
        let mut desk = Desk::open();
        desk.place(2);
        desk.request();
        let step = desk.hear(&response, body);
        assert!(matches!(step, Step::Offline { .. } | Step::Later { .. }), "{response:?} {step:?}");
        assert_eq!((desk.unsent(), desk.orders_on_server()), (1, 0), "{response:?}");
        desk.exchange();
        assert_eq!((desk.unsent(), desk.orders_on_server()), (0, 1), "{response:?}");
    }
}

/// RxDB: after one answer without `documents`, pulling ends for ever.
#[test]
fn pulling_goes_on_after_an_answer_that_makes_no_sense() {
    let mut desk = Desk::open();
    for _ in 0..3 {
        desk.request();
        let told = Response { status: 503, is_json: true, ..Response::default() };
        assert!(matches!(desk.hear(&told, b"{\"error\":\"down\"}"), Step::Later { .. }));
    }
    let mut other = Desk::open();
    other.place(1);
    let body = other.request();
    // The other device talks to the same server.
    let actor = other.actor.clone();
    desk.server.answer(shop::TENANTS[0], &actor, &body, None).unwrap();
    desk.exchange();
    assert_eq!(desk.page.client.replica().confirmed_count(), 1);
}

/// RxDB: one row that is answered with 422 is tried for ever, and what stands behind it is never sent.
#[test]
fn fault_42_one_command_that_the_server_does_not_take_holds_up_no_other() {
    let mut desk = Desk::open();
    let poison = desk.place(5).order;
    let good = desk.place(1).order;
    for _ in 0..20 {
        let body = desk.request();
        let request: SyncRequest = json::read(&body).unwrap();
        let is_in = request.commands.iter().any(|command| command.order == poison);
        let (response, body) = if is_in {
            (Response { status: 413, ..Response::default() }, Vec::new())
        } else {
            desk.answer(&body)
        };
        if desk.hear(&response, &body) == Step::Rest {
            break;
        }
    }
    assert_eq!((desk.unsent(), desk.orders_on_server()), (0, 1));
    assert_eq!(desk.quantities(good).1, "1");
    assert_eq!(desk.refused(), [Code::CommandTooLarge], "and the user is told why");
}

/// PouchDB: a refused document stays in the local database and looks like any other.
#[test]
fn fault_34_a_refused_order_is_shown_as_refused_with_the_reason_and_all_that_was_entered() {
    let mut desk = Desk::open();
    let order = desk.place(2).order;
    // Dearer than what the buyer saw, and the old rules are long out of force.
    desk.server.change_rules(shop::TENANTS[0], 1);
    desk.server.set_time(shop::START_MS + 40 * 24 * 60 * 60_000);
    desk.exchange();
    assert_eq!(desk.orders_on_server(), 0);
    let outbox = desk.page.client.replica().outbox();
    let refused: Vec<_> = outbox.filter(|record| record.command.order == order).collect();
    let verdict = refused[0].verdict.as_ref().unwrap();
    assert_eq!(verdict.verdict, Verdict::Rejected);
    assert!(!verdict.issues.is_empty());
    let args: Value = serde_json::from_str(refused[0].command.args.get()).unwrap();
    assert_eq!(args["draft"]["lines"][0]["quantity"], "2", "the form can be filled in again");
}

/// Workbox takes a request out of its queue before it is sent: who ends then loses it.
#[test]
fn a_page_that_ends_while_it_sends_has_lost_nothing() {
    let mut desk = Desk::open();
    desk.place(2);
    let body = desk.request();
    desk.answer(&body);
    // A new page on the same storage.
    let rules = Rules::from_json(shop::ruleset(0).as_bytes()).unwrap();
    desk.page = Page::open(&mut desk.disk, rules, &desk.actor, &mut desk.time).unwrap();
    assert_eq!(desk.unsent(), 1);
    desk.exchange();
    assert_eq!((desk.unsent(), desk.orders_on_server()), (0, 1));
}
