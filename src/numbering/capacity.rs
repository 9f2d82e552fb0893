//! What a pattern can give, and how likely it gives a number twice.

use serde::Serialize;

use super::{
    ALPHABET, NumberInputs, device_code,
    pattern::{Part, Pattern, Period, TimePart},
};
use crate::{
    decimal::Decimal,
    issue::{Code, Issue},
    json::ToJson,
    zone::TimeZone,
};

/// From this chance of a repeat in a period on there is a warning: once in 270 years of days.
const MAX_COLLISION_PPB: u32 = 10_000;
/// Digits of a chance in per cent: parts in a thousand million.
const CHANCE_DIGITS: u8 = 7;
/// The unit of the fixed-point product; a product of two such numbers fits 128 bits.
const ONE: u128 = 1 << 62;
/// Factors that are multiplied one by one; more are taken in so many groups.
const GROUPS: u64 = 4_096;
/// What JavaScript counts exactly; capacities beyond it are shown as this.
const MOST: u64 = (1 << 53) - 1;

/// What a pattern can do at the volume of a shop: for the linter, the command line and the page.
///
/// Counts are per [`PatternReport::period`]; a pattern that never starts again is looked at for a
/// year. Chances are those of orders spread evenly over the period; peaks make them worse.
///
/// # Example
///
/// ```
/// use orderkit::{TimeZone, numbering::{Pattern, Period}};
///
/// let pattern = Pattern::compile("{date:yyMMdd}{digits:6}").unwrap();
/// let report = pattern.report(1_000, 0, &TimeZone::default());
/// assert_eq!(report.period, Period::Day);
/// assert_eq!(report.chance_percent.as_deref(), Some("39.3267029"));
/// assert_eq!(report.warnings[0].code.as_str(), "pattern_collides");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PatternReport {
    /// Characters of a number.
    pub length: u64,
    /// When counters and random parts start again.
    pub period: Period,
    /// Devices that can have a code of their own; none if the pattern has no device.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub devices: Option<u64>,
    /// Numbers that one device can give in a period; none where it counts in no series of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_device: Option<u64>,
    /// Different numbers in a period, of all devices.
    pub capacity: u64,
    /// Serials of a leased block; none where no blocks are leased.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block_size: Option<u64>,
    /// Orders that are expected in a period; in a year if it never ends.
    pub orders: u64,
    /// The chance that a period has a number twice, in per cent to seven digits; none where a counter
    /// rules it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chance_percent: Option<String>,
    /// The first numbers of the first device.
    pub examples: Vec<String>,
    /// What the shop should know, without a path.
    pub warnings: Vec<Issue>,
}

impl Pattern {
    /// What the pattern can do at so many orders a day, with examples as at `at_ms`.
    pub fn report(&self, orders_per_day: u32, at_ms: i64, zone: &TimeZone) -> PatternReport {
        let period = self.restarts();
        let orders = u64::from(orders_per_day).saturating_mul(period.days());
        let devices = (self.device_length() > 0)
            .then(|| power(ALPHABET.len(), self.device_length()).try_into().unwrap_or(MOST));
        let per_device = self.last_serial().filter(|_| !self.is_leased());
        let chance = (!self.has_sequence()).then(|| self.collision_ppb(orders));
        let mut report = PatternReport {
            length: u64::try_from(self.length()).unwrap_or(u64::MAX),
            period,
            devices,
            per_device,
            capacity: u64::try_from(self.capacity()).unwrap_or(MOST).min(MOST),
            block_size: self.block_size().map(u64::from),
            orders,
            chance_percent: chance.map(percent_of_ppb),
            examples: self.examples(at_ms, zone),
            warnings: Vec::new(),
        };
        report.warnings = self.warnings(&report, chance.unwrap_or_default());
        report
    }

    fn warnings(&self, report: &PatternReport, chance_ppb: u32) -> Vec<Issue> {
        let volume = i64::try_from(report.orders).unwrap_or(i64::MAX);
        let mut warnings = Vec::new();
        if chance_ppb > MAX_COLLISION_PPB {
            let chance = format!("{} %", three_digits(chance_ppb));
            let issue = Issue::new(Code::PatternCollides, "").with("chance", chance);
            let issue = issue.with("volume", volume).with("period", report.period.as_str());
            warnings.push(issue.with("remedy", "{device:2}{seq:4}"));
        }
        // The busiest device may take all orders; a shop that leases has one counter for all.
        let least = report.per_device.or(self.last_serial());
        if let Some(capacity) = least.filter(|capacity| *capacity < report.orders) {
            let capacity = i64::try_from(capacity).unwrap_or(i64::MAX);
            let issue = Issue::new(Code::PatternSmall, "").with("capacity", capacity);
            warnings.push(issue.with("volume", volume).with("period", report.period.as_str()));
        }
        warnings
    }

    /// Three numbers of the first device, with bytes that are always the same: an example must not
    /// flicker.
    fn examples(&self, at_ms: i64, zone: &TimeZone) -> Vec<String> {
        let device = device_code(1, self.device_length()).unwrap_or_default();
        let example = |sequence: u64| {
            let byte = |at: u64| at.wrapping_mul(37).wrapping_add(sequence.wrapping_mul(101));
            let random: Vec<u8> =
                (0..160).filter_map(|at| u8::try_from(byte(at).checked_rem(251)?).ok()).collect();
            let inputs = NumberInputs { at_ms, device: &device, sequence, random: &random };
            self.generate(inputs, zone).ok()
        };
        (1..=3).filter_map(example).collect()
    }

    /// Different numbers of a period: of counters, devices, random parts, and of the times for random
    /// patterns.
    pub fn capacity(&self) -> u128 {
        let counted = match self.last_serial() {
            Some(last) if self.is_leased() => u128::from(last),
            Some(last) => {
                u128::from(last).saturating_mul(power(ALPHABET.len(), self.device_length()))
            }
            None => 1,
        };
        if self.has_sequence() { counted } else { self.random_capacity() }
    }

    fn random_capacity(&self) -> u128 {
        let drawn = self.parts.iter().map(|part| match part {
            Part::Random(length) => power(ALPHABET.len(), *length),
            Part::Digits(length) => power(10, *length),
            _ => 1,
        });
        let period = self.restarts();
        let fields: Vec<TimePart> = self.fields().collect();
        // A field that stands twice tells nothing new.
        let is_first =
            |at: usize| fields.iter().position(|it| Some(it) == fields.get(at)) == Some(at);
        let times = fields.iter().enumerate().filter(|(at, _)| is_first(*at));
        let times = times.map(|(_, field)| field.values_in(period));
        drawn.chain(times).fold(1, u128::saturating_mul)
    }

    /// The chance, in parts per thousand million, that so many orders of a period have a number twice.
    ///
    /// 0 for patterns with a counter. For random patterns it is the birthday product
    /// `1 − Π (1 − k / capacity)`, factor by factor up to 4,096 orders and in as many groups above,
    /// which changes no digit that is shown.
    pub fn collision_ppb(&self, orders: u64) -> u32 {
        const WHOLE: u32 = 1_000_000_000;
        if self.has_sequence() {
            return 0;
        }
        let capacity = self.random_capacity();
        if u128::from(orders) > capacity {
            return WHOLE;
        }
        let size = orders.div_ceil(GROUPS).max(1);
        let mut all_different = ONE;
        let mut taken = 1_u64;
        while taken < orders && all_different > 0 {
            let group = size.min(orders.saturating_sub(taken));
            // The middle factor of the group stands for all of it; twice it, to stay whole.
            let twice = u128::from(taken.saturating_mul(2).saturating_add(group).saturating_sub(1));
            let repeated = fraction(twice, capacity.saturating_mul(2));
            all_different = product(all_different, power_of(ONE.saturating_sub(repeated), group));
            taken = taken.saturating_add(group);
        }
        let chance = ONE.saturating_sub(all_different).saturating_mul(u128::from(WHOLE));
        let rounded = chance.saturating_add(ONE >> 1).checked_div(ONE).unwrap_or_default();
        u32::try_from(rounded).unwrap_or(WHOLE)
    }

    /// The chance, in parts per million, that so many orders of a day have a number twice.
    pub fn collision_ppm(&self, orders_per_day: u32) -> u32 {
        self.collision_ppb(u64::from(orders_per_day)).checked_div(1_000).unwrap_or_default()
    }
}

impl Period {
    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Month => "month",
            Self::Year => "year",
            Self::Never => "never",
        }
    }

    /// The days of the longest such period; of a year if it never ends.
    fn days(self) -> u64 {
        match self {
            Self::Day => 1,
            Self::Month => 31,
            Self::Year | Self::Never => 366,
        }
    }
}

impl TimePart {
    /// How many values it takes within a period.
    fn values_in(self, period: Period) -> u128 {
        match self {
            Self::Hour => 24,
            Self::Minute | Self::Second => 60,
            Self::Millisecond => 1_000,
            Self::Month if period >= Period::Year => 12,
            // The days that all months have: fewer are the safer estimate.
            Self::Day if period >= Period::Month => 28,
            _ => 1,
        }
    }
}

/// `part / whole` in units of [`ONE`], without an overflow for the largest capacities.
fn fraction(part: u128, whole: u128) -> u128 {
    match part.checked_mul(ONE) {
        Some(scaled) => scaled.checked_div(whole).unwrap_or_default(),
        None => part.checked_div(whole.checked_div(ONE).unwrap_or(1)).unwrap_or_default(),
    }
}

fn product(left: u128, right: u128) -> u128 {
    left.saturating_mul(right).checked_div(ONE).unwrap_or_default()
}

fn power_of(base: u128, exponent: u64) -> u128 {
    let (mut result, mut square, mut left) = (ONE, base, exponent);
    while left > 0 {
        if left & 1 == 1 {
            result = product(result, square);
        }
        square = product(square, square);
        left >>= 1;
    }
    result
}

fn power(base: usize, exponent: u8) -> u128 {
    u128::try_from(base).unwrap_or_default().saturating_pow(u32::from(exponent))
}

fn percent_of_ppb(ppb: u32) -> String {
    match Decimal::from_parts(i128::from(ppb), CHANCE_DIGITS) {
        Some(percent) => percent.to_string(),
        None => format!("{ppb}e-{CHANCE_DIGITS}"),
    }
}

/// A chance in per cent with the digits that people read: 39.3, 0.0498, 100.
fn three_digits(ppb: u32) -> String {
    let mut unit = 1_u32;
    while ppb.checked_div(unit).unwrap_or_default() >= 1_000 {
        unit = unit.saturating_mul(10);
    }
    let half = unit.checked_div(2).unwrap_or_default();
    let units = ppb.saturating_add(half).checked_div(unit).unwrap_or_default();
    percent_of_ppb(units.saturating_mul(unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(text: &str, orders_per_day: u32) -> PatternReport {
        Pattern::compile(text).unwrap().report(
            orders_per_day,
            1_764_000_000_000,
            &TimeZone::default(),
        )
    }

    #[test]
    fn chances_of_the_survey() {
        // Chance of at least one duplicate a day, as published for real shops' schemes.
        for (text, orders, percent) in [
            ("{date:yyMMdd}{digits:6}", 100, "0.4937"),
            ("{date:yyMMdd}{digits:6}", 1_000, "39.3267"),
            ("{date:yyMMdd}{digits:6}", 10_000, "100"),
            ("{date:yyMMdd}{time:HHmmss}{digits:4}", 100, "0.0005"),
            ("{date:yyMMdd}{time:HHmmss}{digits:4}", 1_000, "0.0577"),
            ("{date:yyMMdd}{time:HHmmss}{digits:4}", 10_000, "5.62"),
            ("{date:yyMMdd}{time:HHmmss}{digits:6}", 1_000, "0.0005"),
            ("{date:yyMMdd}{time:HHmmss}{digits:6}", 10_000, "0.0578"),
            ("{date:yyMMdd}{time:HHmmssSSS}{digits:4}", 10_000, "0.0057"),
        ] {
            let chance = report(text, orders).chance_percent.unwrap();
            assert!(chance.starts_with(percent), "{text} at {orders}: {chance}");
        }
        // 6·10⁻⁸ % is below what is shown.
        assert_eq!(
            report("{date:yyMMdd}{time:HHmmss}{digits:6}", 100).chance_percent.unwrap(),
            "0.0000057"
        );
        assert_eq!(report("{date:yyMMdd}{device:2}{seq:4}", 10_000).chance_percent, None);
    }

    #[test]
    fn groups_give_what_single_factors_give() {
        // Beyond 4,096 orders factors are taken in groups: compared with each one in turn.
        for (text, orders) in [
            ("{rand:8}", 100_000),
            ("{digits:9}", 30_000),
            ("{digits:10}", 250_001),
            ("{digits:8}", 5_003),
        ] {
            let pattern = Pattern::compile(text).unwrap();
            let capacity = pattern.capacity();
            let different = (1..u128::from(orders)).fold(ONE, |product, taken| {
                product * ((capacity - taken) * (1 << 30) / capacity) / (1 << 30)
            });
            let single = (ONE - different) as f64 / ONE as f64 * 1e9;
            let grouped = f64::from(pattern.collision_ppb(orders));
            // The test's own factors have 30 bits, the code's 62.
            let tolerance = orders as f64 * 1.0;
            assert!((single - grouped).abs() <= tolerance, "{text}: {single} and {grouped}");
        }
    }

    #[test]
    fn the_ends_of_the_scale() {
        let ppb = |text, orders| Pattern::compile(text).unwrap().collision_ppb(orders);
        assert_eq!(ppb("{digits:1}", 0), 0);
        assert_eq!(ppb("{digits:1}", 1), 0);
        assert_eq!(ppb("{digits:1}", 2), 100_000_000, "1 in 10");
        assert_eq!(ppb("{digits:1}", 11), 1_000_000_000, "more orders than numbers");
        assert_eq!(ppb("{rand:16}{rand:16}", 3_660_000_000), 0, "30^32 numbers");
        assert_eq!(ppb("{digits:16}", 3_660_000_000), 1_000_000_000, "a year of ten million a day");
    }

    #[test]
    fn capacity_and_what_is_too_small() {
        let daily = report("{date:yyMMdd}-{device:2}{seq:4}{check}", 1_000);
        assert_eq!((daily.period, daily.length), (Period::Day, 14));
        assert_eq!((daily.devices, daily.per_device), (Some(900), Some(9_999)));
        assert_eq!((daily.capacity, daily.orders), (900 * 9_999, 1_000));
        assert_eq!(daily.examples, ["251124-230001K", "251124-230002I", "251124-230003G"]);
        assert!(daily.warnings.is_empty());
        let small = report("{date:yyMMdd}{device:2}{seq:2}", 1_000);
        assert_eq!(small.warnings[0].code, Code::PatternSmall);
        let endless = report("{device:2}{seq:5}", 1_000);
        assert_eq!((endless.orders, endless.warnings[0].code), (366_000, Code::PatternSmall));
        let twice = report("{date:yyMMdd}{time:HH}{time:HH}{digits:4}", 100);
        assert_eq!(twice.capacity, 24 * 10_000);
        assert_eq!(report("{date:MMdd}{digits:4}", 100).capacity, 12 * 28 * 10_000);
    }
}
