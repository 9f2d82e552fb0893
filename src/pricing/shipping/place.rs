//! Where the goods go, and which zones hold that address.

use core::{cell::Cell, cmp::Ordering};

use super::issue;
use crate::{
    draft::Details,
    issue::{Code, Issue},
    ruleset::{PostcodeRange, Ruleset, ShippingKind, ShippingMethod, ShippingPlace, ShippingZone},
};

/// The address as far as it is known.
pub(super) struct Destination<'a> {
    ruleset: &'a Ruleset,
    country: &'a str,
    region: Option<&'a str>,
    city: Option<&'a str>,
    postcode: Option<&'a str>,
    /// Whether a zone asked for a part of the address that is not known yet.
    incomplete: Cell<bool>,
}

/// Whether an address matches; not known while a part of it is missing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Match {
    No,
    Unknown,
    Yes,
}

impl<'a> Destination<'a> {
    pub(super) fn new(details: &'a Details, ruleset: &'a Ruleset, country: &'a str) -> Self {
        let address = details.shipping_address.as_ref().or(details.billing_address.as_ref());
        let filled = |text: &'a str| Some(text.trim()).filter(|text| !text.is_empty());
        Self {
            ruleset,
            country,
            region: address.and_then(|address| filled(address.region.as_deref()?)),
            city: address.and_then(|address| filled(&address.city)),
            postcode: address.and_then(|address| filled(address.postcode.as_deref()?)),
            incomplete: Cell::new(false),
        }
    }

    /// Whether a zone asked for a part of the address that is not known yet.
    pub(super) fn is_incomplete(&self) -> bool {
        self.incomplete.get()
    }

    /// Whether one of some zones holds the address. What is not known counts as not matching.
    pub(super) fn is_in(&self, zones: &[String]) -> bool {
        zones.iter().filter_map(|id| self.ruleset.shipping_zone(id)).any(|zone| self.in_zone(zone))
    }

    fn in_zone(&self, zone: &ShippingZone) -> bool {
        let best = |places: &[ShippingPlace]| {
            places.iter().map(|place| self.matches(place)).max().unwrap_or(Match::No)
        };
        let inside = best(&zone.places);
        if inside == Match::No {
            return false;
        }
        let outside = best(&zone.except);
        if outside != Match::Yes && (inside == Match::Unknown || outside == Match::Unknown) {
            self.incomplete.set(true);
        }
        inside == Match::Yes && outside != Match::Yes
    }

    fn matches(&self, place: &ShippingPlace) -> Match {
        if !place.may_hold(self.country) {
            return Match::No;
        }
        let region = listed(&place.regions, self.region, |own, listed| {
            self.without_country(own).eq_ignore_ascii_case(self.without_country(listed))
        });
        let city = listed(&place.cities, self.city, |own, listed| own.eq_ignore_ascii_case(listed));
        region.min(city).min(self.postcode_matches(place))
    }

    /// The part of an ISO 3166-2 code after the country.
    fn without_country<'t>(&self, region: &'t str) -> &'t str {
        let parts = region.trim().split_once('-');
        match parts {
            Some((country, rest)) if country.eq_ignore_ascii_case(self.country) => rest,
            _ => region.trim(),
        }
    }

    fn postcode_matches(&self, place: &ShippingPlace) -> Match {
        if place.postcode_prefixes.is_empty() && place.postcode_ranges.is_empty() {
            return Match::Yes;
        }
        let Some(postcode) = self.postcode else { return Match::Unknown };
        let found = place.postcode_prefixes.iter().any(|prefix| begins(postcode, prefix))
            || place.postcode_ranges.iter().any(|range| lies_in(postcode, range));
        if found { Match::Yes } else { Match::No }
    }

    /// The address in a few words: the country, the region, and the most exact part that is known.
    fn in_words(&self) -> String {
        let mut words = self.country.to_owned();
        for part in [self.region, self.postcode.or(self.city)].into_iter().flatten() {
            words.push(' ');
            words.push_str(part);
        }
        words
    }

    /// An issue that names the address.
    pub(super) fn refuse(&self, code: Code, method: &ShippingMethod) -> Issue {
        let refused = issue(code, method).with("country", self.country);
        if code == Code::ShippingNotServed {
            refused
        } else {
            refused.with("place", self.in_words())
        }
    }

    /// No zone of a list holds the address: because of its country, or of where it lies inside.
    pub(super) fn not_in(&self, zones: &[String], method: &ShippingMethod) -> Issue {
        let inside = self.ruleset.may_zones_hold(zones, self.country);
        let code = if inside { Code::ShippingPlaceNotServed } else { Code::ShippingNotServed };
        self.refuse(code, method)
    }
}

/// Whether the method delivers to the address, whatever the goods.
pub(super) fn serves(method: &ShippingMethod, destination: &Destination<'_>) -> Result<(), Issue> {
    if method.kind == ShippingKind::PickUp {
        return Ok(());
    }
    let countries = &method.countries;
    if !countries.is_empty() && !countries.iter().any(|code| code == destination.country) {
        return Err(destination.refuse(Code::ShippingNotServed, method));
    }
    if destination.is_in(&method.except_zones) {
        return Err(destination.refuse(Code::ShippingExcluded, method));
    }
    if !method.zones.is_empty() && !destination.is_in(&method.zones) {
        return Err(destination.not_in(&method.zones, method));
    }
    Ok(())
}

fn listed(list: &[String], own: Option<&str>, same: impl Fn(&str, &str) -> bool) -> Match {
    match own {
        _ if list.is_empty() => Match::Yes,
        None => Match::Unknown,
        Some(own) if list.iter().any(|listed| same(own, listed.trim())) => Match::Yes,
        Some(_) => Match::No,
    }
}

/// The characters of a postcode that count.
fn characters(postcode: &str) -> impl Iterator<Item = u8> {
    let counting = postcode.bytes().filter(u8::is_ascii_alphanumeric);
    counting.map(|byte| byte.to_ascii_uppercase())
}

fn begins(postcode: &str, prefix: &str) -> bool {
    /// The inward code of a British postcode.
    const INWARD: usize = 3;
    let mut own = characters(postcode);
    characters(prefix).all(|character| own.next() == Some(character))
        && (!prefix.ends_with(' ') || own.count() == INWARD)
}

fn lies_in(postcode: &str, range: &PostcodeRange) -> bool {
    let length = characters(&range.from).count();
    let own = || characters(postcode).take(length);
    own().count() == length
        && own().cmp(characters(&range.from)) != Ordering::Less
        && own().cmp(characters(&range.to)) != Ordering::Greater
}

#[cfg(test)]
mod tests {
    use super::{begins, lies_in};
    use crate::ruleset::PostcodeRange;

    #[test]
    fn prefixes_ignore_case_spaces_and_hyphens() {
        for (postcode, prefix, expected) in [
            ("IV27 4XX", "IV", true),
            ("iv274xx", "IV2", true),
            ("IV10 8XX", "IV1", true),
            ("IV10 8XX", "IV1 ", false),
            ("IV1 1AA", "IV1 ", true),
            ("iv11aa", "IV1 ", true),
            ("00-950", "009", true),
            ("I", "IV", false),
            ("10117", "101", true),
        ] {
            assert_eq!(begins(postcode, prefix), expected, "{postcode} {prefix:?}");
        }
    }

    #[test]
    fn ranges_hold_both_ends_and_compare_as_many_characters_as_they_have() {
        for (postcode, from, to, expected) in [
            ("97400", "97400", "97499", true),
            ("97499", "97400", "97499", true),
            ("97399", "97400", "97499", false),
            ("97500", "97400", "97499", false),
            ("97412", "974", "976", true),
            ("9741", "97400", "97499", false),
            ("22222-1234", "22222", "22223", true),
            ("K1A 0B1", "K1A", "K1C", true),
        ] {
            let range = PostcodeRange { from: from.to_owned(), to: to.to_owned() };
            assert_eq!(lies_in(postcode, &range), expected, "{postcode} {from}-{to}");
        }
    }
}
