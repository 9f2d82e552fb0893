//! Lists of orders: filtered, newest first, page by page.

use core::cmp::Reverse;
use std::collections::BinaryHeap;

use serde::{Deserialize, Serialize, Serializer, ser::SerializeMap};
use uuid::Uuid;

use super::{Replica, Row};
use crate::{
    json::{FromJson, ToJson, Writer},
    status::Summary,
};

/// Which orders to list.
#[derive(Clone, Debug, Default, Deserialize, FromJson)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Query {
    /// Only these summaries; all if empty.
    pub summaries: Vec<Summary>,
    /// Only orders whose number, buyer or tracking number holds every word.
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
    /// Lists orders.
    pub fn list(&self, query: &Query) -> Listing {
        let words: Vec<String> = query.text.split_whitespace().map(str::to_lowercase).collect();
        let mut counts = Counts::default();
        let mut found: Vec<&Row> = Vec::new();
        for row in self.rows() {
            if !words.iter().all(|word| row.search.contains(word.as_str())) {
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
        Listing { rows: rows.map(|row| self.listed(row)).collect(), total, counts }
    }

    /// Every order once: as folded if something of it waits, else as confirmed.
    fn rows(&self) -> impl Iterator<Item = &Row> {
        let confirmed = self.confirmed.iter();
        let settled = confirmed.filter(|(id, _)| self.folded(**id).is_none());
        settled.map(|(_, confirmed)| &confirmed.row).chain(self.folded.iter().map(|it| &it.row))
    }

    fn listed(&self, row: &Row) -> ListedRow {
        ListedRow {
            unsent: self.folded(row.id).is_some(),
            refused: self.is_refused(row.id),
            row: row.clone(),
        }
    }

    fn is_refused(&self, id: Uuid) -> bool {
        let of_order = self.outbox.values().filter(|record| record.command.order == id);
        of_order.into_iter().any(|record| record.verdict.is_some())
    }
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
