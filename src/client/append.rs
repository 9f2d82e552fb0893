//! New commands: decided on what the user sees, and written with the counters they use.

use serde::Serialize;
use uuid::Uuid;

use super::{Client, Effect, Progress, Writes};
use crate::{
    issue::Refusal,
    json::ToJson,
    replica::{AppendInputs, OutboxRecord},
};

/// What to store for a command, and what it will be called then.
#[derive(Clone, Debug, Serialize, ToJson)]
#[serde(rename_all = "camelCase")]
pub struct Appended {
    /// What to store; nothing if an earlier try was stored after all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub writes: Option<Writes>,
    /// The command, once it is stored.
    pub saved: Saved,
}

/// A command that is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson)]
#[serde(rename_all = "camelCase")]
pub struct Saved {
    /// The client's counter.
    pub n: u64,
    /// The order.
    pub order: Uuid,
    /// The order's number, for `place`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Whether the device's clock was set back since its last number.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub clock_suspect: bool,
}

impl Client {
    /// Decides a command and says what to store.
    ///
    /// # Errors
    ///
    /// The refusal of the rules; nothing is to be stored then.
    pub fn append(&mut self, inputs: AppendInputs) -> Result<Appended, Refusal> {
        // Only a second try can have been stored before, and to look for it takes long if much waits.
        let is_again = self.tried.replace(inputs.id) == Some(inputs.id);
        if is_again && let Some(saved) = self.saved_before(inputs.id) {
            return Ok(Appended { writes: None, saved });
        }
        let (n, order) = (self.progress.next_n, inputs.order);
        let proposal = self.replica.propose(n, &self.progress.series, inputs)?;
        let saved =
            Saved { n, order, number: proposal.number, clock_suspect: proposal.clock_suspect };
        let progress = Progress {
            next_n: n.saturating_add(1),
            series: proposal.series,
            ..self.progress.with_new_outbox()
        };
        let records = vec![proposal.record];
        let writes = Writes { put: records.clone(), ..Writes::strictly(progress) };
        self.propose(Effect::Append(records), &writes);
        Ok(Appended { writes: Some(writes), saved })
    }

    /// An earlier try of the same request that was stored, and of which only the news got lost.
    fn saved_before(&self, id: Uuid) -> Option<Saved> {
        let mut records = self.replica.outbox().rev();
        let record: &OutboxRecord = records.find(|record| record.command.id == id)?;
        let (n, order) = (record.n, record.command.order);
        Some(Saved { n, order, number: record.placed_number(), clock_suspect: false })
    }

    /// Forgets a refused command after the user has seen why; nothing if there is none such.
    pub fn dismiss(&mut self, n: u64) -> Option<Writes> {
        let record = self.replica.outbox_record(n)?;
        record.verdict.as_ref()?;
        let progress = self.progress.with_new_outbox();
        let writes = Writes { remove: vec![n], ..Writes::of(progress) };
        self.propose(Effect::Dismiss(n), &writes);
        Some(writes)
    }
}
