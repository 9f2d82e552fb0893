//! What an edit would come to, on what the user sees.

use uuid::Uuid;

use super::Replica;
use crate::{
    amendment::Amendment,
    decide::{AmendmentPreview, preview_amendment},
    issue::{Code, Issue, Refusal},
};

impl Replica {
    /// Works an edit out on the order as the user sees it, and changes nothing.
    ///
    /// # Errors
    ///
    /// `order_unknown`, or every reason why the edit is not possible.
    pub fn preview_amendment(
        &self,
        id: Uuid,
        amendment: &Amendment,
        now_ms: i64,
    ) -> Result<AmendmentPreview, Refusal> {
        let unknown = || Issue::new(Code::OrderUnknown, "");
        let facts = self.facts(now_ms);
        match self.folded(id) {
            Some(folded) => preview_amendment(&folded.order, amendment, &facts),
            None => {
                let order = self.log(id)?.ok_or_else(unknown)?.order()?;
                preview_amendment(&order, amendment, &facts)
            }
        }
    }
}
