//! Rates of countries and parts of them, by date and price, and taxes of every form.

use orderkit::Context;
use serde_json::{Value, json};

use crate::shop::{class, line_taxes, lines, price, price_in, rows, ruleset, totals};

/// What it is, the shop, the order, and its net, tax and gross amount.
type Case = (&'static str, Value, Value, (i64, i64, i64));

/// One order for each rule of a country.
#[test]
fn one_order_for_each_country() {
    let cases: [Case; 9] = [
        (
            "Germany: two rates inside the prices",
            ruleset(
                "EUR",
                "taxInclusive",
                "DE",
                json!({"taxClasses": [
                class("food", json!([{"percent": "7"}])), class("goods", json!([{"percent": "19"}]))]}),
            ),
            lines(&[("food", "4.95", "3"), ("goods", "12.50", "1")]),
            (1_388 + 1_050, 97 + 200, 2_735),
        ),
        (
            "New York: state, county and city on top, each rounded",
            ruleset(
                "USD",
                "taxExclusive",
                "US",
                json!({"rounding": {"level": "line"}, "taxClasses": [class("all", json!([
                {"percent": "4", "jurisdiction": "NY"}, {"percent": "4.5", "jurisdiction": "New York City"},
                {"percent": "0.375", "jurisdiction": "MCTD"}]))]}),
            ),
            lines(&[("all", "10.13", "1")]),
            // 40.52, 45.585 and 3.79875 cents.
            (1_013, 41 + 46 + 4, 1_104),
        ),
        (
            "New York, the rates of a line together",
            ruleset(
                "USD",
                "taxExclusive",
                "US",
                json!({"rounding": {"level": "line", "rates": "together"}, "taxClasses": [
                class("all", json!([{"percent": "4"}, {"percent": "4.5"}, {"percent": "0.375"}]))]}),
            ),
            lines(&[("all", "10.13", "1")]),
            (1_013, 90, 1_103),
        ),
        (
            "China: 13, 9 and 6 per cent inside the prices",
            ruleset(
                "CNY",
                "taxInclusive",
                "CN",
                json!({"taxClasses": [
                class("goods", json!([{"percent": "13"}])), class("books", json!([{"percent": "9"}])),
                class("service", json!([{"percent": "6"}]))]}),
            ),
            lines(&[("goods", "113", "1"), ("books", "54.50", "2"), ("service", "10.60", "10")]),
            (30_000, 1_300 + 900 + 600, 32_800),
        ),
        (
            "Quebec until 2012: the provincial tax is on the federal one too",
            ruleset("CAD", "taxExclusive", "CA", json!({"taxClasses": [quebec()]})),
            lines(&[("all", "100", "1")]),
            // 5.00, and 9.5 % of 105.00 = 9.975.
            (10_000, 500 + 998, 11_498),
        ),
        (
            "the same inside the price, backed out",
            ruleset("CAD", "taxInclusive", "CA", json!({"taxClasses": [quebec()]})),
            lines(&[("all", "114.98", "1")]),
            (10_000, 500 + 998, 11_498),
        ),
        (
            "California: a deposit per bottle that bears sales tax",
            ruleset(
                "USD",
                "taxExclusive",
                "US",
                json!({"taxClasses": [class("soda", json!([
                {"amountPerUnit": "0.05", "jurisdiction": "CRV"},
                {"percent": "7.25", "compound": true, "jurisdiction": "CA"}]))]}),
            ),
            lines(&[("soda", "1.50", "6")]),
            // 0.30, and 7.25 % of 9.30 = 0.67425.
            (900, 30 + 67, 997),
        ),
        (
            "a deposit that bears none",
            ruleset(
                "USD",
                "taxExclusive",
                "US",
                json!({"taxClasses": [class("soda", json!([
                {"category": "O", "amountPerUnit": "0.05", "untaxed": true},
                {"percent": "7.25", "compound": true}]))]}),
            ),
            lines(&[("soda", "1.50", "6")]),
            // 7.25 % of 9.00 = 0.6525.
            (900, 30 + 65, 995),
        ),
        (
            "a deposit inside the price is no part of what the rate is on",
            ruleset(
                "EUR",
                "taxInclusive",
                "DE",
                json!({"taxClasses": [class("soda", json!([
                {"percent": "19"}, {"category": "O", "amountPerUnit": "0.25"}]))]}),
            ),
            lines(&[("soda", "1.44", "10")]),
            // 14.40 - 2.50 = 11.90, which holds 1.90.
            (1_000, 190 + 250, 1_440),
        ),
    ];
    for (name, ruleset, draft, expected) in cases {
        assert_eq!(totals(&price(&ruleset, &draft)), expected, "{name}");
    }
}

fn quebec() -> Value {
    class(
        "all",
        json!([{"percent": "5", "jurisdiction": "GST"},
        {"percent": "9.5", "compound": true, "jurisdiction": "QST"}]),
    )
}

#[test]
fn the_base_of_a_compound_tax_holds_the_taxes_before_it() {
    let ruleset = ruleset("CAD", "taxExclusive", "CA", json!({"taxClasses": [quebec()]}));
    let quote = price(&ruleset, &lines(&[("all", "100", "1")]));
    assert_eq!(rows(&quote), ["S 5 GST: 10000 500", "S 9.5 QST: 10500 998"]);
}

#[test]
fn currencies_without_decimals_and_with_three() {
    for (currency, basis, rate, unit_price, expected) in [
        ("JPY", "taxExclusive", "10", "333", (333, 33, 366)),
        ("JPY", "taxInclusive", "8", "108", (100, 8, 108)),
        ("KWD", "taxExclusive", "5", "1.235", (1_235, 62, 1_297)),
        ("KWD", "taxInclusive", "5", "1.297", (1_235, 62, 1_297)),
    ] {
        let classes = json!({"taxClasses": [class("all", json!([{"percent": rate}]))]});
        let quote =
            price(&ruleset(currency, basis, "JP", classes), &lines(&[("all", unit_price, "1")]));
        assert_eq!(totals(&quote), expected, "{currency} {basis}");
    }
}

#[test]
fn the_rate_of_the_tax_point() {
    // Germany charged 16 % from 1 July to 31 December 2020 (UTC+2 and UTC+1).
    let (start, end) = (1_593_554_400_000_i64, 1_609_455_600_000_i64);
    let rules = json!([{"startsMs": start, "endsMs": end, "components": [{"percent": "16"}]},
                       {"components": [{"percent": "19"}]}]);
    let ruleset = ruleset(
        "EUR",
        "taxExclusive",
        "DE",
        json!({"taxClasses": [{"id": "goods", "rules": rules}]}),
    );
    for (now_ms, tax) in [(start - 1, 1_900), (start, 1_600), (end - 1, 1_600), (end, 1_900)] {
        let quote = price_in(&ruleset, &lines(&[("goods", "100", "1")]), &Context::at(now_ms));
        assert_eq!(totals(&quote).1, tax, "{now_ms}");
    }
}

#[test]
fn states_and_the_beginnings_of_postcodes() {
    let ruleset = ruleset(
        "USD",
        "taxExclusive",
        "US",
        json!({"taxClasses": [{"id": "all", "rules": [
        {"countries": ["US"], "regions": ["NY"], "postcodes": ["100", "10 1"], "components": [{"percent": "8.875"}]},
        {"countries": ["US"], "regions": ["NY"], "components": [{"percent": "4"}]},
        {"countries": ["US"], "regions": ["OR", "Montana"], "components": [{"category": "O"}]},
        {"countries": ["US"], "components": [{"percent": "6"}]}]}]}),
    );
    for (region, postcode, tax) in [
        ("NY", "10001", 888),
        ("ny", "1 0123", 888),
        ("NY", "14850", 400),
        ("OR", "97035", 0),
        ("montana", "", 0),
        ("TX", "10001", 600),
        ("", "", 600),
    ] {
        let mut draft = lines(&[("all", "100", "1")]);
        draft["details"] =
            json!({"shippingAddress": {"country": "US", "region": region, "postcode": postcode}});
        assert_eq!(totals(&price(&ruleset, &draft)).1, tax, "{region} {postcode}");
    }
}

#[test]
fn clothing_under_a_price_is_not_taxed() {
    // New York: no state tax on clothing and shoes under 110 dollars each.
    let ruleset = ruleset(
        "USD",
        "taxExclusive",
        "US",
        json!({"taxClasses": [{"id": "clothing", "rules": [
        {"minimumUnitPrice": "110", "components": [{"percent": "4"}]},
        {"components": [{"category": "E", "exemptionReason": "clothing under 110"}]}]}]}),
    );
    let quote = price(&ruleset, &lines(&[("clothing", "109.99", "2"), ("clothing", "110", "1")]));
    assert_eq!(rows(&quote), ["S 4: 11000 440", "E 0: 21998 0"]);
}

#[test]
fn prices_with_and_without_tax_in_one_order() {
    let ruleset = ruleset(
        "EUR",
        "taxInclusive",
        "DE",
        json!({
        "products": [{"sku": "NET", "name": {"en": "Net"}, "unitPrice": "10", "taxClass": "goods", "priceBasis": "taxExclusive"}],
        "taxClasses": [class("goods", json!([{"percent": "19"}]))]}),
    );
    let draft = json!({"lines": [
        {"sku": "GROSS", "taxClass": "goods", "unitPrice": "11.90", "quantity": "1"},
        {"sku": "NET", "quantity": "2"},
        {"sku": "OTHER", "taxClass": "goods", "unitPrice": "1", "quantity": "1", "priceBasis": "taxExclusive"}]});
    let quote = price(&ruleset, &draft);
    assert_eq!(totals(&quote), (1_000 + 2_000 + 100, 190 + 380 + 19, 1_190 + 2_380 + 119));
    assert_eq!(line_taxes(&quote), [190, 380, 19]);
    assert_eq!(rows(&quote), ["S 19: 3100 589"]);
    let bases: Vec<_> = quote.lines.iter().map(|line| line.price_basis.is_some()).collect();
    assert_eq!(bases, [false, true, true]);
}

#[test]
fn exempt_zero_rated_and_out_of_scope_stay_apart() {
    let ruleset = ruleset(
        "EUR",
        "taxExclusive",
        "DE",
        json!({"taxClasses": [
        class("z", json!([{"category": "Z"}])), class("o", json!([{"category": "O"}])),
        class("e", json!([{"category": "E", "exemptionReason": "Education", "exemptionCode": "VATEX-EU-132-1I"}])),
        {"id": "goods", "rules": [
            {"countries": ["CH"], "components": [{"category": "G", "exemptionReason": "Export", "exemptionCode": "VATEX-EU-G"}]},
            {"components": [{"percent": "19"}]}]}]}),
    );
    let mut draft =
        lines(&[("z", "1", "1"), ("o", "2", "1"), ("e", "4", "1"), ("goods", "8", "1")]);
    draft["details"] = json!({"shippingAddress": {"country": "CH"}});
    let quote = price(&ruleset, &draft);
    assert_eq!(rows(&quote), ["Z 0: 100 0", "E 0: 400 0", "G 0: 800 0", "O 0: 200 0"]);
    let codes: Vec<_> =
        quote.taxes.iter().filter_map(|row| row.tax.exemption_code.as_deref()).collect();
    assert_eq!(codes, ["VATEX-EU-132-1I", "VATEX-EU-G"]);
}
