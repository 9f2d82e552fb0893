//! The numbers of orders that are decided: given where a device could not, noted with their serials, and
//! void when the order was refused.

use orderkit::{
    Code, Command, Envelope, Issue, Order,
    decide::PROVISIONAL_PREFIX,
    numbering::{NumberInputs, SHOP_SERIES, SeriesPlace, Span, VoidReason, VoidRecord},
};

use super::{
    decision::{Assigned, Decider},
    lease, server_code,
};
use crate::store::StoreError;

/// Numbers that are tried when they are taken, such as by imported orders.
const NUMBER_ATTEMPTS: u32 = 1_000;

impl Decider<'_> {
    /// A number for an order whose device could make none. Nothing is used up before the order is
    /// accepted.
    pub(super) async fn number_for(
        &mut self,
        command: &Command,
    ) -> Result<Result<Option<Assigned>, Issue>, StoreError> {
        let Command::Place(place) = command else { return Ok(Ok(None)) };
        if let Some(number) =
            place.number.as_deref().filter(|it| !it.starts_with(PROVISIONAL_PREFIX))
        {
            return Ok(self.own_number(number).await?.map(|()| None));
        }
        let tenant = self.setting.tenant;
        let at_ms = self.setting.now_ms;
        let pattern = self.setting.rules.number_pattern();
        let zone = &self.setting.rules.ruleset().time_zone;
        let device = server_code(self.transaction, tenant, pattern.device_length()).await?;
        let series = lease::counter(pattern, &pattern.period(at_ms, zone));
        let first = self.transaction.series(tenant, &series, 1).await?;
        for sequence in (first..).take(NUMBER_ATTEMPTS as usize) {
            let random = self.setting.random.bytes::<256>();
            let inputs = NumberInputs { at_ms, device: &device, sequence, random: &random };
            let number = match pattern.generate(inputs, zone) {
                Ok(number) => number,
                Err(issue) => return Ok(Err(issue)),
            };
            if self.transaction.number_owner(tenant, &number).await?.is_none() {
                let series = pattern.has_sequence().then(|| (series, sequence.saturating_add(1)));
                return Ok(Ok(Some(Assigned { number, series })));
            }
        }
        Ok(Err(Issue::new(Code::SeriesExhausted, "").with("capacity", "")))
    }

    /// The device whose code an order's number must have.
    ///
    /// A client that was renamed after a fork still holds numbers of its earlier name: a code that
    /// was given to another client of the same user is as good as its own.
    pub(super) async fn device_for(
        &mut self,
        command: &Command,
    ) -> Result<Option<String>, StoreError> {
        let own = self.setting.device.clone();
        let Command::Place(place) = command else { return Ok(own) };
        let Some(number) = &place.number else { return Ok(own) };
        let tenant = self.setting.tenant;
        let code = self.setting.rules.number_pattern().device_of(number).map(str::to_owned);
        let Some(code) = code.filter(|code| Some(code) != own.as_ref()) else { return Ok(own) };
        let Some(client) = self.transaction.device_client(tenant, &code).await? else {
            return Ok(own);
        };
        let mark = self.transaction.client(tenant, client).await?;
        let is_own = mark.is_some_and(|mark| mark.user == self.setting.actor.user);
        Ok(if is_own { Some(code) } else { own })
    }

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
