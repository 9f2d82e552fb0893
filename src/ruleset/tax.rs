//! Tax classes and rates, and how taxes are found, as data.

use serde::{Deserialize, Serialize};

use super::{PriceBasis, is_default};
use crate::{
    decimal::Decimal,
    json::{FromJson, ToJson},
};

/// A kind of goods for tax, such as `standard` or `books`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TaxClass {
    /// The id that products and shipping methods name.
    pub id: String,
    /// The rates; the first rule that matches the address, the time and the price counts.
    pub rules: Vec<TaxRule>,
}

/// The rates of a class in some countries or parts of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TaxRule {
    /// ISO 3166 countries; every country if empty.
    #[serde(default)]
    pub countries: Vec<String>,
    /// States or provinces, as addresses write them; every one if empty. Case does not matter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<String>,
    /// How the postcode begins; any postcode if empty. Case and spaces do not matter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub postcodes: Vec<String>,
    /// Valid from this tax point on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_ms: Option<i64>,
    /// Valid before this tax point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_ms: Option<i64>,
    /// Only for a unit price of at least this much, in major units and before discounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_unit_price: Option<Decimal>,
    /// Only for a unit price of at most this much. "Under 110" is a rule from 110 on, and after it
    /// one without bounds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum_unit_price: Option<Decimal>,
    /// One or more taxes, in the order in which they are computed (state, county, city).
    pub components: Vec<TaxComponent>,
}

/// One tax.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, FromJson, ToJson,
)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TaxComponent {
    /// The category.
    #[serde(default)]
    pub category: TaxCategory,
    /// The rate in per cent; 0 (also if missing) for Z, E, AE, K, G and O.
    #[serde(default)]
    pub percent: Decimal,
    /// Who levies it, where several do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jurisdiction: Option<String>,
    /// Whether the rate is on the price and the taxes before this one (tax on tax).
    #[serde(default, skip_serializing_if = "is_default")]
    pub compound: bool,
    /// A fixed amount for each unit in place of a rate, in major units (bottle deposit, eco tax).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_per_unit: Option<Decimal>,
    /// Whether compound taxes after this one leave it out of their base.
    #[serde(default, skip_serializing_if = "is_default")]
    pub untaxed: bool,
    /// Why there is no tax, in words (EN 16931 BT-120).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exemption_reason: Option<String>,
    /// Why there is no tax, as a code of the VATEX list such as `VATEX-EU-AE` (EN 16931 BT-121).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exemption_code: Option<String>,
}

/// How taxes are found where a class alone does not say it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Taxation {
    /// Where the taxes of shipping come from; a method can say otherwise.
    #[serde(default, skip_serializing_if = "is_default")]
    pub shipping: ChargeTax,
    /// Where the taxes of charges on the whole document come from. If missing, a charge without
    /// taxes of its own is shared over the lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charges: Option<ChargeTax>,
    /// What becomes of prices that hold the tax of the home country, for a buyer with other taxes.
    #[serde(default, skip_serializing_if = "is_default")]
    pub destination: Destination,
    /// Where a checked tax number of the buyer moves the tax to them; the first that matches counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reverse_charges: Vec<ReverseCharge>,
    /// How old the check of a tax number may be, in milliseconds; any age if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum_check_age_ms: Option<i64>,
    /// Whether each line lists its taxes one by one.
    #[serde(default, skip_serializing_if = "is_default")]
    pub line_taxes: bool,
}

/// Where the taxes of shipping or of another charge come from.
///
/// All but `ownClass` look at the goods; without goods that have a price, `ownClass` counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ChargeTax {
    /// From its own tax class. A charge on the document has none, and is shared over the lines.
    #[default]
    OwnClass,
    /// Shared by the value of the goods of each tax, and taxed as they are.
    ProRata,
    /// As the goods with the highest rate.
    HighestRate,
    /// The rates of the goods, weighted by their net amounts; to four decimals of a per cent.
    AverageRate,
    /// Not taxed (category O).
    None,
}

/// What becomes of unit prices that hold the tax of the home country, for a buyer with other taxes.
/// Shipping keeps its price.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Destination {
    /// What stays the same.
    #[serde(default)]
    pub prices: DestinationPrices,
    /// Decimals of the net unit price in between; not rounded if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub net_digits: Option<u8>,
    /// Decimals of the new unit price; those of the currency if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gross_digits: Option<u8>,
}

/// What stays the same for a buyer with other taxes than those at home.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum DestinationPrices {
    /// The price with tax: everybody pays the same, the shop keeps more or less.
    #[default]
    KeepGross,
    /// The price without tax: the tax at home is taken out, and the buyer's tax put in.
    KeepNet,
}

/// Where a checked foreign tax number of the buyer moves the tax to them.
///
/// In the European Union `AE` is for services (Directive 2006/112/EC article 196) and `K` for goods
/// that leave the country (article 138).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReverseCharge {
    /// ISO 3166 countries that the goods go to.
    pub countries: Vec<String>,
    /// Only these tax classes; all if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tax_classes: Vec<String>,
    /// The tax in place of the others: a category without a rate, with its reason.
    pub tax: TaxComponent,
}

/// Where and when goods are taxed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaxPlace<'a> {
    /// ISO 3166 country.
    pub country: &'a str,
    /// State or province.
    pub region: Option<&'a str>,
    /// Postcode.
    pub postcode: Option<&'a str>,
    /// The tax point.
    pub now_ms: i64,
}

/// A tax category: the codes of UNCL 5305 that EN 16931 uses.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    FromJson,
    ToJson,
)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub enum TaxCategory {
    /// Standard or reduced rate.
    #[default]
    S,
    /// Zero rated.
    Z,
    /// Exempt.
    E,
    /// Reverse charge.
    #[serde(rename = "AE")]
    Ae,
    /// Supply inside the European Union without tax.
    K,
    /// Export without tax.
    G,
    /// Outside the scope of tax.
    O,
    /// Canary Islands (IGIC).
    L,
    /// Ceuta and Melilla (IPSI).
    M,
    /// Split payment (Italy).
    B,
}

impl TaxCategory {
    /// Whether a rate above zero is possible.
    pub fn has_rate(self) -> bool {
        matches!(self, Self::S | Self::L | Self::M | Self::B)
    }
}

impl TaxClass {
    /// Whether there is a rule for (a part of) a country, at some time.
    pub fn serves(&self, country: &str) -> bool {
        self.rules.iter().any(|rule| rule.serves(country))
    }

    /// The first rule that counts at a place, for a unit price where there is one.
    #[inline]
    pub fn rule(&self, place: &TaxPlace<'_>, unit_price: Option<&Decimal>) -> Option<&TaxRule> {
        self.rules.iter().find(|rule| rule.is_at(place) && rule.is_for(unit_price))
    }
}

impl TaxRule {
    /// Whether the rule is for less than whole countries at any time and price.
    pub fn is_narrowed(&self) -> bool {
        !self.regions.is_empty()
            || !self.postcodes.is_empty()
            || self.starts_ms.is_some()
            || self.ends_ms.is_some()
            || self.minimum_unit_price.is_some()
            || self.maximum_unit_price.is_some()
    }

    fn serves(&self, country: &str) -> bool {
        self.countries.is_empty() || self.countries.iter().any(|code| code == country)
    }

    /// Whether the rule counts at a place, whatever the price.
    #[inline]
    pub(crate) fn is_at(&self, place: &TaxPlace<'_>) -> bool {
        self.serves(place.country)
            && self.starts_ms.is_none_or(|start| start <= place.now_ms)
            && self.ends_ms.is_none_or(|end| place.now_ms < end)
            && named(&self.regions, place.region, same_text)
            && named(&self.postcodes, place.postcode, begins_with)
    }

    #[inline]
    fn is_for(&self, unit_price: Option<&Decimal>) -> bool {
        let Some(price) = unit_price else {
            return self.minimum_unit_price.is_none() && self.maximum_unit_price.is_none();
        };
        self.minimum_unit_price.as_ref().is_none_or(|minimum| minimum <= price)
            && self.maximum_unit_price.as_ref().is_none_or(|maximum| price <= maximum)
    }
}

impl TaxComponent {
    /// Whether this is a rate on the price alone.
    pub(crate) fn is_plain(&self) -> bool {
        !self.compound && self.amount_per_unit.is_none()
    }
}

impl PriceBasis {
    /// Whether prices hold the tax.
    pub(crate) fn is_inclusive(self) -> bool {
        self == Self::TaxInclusive
    }
}

fn named(list: &[String], value: Option<&str>, same: fn(&str, &str) -> bool) -> bool {
    list.is_empty() || value.is_some_and(|value| list.iter().any(|it| same(it, value)))
}

fn same_text(one: &str, other: &str) -> bool {
    one.trim().eq_ignore_ascii_case(other.trim())
}

fn begins_with(prefix: &str, postcode: &str) -> bool {
    let letters = |text| {
        let bytes = str::bytes(text).filter(|byte| !byte.is_ascii_whitespace());
        bytes.map(|byte| byte.to_ascii_uppercase())
    };
    let mut code = letters(postcode);
    letters(prefix).all(|byte| code.next() == Some(byte))
}
