//! Lists of orders: filtered, newest first, page by page.

use core::cmp::Reverse;
use std::collections::BinaryHeap;

use serde::{Deserialize, Serialize, Serializer, ser::SerializeMap};
use uuid::Uuid;

use super::{Replica, Row};
use crate::{
    json::{FromJson, ToJson, Writer},
    numbering::{is_near, look_alike_key},
    status::Summary,
};

/// Numbers that are offered at most.
const MAX_SUGGESTIONS: usize = 5;
/// The shortest text that is looked up as a number: shorter ones are in most of them.
const SHORTEST_KEY: usize = 4;

/// Which orders to list.
#[derive(Clone, Debug, Default, Deserialize, FromJson)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Query {
    /// Only these summaries; all if empty.
    pub summaries: Vec<Summary>,
    /// Only orders whose number, buyer or tracking number holds every word, or whose number is this as
    /// somebody typed it: without separators, with look-alikes.
    pub text: String,
    /// Skip so many.
    pub offset: usize,
    /// At most so many; 50 if zero.
    pub limit: usize,
}

/// A page of a list.
#[derive(Clone, Debug, Serialize, ToJson)]
#[serde(rename_all = "camelCase")]
pub struct Listing {
    /// The rows, newest first.
    pub rows: Vec<ListedRow>,
    /// How many orders the query finds in all.
    pub total: usize,
    /// How many orders there are by summary, whatever the query's summaries.
    pub counts: Counts,
    /// Numbers that are one typing error from the text, the latest orders first, if nothing has it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub suggestions: Vec<NumberSuggestion>,
}

/// An order that somebody may have meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson)]
#[serde(rename_all = "camelCase")]
pub struct NumberSuggestion {
    /// The order.
    pub id: Uuid,
    /// Its number.
    pub number: String,
}

/// A row with how far it has come on its way to the server.
#[derive(Clone, Debug, Serialize, ToJson)]
#[serde(rename_all = "camelCase")]
pub struct ListedRow {
    /// The row.
    pub row: Row,
    /// Whether something of it is only on this device.
    pub unsent: bool,
    /// Whether the server refused something of it.
    pub refused: bool,
}

impl Replica {
    /// What a list shows of one order, if it is here. It need not be in memory for it.
    pub fn row(&self, id: Uuid) -> Option<&Row> {
        self.orders.get(id)?.row()
    }

    /// Lists orders.
    pub fn list(&self, query: &Query) -> Listing {
        let words: Vec<String> = query.text.split_whitespace().map(str::to_lowercase).collect();
        let key = typed_key(&query.text);
        let mut counts = Counts::default();
        let mut found: Vec<&Row> = Vec::new();
        for (_, row) in self.orders.rows() {
            let has_words = words.iter().all(|word| row.search.contains(word.as_str()));
            if !has_words && !is_number(row, &key) {
                continue;
            }
            counts.add(row.summary);
            if query.summaries.is_empty() || query.summaries.contains(&row.summary) {
                found.push(row);
            }
        }
        let limit = if query.limit == 0 { 50 } else { query.limit };
        let total = counts.of(&query.summaries);
        let newest = newest(&found, query.offset.saturating_add(limit));
        let rows = newest.into_iter().skip(query.offset).filter_map(|at| found.get(at));
        let is_found = counts.of(&[]) > 0;
        let suggestions = if is_found { Vec::new() } else { self.suggestions(&key) };
        Listing { rows: rows.map(|row| self.listed(row)).collect(), total, counts, suggestions }
    }

    /// The orders whose number is one typing error from a key, the latest first.
    fn suggestions(&self, key: &str) -> Vec<NumberSuggestion> {
        if key.is_empty() {
            return Vec::new();
        }
        let rows = self.orders.rows().map(|(_, row)| row);
        let near: Vec<&Row> =
            rows.filter(|row| is_near(&look_alike_key(&row.number), key)).collect();
        let newest = newest(&near, MAX_SUGGESTIONS);
        let rows = newest.into_iter().filter_map(|at| near.get(at));
        rows.map(|row| NumberSuggestion { id: row.id, number: row.number.clone() }).collect()
    }

    fn listed(&self, row: &Row) -> ListedRow {
        ListedRow {
            unsent: self.waits(row.id),
            refused: self.records_of(row.id).any(|record| record.verdict.is_some()),
            row: row.clone(),
        }
    }
}

/// The key of a text that may be a number: of four characters or more, with a digit among them.
fn typed_key(text: &str) -> String {
    let key = look_alike_key(text);
    let is_number = key.len() >= SHORTEST_KEY && text.bytes().any(|byte| byte.is_ascii_digit());
    // Full-width digits are digits of a key.
    if is_number || (key.len() >= SHORTEST_KEY && !text.is_ascii()) { key } else { String::new() }
}

fn is_number(row: &Row, key: &str) -> bool {
    !key.is_empty() && look_alike_key(&row.number).contains(key)
}

/// The positions of the newest rows, at most so many, the newest first.
fn newest(rows: &[&Row], most: usize) -> Vec<usize> {
    // The oldest of those kept is on top: only the wanted pages are ever put in order.
    let mut kept = BinaryHeap::new();
    for (row, at) in rows.iter().zip(0_usize..) {
        kept.push((Reverse(row.placed_ms), row.id, at));
        if kept.len() > most {
            kept.pop();
        }
    }
    kept.into_sorted_vec().into_iter().map(|(_, _, at)| at).collect()
}

/// How many orders there are by summary; an object in JSON.
#[derive(Clone, Debug, Default)]
pub struct Counts([usize; Summary::ALL.len()]);

impl Counts {
    fn add(&mut self, summary: Summary) {
        let at = Summary::ALL.iter().position(|known| *known == summary);
        if let Some(count) = at.and_then(|at| self.0.get_mut(at)) {
            *count = count.saturating_add(1);
        }
    }

    fn each(&self) -> impl Iterator<Item = (Summary, usize)> {
        Summary::ALL.iter().copied().zip(self.0)
    }

    /// The orders with one of these summaries; all if none is named.
    pub fn of(&self, summaries: &[Summary]) -> usize {
        let wanted = |summary: &Summary| summaries.is_empty() || summaries.contains(summary);
        self.each().filter(|(summary, _)| wanted(summary)).map(|(_, count)| count).sum()
    }
}

impl ToJson for Counts {
    fn write(&self, writer: &mut Writer<'_>) {
        writer.open(b'{');
        for (summary, count) in self.each() {
            writer.key(summary.as_str());
            count.write(writer);
        }
        writer.close(b'}');
    }
}

impl Serialize for Counts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (summary, count) in self.each() {
            map.serialize_entry(summary.as_str(), &count)?;
        }
        map.end()
    }
}
