//! Stacking, price lists and points.

use super::Findings;
use crate::limits::{MAX_PRODUCTS, MAX_RULES};

impl Findings<'_> {
    pub(super) fn stacking(&mut self) {
        let ruleset = self.ruleset;
        let stacking = &ruleset.stacking;
        let groups = &stacking.groups;
        self.repeated(groups.iter().map(|group| group.id.as_str()), "/stacking/groups", "id");
        for (index, group) in groups.iter().enumerate() {
            for (at, id) in group.excludes.iter().enumerate() {
                if !groups.iter().any(|other| other.id == *id) {
                    let path = format!("/stacking/groups/{index}/excludes/{at}");
                    self.add(path, format!("there is no stacking group \"{id}\""));
                }
            }
        }
        for (index, pair) in stacking.pairs.iter().enumerate() {
            for (field, id) in [("first", &pair.first), ("second", &pair.second)] {
                if !ruleset.promotions.iter().any(|promotion| promotion.id == *id) {
                    let path = format!("/stacking/pairs/{index}/{field}");
                    self.add(path, format!("there is no promotion \"{id}\""));
                }
            }
        }
        self.percentage(stacking.maximum_line_percent, "/stacking/maximumLinePercent");
        self.percentage(stacking.maximum_order_percent, "/stacking/maximumOrderPercent");
        self.at_most(groups.len(), "/stacking/groups");
        self.at_most(stacking.pairs.len(), "/stacking/pairs");
    }

    pub(super) fn price_lists(&mut self) {
        let lists = &self.ruleset.price_lists;
        self.repeated(lists.iter().map(|list| list.id.as_str()), "/priceLists", "id");
        for (index, list) in lists.iter().enumerate() {
            let path = format!("/priceLists/{index}");
            self.window(list.starts_ms, list.ends_ms, &path);
            for (at, price) in list.prices.iter().enumerate() {
                self.price(Some(price.unit_price), &format!("{path}/prices/{at}/unitPrice"));
            }
            if list.prices.len() > MAX_PRODUCTS {
                self.add(format!("{path}/prices"), format!("more than {MAX_PRODUCTS} prices"));
            }
        }
        if lists.len() > MAX_RULES {
            self.add("/priceLists", format!("more than {MAX_RULES} entries"));
        }
    }

    pub(super) fn points(&mut self) {
        let Some(points) = &self.ruleset.points else { return };
        if points.unit_points == 0 || points.unit_minor.minor() <= 0 {
            self.add("/points", "so many points must be worth an amount: both above zero");
        }
        self.percentage(points.maximum_percent, "/points/maximumPercent");
    }
}
