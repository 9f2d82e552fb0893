//! The counter of a device: which serial comes next, whatever its clock does.

use serde::{Deserialize, Serialize};

use super::{Pattern, SHOP_SERIES, Span, next_serial};
use crate::{
    json::{FromJson, ToJson},
    zone::TimeZone,
};

/// How far a clock may go back before it is suspect: time servers correct by less.
const CLOCK_TOLERANCE_MS: i64 = 5_000;
/// Periods whose ends are kept, so that a clock that was wrong can come back to them.
const KEPT_PERIODS: usize = 32;
/// The counter of a device's order numbers. Stored in the same transaction as the order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Series {
    /// The period in which it counts; see [`Pattern::period`].
    pub period: String,
    /// The last serial that was used.
    pub last: u64,
    /// The device's clock when it was used.
    #[serde(default)]
    pub at_ms: i64,
    /// Other periods in which it has counted: should one come back, it goes on there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<SeriesEnd>,
    /// The latest period whose end is forgotten: none up to it is begun again.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub forgotten: String,
}

/// How far the counter came in a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SeriesEnd {
    /// The period.
    pub period: String,
    /// The last serial that was used in it.
    pub last: u64,
}

/// A serial to use, and the time that its number tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The serial.
    pub serial: u64,
    /// The time for the number, in milliseconds since the epoch.
    pub at_ms: i64,
    /// Whether the clock was set back by more than five seconds since the last number.
    pub clock_suspect: bool,
}

impl Series {
    /// Takes the next serial; none if the pattern leases blocks and those that are held are used up.
    ///
    /// No serial of a period comes twice, whatever the clock, the zone and the pattern do meanwhile:
    /// a period that comes back goes on where it ended, and one that is too long ago to be
    /// remembered is not begun again; the counter then stays in its period and the number tells the
    /// time of that.
    ///
    /// # Example
    ///
    /// ```
    /// use orderkit::{TimeZone, numbering::{Pattern, Series}};
    ///
    /// const DAY_MS: i64 = 86_400_000;
    /// let pattern = Pattern::compile("{date:yyMMdd}{device:2}{seq:4}").unwrap();
    /// let (mut series, zone) = (Series::default(), TimeZone::default());
    /// let mut serial = |at_ms| series.advance(&pattern, at_ms, &zone, &[]).unwrap().serial;
    /// assert_eq!([serial(0), serial(1), serial(DAY_MS)], [1, 2, 1]);
    /// assert_eq!(serial(2), 3, "the clock was set back a day");
    /// assert_eq!(serial(DAY_MS), 2);
    /// ```
    pub fn advance(
        &mut self,
        pattern: &Pattern,
        at_ms: i64,
        zone: &TimeZone,
        leases: &[Span],
    ) -> Option<Turn> {
        let is_leased = pattern.is_leased();
        let period = if is_leased { SHOP_SERIES.to_owned() } else { pattern.period(at_ms, zone) };
        let clock_suspect = self.at_ms.saturating_sub(at_ms) > CLOCK_TOLERANCE_MS;
        let mut turn = Turn { serial: 0, at_ms, clock_suspect };
        if !self.go_to(&period) {
            turn.at_ms = self.at_ms;
        }
        turn.serial =
            if is_leased { next_serial(leases, self.last)? } else { self.last.saturating_add(1) };
        self.last = turn.serial;
        self.at_ms = turn.at_ms;
        Some(turn)
    }

    /// Counts in a period from now on, unless its end is forgotten.
    fn go_to(&mut self, period: &str) -> bool {
        if period == self.period && (self.last > 0 || !self.is_forgotten(period)) {
            return true;
        }
        let known = self.earlier.iter().position(|end| end.period == period);
        if known.is_none() && self.is_forgotten(period) {
            return false;
        }
        let found = known.map(|at| self.earlier.remove(at).last).unwrap_or_default();
        if self.last > 0 {
            let period = core::mem::take(&mut self.period);
            self.earlier.push(SeriesEnd { period, last: self.last });
        }
        period.clone_into(&mut self.period);
        self.last = found;
        self.forget();
        true
    }

    fn is_forgotten(&self, period: &str) -> bool {
        is_date(period) && !self.forgotten.is_empty() && period <= self.forgotten.as_str()
    }

    /// Drops the end of the longest ago period. Series without a date are never dropped.
    fn forget(&mut self) {
        if self.earlier.len() <= KEPT_PERIODS {
            return;
        }
        let dated = self.earlier.iter().enumerate().filter(|(_, end)| is_date(&end.period));
        let oldest = dated.min_by(|one, other| one.1.period.cmp(&other.1.period));
        let Some(oldest) = oldest.map(|(at, _)| at) else { return };
        let end = self.earlier.remove(oldest);
        if end.period > self.forgotten {
            self.forgotten = end.period;
        }
    }
}

fn is_date(period: &str) -> bool {
    period.bytes().next().is_some_and(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::{
        numbering::{NumberInputs, PatternOptions},
        zone::ZoneTransition,
    };

    const DAY_MS: i64 = 86_400_000;

    struct Device {
        series: Series,
        pattern: Pattern,
        zone: TimeZone,
        given: HashSet<String>,
    }

    impl Device {
        fn new(pattern: &str) -> Self {
            let pattern = Pattern::compile(pattern).unwrap();
            let (zone, given) = (TimeZone::default(), HashSet::new());
            Self { series: Series::default(), pattern, zone, given }
        }

        #[track_caller]
        fn number(&mut self, at_ms: i64) -> (String, bool) {
            let turn = self.series.advance(&self.pattern, at_ms, &self.zone, &[]).unwrap();
            let inputs = NumberInputs {
                at_ms: turn.at_ms,
                device: "K7",
                sequence: turn.serial,
                random: &[],
            };
            let number = self.pattern.generate(inputs, &self.zone).unwrap();
            assert!(self.given.insert(number.clone()), "{number} came twice");
            (number, turn.clock_suspect)
        }
    }

    #[test]
    fn a_clock_that_goes_back_is_suspect_from_five_seconds_on() {
        let mut device = Device::new("{date:yyMMdd}{device:2}{seq:4}");
        assert_eq!(device.number(10 * DAY_MS), ("700111K70001".to_owned(), false));
        assert_eq!(device.number(10 * DAY_MS - 5_000), ("700110K70001".to_owned(), false));
        assert_eq!(device.number(10 * DAY_MS - 10_001), ("700110K70002".to_owned(), true));
        // Far ahead, and corrected: the day goes on, and so does the wrong one when it comes.
        assert_eq!(device.number(400 * DAY_MS).0, "710205K70001");
        assert_eq!(device.number(10 * DAY_MS), ("700111K70002".to_owned(), true));
        assert_eq!(device.number(10 * DAY_MS + 1), ("700111K70003".to_owned(), false));
        assert_eq!(device.number(400 * DAY_MS).0, "710205K70002");
    }

    #[test]
    fn days_that_are_forgotten_are_not_begun_again() {
        let mut device = Device::new("{date:yyMMdd}{device:2}{seq:4}");
        for day in 0..40 {
            device.number(day * DAY_MS);
        }
        assert_eq!(device.series.earlier.len(), KEPT_PERIODS);
        assert_eq!(device.series.forgotten, "19700107");
        // Day 3 is forgotten: the number tells the last day that is known.
        assert_eq!(device.number(3 * DAY_MS), ("700209K70002".to_owned(), true));
        assert_eq!(device.number(20 * DAY_MS).0, "700121K70002");
        for day in 0..40 {
            device.number(day * DAY_MS);
        }
    }

    #[test]
    fn the_hour_that_comes_twice_when_summer_time_ends_gives_no_number_twice() {
        let mut device = Device::new("{date:yyMMdd}{time:HHmm}{device:2}{seq:4}");
        // Europe/Berlin, 25 October 2026: 03:00 becomes 02:00 again.
        let change_ms = 1_792_890_000_000;
        let transitions = vec![ZoneTransition { from_ms: change_ms, offset_minutes: 60 }];
        device.zone =
            TimeZone { name: "Europe/Berlin".to_owned(), offset_minutes: 120, transitions };
        for minute in -120..120 {
            let (_, suspect) = device.number(change_ms + minute * 60_000);
            assert!(!suspect, "the clock itself never went back");
        }
        assert_eq!(device.series.last, 240, "one counter all day");
    }

    #[test]
    fn the_day_is_that_of_the_shop_and_as_long_as_it_is_there() {
        // America/New_York, 8 March 2026: the day has 23 hours, from 05:00 to 04:00 UTC.
        let zone = TimeZone {
            name: "America/New_York".to_owned(),
            offset_minutes: -300,
            transitions: vec![ZoneTransition { from_ms: 1_772_953_200_000, offset_minutes: -240 }],
        };
        let pattern = Pattern::compile("{date:yyMMdd}{device:2}{seq:4}").unwrap();
        let midnight = 1_772_946_000_000;
        for (at_ms, period) in [
            (midnight - 1, "20260307"),
            (midnight, "20260308"),
            (midnight + 23 * 3_600_000 - 1, "20260308"),
            (midnight + 23 * 3_600_000, "20260309"),
        ] {
            assert_eq!(pattern.period(at_ms, &zone), period);
        }
    }

    #[test]
    fn a_pattern_or_zone_that_changes_and_comes_back_goes_on_counting() {
        let mut device = Device::new("{date:yyMMdd}{device:2}{seq:4}");
        let daily = device.pattern.clone();
        device.number(DAY_MS);
        device.number(DAY_MS + 1);
        device.pattern = Pattern::compile("{device:2}{seq:6}").unwrap();
        assert_eq!(device.number(DAY_MS + 2).0, "K7000001");
        device.pattern = Pattern::compile("{date:yyMM}{device:2}{seq:4}").unwrap();
        assert_eq!(device.number(DAY_MS + 3).0, "7001K70001");
        device.pattern = daily;
        assert_eq!(device.number(DAY_MS + 4).0, "700102K70003");
        device.zone.offset_minutes = -1_440;
        assert_eq!(device.number(DAY_MS + 5).0, "700101K70001");
        device.zone.offset_minutes = 0;
        assert_eq!(device.number(DAY_MS + 6).0, "700102K70004");
    }

    #[test]
    fn leases_are_used_in_order_and_a_used_up_one_gives_nothing() {
        let options = PatternOptions { block_size: Some(2), key: None };
        let pattern = Pattern::of_shop("R{seq:6}", options).unwrap();
        let (mut series, zone) = (Series::default(), TimeZone::default());
        let leases = [Span { from: 3, to: 5 }, Span { from: 9, to: 11 }];
        let mut next = |at_ms, leases: &[Span]| {
            series.advance(&pattern, at_ms, &zone, leases).map(|turn| turn.serial)
        };
        assert_eq!(next(0, &[]), None);
        assert_eq!([0, 1, DAY_MS, 2].map(|at_ms| next(at_ms, &leases)), [3, 4, 9, 10].map(Some));
        assert_eq!(next(3, &leases), None);
        assert_eq!(next(3, &[Span { from: 11, to: 13 }]), Some(11));
    }
}
