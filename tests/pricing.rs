//! Pricing: a table of rules, then the guarantees for any draft.

mod shop;

use orderkit::{
    Amount, Code, Context, Draft, Rules, TraceStep,
    pricing::{Quote, Totals},
    quote,
};
use proptest::prelude::*;
use shop::{NOW_MS, draft, draft_with, minor, rules, rules_with};

#[track_caller]
fn totals(draft: &Draft, rules: &Rules) -> Totals {
    quote(draft, rules, &Context::at(NOW_MS)).unwrap().totals
}

#[test]
fn a_discount_shipping_and_two_rates_inside_the_price() {
    let quote = quote(&draft(), &rules(), &Context::at(NOW_MS)).unwrap();
    // Tea 3 × 4.95 = 14.85, 10 % off = 13.36 (1.485 rounds up to 1.49 off); cup 12.50; parcel 4.90.
    let totals = quote.totals;
    assert_eq!((totals.items_minor, totals.discount_minor), (minor(2_735), minor(149)));
    assert_eq!((totals.shipping_minor, totals.gross_minor), (minor(490), minor(3_076)));
    // 7 % of 13.36 and 19 % of 17.40, both taken out of the sum of their group.
    assert_eq!(totals.tax_minor, minor(87 + 278));
    assert_eq!(quote.taxes.iter().map(|it| it.tax_minor.minor()).collect::<Vec<_>>(), [87, 278]);
    assert_eq!(totals.payable_minor, totals.gross_minor);
}

#[test]
fn free_shipping_is_decided_after_discounts_or_before_as_the_shop_says() {
    // woocommerce#28752, #8020, #17274: 4 cups are worth exactly the threshold, a coupon loses it.
    let cups = draft_with(
        r#"{"sku": "TEA", "quantity": "3"}, {"sku": "CUP", "quantity": "1"}"#,
        r#"{"sku": "CUP", "quantity": "4"}"#,
    );
    assert_eq!(totals(&cups, &rules()).shipping_minor, minor(0));
    let mut with_coupon = cups;
    with_coupon.details.coupon_codes = vec!["welcome".to_owned()];
    let after = totals(&with_coupon, &rules());
    assert_eq!((after.discount_minor, after.shipping_minor), (minor(500), minor(490)));
    let before = rules_with(&[(
        r#""freeOverMinor": 5000"#,
        r#""freeOverMinor": 5000, "freeOverBasis": "beforeDiscounts""#,
    )]);
    assert_eq!(totals(&with_coupon, &before).shipping_minor, minor(0));
}

#[test]
fn the_trace_says_what_is_missing() {
    let mut draft = draft_with(r#", {"sku": "CUP", "quantity": "1"}"#, "");
    draft.lines[0].quantity = orderkit::Decimal::ONE.into();
    draft.details.coupon_codes = vec!["WELCOME".to_owned(), "OLD".to_owned()];
    let trace = quote(&draft, &rules(), &Context::at(NOW_MS)).unwrap().trace;
    // One tea at 4.45 lacks 5.55 to the coupon's 10.00 and 45.55 to free shipping.
    let missing = TraceStep::NotReached { rule: "welcome".to_owned(), missing_minor: minor(555) };
    assert!(trace.contains(&missing), "{trace:?}");
    let shipping = TraceStep::ShippingNotFree {
        method: "parcel".to_owned(),
        template: None,
        missing_minor: Some(minor(4_555)),
        missing_quantity: None,
    };
    assert!(trace.contains(&shipping), "{trace:?}");
    assert!(trace.contains(&TraceStep::NotActive { rule: "over".to_owned() }), "{trace:?}");
}

#[test]
fn a_discount_never_takes_more_than_is_left() {
    // medusajs/medusa#14899: two stacked discounts made a negative total.
    let greedy = rules_with(&[
        (r#""percent": "10""#, r#""percent": "100""#),
        (r#""when": {"minimumMinor": 1000}, "#, ""),
        (r#""orderFixed", "amountMinor": 500"#, r#""orderFixed", "amountMinor": 999999"#),
    ]);
    let mut draft = draft();
    draft.details.coupon_codes = vec!["WELCOME".to_owned()];
    let quote = quote(&draft, &greedy, &Context::at(NOW_MS)).unwrap();
    assert_eq!(quote.totals.gross_minor, minor(490));
    assert!(quote.lines.iter().all(|line| line.gross_minor == Amount::ZERO));
    let capped = |step: &TraceStep| matches!(step, TraceStep::DiscountCapped { amount_minor, .. } if amount_minor.minor() == 1_250);
    assert!(quote.trace.iter().any(capped), "{:?}", quote.trace);
}

#[test]
fn a_price_finer_than_the_currency_is_rounded_once_and_shown() {
    let tape = draft_with(
        r#"{"sku": "TEA", "quantity": "3"}, {"sku": "CUP", "quantity": "1"}"#,
        r#"{"sku": "TAPE", "quantity": "2.5"}"#,
    );
    let quote = quote(&tape, &rules(), &Context::at(NOW_MS)).unwrap();
    assert_eq!(quote.lines[0].amount_minor, minor(83)); // 0.8325
    let TraceStep::LinePrices { rounded, .. } = &quote.trace[0] else { panic!() };
    assert_eq!((rounded[0].line, rounded[0].exact.as_str()), (0, "83.25"));
}

#[test]
fn tax_on_top_with_two_taxes_on_the_same_base() {
    let rules = Rules::from_json(
        br#"{"version": "us", "name": {"en": "Diner"}, "currency": "USD", "homeCountry": "US",
        "priceBasis": "taxExclusive", "priceSource": "draft", "taxClasses": [{"id": "ny", "rules": [{"components": [
            {"percent": "4", "jurisdiction": "NY"}, {"percent": "4.875", "jurisdiction": "New York City"}]}]}]}"#,
    )
    .unwrap();
    let draft: Draft = serde_json::from_str(
        r#"{"lines": [{"sku": "a", "quantity": "1", "unitPrice": "19.99", "taxClass": "ny"},
                      {"sku": "b", "quantity": "3", "unitPrice": "0.50", "taxClass": "ny"}]}"#,
    )
    .unwrap();
    let quote = quote(&draft, &rules, &Context::at(0)).unwrap();
    let by_name: Vec<_> = quote
        .taxes
        .iter()
        .map(|row| (row.tax.jurisdiction.as_deref().unwrap(), row.tax_minor.minor()))
        .collect();
    // 4 % and 4.875 % of 21.49: 85.96 and 104.76 cents.
    assert_eq!(by_name, [("NY", 86), ("New York City", 105)]);
    assert_eq!(quote.totals.gross_minor, minor(2_149 + 191));
}

#[test]
fn what_has_no_price_is_refused_with_all_reasons() {
    let draft: Draft = serde_json::from_str(
        r#"{"lines": [{"sku": "TEA", "quantity": "three"}, {"sku": "COFFEE", "quantity": "1"}, {"sku": "CUP"},
            {"sku": "CUP", "quantity": "1", "unitPrice": "0.01"}, {"sku": "CUP", "quantity": "-1"}],
            "details": {"shippingMethod": "parcel", "shippingAddress": {"country": "FR"}}}"#,
    )
    .unwrap();
    let issues = quote(&draft, &rules(), &Context::at(NOW_MS)).unwrap_err().issues;
    let found: Vec<_> = issues.iter().map(|issue| (issue.code, issue.path.as_str())).collect();
    assert_eq!(
        found,
        [
            (Code::NumberMalformed, "/lines/0/quantity"),
            (Code::SkuUnknown, "/lines/1/sku"),
            (Code::Required, "/lines/2/quantity"),
            (Code::PriceNotAllowed, "/lines/3/unitPrice"),
            (Code::QuantityNotPositive, "/lines/4/quantity"),
            (Code::ShippingNotServed, "/details/shippingMethod"),
        ]
    );
    assert!(issues[5].message(orderkit::Language::English).ends_with("Possible: Abroad."));
}

#[test]
fn amounts_beyond_the_exact_range_are_refused() {
    let rules = rules_with(&[(r#""unitPrice": "12.50""#, r#""unitPrice": "999999999999999""#)]);
    let mut draft = draft();
    draft.lines[1].quantity = orderkit::Decimal::from_integer(1_000_000).into();
    let refusal = quote(&draft, &rules, &Context::at(NOW_MS)).unwrap_err();
    assert_eq!(
        (refusal.code(), refusal.issues[0].path.as_str()),
        (Code::AmountTooLarge, "/lines/1")
    );
}

/// Any draft that this shop's form can make, and any of its rules about rounding and prices.
fn any_draft() -> impl Strategy<Value = (Draft, Rules)> {
    let sku = prop_oneof![Just("TEA"), Just("CUP"), Just("TAPE")];
    let line = (sku, 1_i64..2_000).prop_map(|(sku, tenths)| {
        let quantity = orderkit::Decimal::from_parts(i128::from(tenths), u8::from(sku == "TAPE"));
        orderkit::DraftLine {
            sku: sku.to_owned(),
            quantity: quantity.unwrap().into(),
            ..Default::default()
        }
    });
    let lines = prop::collection::vec(line, 1..12);
    let coupons = prop::collection::vec(prop_oneof![Just("WELCOME"), Just("OLD"), Just("X")], 0..3);
    let basis = prop_oneof![Just("taxInclusive"), Just("taxExclusive")];
    let level = prop_oneof![Just("line"), Just("group")];
    let mode =
        prop_oneof![Just("halfUp"), Just("halfEven"), Just("halfDown"), Just("up"), Just("down")];
    let target = prop_oneof![Just("tax"), Just("net")];
    (lines, coupons, basis, level, mode, target, any::<bool>()).prop_map(
        |(lines, coupons, basis, level, mode, target, ships)| {
            let rounding = format!(
                r#""priceBasis": "{basis}", "rounding": {{"level": "{level}", "mode": "{mode}", "target": "{target}"}}"#
            );
            let rules = rules_with(&[(r#""priceBasis": "taxInclusive""#, &rounding)]);
            let mut draft = Draft { lines, ..Default::default() };
            draft.details.coupon_codes = coupons.into_iter().map(str::to_owned).collect();
            draft.details.shipping_method = ships.then(|| "parcel".to_owned());
            (draft, rules)
        },
    )
}

fn sum(amounts: impl IntoIterator<Item = Amount>) -> i64 {
    amounts.into_iter().map(Amount::minor).sum()
}

/// The totals again, from nothing but the trace.
fn replay(quote: &Quote) -> (i64, i64, i64, i64) {
    let (mut items, mut discount, mut shipping, mut tax) = (0, 0, 0, 0);
    for step in &quote.trace {
        match step {
            TraceStep::LinePrices { amounts_minor, .. } => {
                items += sum(amounts_minor.iter().copied())
            }
            TraceStep::LineAdjustment { amount_minor, .. } => items += amount_minor.minor(),
            TraceStep::Discount { amount_minor, .. } => discount += amount_minor.minor(),
            TraceStep::Shipping { amount_minor, .. } => shipping += amount_minor.minor(),
            TraceStep::Tax { amount_minor, .. } => tax += amount_minor.minor(),
            TraceStep::LineTaxes { amounts_minor, .. } => tax += sum(amounts_minor.iter().copied()),
            _ => {}
        }
    }
    (items, discount, shipping, tax)
}

proptest! {
    #[test]
    fn every_sum_adds_up_and_nothing_is_negative((draft, rules) in any_draft()) {
        let quote = quote(&draft, &rules, &Context::at(NOW_MS)).unwrap();
        let totals = quote.totals;
        for adjustment in &quote.adjustments {
            prop_assert_eq!(sum(adjustment.shares_minor.iter().copied()), adjustment.amount_minor.minor());
            prop_assert!(adjustment.shares_minor.iter().all(|share| !share.is_negative()));
        }
        for (index, line) in quote.lines.iter().enumerate() {
            prop_assert_eq!(line.net_minor.minor() + line.tax_minor.minor(), line.gross_minor.minor());
            prop_assert!(!line.net_minor.is_negative() && !line.tax_minor.is_negative());
            let shares = quote.adjustments.iter().map(|adjustment| adjustment.shares_minor[index]);
            prop_assert_eq!(sum(shares), line.discount_minor.minor());
            prop_assert!(line.discount_minor <= line.amount_minor);
        }
        let shipping = quote.shipping.as_ref();
        let gross = sum(quote.lines.iter().map(|line| line.gross_minor));
        prop_assert_eq!(gross + shipping.map_or(0, |it| it.gross_minor.minor()), totals.gross_minor.minor());
        prop_assert_eq!(totals.net_minor.minor() + totals.tax_minor.minor(), totals.gross_minor.minor());
        prop_assert_eq!(sum(quote.taxes.iter().map(|row| row.tax_minor)), totals.tax_minor.minor());
        prop_assert_eq!(sum(quote.taxes.iter().map(|row| row.taxable_minor)), totals.net_minor.minor());
    }

    #[test]
    fn the_trace_replays_to_the_totals((draft, rules) in any_draft()) {
        let quote = quote(&draft, &rules, &Context::at(NOW_MS)).unwrap();
        let totals = quote.totals;
        let expected = (totals.items_minor, totals.discount_minor, totals.shipping_minor, totals.tax_minor);
        prop_assert_eq!(replay(&quote), (expected.0.minor(), expected.1.minor(), expected.2.minor(), expected.3.minor()));
    }

    #[test]
    fn the_order_of_lines_does_not_change_the_total((draft, rules) in any_draft()) {
        let mut turned = draft.clone();
        turned.lines.reverse();
        let (there, back) = (quote(&draft, &rules, &Context::at(NOW_MS)).unwrap(), quote(&turned, &rules, &Context::at(NOW_MS)).unwrap());
        // The tax may differ by the one cent that a discount cannot split: it falls on another rate.
        prop_assert_eq!(there.totals.items_minor, back.totals.items_minor);
        prop_assert_eq!(there.totals.discount_minor, back.totals.discount_minor);
    }

    #[test]
    fn the_same_input_gives_the_same_bytes((draft, rules) in any_draft()) {
        let bytes = |draft: &Draft| orderkit::json::write(&quote(draft, &rules, &Context::at(NOW_MS)).unwrap());
        let again: Draft = orderkit::json::read(&orderkit::json::write(&draft)).unwrap();
        prop_assert_eq!(bytes(&draft), bytes(&again));
    }
}
