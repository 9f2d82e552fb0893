//! Time: deadlines from an injected clock, over leap days and changes of the clock, years ahead in a moment.

use std::rc::Rc;

use orderkit::{
    CommandKind, Role, Rules, TimeZone,
    ruleset::ZoneTransition,
    status::{DeadlineKind, deadlines, next_deadline},
};

use crate::{
    shop::{NOW_MS, rules_with},
    steps::{DAY_MS, HOUR_MS, Life, TOTAL, pay},
};

const EVERYTHING: &str = r#"{"payWithinMinutes": 30, "packWithinHours": 12, "shipWithinHours": 48,
    "receiptAfterDays": 7, "returnWindowDays": 14, "fetchWithinDays": 5}"#;

fn due(life: &Life) -> Vec<(DeadlineKind, i64)> {
    let all = deadlines(&life.order, life.rules.ruleset());
    all.iter().map(|it| (it.kind, it.at_ms - NOW_MS)).collect()
}

#[test]
fn each_stage_of_a_life_waits_for_its_own_moments() {
    let mut life = Life::placed(EVERYTHING);
    assert_eq!(due(&life), [(DeadlineKind::Pay, HOUR_MS / 2)]);
    life.must(&[("recordPayment", &pay("p", TOTAL)), ("confirm", "{}")]);
    assert_eq!(
        due(&life),
        [(DeadlineKind::Pack, 12 * HOUR_MS), (DeadlineKind::Ship, 48 * HOUR_MS)]
    );
    life.must(&[("ship", r#"{"shipment": "s1"}"#)]);
    // 2025-11-24 16:00 UTC: the end of the seventh day after it.
    assert_eq!(due(&life), [(DeadlineKind::Receipt, 7 * DAY_MS + 8 * HOUR_MS)]);
    life.must(&[("deliver", r#"{"shipment": "s1"}"#), ("confirmReceipt", "{}")]);
    assert_eq!(due(&life), [(DeadlineKind::Return, 14 * DAY_MS + 8 * HOUR_MS)]);
    let next = next_deadline(&life.order, life.rules.ruleset()).unwrap();
    assert_eq!(next.command, Some(CommandKind::Complete));
    life.must(&[("complete", "{}")]);
    assert_eq!(due(&life), []);
}

#[test]
fn a_deadline_is_not_met_a_moment_too_early() {
    let mut life = Life::placed(EVERYTHING);
    let refusal = life.wait(HOUR_MS / 2 - 1).give("expire", "{}").unwrap_err();
    assert_eq!(
        refusal.issues[0].message(orderkit::Language::English),
        "Not before 2025-11-24 16:30."
    );
    life.wait(1).must(&[("expire", "{}")]);
    assert_eq!(life.summary(), "expired");
}

/// Germany's clock until the end of 2110.
fn berlin() -> TimeZone {
    let of_year = |year| {
        let [summer, winter] = clock_changes_ms(year);
        [
            ZoneTransition { from_ms: summer, offset_minutes: 120 },
            ZoneTransition { from_ms: winter, offset_minutes: 60 },
        ]
    };
    let transitions = (2025..=2110).flat_map(of_year).collect();
    TimeZone { name: "Europe/Berlin".to_owned(), offset_minutes: 60, transitions }
}

/// Summer time begins on the last Sunday of March and ends on that of October, each at 01:00 UTC.
fn clock_changes_ms(year: i64) -> [i64; 2] {
    [3, 10].map(|month| {
        let last_day = days_before(year, month + 1) - 1;
        // 1970-01-01 was a Thursday, so the number of a Sunday leaves 3.
        let sunday = last_day - (last_day - 3).rem_euclid(7);
        sunday * DAY_MS + HOUR_MS
    })
}

/// Rules with this workflow in Germany's time.
fn rules_in_berlin(workflow: &str) -> Rc<Rules> {
    let zone = serde_json::to_string(&berlin()).unwrap();
    Rc::new(rules_with(&[(
        r#""paymentMethods""#,
        &format!(r#""timeZone": {zone}, "workflow": {workflow}, "paymentMethods""#),
    )]))
}

#[test]
fn a_window_in_days_ends_with_the_shops_day_over_leap_days_and_changed_clocks() {
    let rules = rules_in_berlin(r#"{"returnWindowDays": 14}"#);
    // Delivered (UTC), the window ends at this local midnight (UTC).
    let table = [
        // Over the change to summer time: one hour less.
        ("2026-03-20T12:00", "2026-04-03T22:00"),
        // Over the change to winter time: one hour more.
        ("2026-10-20T12:00", "2026-11-03T23:00"),
        // Over 29 February 2028, and over the one that 2100 does not have.
        ("2028-02-20T12:00", "2028-03-05T23:00"),
        ("2100-02-20T12:00", "2100-03-06T23:00"),
        // 23:30 UTC is the next day already in Berlin.
        ("2027-01-10T23:30", "2027-01-25T23:00"),
    ];
    for (delivered, ends) in table {
        let mut life = Life::of(rules.clone(), crate::shop::draft());
        life.must(&[
            ("recordPayment", &pay("p", TOTAL)),
            ("confirm", "{}"),
            ("ship", r#"{"shipment": "s1"}"#),
        ]);
        life.now_ms = utc_ms(delivered);
        life.must(&[("deliver", r#"{"shipment": "s1"}"#)]);
        let at_ms = deadlines(&life.order, life.rules.ruleset())[0].at_ms;
        assert_eq!(at_ms, utc_ms(ends), "{delivered}: {}", at_ms - utc_ms(ends));
        life.now_ms = at_ms - 1;
        assert_eq!(life.refused("complete", "{}"), "too_early");
        life.now_ms = at_ms;
        life.must(&[("complete", "{}")]);
    }
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_of(year: i64, month: i64) -> i64 {
    match month {
        2 => 28 + i64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The days from 1970-01-01 to the first of a month, by counting them.
fn days_before(year: i64, month: i64) -> i64 {
    let years: i64 = (1970..year).map(|year| 365 + i64::from(is_leap(year))).sum();
    years + (1..month).map(|month| days_of(year, month)).sum::<i64>()
}

/// `2026-03-20T12:00` as milliseconds, by counting days.
fn utc_ms(text: &str) -> i64 {
    let number = |range: std::ops::Range<usize>| text[range].parse::<i64>().unwrap();
    let day = days_before(number(0..4), number(5..7)) + number(8..10) - 1;
    day * DAY_MS + number(11..13) * HOUR_MS + number(14..16) * 60_000
}

/// Year, month and day of a number of days from 1970-01-01, by counting.
fn date_of(mut day: i64) -> [i64; 3] {
    let (mut year, mut month) = (1970, 1);
    while day >= 365 + i64::from(is_leap(year)) {
        day -= 365 + i64::from(is_leap(year));
        year += 1;
    }
    while day >= days_of(year, month) {
        day -= days_of(year, month);
        month += 1;
    }
    [year, month, day + 1]
}

/// What calendar and clock in Germany show, told without the engine: the date, and the milliseconds of the day.
fn wall(at_ms: i64) -> ([i64; 3], i64) {
    let [year, ..] = date_of(at_ms.div_euclid(DAY_MS));
    let [summer, winter] = clock_changes_ms(year);
    let hours = if summer <= at_ms && at_ms < winter { 2 } else { 1 };
    let local_ms = at_ms + hours * HOUR_MS;
    (date_of(local_ms.div_euclid(DAY_MS)), local_ms.rem_euclid(DAY_MS))
}

/// The date so many days later, a leaf of the calendar at a time.
fn days_later([mut year, mut month, mut day]: [i64; 3], days: u32) -> [i64; 3] {
    for _ in 0..days {
        day += 1;
        if day > days_of(year, month) {
            (month, day) = (month + 1, 1);
        }
        if month > 12 {
            (year, month) = (year + 1, 1);
        }
    }
    [year, month, day]
}

/// The server's work, without a server: at each moment the order gets the command that it waits for. Gives those moments.
fn live_by_itself(life: &mut Life) -> Vec<(DeadlineKind, i64)> {
    let mut met = Vec::new();
    while let Some(deadline) = next_deadline(&life.order, life.rules.ruleset()) {
        life.now_ms = life.now_ms.max(deadline.at_ms);
        let command = deadline.command.unwrap();
        life.give_as("system", Role::System, command.as_str(), "{}").unwrap();
        met.push((deadline.kind, deadline.at_ms));
    }
    met
}

/// What the windows of all lives went over.
#[derive(Default)]
struct Passed {
    leap_days: usize,
    into_summer: usize,
    into_winter: usize,
}

impl Passed {
    /// A window that ends with the last hour of a day, by the calendar and the clock on the wall.
    #[track_caller]
    fn window(&mut self, from_ms: i64, days: u32, ends_ms: i64) {
        let (begun, _) = wall(from_ms);
        let end = days_later(begun, days + 1);
        assert_eq!(wall(ends_ms), (end, 0), "{days} days from {from_ms}");
        self.leap_days +=
            usize::from(is_leap(end[0]) && begun < [end[0], 2, 29] && end > [end[0], 2, 29]);
        let [summer, winter] = clock_changes_ms(end[0]);
        self.into_summer += usize::from(from_ms < summer && ends_ms > summer);
        self.into_winter += usize::from(from_ms < winter && ends_ms > winter);
    }
}

#[test]
fn lives_years_ahead_end_by_themselves() {
    let rules = rules_in_berlin(EVERYTHING);
    let count =
        std::env::var("ORDERKIT_LIVES").ok().and_then(|it| it.parse().ok()).unwrap_or(2_000_i64);
    let begun = std::time::Instant::now();
    let (mut passed, mut expired) = (Passed::default(), 0);
    for index in 0..count {
        // One order every seven hours and a bit: 2,000 of them go over 29 February 2028 and four changes of the clock,
        // 100,000 over 80 years and the end of February 2100, which has 28 days.
        let at_ms = utc_ms("2027-09-01T06:00") + index * (7 * HOUR_MS + 61_000);
        let mut life = Life::placed_at(rules.clone(), crate::shop::draft(), at_ms);
        assert_eq!(life.order.placed_ms, at_ms);
        if index % 4 == 0 {
            assert_eq!(live_by_itself(&mut life), [(DeadlineKind::Pay, at_ms + HOUR_MS / 2)]);
            assert_eq!(life.order.status.as_str(), "expired", "{index}");
            expired += 1;
            continue;
        }
        life.must(&[("recordPayment", &pay("p", TOTAL)), ("confirm", "{}")]);
        let work = [
            (DeadlineKind::Pack, at_ms + 12 * HOUR_MS),
            (DeadlineKind::Ship, at_ms + 48 * HOUR_MS),
        ];
        let found = deadlines(&life.order, life.rules.ruleset());
        assert_eq!(found.iter().map(|it| (it.kind, it.at_ms)).collect::<Vec<_>>(), work, "{index}");
        life.wait(HOUR_MS).must(&[("ship", r#"{"shipment": "s1"}"#)]);
        let met = live_by_itself(&mut life);
        let [(DeadlineKind::Receipt, receipt_ms), (DeadlineKind::Return, return_ms)] = met[..]
        else {
            panic!("{index}: {met:?}");
        };
        passed.window(at_ms + HOUR_MS, 7, receipt_ms);
        passed.window(receipt_ms, 14, return_ms);
        assert_eq!(life.order.status.as_str(), "completed", "{index}");
        assert_eq!(life.order.closed_ms, Some(return_ms));
    }
    let each = begun.elapsed().as_secs_f64() * 1_000.0 / count as f64;
    let Passed { leap_days, into_summer, into_winter } = passed;
    println!(
        "time: {count} lives, {expired} expired, {} completed, {each:.3} ms per life; windows over a leap day: {leap_days}, \
         into summer time: {into_summer}, into winter time: {into_winter}",
        count - expired
    );
    if count >= 2_000 {
        assert!(
            leap_days > 0 && into_summer > 0 && into_winter > 0,
            "{leap_days} {into_summer} {into_winter}"
        );
    }
}
