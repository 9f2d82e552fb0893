//! Buyers that bear other taxes: tax numbers, certificates, and prices that follow the destination.

use orderkit::{
    Context, CustomerFacts, TaxExemption, TaxNumberCheck, TraceStep, pricing::TaxNumberOutcome,
};
use serde_json::{Value, json};

use crate::shop::{NOW_MS, class, has_step, lines, merge, price, price_in, rows, ruleset, totals};

const DAY_MS: i64 = 86_400_000;

fn european(basis: &str, destination: Value) -> Value {
    let mut taxation = json!({"maximumCheckAgeMs": 90 * DAY_MS, "reverseCharges": [
        {"countries": ["AT", "FR"], "taxClasses": ["service"], "tax":
            {"category": "AE", "exemptionReason": "Reverse charge", "exemptionCode": "VATEX-EU-AE"}},
        {"countries": ["AT", "FR"], "tax":
            {"category": "K", "exemptionReason": "Intra-community supply", "exemptionCode": "VATEX-EU-IC"}}]});
    merge(&mut taxation, destination);
    let goods = json!({"id": "goods", "rules": [
        {"countries": ["AT"], "components": [{"percent": "20"}]},
        {"countries": ["HU"], "components": [{"percent": "25"}]},
        {"countries": ["CH"], "components": [{"category": "G", "exemptionReason": "Export"}]},
        {"components": [{"percent": "19"}]}]});
    let classes = json!([goods, class("service", json!([{"percent": "19"}]))]);
    ruleset("EUR", basis, "DE", json!({"taxation": taxation, "taxClasses": classes}))
}

fn to(country: &str, number: Option<&str>) -> Value {
    let mut draft = lines(&[("goods", "100", "1"), ("service", "10", "1")]);
    draft["details"] = json!({"shippingAddress": {"country": country},
        "customer": {"name": "Firma", "taxNumber": number}});
    draft
}

fn checked(number: &str, valid: bool, age_days: i64) -> Context {
    let checked_ms = NOW_MS - age_days * DAY_MS;
    let reference = Some("WAPI-1".to_owned());
    let check = TaxNumberCheck { number: number.to_owned(), valid, checked_ms, reference };
    let customer = CustomerFacts { tax_number: Some(check), ..CustomerFacts::default() };
    Context { customer, ..Context::at(NOW_MS) }
}

#[test]
fn only_a_valid_and_fresh_foreign_number_moves_the_tax() {
    use TaxNumberOutcome::{Accepted, Domestic, Invalid, NotChecked, TooOld};
    let rules = european("taxExclusive", Value::Null);
    let unknown = Context::at(NOW_MS);
    let cases = [
        (Some("ATU 12345678"), checked("atu12345678", true, 3), Accepted),
        (Some("ATU12345678"), checked("ATU12345678", false, 3), Invalid),
        (Some("ATU12345678"), checked("ATU12345678", true, 91), TooOld),
        (Some("ATU12345678"), checked("ATU99999999", true, 3), NotChecked),
        // A check from the future is none; one that came after an order that was made offline is.
        (Some("ATU12345678"), checked("ATU12345678", true, -2), NotChecked),
        (Some("ATU12345678"), checked("ATU12345678", true, -1), Accepted),
        (Some("ATU12345678"), unknown.clone(), NotChecked),
        (Some("DE123456789"), checked("DE123456789", true, 3), Domestic),
    ];
    for (number, context, outcome) in cases {
        let quote = price_in(&rules, &to("AT", number), &context);
        let said = |step: &TraceStep| matches!(step, TraceStep::TaxNumber { outcome: it, .. } if *it == outcome);
        assert!(has_step(&quote, said), "{outcome:?}: {:?}", quote.trace);
        if outcome == Accepted {
            assert_eq!(rows(&quote), ["AE 0: 1000 0", "K 0: 10000 0"]);
            let codes: Vec<_> =
                quote.taxes.iter().filter_map(|it| it.tax.exemption_code.as_deref()).collect();
            assert_eq!(codes, ["VATEX-EU-AE", "VATEX-EU-IC"]);
        } else {
            assert_eq!(totals(&quote), (11_000, 2_000 + 190, 13_190), "{outcome:?}");
        }
    }
    // At home, abroad without a number, and where no rule says so: nothing to tell.
    for (country, number) in
        [("DE", Some("ATU12345678")), ("AT", None), ("AT", Some(" ")), ("HU", Some("ATU12345678"))]
    {
        let quote = price_in(&rules, &to(country, number), &checked("ATU12345678", true, 3));
        assert!(!has_step(&quote, |step| matches!(step, TraceStep::TaxNumber { .. })), "{country}");
        assert!(totals(&quote).1 > 0);
    }
}

#[test]
fn a_certificate_exempts_from_one_levy_or_from_all() {
    let rules = ruleset(
        "USD",
        "taxExclusive",
        "US",
        json!({"taxClasses": [
        class("goods", json!([{"percent": "4", "jurisdiction": "NY"}, {"percent": "4.5", "jurisdiction": "NYC"}])),
        class("food", json!([{"percent": "4", "jurisdiction": "NY"}]))]}),
    );
    let draft = lines(&[("goods", "100", "1"), ("food", "10", "1")]);
    let certificate = TaxExemption {
        certificate: "ST-119".to_owned(),
        jurisdiction: None,
        tax_classes: Vec::new(),
        starts_ms: None,
        ends_ms: None,
    };
    let with = |exemption: TaxExemption| {
        let customer = CustomerFacts { exemptions: vec![exemption], ..CustomerFacts::default() };
        price_in(&rules, &draft, &Context { customer, ..Context::at(NOW_MS) })
    };
    let all = with(certificate.clone());
    assert_eq!(rows(&all), ["E 0: 11000 0"]);
    assert_eq!(all.taxes[0].tax.exemption_reason.as_deref(), Some("ST-119"));
    let of_state =
        with(TaxExemption { jurisdiction: Some("NY".to_owned()), ..certificate.clone() });
    assert_eq!(rows(&of_state), ["S 4.5 NYC: 10000 450", "E 0 NY: 11000 0"]);
    let of_food =
        with(TaxExemption { tax_classes: vec!["food".to_owned()], ..certificate.clone() });
    assert_eq!(rows(&of_food), ["S 4 NY: 10000 400", "S 4.5 NYC: 10000 450", "E 0: 1000 0"]);
    for (starts_ms, ends_ms) in [(Some(NOW_MS + 1), None), (None, Some(NOW_MS))] {
        let over = with(TaxExemption { starts_ms, ends_ms, ..certificate.clone() });
        assert_eq!(totals(&over), (11_000, 890, 11_890));
        assert!(has_step(&over, |step| matches!(
            step,
            TraceStep::TaxExemption { active: false, .. }
        )));
    }
}

#[test]
fn prices_keep_their_gross_or_their_net_amount_abroad() {
    let keep_net =
        |digits: Value| json!({"destination": {"prices": "keepNet", "netDigits": digits}});
    let keep_gross = european("taxInclusive", Value::Null);
    let exact = european("taxInclusive", keep_net(Value::Null));
    let rounded = european("taxInclusive", keep_net(json!(1)));
    for (rules, country, expected) in [
        (&keep_gross, "HU", (8_000, 2_000, 10_000)),
        // 100 / 1.19 = 84.0336…, times 1.25 = 105.042.
        (&exact, "HU", (8_403, 2_101, 10_504)),
        (&exact, "DE", (8_403, 1_597, 10_000)),
        // Out of the Union at the net price.
        (&exact, "CH", (8_403, 0, 8_403)),
        // 84.0 in between.
        (&rounded, "HU", (8_400, 2_100, 10_500)),
    ] {
        let mut draft = lines(&[("goods", "100", "1")]);
        draft["details"] = json!({"shippingAddress": {"country": country}});
        let quote = price(rules, &draft);
        assert_eq!(totals(&quote), expected, "{country}");
        let moved = has_step(&quote, |step| matches!(step, TraceStep::DestinationPrice { .. }));
        assert_eq!(moved, expected.2 != 10_000, "{country}");
    }
    // A business abroad pays the net price too.
    let quote = price_in(&exact, &to("AT", Some("ATU1")), &checked("ATU1", true, 0));
    assert_eq!(totals(&quote), (8_403 + 840, 0, 9_243));
}
