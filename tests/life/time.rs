//! Time: deadlines from an injected clock, over leap days and changes of the clock, years ahead in a moment.

use std::rc::Rc;

use orderkit::{
    CommandKind, Role, TimeZone,
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

/// A zone with one hour more from the last Sunday of March to that of October, near enough for many years.
fn summer_zone() -> TimeZone {
    let mut transitions = Vec::new();
    let mut at_ms = 1_774_746_000_000; // 2026-03-29 01:00 UTC
    for index in 0..60 {
        transitions.push(ZoneTransition {
            from_ms: at_ms,
            offset_minutes: if index % 2 == 0 { 120 } else { 60 },
        });
        at_ms += if index % 2 == 0 { 210 * DAY_MS } else { 154 * DAY_MS };
    }
    TimeZone { name: "Europe/Berlin".to_owned(), offset_minutes: 60, transitions }
}

#[test]
fn a_window_in_days_ends_with_the_shops_day_over_leap_days_and_changed_clocks() {
    let zone = serde_json::to_string(&summer_zone()).unwrap();
    let rules = Rc::new(rules_with(&[(
        r#""paymentMethods""#,
        &format!(r#""timeZone": {zone}, "workflow": {{"returnWindowDays": 14}}, "paymentMethods""#),
    )]));
    // Delivered (UTC), the window ends at this local midnight (UTC).
    let table = [
        // Over the change to summer time: one hour less.
        ("2026-03-20T12:00", "2026-04-03T22:00"),
        // Over the change to winter time: one hour more.
        ("2026-10-20T12:00", "2026-11-03T23:00"),
        // Over 29 February 2028.
        ("2028-02-20T12:00", "2028-03-05T23:00"),
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

/// `2026-03-20T12:00` as milliseconds, by counting days.
fn utc_ms(text: &str) -> i64 {
    let number = |range: std::ops::Range<usize>| text[range].parse::<i64>().unwrap();
    let (year, month, day) = (number(0..4), number(5..7), number(8..10));
    let leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let years: i64 = (1970..year).map(|year| if leap(year) { 366 } else { 365 }).sum();
    let lengths = [31, if leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let months: i64 = lengths.iter().take(usize::try_from(month).unwrap() - 1).sum();
    (years + months + day - 1) * DAY_MS + number(11..13) * HOUR_MS + number(14..16) * 60_000
}

/// The server's work, without a server: at each moment the order gets the command that it waits for.
fn live_by_itself(life: &mut Life, until_ms: i64) -> usize {
    let mut steps = 0;
    while let Some(deadline) = next_deadline(&life.order, life.rules.ruleset()) {
        if deadline.at_ms > until_ms {
            break;
        }
        life.now_ms = life.now_ms.max(deadline.at_ms);
        let command = deadline.command.unwrap();
        if life.give_as("system", Role::System, command.as_str(), "{}").is_err() {
            break;
        }
        steps += 1;
    }
    steps
}

#[test]
fn lives_years_ahead_end_by_themselves() {
    let rules = Life::placed(EVERYTHING).rules;
    let count =
        std::env::var("ORDERKIT_LIVES").ok().and_then(|it| it.parse().ok()).unwrap_or(2_000_i64);
    let begun = std::time::Instant::now();
    let mut ended = [0_usize; 2];
    let base = Life::of(rules, crate::shop::draft());
    for index in 0..count {
        // One order every seven hours and a bit: 2,000 of them reach over leap days, 100,000 over 80 years.
        let at_ms = NOW_MS + index * (7 * HOUR_MS + 61_000);
        let mut life = Life {
            rules: base.rules.clone(),
            log: base.log.clone(),
            order: base.order.clone(),
            now_ms: at_ms,
        };
        life.order.placed_ms = at_ms;
        if index % 4 != 0 {
            life.must(&[
                ("recordPayment", &pay("p", TOTAL)),
                ("confirm", "{}"),
                ("ship", r#"{"shipment": "s1"}"#),
            ]);
        }
        live_by_itself(&mut life, at_ms + 40 * DAY_MS);
        let status = life.order.status.as_str();
        assert_eq!(status, if index % 4 == 0 { "expired" } else { "completed" }, "{index}");
        ended[usize::from(index % 4 != 0)] += 1;
    }
    let each = begun.elapsed().as_secs_f64() * 1_000.0 / count as f64;
    println!(
        "time: {count} lives, {} expired, {} completed, {each:.3} ms per life",
        ended[0], ended[1]
    );
}
