//! Stacking, price lists and points.

use super::{Findings, Place, names};
use crate::limits::MAX_PRODUCTS;

impl Findings<'_> {
    pub(super) fn stacking(&mut self) {
        let (stacking, names) = (&self.ruleset.stacking, self.names);
        let place = &Place::DOCUMENT.field("stacking");
        let groups = &names.stacking_groups;
        self.repeated(groups, place, "groups", "id");
        for (index, group) in stacking.groups.iter().enumerate() {
            let place = place.item("groups", index);
            self.all_known(groups, &group.excludes, &place, "excludes");
        }
        for (index, pair) in stacking.pairs.iter().enumerate() {
            let place = place.item("pairs", index);
            self.known(&names.promotions, &pair.first, &place, "first");
            self.known(&names.promotions, &pair.second, &place, "second");
        }
        self.percentage(stacking.maximum_line_percent, place, "maximumLinePercent");
        self.percentage(stacking.maximum_order_percent, place, "maximumOrderPercent");
        self.at_most_rules(groups.len(), place, "groups");
        self.at_most_rules(stacking.pairs.len(), place, "pairs");
    }

    pub(super) fn price_lists(&mut self) {
        let (document, lists) = (&Place::DOCUMENT, &self.ruleset.price_lists);
        self.repeated(&names(lists, |list| &list.id), document, "priceLists", "id");
        for (index, list) in lists.iter().enumerate() {
            let place = document.item("priceLists", index);
            self.window(list.starts_ms, list.ends_ms, &place);
            for (at, price) in list.prices.iter().enumerate() {
                self.price(Some(price.unit_price), &place.item("prices", at), "unitPrice");
            }
            self.at_most(list.prices.len(), MAX_PRODUCTS, &place, "prices");
        }
        self.at_most_rules(lists.len(), document, "priceLists");
    }

    pub(super) fn points(&mut self) {
        let (document, Some(points)) = (&Place::DOCUMENT, &self.ruleset.points) else { return };
        let met = points.unit_points > 0 && points.unit_minor.minor() > 0;
        let reason = "points_worth";
        self.require(met, document, "points", reason);
        self.percentage(points.maximum_percent, document, "points/maximumPercent");
    }
}
