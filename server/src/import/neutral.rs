//! The neutral form: one JSON document a line, with the names that most exports can be mapped to.
//!
//! | field | meaning |
//! | --- | --- |
//! | `number` | the number in the source |
//! | `kind` | `sale` (also if missing), `purchase`, `cancellation` or `adjustment` |
//! | `placed_at` | a date, a local date and time, or an instant with `Z` or an offset |
//! | `currency` | ISO 4217; the importer's `--currency` if missing |
//! | `customer`, `customer_name`, `email` | the buyer |
//! | `supplier`, `supplier_name` | the other side of a purchase, taken as the party if no customer is named |
//! | `country`, `region`, `city`, `ship_to` | where the goods go; a country by ISO code or English name |
//! | `shipping` | a charge on the document |
//! | `lines[].sku`, `name` | what; the name may be missing |
//! | `lines[].quantity` | a whole number or a decimal string |
//! | `lines[].unit_price` | the price of one, before discount |
//! | `lines[].list_total` | in place of it: the price of the whole line, before discount |
//! | `lines[].total`, `price`, `net` | the whole line after discount; the first that is given counts |
//! | `lines[].discount_pct` | if none of them is given: the discount as a fraction of one |
//! | `lines[].discounts` | how the discount came about; `loyalty` and `coupon_match` are the seller's |
//! | `lines[].at` | the line's own time, where it differs |
//!
//! Other fields are passed over: published sums, tax, freight by line, statuses, categories.

use std::{borrow::Cow, collections::BTreeMap, fmt};

use orderkit::Decimal;
use serde::{Deserialize, Deserializer, de};

/// One document of the source.
#[derive(Debug, Deserialize)]
pub struct Document<'a> {
    #[serde(borrow)]
    pub number: Cow<'a, str>,
    #[serde(default)]
    pub kind: Kind,
    #[serde(borrow)]
    pub placed_at: Cow<'a, str>,
    #[serde(default)]
    pub currency: Option<String>,
    #[serde(default)]
    pub customer: Option<String>,
    #[serde(default)]
    pub customer_name: Option<String>,
    #[serde(default)]
    pub email: Option<String>,
    #[serde(default)]
    pub supplier: Option<String>,
    #[serde(default)]
    pub supplier_name: Option<String>,
    #[serde(default)]
    pub country: Option<String>,
    #[serde(default)]
    pub region: Option<String>,
    #[serde(default)]
    pub city: Option<String>,
    #[serde(default)]
    pub ship_to: Option<ShipTo>,
    #[serde(default)]
    pub shipping: Option<Decimal>,
    #[serde(borrow)]
    pub lines: Vec<Line<'a>>,
}

/// The kind of a document, in the words of the sources.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    #[default]
    Sale,
    Purchase,
    Cancellation,
    Adjustment,
}

/// A postal address.
#[derive(Debug, Deserialize)]
pub struct ShipTo {
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub address: Option<String>,
    #[serde(default)]
    pub city: Option<String>,
    #[serde(default)]
    pub region: Option<String>,
    #[serde(default)]
    pub postcode: Option<String>,
    #[serde(default)]
    pub country: Option<String>,
}

/// One line of a document. Two lines that are equal in all these fields are exact repeats.
#[derive(Debug, Deserialize, PartialEq, Eq, Hash)]
pub struct Line<'a> {
    #[serde(borrow)]
    pub sku: Cow<'a, str>,
    #[serde(borrow, default)]
    pub name: Option<Cow<'a, str>>,
    #[serde(deserialize_with = "quantity")]
    pub quantity: Decimal,
    #[serde(default)]
    pub unit_price: Option<Decimal>,
    #[serde(default)]
    pub list_total: Option<Decimal>,
    #[serde(default)]
    pub total: Option<Decimal>,
    #[serde(default)]
    pub price: Option<Decimal>,
    #[serde(default)]
    pub net: Option<Decimal>,
    #[serde(default)]
    pub discount_pct: Option<Decimal>,
    #[serde(default)]
    pub discounts: BTreeMap<String, Decimal>,
    #[serde(borrow, default)]
    pub at: Option<Cow<'a, str>>,
}

/// A whole number as JSON number, or any decimal as text. A JSON float is refused: it may already
/// differ from what the source meant.
fn quantity<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    struct Quantity;
    impl de::Visitor<'_> for Quantity {
        type Value = Decimal;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a whole number, or a decimal written as a string, such as \"1.5\"")
        }
        fn visit_i64<E: de::Error>(self, value: i64) -> Result<Decimal, E> {
            Decimal::from_parts(value.into(), 0).ok_or_else(|| E::custom("too large a quantity"))
        }
        fn visit_u64<E: de::Error>(self, value: u64) -> Result<Decimal, E> {
            Decimal::from_parts(value.into(), 0).ok_or_else(|| E::custom("too large a quantity"))
        }
        fn visit_str<E: de::Error>(self, text: &str) -> Result<Decimal, E> {
            text.parse().map_err(E::custom)
        }
    }
    deserializer.deserialize_any(Quantity)
}
