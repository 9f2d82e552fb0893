//! Numbers that came twice, as reported to other systems.

use std::collections::HashSet;

use orderkit::{
    Code, TimeZone,
    numbering::{NumberInputs, Pattern, Period, Series},
};

const NOW_MS: i64 = 1_764_000_000_000;
const DAY_MS: i64 = 86_400_000;

/// linlinjava/litemall#258: date and six random digits, looked up only among the user's own orders.
#[test]
fn linlinjava_litemall_258_date_and_six_digits_are_warned_of_with_the_chance() {
    let pattern = Pattern::compile("{date:yyyyMMdd}{digits:6}").unwrap();
    let report = pattern.report(1_000, NOW_MS, &TimeZone::default());
    let warning = &report.warnings[0];
    assert_eq!(warning.code, Code::PatternCollides);
    let sentence = warning.message(orderkit::Language::English);
    assert!(sentence.contains("39.3 % a day at 1000 orders"), "{sentence}");
    assert!(sentence.contains("{device:2}{seq:4}"), "the remedy: {sentence}");
    let sentence = warning.message(orderkit::Language::Chinese);
    assert!(sentence.contains("每天 1000 单时概率为 39.3 %"), "{sentence}");
    let remedy = Pattern::compile("{date:yyyyMMdd}{device:2}{seq:4}").unwrap();
    let report = remedy.report(1_000, NOW_MS, &TimeZone::default());
    assert!(report.warnings.is_empty() && report.chance_percent.is_none());
}

/// KanishJebaMathewM/Truxify#914 (bagisto/bagisto#3902 alike): four random digits.
#[test]
fn truxify_914_four_random_digits_repeat_on_every_third_day_of_95_orders() {
    let pattern = Pattern::compile("{date:yyyyMMdd}{digits:4}").unwrap();
    let chance = |orders| {
        let report = pattern.report(orders, NOW_MS, &TimeZone::default());
        report.chance_percent.unwrap().parse::<f64>().unwrap()
    };
    // 1 − Π (1 − k / 10,000): 36 % at 95 orders and 39 % at 100.
    assert!((chance(95) - 36.1).abs() < 0.1, "{}", chance(95));
    assert!((chance(100) - 39.1).abs() < 0.1, "{}", chance(100));
    // Without a date the digits never start again: a year is looked at, and it is certain.
    let endless = Pattern::compile("TRX{digits:4}").unwrap();
    let report = endless.report(95, NOW_MS, &TimeZone::default());
    assert_eq!((report.period, report.chance_percent.as_deref()), (Period::Never, Some("100")));
}

/// odoo/odoo#71455, #16781, #152259, PR#134891, OCA/pos#91: two registers count alike while offline,
/// and a reset of one's storage counts from the start again.
#[test]
fn odoo_71455_two_registers_offline_never_count_alike() {
    // A counter without the register is refused at once.
    let issue =
        Pattern::compile("Order {seq:5}").or_else(|_| Pattern::compile("{date:yyMMdd}{seq:5}"));
    assert_eq!(issue.unwrap_err().code, Code::PatternCollides);

    let pattern = Pattern::compile("{date:yyMMdd}-{device:2}{seq:4}{check}").unwrap();
    let zone = TimeZone::default();
    let mut numbers = HashSet::new();
    let mut sell = |code: &str, series: &mut Series, at_ms| {
        let turn = series.advance(&pattern, at_ms, &zone, &[]).unwrap();
        let inputs =
            NumberInputs { at_ms: turn.at_ms, device: code, sequence: turn.serial, random: &[] };
        assert!(numbers.insert(pattern.generate(inputs, &zone).unwrap()), "a number came twice");
    };
    let (mut one, mut two) = (Series::default(), Series::default());
    for minute in 0..500 {
        sell("23", &mut one, NOW_MS + minute * 60_000);
        sell("24", &mut two, NOW_MS + minute * 60_000);
    }
    // Storage that was cleared begins at 1 again. It is another client to the server, with another
    // code: the old one is never given out a second time (server/tests/numbers.rs).
    let mut cleared = Series::default();
    for minute in 0..500 {
        sell("25", &mut cleared, NOW_MS + minute * 60_000);
    }
    // A clock that is set back a day goes on with that day's counter, and comes back to today's.
    sell("23", &mut one, NOW_MS - DAY_MS);
    sell("23", &mut one, NOW_MS);
}

/// odoo/odoo (point of sale of 2025): numbers of discarded orders go on a stack and are used again.
/// Here an order that is not placed takes no number, and one that was refused keeps it for ever.
#[test]
fn odoo_pos_a_number_that_was_given_is_never_used_again() {
    let pattern = Pattern::compile("{date:yyMMdd}{device:2}{seq:4}").unwrap();
    let (mut series, zone) = (Series::default(), TimeZone::default());
    let first = series.advance(&pattern, NOW_MS, &zone, &[]).unwrap();
    // The order of `first` is refused, or thrown away: nothing takes the counter back.
    let stored = orderkit::json::write(&series);
    let mut series: Series = orderkit::json::read(&stored).unwrap();
    let second = series.advance(&pattern, NOW_MS, &zone, &[]).unwrap();
    assert_eq!((first.serial, second.serial), (1, 2));
}

/// OCA/account-financial-tools#1811, odoo/odoo#11859, OCA/server-tools#2040: gaps that nobody can
/// explain.
#[test]
fn oca_account_financial_tools_1811_every_gap_has_a_record_or_is_named() {
    use orderkit::numbering::{Span, gap_report};
    let refused = [Span { from: 3, to: 4 }];
    let used = [(1, 3), (4, 5), (7, 8)].map(|(from, to)| Span { from, to });
    let report = gap_report("20251124/K7", &used, &refused, &[]);
    assert_eq!((report.used, report.void, report.missing), (4, 1, 2));
    assert_eq!(report.missing_spans, [Span { from: 5, to: 7 }]);
}
