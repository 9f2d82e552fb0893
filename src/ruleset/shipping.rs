//! How goods get to the customer, and what that costs: methods, zones and rate tables.
//!
//! A method has a price for each order, tables of rates, or both. A table measures the goods of one
//! template and looks its price up in the first row whose zone holds the address.

use serde::{Deserialize, Serialize};

use super::{ChargeTax, LocalText, PriceBasis, Ruleset, ThresholdBasis};
use crate::{
    decimal::Decimal,
    json::{FromJson, ToJson},
    money::Amount,
};

/// A way to deliver, with its price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ShippingMethod {
    /// The id that drafts name.
    pub id: String,
    /// The name that customers see.
    pub name: LocalText,
    /// Whether the goods are sent or fetched.
    #[serde(default, skip_serializing_if = "ShippingKind::is_delivery")]
    pub kind: ShippingKind,
    /// The price of an order, in the shop's price basis; on top of the tables where there are some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_minor: Option<Amount>,
    /// Rates by what the goods measure, one table for each template of products.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<ShippingTable>,
    /// How the tables of one order go together.
    #[serde(default, skip_serializing_if = "TemplateCombination::is_sum")]
    pub combination: TemplateCombination,
    /// What some orders cost more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub surcharges: Vec<ShippingSurcharge>,
    /// Free from this value of the items on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub free_over_minor: Option<Amount>,
    /// Free from this quantity of the items on; with `freeOverMinor` both must be reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub free_over_quantity: Option<Decimal>,
    /// Whether the value that makes it free counts before or after discounts; also in the tables.
    #[serde(default)]
    pub free_over_basis: ThresholdBasis,
    /// Whether every other value of the items counts before or after discounts: bands and
    /// percentages, the minimum and the maximum.
    #[serde(default, skip_serializing_if = "ThresholdBasis::is_default")]
    pub value_basis: ThresholdBasis,
    /// The items must be worth at least this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_order_minor: Option<Amount>,
    /// The items must be worth at most this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum_value_minor: Option<Amount>,
    /// The items must weigh at most this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum_weight_grams: Option<u32>,
    /// Whether a carrier names the price, in the context. The method's own price is then an
    /// estimate for the time without a quote that is good.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub carrier: bool,
    /// The tax class of the charge.
    pub tax_class: String,
    /// Where the taxes of the charge come from, where it differs from the shop's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax: Option<ChargeTax>,
    /// Whether the price holds the tax, where it differs from the shop's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_basis: Option<PriceBasis>,
    /// ISO 3166 countries that are served; every country if empty.
    #[serde(default)]
    pub countries: Vec<String>,
    /// Zones that are served; every place in `countries` if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub zones: Vec<String>,
    /// Zones that are not served.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub except_zones: Vec<String>,
}

/// Whether goods are sent or fetched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ShippingKind {
    /// They are sent to the address.
    #[default]
    Delivery,
    /// The customer fetches them: no address is needed, and where the customer lives does not matter.
    PickUp,
}

/// How the tables of one order go together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum TemplateCombination {
    /// Their prices are added.
    #[default]
    Sum,
    /// The table with the highest first price counts in full. All goods of the others are counted in
    /// their further steps alone, and a table without further steps costs nothing.
    HighestFirst,
    /// Only the highest price counts.
    Highest,
}

/// What a table measures. Sizes and bands of its rates are in the unit named here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ShippingMeasure {
    /// Pieces, or whatever else quantities count.
    #[default]
    Quantity,
    /// Grams.
    Weight,
    /// Cubic millimetres.
    Volume,
    /// Minor units of the currency.
    Value,
}

/// The rates for the goods of one template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ShippingTable {
    /// Only products with this `shippingTemplate`; all that no other table names if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// What is measured of all these goods together.
    #[serde(default)]
    pub measure: ShippingMeasure,
    /// With weights: length × width × height in mm³ divided by this counts as grams where it is more
    /// than the weight. 5000 is the 5000 cm³ for a kilogram of many carriers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volumetric_divisor: Option<u32>,
    /// What was measured is rounded up to a multiple of this, such as 500 grams.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round_up_to: Option<u32>,
    /// The first row whose zone holds the address counts: put the smallest zone first, and a row
    /// without zones (everywhere else) last. Without it, no other place is served.
    pub rows: Vec<ShippingRow>,
}

/// The rates of a table in some zones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ShippingRow {
    /// The zones; everywhere if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub zones: Vec<String>,
    /// Nothing is delivered there.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub no_delivery: bool,
    /// The rates by band; one without `from` and `to` counts for every measure.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rates: Vec<ShippingRate>,
    /// Free from this value of the table's goods on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub free_over_minor: Option<Amount>,
    /// Free from this quantity of the table's goods on; with `freeOverMinor` both must be reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub free_over_quantity: Option<Decimal>,
}

/// A price for what was measured: the sum of all that is given here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ShippingRate {
    /// From this measure on; 0 if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Decimal>,
    /// Below this measure; no end if missing. What is beyond the last band cannot be delivered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Decimal>,
    /// A fixed price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_minor: Option<Amount>,
    /// A percentage of the value of the table's goods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<Decimal>,
    /// A price for the first part of the measure (首件, 首重).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<ShippingStep>,
    /// A price for each step beyond it, or for each step of all if there is no first (续件, 续重).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub further: Option<ShippingStep>,
    /// A parcel holds so much: each begun parcel pays `first` and `further` again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parcel_size: Option<Decimal>,
    /// The price is at least this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_minor: Option<Amount>,
    /// The price is at most this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum_minor: Option<Amount>,
}

/// So much of what is measured, for a price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ShippingStep {
    /// How much, in the unit of the table's measure.
    pub size: Decimal,
    /// The price.
    pub price_minor: Amount,
    /// Whether a part of a further step costs a part of the price; a whole one if not.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub proportional: bool,
}

/// What some orders cost more. It applies where all that is named is so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ShippingSurcharge {
    /// A stable id; the trace names it.
    pub id: String,
    /// The name that customers see.
    pub name: LocalText,
    /// Only with one of these payment methods, such as cash on delivery.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub payment_methods: Vec<String>,
    /// Only in these zones, such as remote areas.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub zones: Vec<String>,
    /// Only for goods with one of these tags, such as fragile or oversize.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// A fixed amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_minor: Option<Amount>,
    /// Whether that amount counts for each unit of these goods; once an order if not.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub per_unit: bool,
    /// A percentage of the value of these goods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<Decimal>,
    /// Whether it falls away where the method is free.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub waived_if_free: bool,
}

/// A part of the world, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ShippingZone {
    /// The id that methods, rows and surcharges name.
    pub id: String,
    /// The places that belong to it.
    pub places: Vec<ShippingPlace>,
    /// Places inside them that do not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<ShippingPlace>,
}

/// Addresses that have something in common. They must match every list that is not empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ShippingPlace {
    /// ISO 3166 countries.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub countries: Vec<String>,
    /// States or provinces, as addresses spell them or by ISO 3166-2 code, with or without country.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<String>,
    /// Cities, towns or districts, as addresses spell them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cities: Vec<String>,
    /// Beginnings of postcodes; with ranges, one of both must match. Spaces and hyphens do not count,
    /// except that a space at the end asks for exactly three more characters (`IV1 ` leaves out IV10).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub postcode_prefixes: Vec<String>,
    /// Ranges of postcodes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub postcode_ranges: Vec<PostcodeRange>,
}

/// Postcodes between two, both included, compared by as many characters as these have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PostcodeRange {
    /// The first, such as `97400`, or `974` for all that begin so.
    pub from: String,
    /// The last, of the same form.
    pub to: String,
}

impl ShippingKind {
    fn is_delivery(&self) -> bool {
        *self == Self::Delivery
    }
}

impl TemplateCombination {
    fn is_sum(&self) -> bool {
        *self == Self::Sum
    }
}

impl ShippingPlace {
    /// Whether any address of a country can match.
    pub fn may_hold(&self, country: &str) -> bool {
        self.countries.is_empty() || self.countries.iter().any(|code| code == country)
    }
}

impl Ruleset {
    /// The zone of an id.
    pub fn shipping_zone(&self, id: &str) -> Option<&ShippingZone> {
        self.shipping_zones.iter().find(|zone| zone.id == id)
    }

    /// Whether a method can deliver to any address of a country.
    pub fn may_ship_to(&self, method: &ShippingMethod, country: &str) -> bool {
        let listed = |zones: &[String]| zones.is_empty() || self.may_zones_hold(zones, country);
        let open = |row: &ShippingRow| !row.no_delivery && listed(&row.zones);
        method.kind == ShippingKind::PickUp
            || (method.countries.is_empty() || method.countries.iter().any(|code| code == country))
                && listed(&method.zones)
                && (method.tables.is_empty()
                    || method.tables.iter().any(|table| table.rows.iter().any(open)))
    }

    /// Whether any address of a country can lie in one of some zones.
    pub(crate) fn may_zones_hold(&self, zones: &[String], country: &str) -> bool {
        let mut known = zones.iter().filter_map(|id| self.shipping_zone(id));
        known.any(|zone| zone.places.iter().any(|place| place.may_hold(country)))
    }
}
