//! The sync protocol: one round trip takes commands up and brings verdicts and changes down.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

#[cfg(feature = "schemars")]
use super::Brief;
use crate::{
    command::Envelope,
    context::Context,
    inventory::StockLease,
    issue::{Issue, Refusal},
    json::{self, FromJson, ToJson},
    numbering::Span,
    order::OrderLog,
};

/// The version of this protocol.
pub const PROTOCOL_VERSION: u32 = 1;

/// What a client sends: `POST /v1/{tenant}/sync`.
#[derive(Clone, Debug, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SyncRequest {
    /// [`PROTOCOL_VERSION`].
    pub v: u32,
    /// The id of this copy of the data (one browser profile), a UUID.
    pub client: Uuid,
    /// The digest of the rules that the client has; the answer brings newer ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<String>,
    /// The digest of the [`Known`] that the client has; the answer brings a newer one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<String>,
    /// Up to where the client has seen changes; nothing if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Since>,
    /// At most so many changes.
    #[serde(default = "default_limit")]
    pub limit: u32,
    /// The highest `n` whose verdict the client has stored.
    #[serde(default)]
    pub ack: u64,
    /// New commands, by rising `n`.
    #[serde(default)]
    pub commands: Vec<Envelope>,
}

fn default_limit() -> u32 {
    500
}

/// A place in the change feed of a tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Since {
    /// The life of the feed; another one after a restore from backup.
    pub epoch: String,
    /// The sequence of the last change that was seen.
    pub seq: u64,
}

/// What the server answers.
#[derive(Clone, Debug, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SyncResponse {
    /// [`PROTOCOL_VERSION`].
    pub v: u32,
    /// The life of the feed.
    pub epoch: String,
    /// The server's clock.
    pub time_ms: i64,
    /// The highest `n` of this client that was decided.
    pub processed: u64,
    /// The code of this device for its order numbers; empty if no code is left.
    pub device: String,
    /// The blocks of serials that this device holds, with those just leased to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leases: Vec<Span>,
    /// What this device may sell of the stock without a network.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stock: Vec<StockLease>,
    /// The verdicts, by rising `n`: of this request and of earlier ones that were not acknowledged.
    pub results: Vec<CommandResult>,
    /// Orders that changed, by rising `seq`.
    pub changes: Vec<Change>,
    /// The sequence to ask from next time.
    pub next: u64,
    /// Whether more changes wait.
    pub more: bool,
    /// The client must drop its confirmed orders and pull from the start; its outbox stays.
    #[serde(default, skip_serializing_if = "is_false")]
    pub resync: bool,
    /// The `n` that the server expects next, if the client skipped one; nothing was decided then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap: Option<u64>,
    /// The current ruleset, if it is not the one the client has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<serde_json::Value>"))]
    pub ruleset: Option<Box<RawValue>>,
    /// What the client may know to price by, if it is not what it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<Known>,
    /// What the client must have once it has seen everything up to `upto`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<ScopeDigest>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that serde asks for")]
fn is_false(value: &bool) -> bool {
    !*value
}

/// What a client may know to price as the server would: of its own user, of limited rules, of stock.
///
/// A price by an older one is decided anew by the server, which looks things up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Known {
    /// The server's name for this content.
    pub digest: String,
    /// The facts. Their time is not looked at.
    pub context: Context,
}

/// The verdict on one command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CommandResult {
    /// The client's counter.
    pub n: u64,
    /// The id of the command.
    pub id: Uuid,
    /// What became of it.
    pub verdict: Verdict,
    /// The sequence of the change it made, if it made one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    /// The order's number, for an accepted `place`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Why it was not accepted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub issues: Vec<Issue>,
    /// When to try again, for `deferred`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<i64>,
}

impl CommandResult {
    /// That a command is accepted, without what came of it.
    pub fn accepted(command: &Envelope) -> Self {
        Self {
            n: command.n,
            id: command.id,
            verdict: Verdict::Accepted,
            seq: None,
            number: None,
            issues: Vec::new(),
            retry_after_ms: None,
        }
    }

    /// That a command is not accepted, and why.
    pub fn refused(command: &Envelope, verdict: Verdict, issues: Vec<Issue>) -> Self {
        Self { verdict, issues, ..Self::accepted(command) }
    }
}

/// What became of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Verdict {
    /// It happened.
    Accepted,
    /// It is refused for good.
    Rejected,
    /// It was not decided; this and all later ones are to be sent again.
    Deferred,
    /// The server failed on it twice and keeps it for support; it counts as decided.
    Quarantined,
}

/// One change of the feed: an order as it now is, or one that is no longer visible.
///
/// The order's log stays as it came: a server passes on what it stored, and a client reads a long answer piece by piece.
#[derive(Clone, Debug, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "FeedChange"))]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// The sequence of the tenant.
    pub seq: u64,
    /// The log of the order, an [`OrderLog`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<OrderLog>"))]
    pub order: Option<Box<RawValue>>,
    /// What a list shows of it, a [`Brief`](super::Brief), where the server knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<Brief>"))]
    pub brief: Option<Box<RawValue>>,
    /// The id of an order that this client may no longer see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone: Option<Uuid>,
}

impl Change {
    /// An order as it now is, without its [`Brief`](super::Brief).
    ///
    /// # Errors
    ///
    /// `internal_error` if the log cannot be written as JSON, which cannot happen.
    pub fn of(seq: u64, log: &OrderLog) -> Result<Self, Issue> {
        Ok(Self { seq, order: Some(json::write_raw(log)?), brief: None, gone: None })
    }

    /// The log of the order, if this is not about one that is gone.
    ///
    /// # Errors
    ///
    /// A shape error if it is no log.
    pub fn log(&self) -> Result<Option<OrderLog>, Refusal> {
        let Some(text) = &self.order else { return Ok(None) };
        Ok(Some(json::read(text.get().as_bytes())?))
    }
}

/// A checksum over all orders in the client's scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ScopeDigest {
    /// Valid at this sequence.
    pub upto: u64,
    /// How many orders.
    pub orders: u64,
    /// The exclusive or of all [`order_digest`]s, in hexadecimal.
    pub hash: String,
}

/// The part of one order in a [`ScopeDigest`]: eight bytes of SHA-256 over its id, its revision and the head of its hash chain.
///
/// Combined by exclusive or, so that a set can be kept up to date order by order.
pub fn order_digest(id: Uuid, revision: u64, head: &str) -> u64 {
    use sha2::{Digest, Sha256};
    let mut hasher = Sha256::new();
    hasher.update(id.as_bytes());
    hasher.update(revision.to_be_bytes());
    hasher.update(head.as_bytes());
    let hash = hasher.finalize();
    hash.iter().take(8).fold(0_u64, |value, byte| (value << 8) | u64::from(*byte))
}
