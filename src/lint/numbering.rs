//! Order numbers that can repeat or run out.

use super::Linter;

impl Linter<'_> {
    pub(super) fn numbering(&mut self) {
        let ruleset = self.ruleset;
        let volume = ruleset.numbering.orders_per_day;
        let report = self.rules.number_pattern().report(volume, 0, &ruleset.time_zone);
        for issue in report.warnings {
            self.warn(issue.under("/numbering/pattern"));
        }
    }
}
