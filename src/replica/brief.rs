//! What a list shows of an order, as the server tells it with the order.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{LocalName, Row, protocol::order_digest};
use crate::{
    exceptions::{Exception, ExceptionSet, Lateness},
    issue::Refusal,
    json::{FromJson, ToJson},
    money::Amount,
    order::{Order, OrderLog},
    status::Summary,
};

/// Raised whenever a brief of the same order would be another one: briefs are stored with their orders and not worked out again.
pub const BRIEF_FORMAT: u32 = 2;

/// What a client needs of an order to list it, so that it need not open each of thousands when it pulls them.
///
/// The server works it out by the very same rules when the order changes. A client of another version works it out itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Brief {
    /// [`BRIEF_FORMAT`]; one that is not known is not looked at.
    pub v: u32,
    /// The order.
    pub id: Uuid,
    /// How many events it has.
    pub revision: u64,
    /// Its part in the checksum, in hexadecimal: [`order_digest`].
    pub digest: String,
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
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub customer: String,
    /// ISO 3166 country, or empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub country: String,
    /// The first item, in English.
    pub item: String,
    /// The first item, in Chinese, or empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub item_zh: String,
    /// How many lines.
    pub lines: u32,
    /// Lower-case text that a search looks into.
    pub search: String,
    /// The same for orders of one buyer for the same goods, in hexadecimal.
    pub likeness: String,
    /// What is unusual about it whatever the time is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<Exception>,
    /// What of it may be late.
    #[serde(default, skip_serializing_if = "Lateness::is_empty")]
    pub lateness: Lateness,
}

impl Brief {
    /// That of an order, which is the fold of this log.
    ///
    /// # Errors
    ///
    /// `amount_too_large` if the payments add up beyond 2^53 − 1.
    pub fn of(order: &Order, log: &OrderLog) -> Result<Self, Refusal> {
        let digest = order_digest(order.id, order.revision, log.head());
        let row = Row::of(order)?;
        Ok(Self {
            v: BRIEF_FORMAT,
            id: row.id,
            revision: order.revision,
            digest: format!("{digest:x}"),
            number: row.number,
            summary: row.summary,
            placed_ms: row.placed_ms,
            total_minor: row.total_minor,
            currency: row.currency,
            customer: row.customer,
            country: row.country,
            item: row.first_item.en,
            item_zh: row.first_item.zh,
            lines: row.lines,
            search: row.search,
            likeness: format!("{:x}", row.likeness),
            exceptions: row.standing,
            lateness: row.lateness,
        })
    }

    /// Its part in the checksum and its row; nothing if it is of another version.
    pub(super) fn into_row(self) -> Option<(u64, Row)> {
        if self.v != BRIEF_FORMAT {
            return None;
        }
        let digest = u64::from_str_radix(&self.digest, 16).ok()?;
        let row = Row {
            id: self.id,
            number: self.number,
            summary: self.summary,
            placed_ms: self.placed_ms,
            total_minor: self.total_minor,
            currency: self.currency,
            customer: self.customer,
            country: self.country,
            first_item: LocalName { en: self.item, zh: self.item_zh },
            lines: self.lines,
            search: self.search,
            likeness: u64::from_str_radix(&self.likeness, 16).ok()?,
            exceptions: ExceptionSet::of(&self.exceptions),
            standing: self.exceptions,
            lateness: self.lateness,
        };
        Some((digest, row))
    }
}
