//! A time zone as data: the rules have no clock and no zone database.

use serde::{Deserialize, Serialize};

use crate::json::{FromJson, ToJson};

/// An IANA zone with its offsets from UTC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TimeZone {
    /// The IANA name, for display.
    pub name: String,
    /// The offset before the first transition, in minutes east of UTC.
    #[serde(default)]
    pub offset_minutes: i32,
    /// Later changes of the offset, by rising time.
    #[serde(default)]
    pub transitions: Vec<ZoneTransition>,
}

/// From a time on, another offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ZoneTransition {
    /// Milliseconds since the epoch.
    pub from_ms: i64,
    /// Minutes east of UTC from then on.
    pub offset_minutes: i32,
}

impl Default for TimeZone {
    fn default() -> Self {
        Self { name: "UTC".to_owned(), offset_minutes: 0, transitions: Vec::new() }
    }
}

/// A moment on the wall clock of the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LocalTime {
    pub year: i64,
    pub month: u8,
    pub day: u8,
    pub hour: u8,
    pub minute: u8,
    pub second: u8,
    pub millisecond: u16,
    /// Days since 1970-01-01 on the local calendar.
    pub epoch_day: i64,
}

const DAY_MS: i64 = 86_400_000;

impl TimeZone {
    /// The wall clock of this zone at `at_ms`.
    pub(crate) fn local(&self, at_ms: i64) -> LocalTime {
        let local_ms = at_ms.saturating_add(self.offset_ms(at_ms));
        let epoch_day = local_ms.div_euclid(DAY_MS);
        let in_day = local_ms.rem_euclid(DAY_MS);
        let (year, month, day) = civil_from_days(epoch_day);
        let part = |unit: i64, modulus: i64| (in_day.div_euclid(unit)).rem_euclid(modulus);
        LocalTime {
            year,
            month,
            day,
            hour: u8::try_from(part(3_600_000, 24)).unwrap_or_default(),
            minute: u8::try_from(part(60_000, 60)).unwrap_or_default(),
            second: u8::try_from(part(1_000, 60)).unwrap_or_default(),
            millisecond: u16::try_from(part(1, 1_000)).unwrap_or_default(),
            epoch_day,
        }
    }
}

impl TimeZone {
    fn offset_ms(&self, at_ms: i64) -> i64 {
        let passed = self.transitions.partition_point(|change| change.from_ms <= at_ms);
        let offset = passed
            .checked_sub(1)
            .and_then(|last| self.transitions.get(last))
            .map_or(self.offset_minutes, |change| change.offset_minutes);
        i64::from(offset).saturating_mul(60_000)
    }

    /// The wall clock to the minute, such as `2026-11-30 18:05`.
    pub(crate) fn text(&self, at_ms: i64) -> String {
        let LocalTime { year, month, day, hour, minute, .. } = self.local(at_ms);
        format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}")
    }

    /// When a day of the local calendar begins, counted from 1970-01-01.
    ///
    /// Of a midnight that comes twice the first counts; where midnight is skipped, the moment at
    /// which the clock jumps over it.
    pub(crate) fn start_of_day(&self, epoch_day: i64) -> i64 {
        let midnight = epoch_day.saturating_mul(DAY_MS);
        // No offset is larger than a day, so these two lie on either side of any change nearby.
        let before = self.offset_ms(midnight.saturating_sub(DAY_MS));
        let after = self.offset_ms(midnight.saturating_add(DAY_MS));
        let (first, second) = (midnight.saturating_sub(before), midnight.saturating_sub(after));
        let is_midnight = |at_ms: i64| at_ms.saturating_add(self.offset_ms(at_ms)) == midnight;
        match (is_midnight(first), is_midnight(second)) {
            (true, true) => first.min(second),
            (false, true) => second,
            _ => first,
        }
    }
}

/// Year, month and day of a day number, in the proleptic Gregorian calendar.
///
/// Counts in eras of 400 years (146,097 days) that start on 1 March, so that the leap day is last.
#[expect(clippy::arithmetic_side_effects, reason = "every operand is bounded by the era")]
fn civil_from_days(epoch_day: i64) -> (i64, u8, u8) {
    // Times are i64 milliseconds, so |epoch_day| < 1.1e11 and the shift cannot overflow.
    let shifted = epoch_day + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, u8::try_from(month).unwrap_or(1), u8::try_from(day).unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn london() -> TimeZone {
        let change = |from_ms, offset_minutes| ZoneTransition { from_ms, offset_minutes };
        TimeZone {
            name: "Europe/London".to_owned(),
            offset_minutes: 0,
            transitions: vec![change(1_774_746_000_000, 60), change(1_792_890_000_000, 0)],
        }
    }

    #[track_caller]
    fn shows(at_ms: i64, expected: &str) {
        let t = london().local(at_ms);
        let (date, time) = ((t.year, t.month, t.day), (t.hour, t.minute, t.second));
        let shown = format!(
            "{:04}-{:02}-{:02} {:02}:{:02}:{:02}",
            date.0, date.1, date.2, time.0, time.1, time.2
        );
        assert_eq!(shown, expected);
    }

    #[test]
    fn wall_clock_over_summer_time_leap_days_and_the_epoch() {
        shows(0, "1970-01-01 00:00:00");
        shows(-1_000, "1969-12-31 23:59:59");
        shows(951_782_400_000, "2000-02-29 00:00:00");
        shows(1_774_745_999_000, "2026-03-29 00:59:59");
        shows(1_774_746_000_000, "2026-03-29 02:00:00");
        shows(1_792_889_999_000, "2026-10-25 01:59:59");
        shows(1_792_890_000_000, "2026-10-25 01:00:00");
        shows(4_107_542_399_000, "2100-02-28 23:59:59");
        shows(4_107_542_400_000, "2100-03-01 00:00:00");
    }

    #[test]
    fn a_day_begins_at_its_midnight_even_where_that_is_skipped_or_comes_twice() {
        let change = |from_ms, offset_minutes| ZoneTransition { from_ms, offset_minutes };
        let day = |zone: &TimeZone, day: i64| zone.start_of_day(day);
        assert_eq!(day(&TimeZone::default(), 20_000), 20_000 * DAY_MS);
        // London: 2026-03-29 begins in winter time and the next day in summer time.
        assert_eq!(day(&london(), 20_541), 20_541 * DAY_MS);
        assert_eq!(day(&london(), 20_542), 20_542 * DAY_MS - 3_600_000);
        // Midnight of day 10 is skipped (as in Beirut), and that of day 20 comes twice (as in Havana).
        let skipping = TimeZone {
            transitions: vec![change(10 * DAY_MS, 60), change(20 * DAY_MS, 0)],
            ..TimeZone::default()
        };
        assert_eq!(day(&skipping, 10), 10 * DAY_MS);
        assert_eq!(day(&skipping, 20), 20 * DAY_MS - 3_600_000);
        assert_eq!(day(&skipping, 21), 21 * DAY_MS);
    }
}
