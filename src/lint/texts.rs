//! Texts without Chinese, and entries that nothing refers to.

use super::Linter;
use crate::{
    issue::{Code, Issue},
    ruleset::{LocalText, PriceSource},
};

impl Linter<'_> {
    /// Stacking groups, zones and templates of tables that nothing names.
    pub(super) fn unused(&mut self) {
        let ruleset = self.ruleset;
        for (index, group) in ruleset.stacking.groups.iter().enumerate() {
            let named = ruleset.promotions.iter().any(|it| it.group.as_ref() == Some(&group.id));
            if !named {
                self.no_use(&group.id, format!("/stacking/groups/{index}"));
            }
        }
        for (index, zone) in ruleset.shipping_zones.iter().enumerate() {
            let has = |zones: &[String]| zones.contains(&zone.id);
            let named = ruleset.shipping_methods.iter().any(|method| {
                has(&method.zones)
                    || has(&method.except_zones)
                    || method.surcharges.iter().any(|it| has(&it.zones))
                    || method.tables.iter().flat_map(|it| &it.rows).any(|row| has(&row.zones))
            });
            if !named {
                self.no_use(&zone.id, format!("/shippingZones/{index}"));
            }
        }
        for (index, class) in ruleset.tax_classes.iter().enumerate() {
            let of_goods = ruleset.products.iter().map(|it| &it.tax_class);
            let mut named = of_goods.chain(ruleset.shipping_methods.iter().map(|it| &it.tax_class));
            // Drafts that name prices name tax classes, too.
            if ruleset.price_source != PriceSource::Draft && !named.any(|it| *it == class.id) {
                self.no_use(&class.id, format!("/taxClasses/{index}"));
            }
        }
        for (index, method) in ruleset.shipping_methods.iter().enumerate() {
            for (at, surcharge) in method.surcharges.iter().enumerate() {
                for (nth, tag) in surcharge.tags.iter().enumerate() {
                    let mut products = ruleset.products.iter();
                    if !products.any(|product| product.target_line().has_word(tag)) {
                        let path = format!("/shippingMethods/{index}/surcharges/{at}/tags/{nth}");
                        self.no_use(tag, path);
                    }
                }
            }
            for (at, table) in method.tables.iter().enumerate() {
                let Some(template) = &table.template else { continue };
                let named = ruleset.products.iter();
                let named = named.filter_map(|it| it.shipping_template.as_ref());
                if !named.into_iter().any(|known| known == template) {
                    let path = format!("/shippingMethods/{index}/tables/{at}/template");
                    self.no_use(template, path);
                }
            }
        }
    }

    fn no_use(&mut self, name: &str, path: String) {
        self.inform(Issue::new(Code::EntryUnused, path).with("name", name));
    }

    /// Texts without Chinese, one finding for each part of the document.
    pub(super) fn translations(&mut self) {
        let ruleset = self.ruleset;
        self.translation("/name", core::iter::once(&ruleset.name));
        self.translation("/products", ruleset.products.iter().map(|it| &it.name));
        self.translation("/priceLists", ruleset.price_lists.iter().map(|it| &it.name));
        self.translation("/promotions", ruleset.promotions.iter().map(|it| &it.name));
        let methods = &ruleset.shipping_methods;
        let surcharges = methods.iter().flat_map(|it| &it.surcharges).map(|it| &it.name);
        let names = methods.iter().map(|it| &it.name).chain(surcharges);
        self.translation("/shippingMethods", names);
        self.translation("/paymentMethods", ruleset.payment_methods.iter().map(|it| &it.name));
    }

    fn translation<'t>(&mut self, path: &str, texts: impl Iterator<Item = &'t LocalText>) {
        let (mut total, mut missing) = (0_usize, 0_usize);
        for text in texts {
            total = total.saturating_add(1);
            if text.zh.as_ref().is_none_or(String::is_empty) {
                missing = missing.saturating_add(1);
            }
        }
        if missing > 0 {
            let issue = Issue::new(Code::TranslationMissing, path);
            self.inform(issue.with("missing", missing).with("total", total));
        }
    }
}
