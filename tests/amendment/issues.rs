//! What users of other systems complained about, each by its issue.

use orderkit::{Code, Role, preview_amendment, preview_proposal, status::Summary};

use super::{
    Desk, add, amend, command, minor, pay, quantity, shop::actor, shop::rules, shop::rules_with,
};

/// vendurehq/vendure#4013: an item was added and removed in one edit, and money was given back that nobody had paid.
#[test]
fn vendure_4013_adding_and_removing_in_one_edit_moves_no_money() {
    let desk = Desk::new(rules());
    let line = r#"{"addLine": {"line": {"id": "new", "sku": "CUP", "quantity": "2"}}}"#;
    let edit = amend(
        "a",
        &format!(
            r#"{line}, {{"removeLine": {{"line": "new"}}}}, {}, {}"#,
            quantity("1", "1"),
            quantity("1", "3")
        ),
    );
    let preview = desk.preview(&edit);
    assert_eq!((preview.difference_minor, preview.refund_minor), (minor(0), minor(0)));
    assert_eq!(preview.lines, []);
    assert_eq!(desk.try_run(&edit).unwrap(), []);
    // In two edits of an unpaid order: what is owed goes up and down, and nothing is given back.
    let mut desk = desk;
    desk.run(&amend("b", line));
    let undo = amend("c", r#"{"removeLine": {"line": "new"}}"#);
    assert_eq!(desk.preview(&undo).refund_minor, minor(0));
    desk.run(&undo);
    assert_eq!((desk.due(), desk.balance()), (3_076, 3_076));
    // Never more than was received, whatever goes.
    desk.run(&pay("p", minor(100)));
    let less = amend("d", &format!(r#"{}, {{"removeLine": {{"line": "2"}}}}"#, quantity("1", "1")));
    let preview = desk.preview(&less);
    assert_eq!(
        (preview.total_after_minor, preview.due_minor, preview.refund_minor),
        (minor(935), minor(835), minor(0))
    );
    // What leaves nothing is a cancellation, and not an edit.
    let nothing = amend("e", r#"{"removeLine": {"line": "1"}}, {"removeLine": {"line": "2"}}"#);
    desk.refuses(&nothing, Code::LinesEmpty, "/args/changes");
}

/// vendurehq/vendure#4811: a discount of the order was shared again over the lines that survive.
#[test]
fn vendure_4811_a_discount_of_the_order_stays_where_it_was() {
    let coupon = super::shop::draft_with(
        r#""shippingMethod""#,
        r#""couponCodes": ["WELCOME"], "shippingMethod""#,
    );
    let mut desk = Desk::with(rules(), coupon).paid();
    let kept = desk.order.lines[1].clone();
    desk.run(&amend("a", r#"{"removeLine": {"line": "1"}}"#));
    assert_eq!(desk.order.lines[1], kept);
    assert_eq!(desk.due(), kept.gross_minor.minor() + 490);
    assert_eq!(desk.balance(), -desk.order.lines[0].gross_minor.minor());
}

/// vendurehq/vendure#3885: conditions of promotions and shipping were tested again after payment.
#[test]
fn vendure_3885_a_condition_that_held_is_not_tested_again() {
    let free = rules_with(&[(r#""freeOverMinor": 5000"#, r#""freeOverMinor": 2500"#)]);
    let mut desk = Desk::new(free).paid();
    assert_eq!(desk.due(), 2_586);
    // Below the threshold of free shipping and of the coupon.
    desk.run(&amend("a", r#"{"removeLine": {"line": "2"}}"#));
    assert_eq!(desk.due(), 1_336);
}

/// vendurehq/vendure#1865: an order was stuck in `Modifying`. Here an edit is no state: what waits for a yes stops nothing.
#[test]
fn vendure_1865_an_edit_that_waits_stops_nothing_and_can_always_be_answered() {
    let mut desk = Desk::new(rules()).paid();
    let summary = desk.order.derived().unwrap().summary;
    desk.run(&command(
        "proposeAmendment",
        &format!(r#"{{"id": "a", "changes": [{}]}}"#, add("CUP", "1")),
    ));
    assert_eq!(desk.order.derived().unwrap().summary, summary);
    desk.run(&command("confirm", "{}"));
    desk.run(&command("ship", r#"{"shipment": "s1"}"#));
    desk.run(&command("declineAmendment", r#"{"amendment": "a", "reason": "too late"}"#));
    desk.refuses(&command("acceptAmendment", r#"{"amendment": "a"}"#), Code::NothingOpen, "");
}

/// vendurehq/vendure#890: after an edit that raised the total the additional payment could not be told from the first.
#[test]
fn vendure_890_a_dearer_edit_waits_for_just_its_difference() {
    let mut desk = Desk::new(rules()).paid();
    desk.run(&amend("a", &add("CUP", "1")));
    let derived = desk.order.derived().unwrap();
    assert_eq!(
        (derived.summary, derived.balance_due_minor),
        (Summary::AwaitingPayment, minor(1_250))
    );
    desk.refuses(&command("confirm", "{}"), Code::PaymentMissing, "");
    desk.run(&pay("p2", minor(1_250)));
    assert_eq!(desk.order.payments.len(), 2);
    desk.run(&command("confirm", "{}"));
}

/// vendurehq/vendure#1753: an edit to a cheaper order of several payments gave back from the wrong one, or too much of it.
#[test]
fn vendure_1753_a_refund_is_split_over_what_is_left_of_each_payment() {
    let mut desk = Desk::new(rules());
    desk.run(&pay("p1", minor(2_576)));
    desk.run(&pay("p2", minor(500)));
    let preview = desk.preview(&amend("a", r#"{"removeLine": {"line": "2"}}"#));
    let parts: Vec<_> =
        preview.refunds.iter().map(|it| (it.source.as_str(), it.amount_minor.minor())).collect();
    assert_eq!(parts, [("p2", 500), ("p1", 750)]);
}

/// vendurehq/vendure#3535: a line could be lowered below what was fulfilled already.
#[test]
fn vendure_3535_no_fewer_than_have_left() {
    let mut desk = Desk::new(rules()).paid();
    desk.run(&command("confirm", "{}"));
    desk.run(&command("ship", r#"{"shipment": "s1"}"#));
    desk.refuses(&amend("a", &quantity("1", "2")), Code::NothingOpen, "/args/changes/0");
    desk.refuses(&amend("a", &add("CUP", "1")), Code::AlreadyShipped, "/args/changes/0");
}

/// saleor/saleor#3540: a confirmed order could not be edited at all.
#[test]
fn saleor_3540_a_confirmed_order_can_be_edited() {
    let mut desk = Desk::new(rules()).paid();
    desk.run(&command("confirm", "{}"));
    desk.run(&amend("a", &format!("{}, {}", quantity("1", "1"), add("TAPE", "2"))));
    assert_eq!(desk.due(), 445 + 1_250 + 67 + 490);
}

#[test]
fn goods_or_a_higher_total_need_a_yes_and_other_edits_do_not() {
    let desk = Desk::new(rules()).paid();
    let plain = |changes: &str| {
        command("amend", &format!(r#"{{"id": "a", "reason": "r", "changes": [{changes}]}}"#))
    };
    for changes in [
        add("CUP", "1"),
        quantity("1", "1"),
        r#"{"setShippingMethod": {"method": "abroad"}}"#.to_owned(),
    ] {
        assert!(desk.preview(&plain(&changes)).needs_consent, "{changes}");
        desk.refuses(&plain(&changes), Code::ConsentMissing, "/args/consent");
        assert!(desk.try_run(&amend("a", &changes)).is_ok());
    }
    for changes in
        [r#"{"setNote": {"note": "ring twice"}}"#, r#"{"addCoupon": {"code": "WELCOME"}}"#]
    {
        assert!(!desk.preview(&plain(changes)).needs_consent, "{changes}");
        assert!(desk.try_run(&plain(changes)).is_ok());
    }
}

#[test]
fn a_proposal_is_accepted_by_the_other_side_at_the_price_that_was_told() {
    let proposal =
        command("proposeAmendment", &format!(r#"{{"id": "a", "changes": [{}]}}"#, add("CUP", "1")));
    let accept = command("acceptAmendment", r#"{"amendment": "a"}"#);
    let ada = actor("sam", Role::Customer);
    let mut desk = Desk::new(rules()).paid();
    desk.run(&proposal);
    // Staff cannot say yes to themselves, unless they say how the customer agreed.
    desk.refuses(&accept, Code::ConsentMissing, "/args/consent");
    let agreed = r#"{"amendment": "a", "consent": {"by": "Ada", "how": "mail"}}"#;
    assert!(desk.try_run(&command("acceptAmendment", agreed)).is_ok());
    desk.refuses(
        &command("acceptAmendment", r#"{"amendment": "b"}"#),
        Code::AmendmentUnknown,
        "/args/amendment",
    );
    // The price rose since: the customer said yes to another one.
    let before = desk.rules.clone();
    desk.rules = rules_with(&[(r#""unitPrice": "12.50""#, r#""unitPrice": "14.00""#)]).into();
    assert_eq!(desk.try_as(&ada, None, &accept).unwrap_err().code(), Code::PriceChanged);
    desk.rules = before;
    let events = desk.try_as(&ada, None, &accept).unwrap();
    desk.append(events, &ada, None);
    assert_eq!(desk.balance(), 1_250);
    let known = &desk.order.amendments[0];
    assert_eq!(known.amendment.consent.as_ref().unwrap().by, "sam");
    // The customer asks, the shop says yes; the customer alone cannot.
    let mut desk = Desk::new(rules()).paid();
    let events = desk.try_as(&ada, None, &proposal).unwrap();
    desk.append(events, &ada, None);
    assert_eq!(desk.try_as(&ada, None, &accept).unwrap_err().code(), Code::RoleForbids);
    desk.run(&accept);
    assert_eq!(desk.balance(), 1_250);
}

#[test]
fn a_buyer_sees_what_a_proposal_comes_to_though_they_may_not_make_it() {
    let ada = actor("sam", Role::Customer);
    let mut desk = Desk::new(rules()).paid();
    let proposal =
        command("proposeAmendment", &format!(r#"{{"id": "a", "changes": [{}]}}"#, add("CUP", "1")));
    desk.run(&proposal);
    let amendment = desk.order.amendments[0].amendment.clone();
    let facts = super::facts(&desk.rules, &ada);
    let alone = preview_amendment(&desk.order, &amendment, &facts).unwrap_err();
    assert_eq!(alone.code(), Code::RoleForbids);
    let shown = preview_proposal(&desk.order, &amendment, &facts).unwrap();
    assert_eq!((shown.difference_minor, shown.due_minor), (minor(1_250), minor(1_250)));
    let accept = command("acceptAmendment", r#"{"amendment": "a"}"#);
    let events = desk.try_as(&ada, None, &accept).unwrap();
    desk.append(events, &ada, None);
    assert_eq!(desk.due(), shown.total_after_minor.minor());
    // What was settled is no proposal any more.
    let again = preview_proposal(&desk.order, &amendment, &super::facts(&desk.rules, &ada));
    assert_eq!(again.unwrap_err().code(), Code::AmendmentRepeated);
}

/// A price of a line of which nothing is left is the price of nothing: it was taken, and later no return of the order could be
/// worked out.
#[test]
fn a_line_without_units_has_no_price_to_change() {
    let mut desk = Desk::new(rules()).paid();
    desk.run(&amend("a", &quantity("1", "0")));
    let price = |line: &str| {
        amend("b", &format!(r#"{{"setUnitPrice": {{"line": "{line}", "unitPrice": "1.00"}}}}"#))
    };
    desk.refuses(&price("1"), Code::NothingOpen, "/args/changes/0/line");
    desk.run(&price("2"));
}

/// A discount that is set and taken away again leaves the tax as it was, though half of it rounds up.
#[test]
fn spree_a_discount_that_is_removed_leaves_no_cent_of_tax_behind() {
    let mut desk = Desk::new(rules());
    let before = desk.order.left().unwrap();
    for percent in ["50", "33", "7"] {
        let off = format!(
            r#"{{"addAdjustment": {{"adjustment": {{"kind": "allowance", "percent": "{percent}"}}}}}}"#
        );
        desk.run(&amend(&format!("on{percent}"), &off));
        assert_ne!(desk.order.left().unwrap(), before);
        let undo = r#"{"removeDiscount": {"rule": "manual"}}"#;
        desk.run(&amend(&format!("off{percent}"), undo));
        assert_eq!(desk.order.left().unwrap(), before, "{percent}");
    }
}
