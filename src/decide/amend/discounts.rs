//! Discounts of an edit that keeps what was agreed: those that go, coupons that were forgotten, and what staff set by hand.

use super::{
    freeze::{Frozen, at, shipping_of},
    price::{draft_now, priced_line},
    reduce::{in_basis, share_off},
};
use crate::{
    allocation::allocate,
    amendment::MANUAL,
    draft::{Adjustment, AdjustmentKind, Draft},
    issue::{Code, Issue, Refusal},
    money::{Amount, AmountError},
    pricing::{AppliedAdjustment, CouponObstacle, Quote, coupon_obstacle, percent_of, quote},
    rounding::Rounding,
    ruleset::{ChargeTax, LocalText},
};

impl Frozen<'_, '_> {
    pub(super) fn remove_discounts(&mut self) -> Result<(), Refusal> {
        for discount in self.staged.discounts_removed.clone() {
            for line in 0..self.left.len() {
                let share = self.left.get(line).and_then(|left| left.discounts_minor.get(discount));
                let off = share.copied().unwrap_or_default().negate();
                if !off.is_zero() && !self.take(line, off, Some(discount))? {
                    let reason = "nothing is left of the line to reckon its tax from";
                    let issue = Issue::new(Code::AdjustmentInvalid, "/args/changes");
                    return Err(issue.with("reason", reason).into());
                }
            }
        }
        let order = self.staged.order;
        let codes = &self.staged.draft.details.coupon_codes;
        let gone = |code: &Option<String>| {
            code.as_ref().is_some_and(|code| {
                order.details.coupon_codes.contains(code) && !codes.contains(code)
            })
        };
        let discounts = order.shipping.iter().flat_map(|shipping| &shipping.discounts);
        let back = discounts.filter(|it| gone(&it.coupon_code)).map(|it| it.amount_minor);
        let back = Amount::sum(back)?;
        self.take_off_shipping(back.negate())
    }

    fn take_off_shipping(&mut self, off: Amount) -> Result<(), Refusal> {
        let left = self.shipping_left;
        let Some(share) = share_off(left, left, off, self.basis)? else {
            // Free shipping has no tax to be in proportion to: it is priced anew.
            let now = draft_now(self.staged, self.facts.rules);
            let priced = quote(&now, self.facts.rules, &self.context)?;
            self.shipping_left = shipping_of(&priced);
            return Ok(());
        };
        self.shipping_left = self.shipping_left.plus(share.negate())?;
        Ok(())
    }

    fn next_discount(&self) -> usize {
        self.staged.order.discounts.len().saturating_add(self.discounts.len())
    }

    /// The order as it is now, with the prices that were set by hand, so that a coupon counts on them.
    fn at_agreed_prices(&self) -> Result<Draft, Refusal> {
        let order = self.staged.order;
        let mut now = draft_now(self.staged, self.facts.rules);
        let alone = Draft { lines: Vec::new(), adjustments: Vec::new(), ..now.clone() };
        for line in &mut now.lines {
            let Some(id) = line.id.as_deref() else { continue };
            let place = order.lines.iter().position(|known| known.id == id);
            let in_this_edit = self.lowered.iter().find(|(at, _)| Some(*at) == place);
            let price = match in_this_edit {
                Some((_, price)) => Some(*price),
                None => order
                    .last_edit(&format!("line/{id}/unitPrice"))
                    .and(place.and_then(|at| order.lines.get(at)))
                    .map(|known| known.unit_price),
            };
            if let Some(price) = price {
                *line = priced_line(line, price, &alone, self.facts, &self.context)?;
            }
        }
        Ok(now)
    }

    /// A forgotten coupon takes off what it takes off the order as it is, by the rules of today; nothing else moves.
    pub(super) fn add_coupons(&mut self) -> Result<(), Refusal> {
        for (change, code) in self.staged.coupons_added.clone() {
            let problem = match coupon_obstacle(&code, self.facts.rules, &self.context) {
                Some(CouponObstacle::NotActive) => Some(Code::CouponNotActive),
                Some(CouponObstacle::UsedUp) => Some(Code::CouponUsedUp),
                Some(_) => Some(Code::CouponUnknown),
                None => None,
            };
            let issue = |problem| Issue::new(problem, "/code").with("coupon", code.as_str());
            if let Some(problem) = problem {
                return Err(at(change, issue(problem)));
            }
            let now = self.at_agreed_prices()?;
            let priced = quote(&now, self.facts.rules, &self.context)?;
            let is_own = |known: &Option<String>| {
                known.as_deref().is_some_and(|known| known.eq_ignore_ascii_case(&code))
            };
            let own = priced.adjustments.iter().filter(|it| is_own(&it.coupon_code));
            let mut has_effect = false;
            for adjustment in own.cloned().collect::<Vec<_>>() {
                has_effect |= self.take_shares(&priced, adjustment)?;
            }
            let discounts = priced.shipping.iter().flat_map(|shipping| &shipping.discounts);
            let own = discounts.filter(|it| is_own(&it.coupon_code)).map(|it| it.amount_minor);
            let off = Amount::sum(own)?.min(in_basis(self.shipping_left, self.basis));
            if off > Amount::ZERO {
                self.take_off_shipping(off)?;
                has_effect = true;
            }
            if !has_effect {
                return Err(at(change, issue(Code::CouponWithoutEffect)));
            }
        }
        Ok(())
    }

    fn take_shares(&mut self, priced: &Quote, of: AppliedAdjustment) -> Result<bool, AmountError> {
        let discount = self.next_discount();
        let mut taken = Amount::ZERO;
        for (line, share) in priced.lines.iter().zip(&of.shares_minor) {
            let place = self.staged.order.lines.iter().position(|known| known.id == line.id);
            let Some(place) = place else { continue };
            let available = self.left.get(place).map(|left| in_basis(left.share(), self.basis));
            let off = (*share).min(available.unwrap_or_default());
            if !off.is_zero() && self.take(place, off, Some(discount))? {
                taken = taken.plus(off)?;
            }
        }
        self.discounts.push(AppliedAdjustment {
            amount_minor: taken,
            shares_minor: Vec::new(),
            ..of
        });
        Ok(!taken.is_zero())
    }

    /// Allowances and charges by hand: shared over what is left of the lines, or an amount of their own.
    pub(super) fn adjust_by_hand(&mut self) -> Result<(), Refusal> {
        let order = self.staged.order;
        let ruleset = self.facts.rules.ruleset();
        let follows = ruleset.taxation.charges.unwrap_or_default() != ChargeTax::OwnClass;
        let before = Amount::sum(self.left_in_basis())?;
        let mut sum_off = Amount::ZERO;
        for (change, adjustment) in self.staged.adjustments.clone() {
            let is_charge = adjustment.kind == AdjustmentKind::Charge;
            if adjustment.taxes.is_some() || (is_charge && follows) {
                self.charges.push(adjustment);
                continue;
            }
            let items = self.left_in_basis();
            let sum = Amount::sum(items.iter().copied())?;
            let amount = amount_by_hand(&adjustment, sum, ruleset.rounding.mode);
            let amount = amount.map_err(|issue| at(change, issue.under("/adjustment")))?;
            if !is_charge && amount > sum {
                let issue = Issue::new(Code::DiscountTooLarge, "/adjustment")
                    .with("discountMinor", amount)
                    .with("availableMinor", sum)
                    .with("currency", order.currency);
                return Err(at(change, issue));
            }
            let off = if is_charge { amount.negate() } else { amount };
            let discount = self.next_discount();
            let mut taken = Amount::ZERO;
            for (line, share) in allocate(off, &items)?.into_iter().enumerate() {
                if !share.is_zero() && self.take(line, share, Some(discount))? {
                    taken = taken.plus(share)?;
                }
            }
            if taken != off {
                let issue = Issue::new(Code::AdjustmentInvalid, "/adjustment");
                let reason = "there are no items to share it over";
                return Err(at(change, issue.with("reason", reason)));
            }
            sum_off = sum_off.plus(off.max(Amount::ZERO))?;
            self.discounts.push(AppliedAdjustment {
                rule: MANUAL.to_owned(),
                coupon_code: None,
                name: adjustment.reason.as_ref().map(LocalText::new),
                amount_minor: off,
                shares_minor: Vec::new(),
            });
        }
        self.within_limit(before, sum_off)
    }

    /// Staff may take off by hand only as much of an order as their role allows.
    fn within_limit(&self, before: Amount, off: Amount) -> Result<(), Refusal> {
        let Some(percent) = self.context.adjustment_limit_percent else { return Ok(()) };
        let most = percent_of(before, percent, Rounding::Down)?;
        if off <= most {
            return Ok(());
        }
        Err(Issue::new(Code::AdjustmentOverLimit, "/args/changes")
            .with("discountMinor", off)
            .with("maximumMinor", most)
            .with("percent", percent)
            .with("currency", self.staged.order.currency)
            .into())
    }
}

/// The amount of an allowance or charge on `items`, above zero.
fn amount_by_hand(
    adjustment: &Adjustment,
    items: Amount,
    rounding: Rounding,
) -> Result<Amount, Issue> {
    let invalid = |reason: &str| Issue::new(Code::AdjustmentInvalid, "").with("reason", reason);
    let amount = match (adjustment.amount_minor, adjustment.percent) {
        (Some(amount), None) => amount,
        (None, Some(percent)) => {
            percent_of(adjustment.base_minor.unwrap_or(items), percent, rounding)?
        }
        (None, None) => return Err(invalid("give amountMinor or percent")),
        (Some(_), Some(_)) => return Err(invalid("give either amountMinor or percent, not both")),
    };
    if amount.is_negative() {
        return Err(invalid("use kind to say the direction, not a negative figure"));
    }
    Ok(amount)
}
