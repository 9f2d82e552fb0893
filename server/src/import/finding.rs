//! What is unusual in a document. Nothing is dropped for it: it is named and counted.

use std::collections::HashSet;

use orderkit::{Decimal, ImportFinding};
use serde::{Deserialize, Serialize};

use super::{
    convention::Convention,
    neutral::{Document, Kind, Line},
    place,
};

/// A class of unusual lines or documents. The order is that of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Class {
    /// A quantity below zero outside cancellations: a correction of the stock.
    NegativeQuantity,
    /// A quantity of zero.
    QuantityZero,
    /// A price of zero.
    PriceZero,
    /// A price below zero.
    PriceNegative,
    /// No name.
    NameMissing,
    /// The same as an earlier line of the document in every field.
    LineRepeated,
    /// Postage, a discount, a fee, a voucher or a booking instead of goods.
    NotGoods,
    /// A time of its own.
    TimeDiffers,
    /// The document names no customer; counts all its lines.
    CustomerMissing,
    /// The document names a country without ISO code; counts all its lines.
    CountryUnknown,
    /// Another order has the document's number; it was stored with a suffix. Counts all its lines.
    NumberTaken,
}

impl Class {
    /// Every class.
    pub const ALL: [Self; 11] = [
        Self::NegativeQuantity,
        Self::QuantityZero,
        Self::PriceZero,
        Self::PriceNegative,
        Self::NameMissing,
        Self::LineRepeated,
        Self::NotGoods,
        Self::TimeDiffers,
        Self::CustomerMissing,
        Self::CountryUnknown,
        Self::NumberTaken,
    ];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NegativeQuantity => "negativeQuantity",
            Self::QuantityZero => "quantityZero",
            Self::PriceZero => "priceZero",
            Self::PriceNegative => "priceNegative",
            Self::NameMissing => "nameMissing",
            Self::LineRepeated => "lineRepeated",
            Self::NotGoods => "notGoods",
            Self::TimeDiffers => "timeDiffers",
            Self::CustomerMissing => "customerMissing",
            Self::CountryUnknown => "countryUnknown",
            Self::NumberTaken => "numberTaken",
        }
    }

    /// This class with a number of lines, as an order keeps it.
    pub fn finding(self, lines: u32) -> ImportFinding {
        ImportFinding { class: self.as_str().to_owned(), lines }
    }
}

/// The classes of a document with the number of lines of each, in the order of [`Class::ALL`].
pub fn classify(document: &Document<'_>, convention: &Convention) -> Vec<(Class, u32)> {
    let mut counts = [0_u32; Class::ALL.len()];
    let mut seen: HashSet<&Line<'_>> = HashSet::with_capacity(document.lines.len());
    let mut count = |class: Class, lines: usize| {
        if let Some(at) = Class::ALL.iter().position(|known| *known == class) {
            counts[at] = counts[at].saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        }
    };
    let may_be_negative = matches!(document.kind, Kind::Cancellation);
    for line in &document.lines {
        let price = price(line);
        let findings = [
            (Class::NegativeQuantity, line.quantity.is_negative() && !may_be_negative),
            (Class::QuantityZero, line.quantity.is_zero()),
            (Class::PriceZero, price.is_zero()),
            (Class::PriceNegative, price.is_negative()),
            (Class::NameMissing, line.name.as_deref().is_none_or(str::is_empty)),
            (Class::LineRepeated, !seen.insert(line)),
            (Class::NotGoods, convention.is_not_goods(&line.sku)),
            (Class::TimeDiffers, line.at.is_some()),
        ];
        for (class, found) in findings {
            count(class, usize::from(found));
        }
    }
    if document.customer.is_none() && document.supplier.is_none() {
        count(Class::CustomerMissing, document.lines.len());
    }
    if country(document).is_some_and(|name| place::country_code(name).is_none()) {
        count(Class::CountryUnknown, document.lines.len());
    }
    Class::ALL.into_iter().zip(counts).filter(|(_, lines)| *lines > 0).collect()
}

/// The country as the source names it.
pub fn country<'d>(document: &'d Document<'_>) -> Option<&'d str> {
    let of_address = document.ship_to.as_ref().and_then(|address| address.country.as_deref());
    of_address.or(document.country.as_deref()).filter(|name| !name.is_empty())
}

/// The price of one, or of the whole line where the source names no other. A quantity below zero
/// does not make the price negative.
fn price(line: &Line<'_>) -> Decimal {
    if let Some(price) = line.unit_price {
        return price;
    }
    let whole = line.list_total.or(line.total).or(line.price).or(line.net).unwrap_or_default();
    if line.quantity.is_negative() {
        Decimal::ZERO.checked_sub(whole).unwrap_or(whole)
    } else {
        whole
    }
}
