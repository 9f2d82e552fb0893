//! The table status × change, by the life of an order and the role of who asks.

use orderkit::{
    ChangeKind, Code, OrderStatus, Role, allowed_changes,
    status::change::{CHANGE_RULES, change_rule},
};

use super::{
    Desk, amend, command, pay, quantity,
    shop::{actor, facts, minor, rules, rules_with},
};

#[test]
fn every_change_has_one_rule_with_a_status_and_none_that_is_before_or_after_the_life_of_an_order() {
    for kind in ChangeKind::ALL {
        let own = CHANGE_RULES.iter().filter(|rule| rule.change == *kind).count();
        assert_eq!(own, 1, "{kind:?}");
        let rule = change_rule(*kind).unwrap();
        assert!(rule.statuses.contains(&OrderStatus::Placed), "{kind:?}");
        for closed in [OrderStatus::Draft, OrderStatus::Canceled, OrderStatus::Expired] {
            assert!(!rule.statuses.contains(&closed), "{kind:?} when {closed:?}");
        }
    }
    assert_eq!(CHANGE_RULES.len(), ChangeKind::ALL.len());
}

fn stages() -> Vec<(&'static str, Desk)> {
    let picks = std::rc::Rc::new(rules_with(&[(
        r#""promotions": ["#,
        r#""workflow": {"picks": true, "packs": true}, "promotions": ["#,
    )]));
    let steps: [(&str, &str, &str); 7] = [
        ("paid", "", ""),
        ("confirmed", "confirm", "{}"),
        ("allocated", "allocate", r#"{"shipment": "s1"}"#),
        ("picked", "pick", r#"{"shipment": "s1"}"#),
        ("packed", "pack", r#"{"shipment": "s1"}"#),
        ("shipped", "ship", r#"{"shipment": "s1"}"#),
        ("delivered", "deliver", r#"{"shipment": "s1"}"#),
    ];
    let mut all = vec![("placed", Desk::new(rules()))];
    for end in 1..=steps.len() {
        let mut desk = Desk::new(picks.clone()).paid();
        for (_, kind, args) in &steps[1..end] {
            desk.run(&command(kind, args));
        }
        all.push((steps[end - 1].0, desk));
    }
    let mut done = all.pop().unwrap().1;
    all.push((
        "delivered",
        Desk { rules: done.rules.clone(), log: done.log.clone(), order: done.order.clone() },
    ));
    done.run(&command("confirmReceipt", "{}"));
    done.run(&command("complete", "{}"));
    all.push(("completed", done));
    let mut gone = Desk::new(rules());
    gone.run(&command("cancel", r#"{"reason": "no"}"#));
    all.push(("canceled", gone));
    all
}

#[test]
fn status_by_change_is_as_the_table_says() {
    use ChangeKind as C;
    let always: &[C] = &[C::BillingAddress, C::Contact, C::Note];
    let money: &[C] = &[C::UnitPrice, C::Coupon, C::Discount];
    let way: &[C] = &[C::ShippingAddress, C::ShippingMethod];
    let goods: &[C] = &[C::MoreGoods, C::LessGoods];
    let table: [(&str, &[&[C]]); 10] = [
        ("placed", &[always, money, way, goods, &[C::PaymentMethod]]),
        ("paid", &[always, money, way, goods]),
        ("confirmed", &[always, money, way, goods]),
        // What is set aside goes first by calling the shipment off; new goods make another shipment.
        ("allocated", &[always, money, way, &[C::MoreGoods]]),
        ("picked", &[always, money, way, &[C::MoreGoods]]),
        ("packed", &[always, money, &[C::MoreGoods]]),
        ("shipped", &[always, money]),
        ("delivered", &[always, money]),
        ("completed", &[always]),
        ("canceled", &[]),
    ];
    let stages = stages();
    for (stage, groups) in table {
        let (_, desk) = stages.iter().find(|(name, _)| *name == stage).unwrap();
        let expected: Vec<C> = groups.iter().copied().flatten().copied().collect();
        let staff = super::staff();
        for answer in allowed_changes(&desk.order, &facts(&desk.rules, &staff)) {
            let wanted = expected.contains(&answer.change);
            assert_eq!(
                answer.allowed, wanted,
                "{:?} when {stage}: {:?}",
                answer.change, answer.reasons
            );
            assert_eq!(answer.allowed, answer.reasons.is_empty());
        }
    }
}

#[test]
fn customers_edit_their_own_until_the_shop_commits_as_far_as_it_lets_them() {
    use ChangeKind as C;
    let details = [C::ShippingAddress, C::BillingAddress, C::Contact, C::Note];
    let switches = [("nothing", 0, false), ("details", 4, false), ("detailsAndLess", 4, true)];
    for (switch, count, less) in switches {
        let text =
            format!(r#""workflow": {{"amendments": {{"customer": "{switch}"}}}}, "promotions": ["#);
        let desk = Desk::new(rules_with(&[(r#""promotions": ["#, &text)]));
        let owner = actor("sam", Role::Customer);
        let answers = allowed_changes(&desk.order, &facts(&desk.rules, &owner));
        let may = |kind| answers.iter().any(|it| it.change == kind && it.allowed);
        assert_eq!(details.iter().filter(|kind| may(**kind)).count(), count, "{switch}");
        assert_eq!(may(C::LessGoods), less, "{switch}");
        for never in [
            C::MoreGoods,
            C::UnitPrice,
            C::Coupon,
            C::Discount,
            C::ShippingMethod,
            C::PaymentMethod,
        ] {
            assert!(!may(never), "{never:?}");
        }
    }
    let mut desk = Desk::new(rules()).paid();
    let owner = actor("sam", Role::Customer);
    let less = command("amend", &format!(r#"{{"id": "a", "changes": [{}]}}"#, quantity("1", "1")));
    assert_eq!(desk.try_as(&owner, None, &less).unwrap().len(), 1);
    desk.run(&command("confirm", "{}"));
    assert_eq!(desk.try_as(&owner, None, &less).unwrap_err().code(), Code::StatusForbids);
    // Another customer's order does not exist.
    let eve = actor("eve", Role::Customer);
    assert_eq!(desk.try_as(&eve, None, &less).unwrap_err().code(), Code::OrderUnknown);
    assert_eq!(
        allowed_changes(&desk.order, &facts(&desk.rules, &eve))[0].reasons[0].code,
        Code::OrderUnknown
    );
}

#[test]
fn units_that_were_set_aside_or_have_left_stay() {
    let mut desk = Desk::new(rules()).paid();
    desk.run(&command("confirm", "{}"));
    desk.run(&command("ship", r#"{"shipment": "s1", "lines": [{"line": "1", "quantity": "2"}]}"#));
    desk.refuses(
        &amend("a", &quantity("1", "1")),
        Code::QuantityExceedsOpen,
        "/args/changes/0/quantity",
    );
    desk.run(&amend("a", &quantity("1", "2")));
    desk.refuses(
        &amend("b", r#"{"removeLine": {"line": "1"}}"#),
        Code::QuantityExceedsOpen,
        "/args/changes/0/quantity",
    );
    desk.refuses(
        &amend("b", r#"{"setPaymentMethod": {"method": "cash"}}"#),
        Code::PaymentReceived,
        "/args/changes/0",
    );
}

#[test]
fn another_payment_method_brings_its_terms() {
    let mut desk = Desk::new(rules());
    desk.refuses(&command("confirm", "{}"), Code::PaymentMissing, "");
    desk.run(&amend("a", r#"{"setPaymentMethod": {"method": "cash"}}"#));
    desk.run(&command("confirm", "{}"));
    desk.refuses(
        &amend("b", r#"{"setPaymentMethod": {"method": "shells"}}"#),
        Code::PaymentMethodUnknown,
        "/args/changes/0/method",
    );
    desk.run(&pay("p", minor(3_076)));
}

#[test]
fn the_form_of_an_edit_is_checked() {
    let desk = Desk::new(rules());
    desk.refuses(
        &command("amend", r#"{"id": "a", "changes": []}"#),
        Code::AmendmentEmpty,
        "/args/changes",
    );
    desk.refuses(&command("amend", r#"{"id": " ", "changes": []}"#), Code::Required, "/args/id");
    desk.refuses(&amend("a", &quantity("9", "1")), Code::LineUnknown, "/args/changes/0/line");
    desk.refuses(
        &amend("a", &quantity("1", "-1")),
        Code::QuantityNotPositive,
        "/args/changes/0/quantity",
    );
    desk.refuses(
        &amend("a", &super::add("NONE", "1")),
        Code::SkuUnknown,
        "/args/changes/0/line/sku",
    );
    desk.refuses(
        &amend("a", &super::add("CUP", "0")),
        Code::QuantityNotPositive,
        "/args/changes/0/line/quantity",
    );
    let mut desk = desk;
    desk.run(&amend("a", &quantity("1", "1")));
    desk.refuses(&amend("a", &quantity("1", "0")), Code::AmendmentRepeated, "/args/id");
    // What is so already is answered without an event.
    assert_eq!(desk.try_run(&amend("b", &quantity("1", "1"))).unwrap(), []);
}
