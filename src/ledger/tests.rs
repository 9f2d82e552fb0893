use super::*;

fn payment(text: &str) -> Payment {
    let mut words = text.split(' ');
    let mut word = || words.next().unwrap();
    let (id, kind, state) = (word().to_owned(), word(), word());
    let json = format!(
        r#"{{"id":"{id}","kind":"{kind}","state":"{state}","method":"card","amountMinor":{}}}"#,
        word()
    );
    let source = words.next().map(str::to_owned);
    Payment { source, ..serde_json::from_str(&json).unwrap() }
}

fn ledger(lines: &[&str]) -> Ledger {
    Ledger::of(&lines.iter().map(|line| payment(line)).collect::<Vec<_>>()).unwrap()
}

fn minor(amount: i64) -> Amount {
    Amount::new(amount).unwrap()
}

#[test]
fn an_authorization_shrinks_by_what_is_captured_and_voided() {
    let sums = ledger(&[
        "a authorization success 1000",
        "c capture success 300 a",
        "v void success 200 a",
        "p capture pending 100 a",
    ]);
    assert_eq!(
        (sums.authorized, sums.captured, sums.pending),
        (minor(400), minor(300), minor(100))
    );
}

#[test]
fn failures_and_voids_are_remembered_until_something_better_comes() {
    assert!(ledger(&["a capture failure 10"]).has_failed);
    assert!(!ledger(&["a capture failure 10", "b capture success 10"]).has_failed);
    assert!(ledger(&["a authorization success 10", "v void success 10 a"]).is_voided);
}

#[test]
fn a_pending_refund_counts_as_used() {
    let sums =
        ledger(&["c capture success 1000", "r refund pending 400 c", "x chargeback success 100 c"]);
    assert_eq!((sums.net().unwrap(), sums.refundable().unwrap()), (minor(900), minor(500)));
}

#[test]
fn a_refund_goes_back_to_the_last_payment_first_or_pro_rata() {
    let payments: Vec<Payment> =
        ["a capture success 1000", "b capture success 500", "r refund success 100"]
            .iter()
            .map(|line| payment(line))
            .collect();
    let plan = |amount, order| {
        let parts = refund_plan(&payments, minor(amount), order).unwrap();
        parts
            .iter()
            .map(|it| format!("{} {}", it.source, it.amount_minor.minor()))
            .collect::<Vec<_>>()
            .join(", ")
    };
    assert_eq!(plan(600, RefundOrder::LastFirst), "b 400, a 200");
    assert_eq!(plan(700, RefundOrder::ProRata), "a 500, b 200");
    assert_eq!(plan(9_999, RefundOrder::LastFirst), "b 400, a 1000");
    assert_eq!(plan(0, RefundOrder::LastFirst), "");
}

#[test]
fn a_later_word_replaces_an_earlier_one_and_never_the_reverse() {
    let one = payment("a capture pending 10");
    assert!(one.may_become(&payment("a capture success 10")));
    assert!(one.may_become(&payment("a capture failure 10")));
    assert!(!one.may_become(&payment("a capture success 11")));
    assert!(!payment("a capture success 10").may_become(&one));
    assert!(payment("a capture failure 10").may_become(&payment("a capture pending 10")));
}
