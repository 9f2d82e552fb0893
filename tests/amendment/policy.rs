//! What an edit costs under each policy.

use std::rc::Rc;

use orderkit::{Code, ruleset::AmendmentPolicy};

use super::{Desk, add, amend, command, minor, pay, quantity, shop::rules, shop::rules_with};

#[test]
fn frozen_lines_keep_their_amounts_and_what_goes_is_a_part_of_what_was_agreed() {
    let mut desk = Desk::new(rules()).paid();
    let before = desk.order.lines.clone();
    let edit = amend("a1", &quantity("1", "2"));
    let preview = desk.preview(&edit);
    assert_eq!(preview.policy, AmendmentPolicy::Freeze);
    assert_eq!(preview.lines.len(), 1);
    let (was, is) = (preview.lines[0].before.unwrap(), preview.lines[0].after.unwrap());
    // Three teas came to 14.85 less 1.49; the first of them are worth round(13.36 × 1 / 3) = 4.45.
    assert_eq!((was.gross_minor, is.gross_minor), (minor(1_336), minor(891)));
    assert_eq!((preview.difference_minor, preview.refund_minor), (minor(-445), minor(445)));
    assert_eq!(preview.refunds[0].source, "p1");
    desk.run(&edit);
    assert_eq!((desk.due(), desk.balance()), (3_076 - 445, -445));
    assert_eq!(desk.order.lines[1], before[1]);
    assert_eq!(desk.order.lines[0].gross_minor, before[0].gross_minor);
}

#[test]
fn units_beyond_the_order_are_lines_of_their_own() {
    let mut desk = Desk::new(rules()).paid();
    desk.run(&amend("a1", &format!("{}, {}", quantity("1", "5"), add("CUP", "1"))));
    let ids: Vec<_> = desk.order.lines.iter().map(|line| line.id.as_str()).collect();
    assert_eq!(ids, ["1", "2", "3", "1.2"]);
    let more = &desk.order.lines[3];
    // Two more teas at the price of today, without the promotion that the order had already.
    assert_eq!((more.sku.as_str(), more.gross_minor), ("TEA", minor(990)));
    assert_eq!(desk.balance(), 990 + 1_250);
    // The goods wait until the rest is paid, and no state has to be left for that.
    desk.refuses(&command("confirm", "{}"), Code::PaymentMissing, "");
    desk.run(&pay("p2", minor(2_240)));
    desk.run(&command("confirm", "{}"));
    desk.run(&command("ship", r#"{"shipment": "s1"}"#));
}

#[test]
fn added_goods_cost_what_the_shop_or_the_edit_says() {
    let dearer = Rc::new(rules_with(&[(r#""unitPrice": "12.50""#, r#""unitPrice": "14.00""#)]));
    for (new_lines, gross) in [("today", 1_400), ("order", 1_250)] {
        let mut desk = Desk::new(rules()).paid();
        desk.rules = dearer.clone();
        let args = format!(
            r#"{{"id": "a", "newLines": "{new_lines}", "changes": [{}], "consent": {{"by": "Ada", "how": "mail"}}}}"#,
            quantity("2", "2")
        );
        desk.run(&command("amend", &args));
        assert_eq!(desk.order.lines[2].gross_minor, minor(gross), "{new_lines}");
    }
}

fn with_policy(policy: &str, changes: &str) -> orderkit::Command {
    let args = format!(
        r#"{{"id": "p", "policy": "{policy}", "changes": [{changes}], "consent": {{"by": "Ada", "how": "mail"}}}}"#
    );
    command("amend", &args)
}

#[test]
fn the_three_policies_differ_by_what_the_rules_have_become() {
    let cheaper = Rc::new(rules_with(&[(r#""percent": "10""#, r#""percent": "20""#)]));
    let dearer = Rc::new(rules_with(&[(r#""percent": "10""#, r#""percent": "1""#)]));
    // Two teas and a cup: 8.91 + 12.50 + 4.90 as agreed; 7.92 with 20 % off, 9.80 with 1 % off.
    let table = [
        (&cheaper, "freeze", 2_631, AmendmentPolicy::Freeze),
        (&cheaper, "neverWorse", 2_532, AmendmentPolicy::ReEvaluate),
        (&cheaper, "reEvaluate", 2_532, AmendmentPolicy::ReEvaluate),
        (&dearer, "freeze", 2_631, AmendmentPolicy::Freeze),
        (&dearer, "neverWorse", 2_631, AmendmentPolicy::Freeze),
        (&dearer, "reEvaluate", 2_720, AmendmentPolicy::ReEvaluate),
    ];
    for (rules_now, policy, total, used) in table {
        let mut desk = Desk::new(rules()).paid();
        desk.rules = Rc::clone(rules_now);
        let edit = with_policy(policy, &quantity("1", "2"));
        let preview = desk.preview(&edit);
        assert_eq!((preview.total_after_minor, preview.policy), (minor(total), used), "{policy}");
        desk.run(&edit);
        assert_eq!(desk.due(), total, "{policy}");
    }
}

#[test]
fn nothing_is_priced_anew_once_a_part_was_credited() {
    let mut desk = Desk::new(rules()).paid();
    desk.run(&amend("a1", &quantity("1", "2")));
    desk.refuses(&with_policy("reEvaluate", &quantity("1", "1")), Code::RepriceBlocked, "");
    desk.run(&with_policy("neverWorse", &quantity("1", "1")));
    assert_eq!(desk.due(), 445 + 1_250 + 490);
}

#[test]
fn a_price_by_hand_lowers_the_line_or_puts_another_in_its_place() {
    let price = |line: &str, price: &str| {
        format!(r#"{{"setUnitPrice": {{"line": "{line}", "unitPrice": "{price}"}}}}"#)
    };
    let mut desk = Desk::new(rules()).paid();
    desk.run(&amend("low", &price("2", "10.00")));
    assert_eq!((desk.due(), desk.order.lines.len()), (3_076 - 250, 2));
    // 19 % of 10.00 gross.
    let left = desk.order.left_of_line(&desk.order.lines[1]).unwrap();
    assert_eq!((left.tax_minor, left.gross_minor), (minor(160), minor(1_000)));
    desk.run(&amend("high", &price("2", "20.00")));
    assert_eq!(desk.due(), 3_076 - 1_250 + 2_000);
    let dearer = &desk.order.lines[2];
    assert_eq!((dearer.id.as_str(), dearer.tax_minor), ("2.2", minor(319)));
    // Then the rest is called off, and nothing is left over.
    desk.run(&command(
        "cancelLines",
        r#"{"credit": "c", "reason": "none left", "lines": [{"line": "2.2", "quantity": "1"}]}"#,
    ));
    assert_eq!(desk.due(), 1_336 + 490);
    let no_reason =
        r#"{"id": "x", "changes": [{"setUnitPrice": {"line": "1", "unitPrice": "1"}}]}"#;
    desk.refuses(&command("amend", no_reason), Code::Required, "/args/reason");
}

#[test]
fn a_discount_by_hand_is_shared_over_what_is_left_and_comes_back_with_it() {
    let off = r#"{"addAdjustment": {"adjustment": {"kind": "allowance", "percent": "10", "reason": "late"}}}"#;
    let mut desk = Desk::new(rules()).paid();
    desk.run(&amend("a", off));
    // 10 % of 25.86.
    assert_eq!(desk.due(), 3_076 - 259);
    assert_eq!(desk.order.discounts.last().unwrap().rule, "manual");
    let half =
        r#"{"credit": "c", "reason": "none left", "lines": [{"line": "1", "quantity": "3"}]}"#;
    desk.run(&command("cancelLines", half));
    assert_eq!(desk.due(), 1_125 + 490);
    let undo = r#"{"removeDiscount": {"rule": "manual"}}"#;
    desk.run(&amend("b", undo));
    assert_eq!(desk.due(), 1_250 + 490);
}

#[test]
fn a_coupon_takes_only_its_own_and_gives_only_that_back() {
    let mut desk = Desk::new(rules()).paid();
    desk.run(&amend("a", r#"{"addCoupon": {"code": "welcome"}}"#));
    assert_eq!((desk.due(), desk.balance()), (2_576, -500));
    assert_eq!(desk.order.details.coupon_codes, ["welcome"]);
    desk.run(&amend("b", r#"{"removeCoupon": {"code": "WELCOME"}}"#));
    assert_eq!((desk.due(), desk.balance()), (3_076, 0));
    desk.refuses(
        &amend("c", r#"{"addCoupon": {"code": "NONE"}}"#),
        Code::CouponUnknown,
        "/args/changes/0/code",
    );
    desk.refuses(
        &amend("c", r#"{"addCoupon": {"code": "OLD"}}"#),
        Code::CouponNotActive,
        "/args/changes/0/code",
    );
    desk.refuses(
        &amend("c", r#"{"removeCoupon": {"code": "welcome"}}"#),
        Code::DiscountUnknown,
        "/args/changes/0/code",
    );
}

#[test]
fn shipping_is_priced_anew_only_by_what_the_shop_says() {
    let abroad = r#"{"setShippingMethod": {"method": "abroad"}}"#;
    let vienna = r#"{"setShippingAddress": {"address": {"street": ["Ring 1"], "city": "Wien", "postcode": "1010", "country": "AT"}}}"#;
    let mut desk = Desk::new(rules()).paid();
    desk.run(&amend("a", vienna));
    assert_eq!((desk.due(), desk.order.details.country()), (3_076, Some("AT")));
    desk.run(&amend("b", abroad));
    assert_eq!(desk.due(), 3_076 + 1_000);
    assert_eq!(desk.order.shipping.as_ref().unwrap().method, "abroad");
    let never = rules_with(&[(
        r#""promotions": ["#,
        r#""workflow": {"amendments": {"shipping": "never"}}, "promotions": ["#,
    )]);
    let mut desk = Desk::new(never).paid();
    desk.run(&amend("b", abroad));
    assert_eq!(desk.due(), 3_076);
    // The parcel does not go to Paris, whatever it costs.
    let paris = vienna.replace("AT", "FR").replace("1010", "75001").replace("Wien", "Paris");
    let desk = Desk::new(rules()).paid();
    desk.refuses(
        &amend("a", &paris),
        Code::ShippingNotServed,
        "/args/draft/details/shippingMethod",
    );
    let nowhere = vienna.replace("1010", "x");
    desk.refuses(&amend("a", &nowhere), Code::PostcodeInvalid, "/args/changes/0/address/postcode");
}
