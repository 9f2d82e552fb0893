//! Zones of shipping: their places and postcodes.

use super::{Findings, Place};
use crate::ruleset::{PostcodeRange, ShippingPlace};

impl Findings<'_> {
    pub(super) fn zones(&mut self) {
        let (document, names) = (&Place::DOCUMENT, &self.names.shipping_zones);
        self.at_most_rules(names.len(), document, "shippingZones");
        self.repeated(names, document, "shippingZones", "id");
        for (at, zone) in self.ruleset.shipping_zones.iter().enumerate() {
            let around = document.item("shippingZones", at);
            self.require(!zone.places.is_empty(), &around, "places", "zone_empty");
            for (list, places) in [("places", &zone.places), ("except", &zone.except)] {
                for (at, place) in places.iter().enumerate() {
                    self.place(place, &around.item(list, at));
                }
            }
        }
    }

    fn place(&mut self, place: &ShippingPlace, at: &Place<'_>) {
        self.countries(&place.countries, at);
        let met = *place != ShippingPlace::default();
        self.require(met, at, "", "place_empty");
        for (index, prefix) in place.postcode_prefixes.iter().enumerate() {
            let reason = "postcode_letters";
            let at = at.item("postcodePrefixes", index);
            self.require(form(prefix).is_some(), &at, "", reason);
        }
        for (index, PostcodeRange { from, to }) in place.postcode_ranges.iter().enumerate() {
            let reason = match (form(from), form(to)) {
                (Some(first), Some(last)) if !same_form(&first, &last) => "range_forms",
                (Some(first), Some(last)) if first > last => "range_order",
                (Some(_), Some(_)) => continue,
                _ => "postcode_letters",
            };
            self.require(false, &at.item("postcodeRanges", index), "", reason);
        }
    }
}

/// The characters of a postcode that count, if it has no others than these, spaces and hyphens.
fn form(postcode: &str) -> Option<Vec<u8>> {
    let mut counting = Vec::new();
    for byte in postcode.bytes() {
        match byte {
            b' ' | b'-' => {}
            _ if byte.is_ascii_alphanumeric() => counting.push(byte.to_ascii_uppercase()),
            _ => return None,
        }
    }
    (!counting.is_empty()).then_some(counting)
}

fn same_form(first: &[u8], last: &[u8]) -> bool {
    let alike = |(one, other): (&u8, &u8)| one.is_ascii_digit() == other.is_ascii_digit();
    first.len() == last.len() && first.iter().zip(last).all(alike)
}
