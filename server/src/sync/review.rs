//! What the server finds out about an order before it takes it: one that it looks like, and signals of fraud.

use orderkit::{
    Context, Draft, Place,
    review::{LookAlike, Review, Suspicion, looks_alike},
};
use uuid::Uuid;

use super::{buyer, decision::Decider, used};
use crate::store::StoreError;

impl Decider<'_> {
    /// The review of an order that was asked for at a time.
    pub(super) async fn review(
        &mut self,
        id: Uuid,
        place: &Place,
        known: &Context,
        asked_ms: i64,
    ) -> Result<Review, StoreError> {
        let buyer = buyer(self.setting.actor, &place.draft.details);
        let look_alike = match place.is_repeat {
            true => None,
            false => self.look_alike(id, &place.draft, buyer.as_deref(), asked_ms).await?,
        };
        let suspicion = self.suspicion(&place.draft, known, buyer.as_deref()).await?;
        Ok(Review { look_alike, suspicion })
    }

    async fn look_alike(
        &mut self,
        id: Uuid,
        draft: &Draft,
        buyer: Option<&str>,
        asked_ms: i64,
    ) -> Result<Option<LookAlike>, StoreError> {
        let seconds = self.setting.rules.ruleset().workflow.repeat_within_seconds;
        if seconds == 0 {
            return Ok(None);
        }
        let window_ms = i64::from(seconds) * 1_000;
        let between = (asked_ms.saturating_sub(window_ms), asked_ms.saturating_add(window_ms));
        let tenant = self.setting.tenant;
        for other in self.transaction.orders_placed(tenant, buyer, between).await? {
            if other == id || !self.is_loaded(other).await? {
                continue;
            }
            let Some(stored) = self.order(other) else { continue };
            let placed = used::placed(&stored.log).map(|(_, draft, _)| draft);
            if placed.is_some_and(|placed| looks_alike(placed, draft)) {
                let order = &stored.order;
                let (number, placed_ms) = (order.number.clone(), order.placed_ms);
                return Ok(Some(LookAlike { order: order.id, number, placed_ms }));
            }
        }
        Ok(None)
    }

    async fn suspicion(
        &mut self,
        draft: &Draft,
        known: &Context,
        buyer: Option<&str>,
    ) -> Result<Option<Suspicion>, StoreError> {
        let tenant = self.setting.tenant;
        let Some(signals) = self.transaction.review_rules(tenant).await? else { return Ok(None) };
        let now_ms = self.setting.now_ms;
        let since_ms = now_ms.saturating_sub(i64::from(signals.longest_hours()) * 3_600_000);
        let earlier = match buyer {
            Some(buyer) => self.transaction.earlier_orders(tenant, buyer, since_ms).await?,
            None => orderkit::review::Earlier::default(),
        };
        // Without a price the order is refused anyway.
        let context = Context { now_ms, may_adjust: true, ..known.clone() };
        let total = orderkit::quote(draft, &self.setting.rules, &context)
            .map(|quote| quote.totals.gross_minor)
            .unwrap_or_default();
        Ok(signals.suspicion(draft, total, &earlier, now_ms))
    }
}
