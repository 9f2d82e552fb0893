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
            self.require(!zone.places.is_empty(), &around, "places", "a zone needs a place");
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
        self.require(met, at, "", "a place needs a country, region, city or postcode");
        for (index, prefix) in place.postcode_prefixes.iter().enumerate() {
            let reason = "a beginning of a postcode has only letters, digits and spaces";
            let at = at.item("postcodePrefixes", index);
            self.require(form(prefix).is_some(), &at, "", reason);
        }
        for (index, PostcodeRange { from, to }) in place.postcode_ranges.iter().enumerate() {
            let reason = match (form(from), form(to)) {
                (Some(first), Some(last)) if !same_form(&first, &last) => {
                    "both ends of a range need letters and digits in the same places"
                }
                (Some(first), Some(last)) if first > last => "the range ends before it begins",
                (Some(_), Some(_)) => continue,
                _ => "a postcode has only letters, digits, spaces and hyphens",
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
