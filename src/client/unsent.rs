//! Commands that were never sent, as a file: taken from a device that is given up, and brought in on another.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Client, Effect, Progress, Writes};
use crate::{
    command::Envelope,
    issue::{Code, Issue, Refusal},
    json::{FromJson, ToJson},
    order::{Actor, Event},
    replica::OutboxRecord,
};

/// The name of the file's format.
const FORMAT: &str = "orderkit/unsent@1";

/// The file.
#[derive(Clone, Debug, Serialize, Deserialize, FromJson, ToJson)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Unsent {
    /// `orderkit/unsent@1`
    pub format: String,
    /// The copy that it was taken from.
    pub client: Uuid,
    /// Whose commands these are.
    pub actor: Actor,
    /// When.
    pub exported_ms: i64,
    /// The commands, by rising `n`.
    pub commands: Vec<Envelope>,
}

/// What was brought in.
#[derive(Clone, Debug, Serialize, ToJson)]
#[serde(rename_all = "camelCase")]
pub struct Imported {
    /// What to store; nothing if all commands are here already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub writes: Option<Writes>,
    /// How many commands are new here.
    pub imported: usize,
    /// How many wait here already.
    pub known: usize,
}

impl Client {
    /// The commands that the server has not decided.
    pub fn export_unsent(&self, now_ms: i64) -> Unsent {
        let position = &self.progress.position;
        Unsent {
            format: FORMAT.to_owned(),
            client: position.client,
            actor: position.actor.clone(),
            exported_ms: now_ms,
            commands: self.replica.waiting().map(|record| record.command.clone()).collect(),
        }
    }

    /// Brings commands in behind those that wait here. They keep their ids: what the server has decided of them is not decided
    /// again. Commands that the rules refuse here are taken all the same, for the server may know better.
    ///
    /// # Errors
    ///
    /// `unsent_format_unknown` if this is no such file; `unsent_of_another_user` if it is somebody else's.
    pub fn import_unsent(&mut self, file: Unsent) -> Result<Imported, Refusal> {
        if file.format != FORMAT {
            let issue = Issue::new(Code::UnsentFormatUnknown, "/format");
            return Err(issue.with("format", file.format).with("known", FORMAT).into());
        }
        if file.actor.user != self.progress.position.actor.user {
            let issue = Issue::new(Code::UnsentOfAnotherUser, "/actor/user");
            return Err(issue.with("user", file.actor.user).into());
        }
        let total = file.commands.len();
        let commands = file.commands.into_iter().map(|command| {
            let shown = self.replica.shown_of(&command);
            (command, shown)
        });
        let commands: Vec<(Envelope, Option<Event>)> = commands.collect();
        let (progress, records) = self.behind(commands.into_iter());
        let imported = records.len();
        let known = total.saturating_sub(imported);
        if records.is_empty() {
            return Ok(Imported { writes: None, imported, known });
        }
        let writes = Writes { put: records.clone(), ..Writes::strictly(progress) };
        self.propose(Effect::Append(records), &writes);
        Ok(Imported { writes: Some(writes), imported, known })
    }
    /// Commands behind those that wait here, without those that are here already.
    pub(super) fn behind(
        &self,
        commands: impl Iterator<Item = (Envelope, Option<Event>)>,
    ) -> (Progress, Vec<OutboxRecord>) {
        let here: BTreeSet<Uuid> = self.replica.outbox().map(|record| record.command.id).collect();
        let new = commands.filter(|(command, _)| !here.contains(&command.id));
        let mut records = Vec::new();
        let mut n = self.progress.next_n;
        for (command, shown) in new {
            let command = Envelope { n, ..command };
            records.push(OutboxRecord { n, command, shown, verdict: None });
            n = n.saturating_add(1);
        }
        (Progress { next_n: n, ..self.progress.with_new_outbox() }, records)
    }
}
