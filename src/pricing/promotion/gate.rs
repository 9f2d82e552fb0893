//! Who is let in: one gate for promotions on items, on shipping, and gifts.

use super::{Evaluation, Setting, qualify};
use crate::{
    money::AmountError,
    pricing::{
        cart::Cart,
        trace::{ConditionKind, SuppressionKind, Trace, TraceStep},
    },
    ruleset::{Promotion, StackingGroup},
};

/// What lets a promotion in, and what there is to say of it.
pub(super) struct Entry<'a> {
    pub coupon: Option<&'a String>,
    pub notes: Vec<TraceStep>,
}

impl<'a> Setting<'a> {
    /// A promotion by its position, if the combination that is being priced has it.
    pub(super) fn candidate(&self, at: usize) -> Option<&'a Promotion> {
        let allowed = self.allowed.is_empty() || self.allowed.get(at).is_some_and(|it| *it);
        if allowed { self.rules.ruleset().promotions.get(at) } else { None }
    }

    /// Lets a promotion in, whatever it takes, or says what keeps it out. One that needs a code that was not entered is kept out
    /// in silence.
    pub(super) fn admit(
        &self,
        promotion: &'a Promotion,
        cart: &Cart<'a>,
        trace: &mut Trace,
    ) -> Option<Entry<'a>> {
        let coupon = self.coupon(promotion).ok()?;
        let rule = || promotion.id.clone();
        if let Some((by, reason)) = self.suppressed(promotion, cart) {
            trace.push(TraceStep::Suppressed { rule: rule(), by, reason });
            return None;
        }
        if !self.is_let_in(promotion, cart) {
            let condition = ConditionKind::OtherPromotion;
            trace.push(TraceStep::ConditionNotMet { rule: rule(), condition });
            return None;
        }
        if let Some(step) = qualify::obstacle(promotion, self) {
            trace.push(step);
            return None;
        }
        let mut notes = Vec::new();
        if promotion.when.nth_order.is_some() && self.context.customer.placed_orders.is_none() {
            notes.push(TraceStep::ToConfirm { rule: rule() });
        }
        Some(Entry { coupon, notes })
    }

    /// Remembers at its turn whether the conditions of a promotion are met, for those that go with it.
    pub(super) fn remember(
        &self,
        promotion: &'a Promotion,
        cart: &mut Cart<'a>,
    ) -> Result<(), AmountError> {
        if self.rules.has_followers()
            && self.coupon(promotion).is_ok()
            && Evaluation::new(promotion, self, cart, &cart.left).is_met()?
        {
            cart.met.push(&promotion.id);
        }
        Ok(())
    }

    /// Whether the promotion whose conditions count for this one has met them, if there is one.
    fn is_let_in(&self, promotion: &Promotion, cart: &Cart<'_>) -> bool {
        promotion.with.as_ref().is_none_or(|id| cart.met.contains(&id.as_str()))
    }

    /// The code that unlocks a promotion; `Err` if it needs one that was not entered.
    pub(super) fn coupon(&self, promotion: &Promotion) -> Result<Option<&'a String>, ()> {
        if promotion.coupon_codes.is_empty() {
            return Ok(None);
        }
        promotion.unlocking_coupon(&self.draft.details.coupon_codes).map(Some).ok_or(())
    }

    pub(super) fn group_of(&self, promotion: &Promotion) -> Option<&'a StackingGroup> {
        let id = promotion.group.as_deref()?;
        self.rules.ruleset().stacking.groups.iter().find(|group| group.id == id)
    }

    /// What keeps a promotion out after others have applied.
    pub(super) fn suppressed(
        &self,
        promotion: &Promotion,
        cart: &Cart<'a>,
    ) -> Option<(String, SuppressionKind)> {
        let own = self.group_of(promotion);
        for other in &cart.applied {
            let reason = match self.pair(promotion, other) {
                Some(true) => continue,
                Some(false) => Some(SuppressionKind::Pair),
                None => self.excluded(promotion, own, other),
            };
            if let Some(reason) = reason {
                return Some((other.id.clone(), reason));
            }
        }
        let group = own?;
        let most = usize::try_from(group.maximum_per_order?).ok()?;
        let mut same = cart.applied.iter().filter(|it| it.group == promotion.group);
        let by = match most.checked_sub(1) {
            Some(before) => &same.nth(before)?.id,
            None => &group.id,
        };
        Some((by.clone(), SuppressionKind::GroupMaximum))
    }

    /// Whether the shop says of two promotions that they go together, or that they do not.
    pub(super) fn pair(&self, one: &Promotion, other: &Promotion) -> Option<bool> {
        let pairs = &self.rules.ruleset().stacking.pairs;
        let is = |first: &str, second: &str| first == one.id && second == other.id;
        let named = pairs
            .iter()
            .find(|pair| is(&pair.first, &pair.second) || is(&pair.second, &pair.first));
        named.map(|pair| pair.combine)
    }

    fn excluded(
        &self,
        promotion: &Promotion,
        own: Option<&StackingGroup>,
        other: &Promotion,
    ) -> Option<SuppressionKind> {
        let on_shipping = promotion.is_on_shipping();
        let alone =
            |of: &Promotion, reached: bool| of.exclusive.is_some_and(|it| it.reaches(reached));
        if alone(other, on_shipping) || alone(promotion, other.is_on_shipping()) {
            return Some(SuppressionKind::Exclusive);
        }
        let (own, others) = (own?, self.group_of(other)?);
        let excludes = |from: &StackingGroup, to: &StackingGroup, reached: bool| {
            from.scope.reaches(reached) && from.excludes.contains(&to.id)
        };
        let kept_out =
            excludes(others, own, on_shipping) || excludes(own, others, other.is_on_shipping());
        kept_out.then_some(SuppressionKind::Group)
    }
}
