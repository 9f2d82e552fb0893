//! Shipping: methods, and their tables of rates.

use super::{Findings, Place, names};
use crate::{
    decimal::Decimal,
    money::Amount,
    ruleset::{
        ShippingMeasure, ShippingMethod, ShippingRate, ShippingRow, ShippingSurcharge,
        ShippingTable,
    },
};

impl Findings<'_> {
    pub(super) fn shipping(&mut self) {
        self.zones();
        self.methods();
        self.templates();
    }

    fn methods(&mut self) {
        let (document, names_of_all) = (&Place::DOCUMENT, self.names);
        self.at_most_rules(names_of_all.shipping_methods.len(), document, "shippingMethods");
        self.repeated(&names_of_all.shipping_methods, document, "shippingMethods", "id");
        for (index, method) in self.ruleset.shipping_methods.iter().enumerate() {
            let place = document.item("shippingMethods", index);
            self.method(method, &place);
            self.countries(&method.countries, &place);
            self.zones_known(&method.zones, &place, "zones");
            self.zones_known(&method.except_zones, &place, "exceptZones");
            self.tax_class(&method.tax_class, &place, "taxClass");
            for (at, table) in method.tables.iter().enumerate() {
                self.table(table, &place.item("tables", at));
            }
            let surcharges = &method.surcharges;
            self.at_most_rules(surcharges.len(), &place, "surcharges");
            self.repeated(&names(surcharges, |it| &it.id), &place, "surcharges", "id");
            for (at, surcharge) in surcharges.iter().enumerate() {
                self.surcharge(surcharge, &place.item("surcharges", at));
            }
        }
    }

    fn method(&mut self, method: &ShippingMethod, place: &Place<'_>) {
        let met = method.price_minor.is_some() || !method.tables.is_empty() || method.carrier;
        self.require(met, place, "", "method_price");
        self.amount(method.price_minor, place, "priceMinor");
        self.amount(method.free_over_minor, place, "freeOverMinor");
        self.amount(method.minimum_order_minor, place, "minimumOrderMinor");
        self.amount(method.maximum_value_minor, place, "maximumValueMinor");
        self.number(method.free_over_quantity, place, "freeOverQuantity");
        let values = (method.minimum_order_minor, method.maximum_value_minor);
        self.rising(values, place, "maximumValueMinor");
        self.at_most_rules(method.tables.len(), place, "tables");
        for (at, table) in method.tables.iter().enumerate() {
            let mut earlier = method.tables.iter().take(at);
            let met = !earlier.any(|it| it.template == table.template);
            let reason = "table_repeated";
            self.require(met, &place.item("tables", at), "template", reason);
        }
    }

    fn table(&mut self, table: &ShippingTable, place: &Place<'_>) {
        let met = table.volumetric_divisor != Some(0) && table.round_up_to != Some(0);
        self.require(met, place, "", "positive");
        let met = table.volumetric_divisor.is_none() || table.measure == ShippingMeasure::Weight;
        let reason = "volumetric";
        self.require(met, place, "volumetricDivisor", reason);
        self.require(!table.rows.is_empty(), place, "rows", "table_empty");
        self.at_most_rules(table.rows.len(), place, "rows");
        let mut counts = true;
        for (at, row) in table.rows.iter().enumerate() {
            let place = place.item("rows", at);
            let reason = "row_never";
            self.require(counts, &place, "", reason);
            counts &= !row.zones.is_empty();
            self.row(row, &place);
        }
    }

    fn row(&mut self, row: &ShippingRow, place: &Place<'_>) {
        self.zones_known(&row.zones, place, "zones");
        self.amount(row.free_over_minor, place, "freeOverMinor");
        self.number(row.free_over_quantity, place, "freeOverQuantity");
        let met = row.rates.is_empty() == row.no_delivery;
        self.require(met, place, "rates", "row_rates");
        self.at_most_rules(row.rates.len(), place, "rates");
        let mut end = Some(Decimal::ZERO);
        for (at, rate) in row.rates.iter().enumerate() {
            let place = place.item("rates", at);
            let from = rate.from.unwrap_or_default();
            let reason = match end {
                Some(end) if from > end => "band_gap",
                Some(end) if from < end => "band_overlap",
                Some(_) => "",
                None => "band_open",
            };
            self.require(reason.is_empty(), &place, "from", reason);
            let met = rate.to.is_none_or(|to| to > from);
            self.require(met, &place, "to", "band_empty");
            end = rate.to;
            self.rate(rate, &place);
        }
    }

    fn rate(&mut self, rate: &ShippingRate, place: &Place<'_>) {
        self.amount(rate.price_minor, place, "priceMinor");
        self.amount(rate.minimum_minor, place, "minimumMinor");
        self.amount(rate.maximum_minor, place, "maximumMinor");
        self.number(rate.percent, place, "percent");
        self.rising((rate.minimum_minor, rate.maximum_minor), place, "maximumMinor");
        for (name, step) in [("first", &rate.first), ("further", &rate.further)] {
            let Some(step) = step else { continue };
            self.amount(Some(step.price_minor), place, name);
            self.size(Some(step.size), &place.field(name), "size");
        }
        let met = !rate.first.as_ref().is_some_and(|first| first.proportional);
        let reason = "first_whole";
        self.require(met, place, "first/proportional", reason);
        self.size(rate.parcel_size, place, "parcelSize");
        let priced = rate.price_minor.is_some() || rate.percent.is_some();
        let met = priced || rate.first.is_some() || rate.further.is_some();
        self.require(met, place, "", "rate_price");
    }

    fn size(&mut self, size: Option<Decimal>, place: &Place<'_>, field: &str) {
        let met = size.is_none_or(|size| size > Decimal::ZERO);
        self.require(met, place, field, "positive");
    }

    fn surcharge(&mut self, surcharge: &ShippingSurcharge, place: &Place<'_>) {
        self.amount(surcharge.price_minor, place, "priceMinor");
        self.number(surcharge.percent, place, "percent");
        self.zones_known(&surcharge.zones, place, "zones");
        let met = surcharge.price_minor.is_some() || surcharge.percent.is_some();
        self.require(met, place, "", "surcharge_price");
        let (known, ids) = (&self.names.payment_methods, &surcharge.payment_methods);
        self.all_known(known, ids, place, "paymentMethods");
    }

    /// Products whose template no method has a table for.
    fn templates(&mut self) {
        let ruleset = self.ruleset;
        for (at, product) in ruleset.products.iter().enumerate() {
            let Some(template) = &product.shipping_template else { continue };
            let has = |method: &ShippingMethod| {
                method.tables.iter().any(|table| table.template.as_ref() == Some(template))
            };
            if !ruleset.shipping_methods.iter().any(has) {
                let place = Place::DOCUMENT.item("products", at);
                let figure = ("name", template.as_str().into());
                self.add_with(&place, "shippingTemplate", "template_unknown", Some(figure));
            }
        }
    }

    fn zones_known(&mut self, ids: &[String], place: &Place<'_>, field: &'static str) {
        self.all_known(&self.names.shipping_zones, ids, place, field);
    }

    #[inline(never)]
    fn amount(&mut self, amount: Option<Amount>, place: &Place<'_>, field: &str) {
        let met = !amount.is_some_and(Amount::is_negative);
        self.require(met, place, field, "negative");
    }

    #[inline(never)]
    fn number(&mut self, number: Option<Decimal>, place: &Place<'_>, field: &str) {
        let met = !number.is_some_and(Decimal::is_negative);
        self.require(met, place, field, "negative");
    }
}
