//! Shipping: methods, their tables of rates, and zones.

use super::Findings;
use crate::{
    decimal::Decimal,
    money::Amount,
    ruleset::{
        PostcodeRange, ShippingMethod, ShippingPlace, ShippingRate, ShippingRow, ShippingSurcharge,
        ShippingTable,
    },
};

impl Findings<'_> {
    pub(super) fn shipping(&mut self) {
        self.zones();
        self.methods();
        self.templates();
    }

    fn zones(&mut self) {
        let zones = &self.ruleset.shipping_zones;
        self.at_most(zones.len(), "/shippingZones");
        self.repeated(zones.iter().map(|zone| zone.id.as_str()), "/shippingZones", "id");
        for (at, zone) in zones.iter().enumerate() {
            let path = format!("/shippingZones/{at}");
            if zone.places.is_empty() {
                self.add(format!("{path}/places"), "a zone needs a place");
            }
            for (list, places) in [("places", &zone.places), ("except", &zone.except)] {
                for (at, place) in places.iter().enumerate() {
                    self.place(place, &format!("{path}/{list}/{at}"));
                }
            }
        }
    }

    fn place(&mut self, place: &ShippingPlace, path: &str) {
        self.countries(&place.countries, path);
        if *place == ShippingPlace::default() {
            self.add(path, "a place needs a country, region, city or postcode");
        }
        for (at, prefix) in place.postcode_prefixes.iter().enumerate() {
            if form(prefix).is_none() {
                let path = format!("{path}/postcodePrefixes/{at}");
                self.add(path, "a beginning of a postcode has only letters, digits and spaces");
            }
        }
        for (at, PostcodeRange { from, to }) in place.postcode_ranges.iter().enumerate() {
            let path = format!("{path}/postcodeRanges/{at}");
            match (form(from), form(to)) {
                (Some(first), Some(last)) if !same_form(&first, &last) => {
                    self.add(
                        path,
                        "both ends of a range need letters and digits in the same places",
                    );
                }
                (Some(first), Some(last)) if first > last => {
                    self.add(path, "the range ends before it begins");
                }
                (Some(_), Some(_)) => {}
                _ => self.add(path, "a postcode has only letters, digits, spaces and hyphens"),
            }
        }
    }

    fn methods(&mut self) {
        let methods = &self.ruleset.shipping_methods;
        self.at_most(methods.len(), "/shippingMethods");
        self.repeated(methods.iter().map(|method| method.id.as_str()), "/shippingMethods", "id");
        for (index, method) in methods.iter().enumerate() {
            let path = format!("/shippingMethods/{index}");
            self.method(method, &path);
            self.countries(&method.countries, &path);
            self.zones_known(&method.zones, &format!("{path}/zones"));
            self.zones_known(&method.except_zones, &format!("{path}/exceptZones"));
            self.tax_class(&method.tax_class, &format!("{path}/taxClass"));
            for (at, table) in method.tables.iter().enumerate() {
                self.table(table, &format!("{path}/tables/{at}"));
            }
            let surcharges = &method.surcharges;
            let list = format!("{path}/surcharges");
            self.at_most(surcharges.len(), &list);
            self.repeated(surcharges.iter().map(|it| it.id.as_str()), &list, "id");
            for (at, surcharge) in surcharges.iter().enumerate() {
                self.surcharge(surcharge, &format!("{list}/{at}"));
            }
        }
    }

    fn method(&mut self, method: &ShippingMethod, path: &str) {
        if method.price_minor.is_none() && method.tables.is_empty() && !method.carrier {
            self.add(path, "a method needs priceMinor, tables or a carrier");
        }
        self.amount(method.price_minor, path, "priceMinor");
        self.amount(method.free_over_minor, path, "freeOverMinor");
        self.amount(method.minimum_order_minor, path, "minimumOrderMinor");
        self.amount(method.maximum_value_minor, path, "maximumValueMinor");
        self.number(method.free_over_quantity, path, "freeOverQuantity");
        if let (Some(least), Some(most)) = (method.minimum_order_minor, method.maximum_value_minor)
            && least > most
        {
            self.add(format!("{path}/maximumValueMinor"), "the maximum is below the minimum");
        }
        self.at_most(method.tables.len(), &format!("{path}/tables"));
        for (at, table) in method.tables.iter().enumerate() {
            let earlier = method.tables.iter().take(at);
            if earlier.into_iter().any(|it| it.template == table.template) {
                let path = format!("{path}/tables/{at}/template");
                self.add(path, "an earlier table of the method is for the same goods");
            }
        }
    }

    fn table(&mut self, table: &ShippingTable, path: &str) {
        use crate::ruleset::ShippingMeasure::Weight;
        if table.volumetric_divisor == Some(0) || table.round_up_to == Some(0) {
            self.add(path, "divisors and steps must be above zero");
        }
        if table.volumetric_divisor.is_some() && table.measure != Weight {
            let path = format!("{path}/volumetricDivisor");
            self.add(path, "only a table by weight can count the size as a weight");
        }
        if table.rows.is_empty() {
            self.add(format!("{path}/rows"), "a table needs a row");
        }
        self.at_most(table.rows.len(), &format!("{path}/rows"));
        let everywhere = table.rows.iter().position(|row| row.zones.is_empty());
        for (at, row) in table.rows.iter().enumerate() {
            let path = format!("{path}/rows/{at}");
            if everywhere.is_some_and(|everywhere| at > everywhere) {
                self.add(path.as_str(), "an earlier row counts everywhere, so this one never does");
            }
            self.row(row, &path);
        }
    }

    fn row(&mut self, row: &ShippingRow, path: &str) {
        self.zones_known(&row.zones, &format!("{path}/zones"));
        self.amount(row.free_over_minor, path, "freeOverMinor");
        self.number(row.free_over_quantity, path, "freeOverQuantity");
        let rates = format!("{path}/rates");
        if row.rates.is_empty() != row.no_delivery {
            self.add(rates.as_str(), "a row needs rates, or noDelivery and none");
        }
        self.at_most(row.rates.len(), &rates);
        let mut end = Some(Decimal::ZERO);
        for (at, rate) in row.rates.iter().enumerate() {
            let path = format!("{rates}/{at}");
            let from = rate.from.unwrap_or_default();
            match end {
                Some(end) if from > end => {
                    self.add(
                        format!("{path}/from"),
                        "nothing counts between this band and what is below it",
                    );
                }
                Some(end) if from < end => {
                    self.add(format!("{path}/from"), "this band begins inside the one before it");
                }
                Some(_) => {}
                None => self.add(format!("{path}/from"), "the band before this one has no end"),
            }
            if rate.to.is_some_and(|to| to <= from) {
                self.add(format!("{path}/to"), "the band ends where it begins, or before");
            }
            end = rate.to;
            self.rate(rate, &path);
        }
    }

    fn rate(&mut self, rate: &ShippingRate, path: &str) {
        self.amount(rate.price_minor, path, "priceMinor");
        self.amount(rate.minimum_minor, path, "minimumMinor");
        self.amount(rate.maximum_minor, path, "maximumMinor");
        self.number(rate.percent, path, "percent");
        if let (Some(least), Some(most)) = (rate.minimum_minor, rate.maximum_minor)
            && least > most
        {
            self.add(format!("{path}/maximumMinor"), "the maximum is below the minimum");
        }
        for (name, step) in [("first", &rate.first), ("further", &rate.further)] {
            let Some(step) = step else { continue };
            self.amount(Some(step.price_minor), path, name);
            if step.size <= Decimal::ZERO {
                self.add(format!("{path}/{name}/size"), "a size must be above zero");
            }
        }
        if rate.first.as_ref().is_some_and(|first| first.proportional) {
            let reason = "the first part always costs its whole price";
            self.add(format!("{path}/first/proportional"), reason);
        }
        if rate.parcel_size.is_some_and(|size| size <= Decimal::ZERO) {
            self.add(format!("{path}/parcelSize"), "a size must be above zero");
        }
        let priced = rate.price_minor.is_some() || rate.percent.is_some();
        if !priced && rate.first.is_none() && rate.further.is_none() {
            self.add(path, "a rate needs a price; 0 for nothing");
        }
    }

    fn surcharge(&mut self, surcharge: &ShippingSurcharge, path: &str) {
        self.amount(surcharge.price_minor, path, "priceMinor");
        self.number(surcharge.percent, path, "percent");
        self.zones_known(&surcharge.zones, &format!("{path}/zones"));
        if surcharge.price_minor.is_none() && surcharge.percent.is_none() {
            self.add(path, "a surcharge needs priceMinor or percent");
        }
        for (at, id) in surcharge.payment_methods.iter().enumerate() {
            if !self.ruleset.payment_methods.iter().any(|method| method.id == *id) {
                let path = format!("{path}/paymentMethods/{at}");
                self.add(path, format!("there is no payment method \"{id}\""));
            }
        }
    }

    /// Products whose template no method has a table for.
    fn templates(&mut self) {
        let ruleset = self.ruleset;
        for (at, product) in ruleset.products.iter().enumerate() {
            let Some(template) = &product.shipping_template else { continue };
            let mut tables = ruleset.shipping_methods.iter().flat_map(|method| &method.tables);
            if !tables.any(|table| table.template.as_ref() == Some(template)) {
                let path = format!("/products/{at}/shippingTemplate");
                self.add(path, format!("no shipping method has a table for \"{template}\""));
            }
        }
    }

    fn zones_known(&mut self, zones: &[String], path: &str) {
        for (at, id) in zones.iter().enumerate() {
            if self.ruleset.shipping_zone(id).is_none() {
                self.add(format!("{path}/{at}"), format!("there is no zone \"{id}\""));
            }
        }
    }

    fn amount(&mut self, amount: Option<Amount>, path: &str, field: &str) {
        if amount.is_some_and(Amount::is_negative) {
            self.add(format!("{path}/{field}"), "an amount cannot be negative");
        }
    }

    fn number(&mut self, number: Option<Decimal>, path: &str, field: &str) {
        if number.is_some_and(Decimal::is_negative) {
            self.add(format!("{path}/{field}"), "a figure cannot be negative");
        }
    }
}

/// The characters of a postcode that count, if it has no others than these, spaces and hyphens.
fn form(postcode: &str) -> Option<Vec<u8>> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-');
    let counting = postcode.bytes().filter(u8::is_ascii_alphanumeric);
    let counting: Vec<u8> = counting.map(|byte| byte.to_ascii_uppercase()).collect();
    (!counting.is_empty() && postcode.bytes().all(allowed)).then_some(counting)
}

fn same_form(first: &[u8], last: &[u8]) -> bool {
    let alike = |(one, other): (&u8, &u8)| one.is_ascii_digit() == other.is_ascii_digit();
    first.len() == last.len() && first.iter().zip(last).all(alike)
}
