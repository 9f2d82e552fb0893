//! What an edit would come to, on what the user sees.

use uuid::Uuid;

use super::{Replica, fold::Opened};
use crate::{
    amendment::Amendment,
    decide::{AmendmentPreview, Facts, Seen, preview_amendment, preview_proposal},
    issue::Refusal,
    json::FromJson,
};

/// An edit to be worked out.
#[derive(Clone, Debug, FromJson)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EditRequest {
    /// The edit, as it would be given.
    pub args: Amendment,
    /// The confirmed revision that the edit began with: later edits of the same field by others are a conflict. Not
    /// looked at if missing.
    #[serde(default)]
    pub base: Option<u64>,
    /// Whether it is to be proposed, or waits for a yes, and so needs nobody's rights.
    #[serde(default)]
    pub is_proposal: bool,
}

impl Replica {
    /// Works an edit out on the order as the user sees it, and changes nothing.
    ///
    /// # Errors
    ///
    /// `order_unknown`, or every reason why the edit is not possible.
    pub fn preview_amendment(
        &self,
        id: Uuid,
        request: &EditRequest,
        now_ms: i64,
    ) -> Result<AmendmentPreview, Refusal> {
        let Opened { order, .. } = self.opened(id)?;
        let context = self.context_for(id, None, None, now_ms);
        // What waits here was given before; an edit by the same user on another device is none of these.
        let own_commands: Vec<Uuid> = self.records_of(id).map(|record| record.command.id).collect();
        let seen = |revision| Seen { revision, own_commands: &own_commands };
        let (seen, context) = (request.base.map(seen), context.as_ref());
        let facts = Facts { seen, context, ..self.facts(now_ms) };
        let preview = if request.is_proposal { preview_proposal } else { preview_amendment };
        preview(&order, &request.args, &facts)
    }
}
