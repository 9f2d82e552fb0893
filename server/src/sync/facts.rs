//! What a decision may look at besides the order: read before it is made.

use orderkit::{Command, Context, Envelope, Rules, review::Review};
use uuid::Uuid;

use super::{
    buyer, context,
    decision::{Decider, Setting},
    edit, edit_context, stock,
};
use crate::{catalog::Retired, store::StoreError};

impl Decider<'_> {
    /// What is known of the buyer, uses and balances, for a command that prices.
    pub(super) async fn context_for(
        &mut self,
        order: Uuid,
        command: &Command,
        earlier: Option<&Retired>,
    ) -> Result<Option<Context>, StoreError> {
        let Setting { tenant, actor, rules, client, .. } = &self.setting;
        if let Some(known) = self.orders.get(&order).map(|touched| &touched.now)
            && let Some(amendment) = edit::amendment_of(command, &known.order)
        {
            let transaction = &mut *self.transaction;
            let client = Some(*client);
            let context = edit_context(transaction, tenant, rules, known, amendment, client);
            return context.await.map(Some);
        }
        if let Some(known) = self.orders.get(&order).map(|touched| &touched.now.order) {
            let (transaction, client) = (&mut *self.transaction, Some(*client));
            let stock = stock::about(transaction, tenant, rules, known, command, client).await?;
            if stock.is_some() {
                return Ok(stock.map(|stock| Context { stock, ..Context::default() }));
            }
        }
        let Command::Place(place) = command else { return Ok(None) };
        let both: Vec<&Rules> =
            core::iter::once(rules.as_ref()).chain(earlier.map(|it| it.rules.as_ref())).collect();
        let buyer = buyer(actor, &place.draft.details);
        let (buyer, client) = (buyer.as_deref(), Some(*client));
        context(self.transaction, tenant, &both, &place.draft, buyer, client).await.map(Some)
    }

    /// The edits that this client made itself since the revision that it names.
    pub(super) async fn own_commands(
        &mut self,
        envelope: &Envelope,
    ) -> Result<Vec<Uuid>, StoreError> {
        let Setting { tenant, client, .. } = self.setting;
        let Some(known) = self.orders.get(&envelope.order) else { return Ok(Vec::new()) };
        if envelope.base == 0 {
            return Ok(Vec::new());
        }
        let (order, base) = (&known.now.order, envelope.base);
        edit::own_commands(self.transaction, tenant, client, order, base).await
    }

    pub(super) async fn review_of(
        &mut self,
        envelope: &Envelope,
        command: &Command,
        context: Option<&Context>,
    ) -> Result<Option<Review>, StoreError> {
        let (Command::Place(place), Some(known)) = (command, context) else { return Ok(None) };
        let asked_ms = envelope.at_ms.min(self.setting.now_ms);
        self.review(envelope.order, place, known, asked_ms).await.map(Some)
    }

    pub(super) async fn earlier_rules(
        &mut self,
        command: &Command,
    ) -> Result<Option<Retired>, StoreError> {
        let Command::Place(place) = command else { return Ok(None) };
        let digest = &place.expect.ruleset_digest;
        if digest == self.setting.rules.digest() {
            return Ok(None);
        }
        self.setting.catalog.retired(self.transaction, self.setting.tenant, digest).await
    }
}
