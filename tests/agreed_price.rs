//! The price that both sides agree on, while uses, balances and the buyer change.

mod shop;

use orderkit::{
    Amount, Code, Command, Context, Expectation, Facts, GiftCard, Place, Role, RuleUse, decide,
};
use shop::{actor, draft, facts, minor, place, rules, rules_with};

const TOTAL: i64 = 3_076;

#[test]
fn a_price_that_was_shown_before_uses_or_the_buyer_changed() {
    let limit = r#""limits": {"uses": 3, "budgetMinor": 200}, "effect": {"kind": "linePercentage""#;
    let rules = rules_with(&[(r#""effect": {"kind": "linePercentage""#, limit)]);
    let staff = actor("sam", Role::Staff);
    let used = |count, amount: i64| Context {
        uses: vec![RuleUse {
            rule: "drinks-10".to_owned(),
            count,
            amount_minor: minor(amount),
            ..RuleUse::default()
        }],
        ..Context::default()
    };
    let decided = |total: i64, context: &Context| {
        let mut place = place(draft(), &rules);
        place.expect.total_minor = minor(total);
        let facts = Facts { context: Some(context), ..facts(&rules, &staff) };
        let events = decide(None, &Command::Place(Box::new(place)), &facts);
        let events = events.map_err(|refusal| refusal.code())?;
        let orderkit::Event::Placed { quote, .. } = &events[0] else { panic!() };
        Ok::<Amount, Code>(quote.totals.gross_minor)
    };
    let (with, without) = (TOTAL, TOTAL + 149);
    #[rustfmt::skip]
    let rows = [
        ("as shown", with, used(0, 0), Ok(with)),
        ("used up since", with, used(3, 0), Err(Code::PriceChanged)),
        ("agreed after that", without, used(3, 0), Ok(without)),
        ("the budget is smaller by now", with, used(1, 100), Err(Code::PriceChanged)),
        ("a use came back: the lower price counts", without, used(2, 0), Ok(with)),
        ("no moment had this price", with - 1, used(3, 0), Err(Code::TotalMismatch)),
        ("nor this", without + 1, used(0, 0), Err(Code::TotalMismatch)),
    ];
    for (what, shown, context, expected) in rows {
        assert_eq!(decided(shown, &context), expected.map(minor), "{what}");
    }
}

#[test]
fn what_is_left_to_pay_is_agreed_on_where_it_was_shown() {
    let (rules, staff) = (rules(), actor("sam", Role::Staff));
    let decided = |balance: i64, payable: Option<i64>| {
        let mut draft = draft();
        draft.details.gift_cards = vec!["G".to_owned()];
        let card = GiftCard { code: "G".to_owned(), balance_minor: minor(balance), ends_ms: None };
        let context = Context { gift_cards: vec![card], ..Context::default() };
        let expect = Expectation {
            total_minor: minor(TOTAL),
            ruleset_digest: rules.digest().to_owned(),
            payable_minor: payable.map(minor),
        };
        let place = Place { draft, number: None, expect, is_repeat: false };
        let facts = Facts { context: Some(&context), ..facts(&rules, &staff) };
        let decided = decide(None, &Command::Place(Box::new(place)), &facts);
        decided.err().map(|refusal| (refusal.code(), refusal.issues[0].path.clone()))
    };
    let changed = Some((Code::PriceChanged, "/args/expect/payableMinor".to_owned()));
    assert_eq!(decided(1_000, Some(TOTAL - 1_000)), None);
    assert_eq!(decided(999, Some(TOTAL - 1_000)), changed);
    assert_eq!(decided(1_001, Some(TOTAL - 1_000)), None, "less is no reason to refuse");
    assert_eq!(decided(0, None), None);
}
