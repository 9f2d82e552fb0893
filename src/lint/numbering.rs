//! Order numbers that can repeat.

use super::Linter;
use crate::{
    decimal::Decimal,
    issue::{Code, Issue},
};

/// From this chance of a repeated number a day on the linter warns: once in 270 years.
const MAX_COLLISION_PPM: u32 = 10;

impl Linter<'_> {
    pub(super) fn numbering(&mut self) {
        let volume = self.ruleset.numbering.orders_per_day;
        let ppm = self.rules.number_pattern().collision_ppm(volume);
        if ppm > MAX_COLLISION_PPM {
            let issue = Issue::new(Code::PatternCollides, "/numbering/pattern");
            let issue = issue.with("chance", percent_of_ppm(ppm)).with("volume", i64::from(volume));
            self.warn(issue.with("remedy", "{device:2}{seq:4}"));
        }
    }
}

fn percent_of_ppm(ppm: u32) -> String {
    match Decimal::from_parts(i128::from(ppm), 4) {
        Some(percent) => format!("{percent} %"),
        None => format!("{ppm} ppm"),
    }
}
