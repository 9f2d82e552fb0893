//! Terms of return.

use super::{Findings, place::Place};

impl Findings<'_> {
    pub(super) fn returns(&mut self) {
        let returns = &self.ruleset.returns;
        let place = &Place::DOCUMENT.field("returns");
        self.percentage(Some(returns.restocking_percent), place, "restockingPercent");
        self.not_negative(Some(returns.label_minor), place, "labelMinor");
        let standard = Some(returns.standard_shipping_minor);
        self.not_negative(standard, place, "standardShippingMinor");
    }
}
