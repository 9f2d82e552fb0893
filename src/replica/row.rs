//! What a list shows of an order: kept beside the packed bytes, so that a list unpacks nothing.

use serde::Serialize;
use uuid::Uuid;

use super::look_alike::likeness;
use crate::{
    exceptions::{Exception, ExceptionSet, Lateness, standing},
    issue::Refusal,
    json::ToJson,
    money::Amount,
    order::Order,
    ruleset::LocalText,
    status::Summary,
};

/// One line of an order list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// The id.
    pub id: Uuid,
    /// The number for people.
    pub number: String,
    /// The one word.
    pub summary: Summary,
    /// When it was placed.
    pub placed_ms: i64,
    /// The total with tax.
    pub total_minor: Amount,
    /// The currency code.
    pub currency: String,
    /// The buyer's name, or id where the name is not known.
    pub customer: String,
    /// ISO 3166 country, or empty.
    pub country: String,
    /// The first item, to recognise the order by.
    pub first_item: LocalName,
    /// How many lines.
    pub lines: u32,
    /// Lower-case text that a search looks into; lists do not carry it.
    #[serde(skip_serializing)]
    pub search: String,
    /// The same for orders of one buyer for the same goods; 0 without a buyer.
    #[serde(skip_serializing)]
    pub likeness: u64,
    /// What is unusual about it whatever the time is.
    #[serde(skip_serializing_if = "ExceptionSet::is_empty")]
    pub exceptions: ExceptionSet,
    /// The same with all that is known of it; lists do not carry it.
    #[serde(skip_serializing)]
    pub standing: Vec<Exception>,
    /// What of it may be late; lists do not carry it.
    #[serde(skip_serializing)]
    pub lateness: Lateness,
}

/// Which state of an order a row shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    /// The server's count of changes.
    pub seq: u64,
    /// How many events the order has.
    pub revision: u64,
    /// Its part in the checksum.
    pub digest: u64,
}

/// A name in both languages, in a form that a packed row can hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToJson)]
#[serde(rename_all = "camelCase")]
pub struct LocalName {
    /// English.
    pub en: String,
    /// Chinese, or empty.
    pub zh: String,
}

impl Row {
    /// The row of an order.
    ///
    /// # Errors
    ///
    /// `amount_too_large` if the payments add up beyond 2^53 − 1.
    pub fn of(order: &Order) -> Result<Self, Refusal> {
        let customer = order.details.customer.as_ref();
        let name = customer.map(|customer| customer.name.as_str()).filter(|name| !name.is_empty());
        let id = customer.and_then(|customer| customer.id.as_deref());
        let first = order.lines.first();
        let standing = standing(order)?;
        Ok(Self {
            id: order.id,
            number: order.number.clone(),
            summary: order.derived()?.summary,
            placed_ms: order.placed_ms,
            total_minor: order.totals.gross_minor,
            currency: order.currency.code().to_owned(),
            customer: name.or(id).unwrap_or_default().to_owned(),
            country: order.details.country().unwrap_or_default().to_owned(),
            first_item: first
                .map(|line| line_name(line.name.as_ref(), &line.sku))
                .unwrap_or_default(),
            lines: u32::try_from(order.lines.len()).unwrap_or(u32::MAX),
            search: search_text(order),
            likeness: likeness(&order.draft),
            exceptions: ExceptionSet::of(&standing),
            standing,
            lateness: Lateness::of(order),
        })
    }
}

fn line_name(name: Option<&LocalText>, sku: &str) -> LocalName {
    match name {
        Some(name) => LocalName { en: name.en.clone(), zh: name.zh.clone().unwrap_or_default() },
        None => LocalName { en: sku.to_owned(), zh: String::new() },
    }
}

fn search_text(order: &Order) -> String {
    let customer = order.details.customer.as_ref();
    let mut words: Vec<&str> = vec![&order.number];
    words.extend(order.aliases.iter().map(String::as_str));
    words.extend(customer.map(|customer| customer.name.as_str()));
    words.extend(customer.and_then(|customer| customer.id.as_deref()));
    words.extend(customer.and_then(|customer| customer.email.as_deref()));
    words.extend(customer.and_then(|customer| customer.phone.as_deref()));
    words.extend(order.shipments.iter().filter_map(|shipment| shipment.tracking.as_deref()));
    words.join(" ").to_lowercase()
}
