//! What a client writes: one transaction, all of it or nothing.

use serde::Serialize;
use serde_json::value::RawValue;

use super::Progress;
use crate::{
    json::ToJson,
    replica::{OutboxRecord, PageWrites},
};

/// The writes of one transaction, to be carried out in the order of the fields.
#[derive(Clone, Debug, Serialize, ToJson)]
#[serde(rename_all = "camelCase")]
pub struct Writes {
    /// Whether the disk must have it before it counts. What is lost of the rest comes again.
    pub strict: bool,
    /// Delete all pages of rows and pieces of logs.
    pub clear_pages: bool,
    /// Delete all commands.
    pub clear_outbox: bool,
    /// Delete these commands.
    pub remove: Vec<u64>,
    /// Put these commands under their `n`.
    pub put: Vec<OutboxRecord>,
    /// The pages to delete and to put; see [`super::Client::new_page`].
    pub pages: PageWrites,
    /// The rules that came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ruleset: Option<Box<RawValue>>,
    /// The record of progress.
    pub progress: Progress,
}

impl Writes {
    /// Only the record of progress.
    pub(super) fn of(progress: Progress) -> Self {
        Self {
            strict: false,
            clear_pages: false,
            clear_outbox: false,
            remove: Vec::new(),
            put: Vec::new(),
            pages: PageWrites::default(),
            ruleset: None,
            progress,
        }
    }

    /// As [`Writes::of`], and on the disk before it counts.
    pub(super) fn strictly(progress: Progress) -> Self {
        Self { strict: true, ..Self::of(progress) }
    }
}
