//! Decisions: the life of an order as a table, and who may do what.

mod shop;

use orderkit::{
    Amount, Cancel, Code, Command, CommandKind, Context, Decimal, EarlierRules, Facts, Order,
    OrderStatus, Payment, PaymentKind, Refusal, Role, Ship, ShipmentLine, allowed_commands, decide,
    status::{FulfillmentStatus, PaymentStatus, Summary},
};
use proptest::prelude::*;
use shop::{NOW_MS, actor, draft, draft_with, facts, live, minor, order, place, rules, rules_with};

fn pay(id: &str, amount: i64) -> Command {
    let text = format!(r#"{{"id": "{id}", "method": "card", "amountMinor": {amount}}}"#);
    Command::RecordPayment(serde_json::from_str(&text).unwrap())
}

fn refund(id: &str, amount: i64) -> Command {
    let Command::RecordPayment(payment) = pay(id, amount) else { unreachable!() };
    Command::RecordPayment(Payment { kind: PaymentKind::Refund, ..payment })
}

fn ship(id: &str, lines: Option<&[(&str, i64)]>) -> Command {
    let part = |(line, quantity): &(&str, i64)| ShipmentLine {
        line: (*line).to_owned(),
        quantity: Decimal::from_integer(*quantity),
    };
    Command::Ship(Ship {
        shipment: id.to_owned(),
        lines: lines.map(|lines| lines.iter().map(part).collect()),
        carrier: Some("DHL".to_owned()),
        tracking: Some(format!("JD{id}")),
    })
}

fn deliver(id: &str) -> Command {
    let text = format!(r#"{{"shipment": "{id}"}}"#);
    Command::MoveShipment(CommandKind::Deliver, serde_json::from_str(&text).unwrap())
}

fn cancel(reason: &str) -> Command {
    Command::Cancel(Cancel { reason: reason.to_owned(), cause: None })
}

const TOTAL: i64 = 3_076;

/// The shop, staff, and the commands up to a stage of an order's life.
struct Life {
    rules: orderkit::Rules,
    staff: orderkit::Actor,
}

impl Life {
    fn new() -> Self {
        Self { rules: rules(), staff: actor("sam", Role::Staff) }
    }

    fn facts(&self) -> Facts<'_> {
        facts(&self.rules, &self.staff)
    }

    fn stage(&self, stage: &str) -> Vec<Command> {
        let all = [
            ("placed", Command::Place(Box::new(place(draft(), &self.rules)))),
            ("paid", pay("p1", TOTAL)),
            ("confirmed", Command::Confirm),
            ("partly shipped", ship("s1", Some(&[("1", 2)]))),
            ("shipped", ship("s2", None)),
            ("partly delivered", deliver("s1")),
            ("delivered", deliver("s2")),
            ("received", Command::ConfirmReceipt),
            ("completed", Command::Complete),
        ];
        let end = all.iter().position(|(name, _)| *name == stage).unwrap();
        all.into_iter().take(end + 1).map(|(_, command)| command).collect()
    }

    #[track_caller]
    fn at(&self, stage: &str) -> Order {
        order(&self.stage(stage), &self.facts())
    }

    #[track_caller]
    fn refuses(&self, order: &Order, command: &Command, code: Code, path: &str) {
        let refusal = decide(Some(order), command, &self.facts()).unwrap_err();
        let first = &refusal.issues[0];
        assert_eq!((first.code, first.path.as_str()), (code, path), "{refusal:?}");
    }
}

#[test]
fn the_statuses_follow_from_the_facts() {
    use FulfillmentStatus as F;
    use PaymentStatus as P;
    use Summary as S;
    let life = Life::new();
    let table = [
        ("placed", P::Unpaid, F::Unfulfilled, S::AwaitingPayment, TOTAL),
        ("paid", P::Paid, F::Unfulfilled, S::AwaitingConfirmation, 0),
        ("confirmed", P::Paid, F::Unfulfilled, S::AwaitingShipment, 0),
        ("partly shipped", P::Paid, F::PartiallyShipped, S::PartiallyShipped, 0),
        ("shipped", P::Paid, F::Shipped, S::InTransit, 0),
        ("partly delivered", P::Paid, F::PartiallyDelivered, S::InTransit, 0),
        ("delivered", P::Paid, F::Delivered, S::Delivered, 0),
        ("received", P::Paid, F::Delivered, S::Delivered, 0),
        ("completed", P::Paid, F::Delivered, S::Completed, 0),
    ];
    for (stage, payment, fulfillment, summary, balance) in table {
        let derived = life.at(stage).derived().unwrap();
        assert_eq!(derived.payment, payment, "{stage}");
        assert_eq!(derived.fulfillment, fulfillment, "{stage}");
        assert_eq!(derived.summary, summary, "{stage}");
        assert_eq!(derived.balance_due_minor, minor(balance), "{stage}");
    }
}

/// The commands of staff that are possible at each stage, besides those that always are or never.
#[test]
fn every_stage_and_command_has_an_answer_and_the_button_knows_it_before() {
    use CommandKind as C;
    let life = Life::new();
    let table: [(&str, &[CommandKind]); 9] = [
        ("placed", &[C::Cancel, C::CancelLines, C::Hold, C::WriteOff]),
        ("paid", &[C::Confirm, C::Cancel, C::CancelLines, C::Hold]),
        ("confirmed", &[C::Allocate, C::Ship, C::Cancel, C::CancelLines, C::Hold]),
        (
            "partly shipped",
            &[
                C::Allocate,
                C::Ship,
                C::CancelLines,
                C::HandOver,
                C::Deliver,
                C::FailDelivery,
                C::Lose,
                C::Hold,
            ],
        ),
        (
            "shipped",
            &[C::HandOver, C::Deliver, C::FailDelivery, C::Lose, C::ConfirmReceipt, C::Hold],
        ),
        (
            "partly delivered",
            &[C::HandOver, C::Deliver, C::FailDelivery, C::Lose, C::ConfirmReceipt, C::Hold],
        ),
        ("delivered", &[C::ConfirmReceipt, C::Hold]),
        // Whoever confirms twice is answered without an event.
        ("received", &[C::ConfirmReceipt, C::Complete, C::Hold]),
        ("completed", &[C::Reopen]),
    ];
    for (stage, possible) in table {
        let order = life.at(stage);
        let allowed = allowed_commands(Some(&order), &life.facts());
        let whole = allowed.iter().filter(|it| it.subject.is_none());
        let found: Vec<_> = whole.filter(|it| it.allowed).map(|it| it.command).collect();
        let mut expected = possible.to_vec();
        expected.extend([C::RecordPayment, C::GrantCredit, C::Note, C::Amend]);
        if matches!(stage, "partly delivered" | "delivered" | "received" | "completed") {
            expected.push(C::RequestReturn);
        }
        if order.status != OrderStatus::Completed {
            expected.push(C::ProposeAmendment);
        }
        for command in C::ALL {
            assert_eq!(
                found.contains(command),
                expected.contains(command),
                "{command:?} when {stage}"
            );
        }
    }
}

#[test]
fn arguments_are_checked_with_their_path() {
    let life = Life::new();
    let placed = life.at("placed");
    life.refuses(&placed, &pay("", 1), Code::Required, "/args/id");
    life.refuses(&placed, &pay("p", 0), Code::PaymentNotPositive, "/args/amountMinor");
    life.refuses(&placed, &pay("p", -5), Code::PaymentNotPositive, "/args/amountMinor");
    life.refuses(&placed, &pay("p", TOTAL + 1), Code::PaymentTooLarge, "/args/amountMinor");
    life.refuses(&placed, &refund("r", 1), Code::RefundTooLarge, "/args/amountMinor");
    life.refuses(&placed, &cancel(" "), Code::Required, "/args/reason");
    let confirmed = life.at("confirmed");
    let shipping = |lines: &[(&str, i64)]| ship("s1", Some(lines));
    life.refuses(&confirmed, &shipping(&[]), Code::LinesEmpty, "/args/lines");
    life.refuses(&confirmed, &shipping(&[("9", 1)]), Code::LineUnknown, "/args/lines/0/line");
    life.refuses(
        &confirmed,
        &shipping(&[("2", 0)]),
        Code::QuantityNotPositive,
        "/args/lines/0/quantity",
    );
    life.refuses(
        &confirmed,
        &shipping(&[("1", 4)]),
        Code::QuantityExceedsOpen,
        "/args/lines/0/quantity",
    );
    // Two parcels with the same line: together they must fit.
    life.refuses(
        &confirmed,
        &shipping(&[("1", 2), ("1", 2)]),
        Code::QuantityExceedsOpen,
        "/args/lines/0/quantity",
    );
    let partly = life.at("partly shipped");
    life.refuses(&partly, &ship("s1", None), Code::AlreadyShipped, "/args/shipment");
    life.refuses(&partly, &deliver("s7"), Code::ShipmentUnknown, "/args/shipment");
    // yudaocode/yudao-ui-admin-vue3#22: the same parcel noted twice.
    let mut again = ship("s2", None);
    if let Command::Ship(ship) = &mut again {
        ship.tracking = Some("JDs1".to_owned());
    }
    life.refuses(&partly, &again, Code::TrackingRepeated, "/args/tracking");
}

#[test]
fn what_has_happened_already_changes_nothing() {
    let life = Life::new();
    let nothing = |order: &Order, command| decide(Some(order), &command, &life.facts()).unwrap();
    assert_eq!(nothing(&life.at("paid"), pay("p1", TOTAL)), []);
    assert_eq!(nothing(&life.at("partly delivered"), deliver("s1")), []);
    life.refuses(&life.at("paid"), &pay("p1", TOTAL - 1), Code::PaymentRepeated, "/args/id");
}

#[test]
fn a_paid_order_that_is_canceled_owes_the_money_until_it_is_given_back() {
    let life = Life::new();
    let mut commands = life.stage("paid");
    commands.push(cancel("out of stock"));
    let canceled = order(&commands, &life.facts());
    let derived = canceled.derived().unwrap();
    assert_eq!(derived.summary, Summary::AwaitingRefund);
    assert_eq!(derived.balance_due_minor, minor(-TOTAL));
    life.refuses(&canceled, &refund("r1", TOTAL + 1), Code::RefundTooLarge, "/args/amountMinor");
    commands.push(refund("r1", 76));
    commands.push(refund("r2", TOTAL - 76));
    let settled = order(&commands, &life.facts());
    assert_eq!(settled.derived().unwrap().summary, Summary::Refunded);
    assert_eq!(settled.derived().unwrap().payment, PaymentStatus::Refunded);
}

#[test]
fn cash_on_delivery_is_confirmed_and_shipped_before_it_is_paid() {
    let life = Life::new();
    let draft = draft_with(r#""card""#, r#""cash""#);
    let place = Command::Place(Box::new(place(draft, &life.rules)));
    let mut commands = vec![place, Command::Confirm, ship("s1", None), deliver("s1")];
    let delivered = order(&commands, &life.facts());
    assert_eq!(delivered.derived().unwrap().payment, PaymentStatus::Unpaid);
    life.refuses(&delivered, &Command::Complete, Code::StillOpen, "");
    commands.extend([pay("p1", TOTAL), Command::ConfirmReceipt, Command::Complete]);
    assert_eq!(order(&commands, &life.facts()).status, OrderStatus::Completed);
}

#[test]
fn a_customer_places_and_cancels_and_sees_only_their_own() {
    let life = Life::new();
    let (ada, eve) = (actor("ada", Role::Customer), actor("eve", Role::Customer));
    let placed = order(&life.stage("placed"), &facts(&life.rules, &ada));
    let asks = |who, command: &Command| decide(Some(&placed), command, &facts(&life.rules, who));
    assert_eq!(asks(&ada, &Command::Confirm).unwrap_err().code(), Code::RoleForbids);
    assert_eq!(asks(&ada, &pay("p", 1)).unwrap_err().code(), Code::RoleForbids);
    assert!(asks(&ada, &cancel("too slow")).is_ok());
    assert_eq!(asks(&eve, &cancel("mine now")).unwrap_err().code(), Code::OrderUnknown);
    // Not even whether a payment with this id exists is told to a stranger.
    let paid = order(&life.stage("paid"), &facts(&life.rules, &life.staff));
    for command in [pay("p1", TOTAL), pay("p1", 1), pay("p2", 1), Command::Complete] {
        let refusal = decide(Some(&paid), &command, &facts(&life.rules, &eve)).unwrap_err();
        assert_eq!((refusal.code(), refusal.issues.len()), (Code::OrderUnknown, 1));
    }
    let mut cheaper = draft();
    cheaper.adjustments =
        serde_json::from_str(r#"[{"kind": "allowance", "amountMinor": 100}]"#).unwrap();
    let place = Command::Place(Box::new(place(cheaper, &life.rules)));
    let by = |who| decide(None, &place, &facts(&life.rules, who));
    assert_eq!(by(&ada).unwrap_err().code(), Code::AdjustmentNotAllowed);
    assert!(by(&life.staff).is_ok());
}

#[test]
fn a_total_that_the_rules_do_not_give_is_refused_with_both_figures() {
    // janavipandole/Cara#3735: the price changed in the browser's storage.
    let life = Life::new();
    let mut place = place(draft(), &life.rules);
    place.expect.total_minor = minor(1);
    let refusal = decide(None, &Command::Place(Box::new(place)), &life.facts()).unwrap_err();
    let issue = &refusal.issues[0];
    assert_eq!((issue.code, issue.path.as_str()), (Code::TotalMismatch, "/args/expect/totalMinor"));
    assert_eq!(
        issue.message(orderkit::Language::English),
        "The total does not match the shop rules: sent 0.01 EUR, computed 30.76 EUR."
    );
}

#[test]
fn a_price_that_changed_since_it_was_shown() {
    let (old, staff) = (rules(), actor("sam", Role::Staff));
    let dearer = rules_with(&[(r#""12.50""#, r#""13.50""#)]);
    let cheaper = rules_with(&[(r#""12.50""#, r#""11.50""#)]);
    let shown = Command::Place(Box::new(place(draft(), &old)));
    let decide_at = |rules, hours: i64, known: bool| {
        let mut facts = facts(rules, &staff);
        facts.now_ms = NOW_MS + hours * 3_600_000;
        facts.earlier = known.then_some(EarlierRules { rules: &old, retired_ms: NOW_MS + 1 });
        let events = decide(None, &shown, &facts)?;
        let orderkit::Event::Placed { quote, .. } = &events[0] else { panic!() };
        Ok::<Amount, Refusal>(quote.totals.gross_minor)
    };
    assert_eq!(decide_at(&cheaper, 48, false).unwrap(), minor(TOTAL - 100), "lower: at once");
    assert_eq!(decide_at(&dearer, 23, true).unwrap(), minor(TOTAL), "higher: honoured for a day");
    assert_eq!(decide_at(&dearer, 25, true).unwrap_err().code(), Code::PriceChanged);
    assert_eq!(decide_at(&dearer, 1, false).unwrap_err().code(), Code::PriceChanged);
}

#[test]
fn a_promotion_that_ended_long_ago_cannot_be_claimed_by_a_wrong_clock() {
    let staff = actor("sam", Role::Staff);
    let ended = r#""id": "drinks-10", "endsMs": 1000000, "name""#;
    let old = rules_with(&[(r#""id": "drinks-10", "name""#, ended)]);
    let new =
        rules_with(&[(r#""id": "drinks-10", "name""#, ended), ("Corner shop", "Corner shop 2")]);
    let mut place = place(draft(), &old);
    place.expect.total_minor =
        orderkit::quote(&draft(), &old, &Context::at(0)).unwrap().totals.gross_minor;
    let mut facts = facts(&new, &staff);
    facts.earlier = Some(EarlierRules { rules: &old, retired_ms: NOW_MS - 1 });
    facts.asked_ms = 0;
    let refusal = decide(None, &Command::Place(Box::new(place)), &facts).unwrap_err();
    assert_eq!(refusal.code(), Code::TotalMismatch);
}

#[test]
fn a_number_is_the_devices_own_or_given_by_the_authority() {
    let life = Life::new();
    let number_of = |number: Option<&str>, assigned: Option<&str>| {
        let mut place = place(draft(), &life.rules);
        place.number = number.map(str::to_owned);
        let mut facts = life.facts();
        facts.assigned_number = assigned;
        let log = decide(None, &Command::Place(Box::new(place)), &facts)?;
        let orderkit::Event::Placed { number, alias, .. } = &log[0] else { panic!() };
        Ok::<_, Refusal>((number.clone(), alias.clone()))
    };
    let own = ("251124-K70418Z".to_owned(), None);
    assert_eq!(number_of(Some("251124-K70418Z"), None).unwrap(), own);
    let given = ("251124-22001X".to_owned(), Some("T-ABCDEFGH".to_owned()));
    assert_eq!(number_of(Some("T-ABCDEFGH"), Some("251124-22001X")).unwrap(), given);
    assert_eq!(number_of(Some("T-ABCDEFGH"), None).unwrap().0, "T-ABCDEFGH");
    let code = |number| number_of(number, None).unwrap_err().code();
    assert_eq!(code(Some("251124-K70481Z")), Code::NumberInvalid, "two digits swapped");
    assert_eq!(code(Some("251124-M80418X")), Code::NumberInvalid, "another device");
    assert_eq!(code(None), Code::Required);
}

#[test]
fn the_log_gives_the_same_bytes_again() {
    let life = Life::new();
    let log = live(&life.stage("completed"), &life.facts());
    let text = orderkit::json::write(&log);
    let again: orderkit::OrderLog = orderkit::json::read(&text).unwrap();
    assert_eq!(orderkit::json::write(&again), text);
    assert_eq!(
        orderkit::json::write(&again.order().unwrap()),
        orderkit::json::write(&log.order().unwrap())
    );
}

fn any_command() -> impl Strategy<Value = Command> {
    prop_oneof![
        (0_u8..4, -5_i64..4_000).prop_map(|(id, amount)| pay(&format!("p{id}"), amount)),
        (0_u8..4, 0_i64..4_000).prop_map(|(id, amount)| refund(&format!("r{id}"), amount)),
        Just(Command::Confirm),
        (0_u8..4, prop::option::of((1_u8..4, -1_i64..5))).prop_map(|(id, part)| {
            let line = part.map(|(line, quantity)| (line.to_string(), quantity));
            let lines = line.as_ref().map(|(line, quantity)| vec![(line.as_str(), *quantity)]);
            ship(&format!("s{id}"), lines.as_deref())
        }),
        (0_u8..4).prop_map(|id| deliver(&format!("s{id}"))),
        Just(Command::Complete),
        Just(cancel("no longer wanted")),
    ]
}

proptest! {
    #[test]
    fn any_life_keeps_its_quantities_and_money(commands in prop::collection::vec(any_command(), 0..40)) {
        let life = Life::new();
        let mut order = life.at("placed");
        for command in commands {
            let Ok(events) = decide(Some(&order), &command, &life.facts()) else { continue };
            for event in events {
                let by = life.staff.clone();
                let record = orderkit::EventRecord { at_ms: NOW_MS, asked_ms: None, by, command: None, event };
                order.apply(&record).unwrap();
            }
            for line in &order.lines {
                prop_assert!(line.ordered >= line.shipped && line.shipped >= line.delivered);
                prop_assert!(!line.delivered.is_negative());
            }
            let derived = order.derived().unwrap();
            prop_assert!(!derived.paid_minor.is_negative() && derived.paid_minor <= minor(TOTAL));
            // No state without a way out: something is possible, or the order has ended.
            let ended = order.status.is_terminal();
            let possible = allowed_commands(Some(&order), &life.facts()).iter().any(|it| it.allowed);
            prop_assert!(ended || possible, "{:?}", derived);
        }
    }
}
