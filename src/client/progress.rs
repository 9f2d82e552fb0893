//! The one record that says how far a copy has come.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::{
    json::{self, FromJson, ToJson},
    numbering::Series,
    order::Actor,
    replica::{Position, protocol::Known},
};

/// The format of [`Progress`] that this version writes. With format 1 confirmed orders were stored in another way: they are
/// fetched again.
pub const PROGRESS_FORMAT: u32 = 2;

/// What is stored besides orders and commands. One record, so that it can never disagree with itself.
#[derive(Clone, Debug, Serialize, Deserialize, FromJson, ToJson)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// [`PROGRESS_FORMAT`]
    pub format: u32,
    /// When the copy was made.
    pub created_ms: i64,
    /// Whose it is, and up to where it has come.
    pub position: Position,
    /// The counter of the next command.
    pub next_n: u64,
    /// The counter of the device's order numbers.
    pub series: Series,
    /// The key of the next page of rows or piece of logs.
    #[serde(default)]
    pub next_key: u64,
    /// Rises whenever the outbox changes.
    pub outbox_stamp: u64,
    /// Rises with every answer of the server.
    pub answers_stamp: u64,
    /// Rises whenever all pages are deleted.
    pub pages_stamp: u64,
    /// When the server answered last, by this device's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_sync_ms: Option<i64>,
    /// What the clock of the server was at that moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_ms: Option<i64>,
    /// Since when confirmed orders are missing because their bytes could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub damaged_ms: Option<i64>,
    /// What the server said last that there is to price by, as it was received.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<Box<RawValue>>,
}

impl Progress {
    /// That of a new copy.
    pub(super) fn first(client: Uuid, actor: Actor, now_ms: i64) -> Self {
        Self {
            format: PROGRESS_FORMAT,
            created_ms: now_ms,
            position: Position::new(client, actor),
            next_n: 1,
            series: Series::default(),
            next_key: 1,
            outbox_stamp: 0,
            answers_stamp: 0,
            pages_stamp: 0,
            last_sync_ms: None,
            server_ms: None,
            damaged_ms: None,
            known: None,
        }
    }

    /// What there is to price by. What another version stored counts as nothing: the server says it again.
    pub(super) fn known(&self) -> Option<Known> {
        json::read(self.known.as_ref()?.get().as_bytes()).ok()
    }

    /// The same with a changed outbox.
    pub(super) fn with_new_outbox(&self) -> Self {
        let outbox_stamp = self.outbox_stamp.saturating_add(1);
        Self { outbox_stamp, ..self.clone() }
    }
}
