//! Any sequence of edits and part cancellations: every sum agrees at each step, and no cent is left over.

use orderkit::OrderStatus;
use proptest::prelude::*;

use super::{Desk, amend, command, minor, pay, shop::rules};

#[derive(Clone, Debug)]
enum Step {
    Quantity(usize, u8),
    Add(u8, u8),
    Price(usize, u16),
    Discount(u8),
    Coupon(bool),
    Undo,
    Cancel(usize),
    Pay,
    Refund,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..6_usize, 0..6_u8).prop_map(|(line, quantity)| Step::Quantity(line, quantity)),
        2 => (0..3_u8, 1..4_u8).prop_map(|(sku, quantity)| Step::Add(sku, quantity)),
        2 => (0..6_usize, 0..2_000_u16).prop_map(|(line, price)| Step::Price(line, price)),
        2 => (1..40_u8).prop_map(Step::Discount),
        1 => any::<bool>().prop_map(Step::Coupon),
        1 => Just(Step::Undo),
        3 => (0..6_usize).prop_map(Step::Cancel),
        1 => Just(Step::Pay),
        1 => Just(Step::Refund),
    ]
}

fn make(desk: &Desk, step: &Step, id: &str) -> orderkit::Command {
    let line = |at: &usize| desk.order.lines[at % desk.order.lines.len()].id.clone();
    match step {
        Step::Quantity(at, quantity) => {
            amend(id, &super::quantity(&line(at), &quantity.to_string()))
        }
        Step::Add(sku, quantity) => {
            let sku = ["TEA", "CUP", "TAPE"][usize::from(*sku)];
            amend(id, &super::add(sku, &quantity.to_string()))
        }
        Step::Price(at, price) => amend(
            id,
            &format!(
                r#"{{"setUnitPrice": {{"line": "{}", "unitPrice": "{}.{:02}"}}}}"#,
                line(at),
                price / 100,
                price % 100
            ),
        ),
        Step::Discount(percent) => amend(
            id,
            &format!(
                r#"{{"addAdjustment": {{"adjustment": {{"kind": "allowance", "percent": "{percent}"}}}}}}"#
            ),
        ),
        Step::Coupon(true) => amend(id, r#"{"addCoupon": {"code": "WELCOME"}}"#),
        Step::Coupon(false) => amend(id, r#"{"removeCoupon": {"code": "WELCOME"}}"#),
        Step::Undo => amend(id, r#"{"removeDiscount": {"rule": "manual"}}"#),
        Step::Cancel(at) => command(
            "cancelLines",
            &format!(
                r#"{{"credit": "{id}", "reason": "r", "lines": [{{"line": "{}", "quantity": "1"}}]}}"#,
                line(at)
            ),
        ),
        Step::Pay => pay(id, minor(desk.balance().max(1))),
        Step::Refund => {
            let owed = (-desk.balance()).max(1);
            let args = format!(
                r#"{{"id": "{id}", "kind": "refund", "method": "card", "amountMinor": {owed}}}"#
            );
            command("recordPayment", &args)
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_cent_is_lost(steps in prop::collection::vec(step(), 1..14)) {
        let mut desk = Desk::new(rules());
        for (at, step) in steps.iter().enumerate() {
            let command = make(&desk, step, &format!("e{at}"));
            // What is refused changes nothing; what happens is checked after each event.
            if let Ok(events) = desk.try_run(&command) {
                if let orderkit::Command::Amend(_) = &command {
                    let preview = desk.preview(&command);
                    let before = desk.due();
                    desk.append(events, &super::staff(), None);
                    prop_assert_eq!(preview.total_after_minor.minor(), desk.due());
                    prop_assert_eq!(preview.difference_minor.minor(), desk.due() - before);
                } else {
                    desk.append(events, &super::staff(), None);
                }
            }
            let derived = desk.order.derived().unwrap();
            prop_assert!(desk.due() >= 0);
            prop_assert!(derived.refundable_minor.minor() <= derived.paid_minor.minor().max(0));
        }
        // In the end all goods are called off one by one: only the shipping is left, to the cent.
        let mut round = 0;
        while desk.order.status == OrderStatus::Placed {
            let line = desk.order.lines.iter().find(|line| !line.to_deliver().is_zero()).unwrap();
            round += 1;
            let rest = line.to_deliver();
            let one = orderkit::Decimal::from_integer(1).min(rest);
            let args = format!(r#"{{"credit": "z{round}", "reason": "r", "lines": [{{"line": "{}", "quantity": "{one}"}}]}}"#, line.id);
            let events = desk.try_run(&command("cancelLines", &args)).unwrap();
            desk.append(events, &super::staff(), None);
        }
        prop_assert_eq!(desk.due(), 0);
    }
}
