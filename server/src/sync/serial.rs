//! The serials of orders that are decided: noted when an order has one, void when it was refused.

use orderkit::{
    Code, Command, Envelope, Issue, Order,
    decide::PROVISIONAL_PREFIX,
    numbering::{SHOP_SERIES, SeriesPlace, Span, VoidReason, VoidRecord},
};

use super::decision::Decider;
use crate::store::StoreError;

impl Decider<'_> {
    /// Whether a number that a device made can be used: it is of a block that its user holds, and was
    /// not given up.
    pub(super) async fn own_number(
        &mut self,
        number: &str,
    ) -> Result<Result<(), Issue>, StoreError> {
        let tenant = self.setting.tenant;
        let pattern = self.setting.rules.number_pattern();
        let Some(place) = pattern.place_of(number) else { return Ok(Ok(())) };
        let wrong = |code| Err(Issue::new(code, "/args/number").with("number", number));
        if pattern.is_leased() && !self.holds(&place).await? {
            return Ok(wrong(Code::NumberInvalid));
        }
        let span = Span { from: place.serial, to: place.serial.saturating_add(1) };
        let is_void = !self.transaction.voids(tenant, &place.series, span).await?.is_empty();
        Ok(if is_void { wrong(Code::NumberTaken) } else { Ok(()) })
    }

    /// Whether a serial was leased to this client or to another one of its user: one that was renamed
    /// after a fork still holds numbers of its earlier name.
    async fn holds(&mut self, place: &SeriesPlace) -> Result<bool, StoreError> {
        let tenant = self.setting.tenant;
        let Some(holder) = self.transaction.lease_holder(tenant, place.serial).await? else {
            return Ok(false);
        };
        if holder == self.setting.client {
            return Ok(true);
        }
        let mark = self.transaction.client(tenant, holder).await?;
        Ok(mark.is_some_and(|mark| mark.user == self.setting.actor.user))
    }

    /// Takes number and serial for an order; says whether both are now the order's.
    pub(super) async fn take_number(&mut self, order: &Order) -> Result<bool, StoreError> {
        let tenant = self.setting.tenant;
        if let Some(place) = self.setting.rules.number_pattern().place_of(&order.number)
            && !self.transaction.use_serial(tenant, &place, order.id).await?
        {
            return Ok(false);
        }
        self.transaction.claim_number(tenant, &order.number, order.id).await
    }

    /// Records the number of a refused order as void: the device showed it, and nobody else gets it.
    pub(super) async fn void_refused(&mut self, envelope: &Envelope) -> Result<(), StoreError> {
        let Ok(Command::Place(place)) = envelope.command() else { return Ok(()) };
        let Some(number) = place.number.filter(|it| !it.starts_with(PROVISIONAL_PREFIX)) else {
            return Ok(());
        };
        let Some(place) = self.setting.rules.number_pattern().place_of(&number) else {
            return Ok(());
        };
        // Only of its own series: nobody makes the numbers of another device void.
        let is_own = if place.series == SHOP_SERIES {
            self.holds(&place).await?
        } else {
            let code = self.setting.rules.number_pattern().device_of(&number);
            code.is_some() && code == self.setting.device.as_deref()
        };
        let tenant = self.setting.tenant;
        let span = Span { from: place.serial, to: place.serial.saturating_add(1) };
        if !is_own || self.transaction.is_used(tenant, &place.series, span).await? {
            return Ok(());
        }
        let record = VoidRecord {
            series: place.series,
            span,
            reason: VoidReason::Refused,
            by: self.setting.actor.user.clone(),
            at_ms: self.setting.now_ms,
        };
        self.transaction.add_void(tenant, &record).await
    }
}
