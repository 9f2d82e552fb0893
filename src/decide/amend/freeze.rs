//! An edit that keeps what was agreed: known lines are credited in part, what is new stands beside them.

use super::{
    price::{addition, amount_of, at_its_price, context, draft_now},
    reduce::{in_basis, line_off},
    stage::{Added, Staged, draft_line},
};
use crate::{
    amendment::AmendmentEffect,
    context::Context,
    credit::{Credit, CreditCause, CreditLine, CreditShare, LineAmounts},
    decide::Facts,
    decimal::Decimal,
    draft::{Adjustment, Draft, DraftLine},
    issue::{Code, Issue, Refusal},
    money::{Amount, AmountError},
    order::OrderLine,
    pricing::{AppliedAdjustment, Quote, quote, quote_without_promotions},
    ruleset::{NewLines, PriceBasis, ShippingReprice},
};

/// The edit as it takes shape.
pub(super) struct Frozen<'s, 'a> {
    pub(super) staged: &'s mut Staged<'a>,
    pub(super) facts: &'s Facts<'s>,
    pub(super) context: Context,
    pub(super) basis: PriceBasis,
    /// What goes of each line, with a quantity.
    pub(super) gone: Vec<Option<CreditLine>>,
    /// What goes of each line as another price.
    pub(super) off: Vec<LineAmounts>,
    /// What is left of each line.
    pub(super) left: Vec<LineAmounts>,
    pub(super) discounts: Vec<AppliedAdjustment>,
    pub(super) shipping_left: CreditShare,
    /// Lines with a lower price, and that price.
    pub(super) lowered: Vec<(usize, Decimal)>,
    /// Charges that have taxes of their own.
    pub(super) charges: Vec<Adjustment>,
}

/// What the edit comes to if what was agreed stays.
///
/// # Errors
///
/// Every reason why something has no price, with the change that it is about.
pub(super) fn freeze(
    staged: &mut Staged<'_>,
    id: &str,
    new_lines: NewLines,
    facts: &Facts<'_>,
) -> Result<AmendmentEffect, Refusal> {
    let order = staged.order;
    let mut frozen = Frozen {
        context: context(order, facts),
        basis: order.price_basis,
        gone: vec![None; order.lines.len()],
        off: vec![LineAmounts::default(); order.lines.len()],
        left: order.lines.iter().map(|line| order.left_of_line(line)).collect::<Result<_, _>>()?,
        discounts: Vec::new(),
        shipping_left: order.left_of_shipping()?,
        lowered: Vec::new(),
        charges: Vec::new(),
        staged,
        facts,
    };
    frozen.replace_dearer_lines()?;
    frozen.take_units()?;
    frozen.lower_prices()?;
    frozen.remove_discounts()?;
    frozen.add_coupons()?;
    frozen.adjust_by_hand()?;
    frozen.reprice_shipping()?;
    let (addition, lines) = frozen.additions(new_lines)?;
    let credit = frozen.credit(id)?;
    Ok(AmendmentEffect {
        credit,
        discounts: frozen.discounts,
        addition: addition.map(|quote| Box::new(quote.kept())),
        lines,
        ..AmendmentEffect::default()
    })
}

pub(super) fn at(change: usize, issue: Issue) -> Refusal {
    issue.under(&format!("/args/changes/{change}")).into()
}

impl Frozen<'_, '_> {
    /// A dearer price is a new line in place of the rest of the known one: its tax follows from the rules and not from a
    /// proportion, which would make a rounding larger.
    fn replace_dearer_lines(&mut self) -> Result<(), Refusal> {
        let order = self.staged.order;
        let prices = core::mem::take(&mut self.staged.prices);
        let (dearer, cheaper): (Vec<_>, Vec<_>) = prices.into_iter().partition(|price| {
            order.lines.get(price.line).is_some_and(|line| price.unit_price > line.unit_price)
        });
        self.staged.prices = cheaper;
        for price in dearer {
            let Some(line) = order.lines.get(price.line) else { continue };
            let Some(target) = self.staged.targets.get_mut(price.line) else { continue };
            let open = line.open_to_ship();
            let kept = line.to_deliver().checked_sub(open).unwrap_or_default();
            let quantity = target.checked_sub(kept).unwrap_or_default().min(open);
            if !kept.is_zero() || quantity <= Decimal::ZERO {
                let issue = Issue::new(Code::QuantityExceedsOpen, "/line");
                let issue = issue.with("line", line.id.as_str()).with("open", open);
                return Err(at(price.change, issue));
            }
            *target = kept;
            let mut dearer = draft_line(order, line);
            dearer.id = Some(self.staged.free_id(&line.id));
            dearer.quantity = quantity.into();
            let (change, unit_price) = (price.change, Some(price.unit_price));
            self.staged.added.push(Added { change, line: dearer, unit_price });
        }
        Ok(())
    }

    fn take_units(&mut self) -> Result<(), AmountError> {
        let rows = self.staged.order.lines.iter().zip(&self.staged.targets);
        let places = self.gone.iter_mut().zip(&mut self.left);
        for ((line, target), (gone, left)) in rows.zip(places) {
            let quantity = line.to_deliver().checked_sub(*target).unwrap_or_default();
            if quantity > Decimal::ZERO {
                let amounts = line.worth_of_next(quantity)?;
                *left = left.minus(&amounts)?;
                *gone = Some(CreditLine { line: line.id.clone(), quantity, amounts });
            }
        }
        Ok(())
    }

    /// Takes `off` off a line, and says whether that was possible.
    pub(super) fn take(
        &mut self,
        line: usize,
        off: Amount,
        discount: Option<usize>,
    ) -> Result<bool, AmountError> {
        let (Some(left), Some(sum)) = (self.left.get_mut(line), self.off.get_mut(line)) else {
            return Ok(false);
        };
        let ordered = self.staged.order.lines.get(line).map(OrderLine::amounts);
        let ordered = ordered.unwrap_or_default();
        let part = line_off(left, &ordered, off, discount, self.basis)?;
        let Some(part) = part else { return Ok(false) };
        *left = left.minus(&part)?;
        *sum = sum.plus(&part)?;
        Ok(true)
    }

    pub(super) fn left_in_basis(&self) -> Vec<Amount> {
        self.left.iter().map(|left| in_basis(left.share(), self.basis)).collect()
    }

    fn lower_prices(&mut self) -> Result<(), Refusal> {
        let order = self.staged.order;
        for price in core::mem::take(&mut self.staged.prices) {
            let Some(line) = order.lines.get(price.line) else { continue };
            let gone = self.gone.get(price.line).and_then(Option::as_ref);
            let gone = gone.map_or(Decimal::ZERO, |gone| gone.quantity);
            let rest = line.ordered.checked_sub(line.credited);
            let rest = rest.and_then(|rest| rest.checked_sub(gone)).unwrap_or_default();
            if rest <= Decimal::ZERO {
                let issue = Issue::new(Code::NothingOpen, "/line");
                return Err(at(price.change, issue));
            }
            let left = self.left.get(price.line).cloned().unwrap_or_default();
            let wanted = amount_of(price.unit_price, rest, line.base_quantity, self.facts.rules)?;
            let off = left.amount_minor.minus(wanted)?;
            let available = in_basis(left.share(), self.basis);
            if off > available {
                let issue = Issue::new(Code::DiscountTooLarge, "/unitPrice")
                    .with("discountMinor", off)
                    .with("availableMinor", available)
                    .with("currency", order.currency);
                return Err(at(price.change, issue));
            }
            if !self.take(price.line, off, None)? {
                let issue = Issue::new(Code::NothingOpen, "/line");
                return Err(at(price.change, issue));
            }
            self.lowered.push((price.line, price.unit_price));
        }
        Ok(())
    }

    /// Another method or address must deliver the goods; what it costs is taken over where the shop wants that.
    fn reprice_shipping(&mut self) -> Result<(), Refusal> {
        let (before, after) = (&self.staged.order.details, &self.staged.draft.details);
        let other_method = before.shipping_method != after.shipping_method;
        let other_address = before.shipping_address != after.shipping_address;
        let other_goods = !self.staged.added.is_empty() || self.gone.iter().any(Option::is_some);
        let policy = self.facts.rules.ruleset().workflow.amendments.shipping;
        let reprices = match policy {
            ShippingReprice::Never => false,
            ShippingReprice::Method => other_method,
            ShippingReprice::Address => other_method || other_address,
            ShippingReprice::Always => other_method || other_address || other_goods,
        };
        if !reprices && !other_method && !other_address {
            return Ok(());
        }
        let mut now = draft_now(self.staged, self.facts.rules);
        now.lines.extend(self.staged.added.iter().map(|added| added.line.clone()));
        match quote(&now, self.facts.rules, &self.context) {
            Ok(priced) if reprices => self.shipping_left = shipping_of(&priced),
            Ok(_) => {}
            // Where the price stays, only what stands against the delivery itself counts.
            Err(refusal) => {
                let about = |issue: &Issue| reprices || issue.path.starts_with("/details/");
                let issues = refusal.issues.into_iter().filter(about);
                Refusal::unless_empty(issues.map(|issue| issue.under("/args/draft")).collect())?;
            }
        }
        Ok(())
    }

    /// What is new, priced by itself and without promotions.
    fn additions(
        &mut self,
        new_lines: NewLines,
    ) -> Result<(Option<Quote>, Vec<DraftLine>), Refusal> {
        let mut draft: Draft = addition(self.staged);
        draft.adjustments = core::mem::take(&mut self.charges);
        if new_lines == NewLines::Order {
            for added in &mut self.staged.added {
                let known = self.staged.order.lines.iter().find(|line| line.sku == added.line.sku);
                added.unit_price = added.unit_price.or(known.map(|line| line.unit_price));
            }
        }
        let mut lines = Vec::with_capacity(self.staged.added.len());
        for (place, added) in self.staged.added.iter().enumerate() {
            let line = at_its_price(added, &draft_alone(&draft), self.facts, &self.context);
            lines.push(line.map_err(|refusal| self.named(refusal, Some(place)))?);
        }
        draft.lines.clone_from(&lines);
        if draft.lines.is_empty() && draft.adjustments.is_empty() {
            return Ok((None, Vec::new()));
        }
        let priced = quote_without_promotions(&draft, self.facts.rules, &self.context);
        let priced = priced.map_err(|refusal| self.named(refusal, None))?;
        Ok((Some(priced), lines))
    }

    /// The issues of the addition, at the changes that asked for its lines.
    fn named(&self, refusal: Refusal, only: Option<usize>) -> Refusal {
        let place = |path: &str| {
            let rest = path.strip_prefix("/lines/")?;
            let (index, rest) = rest.split_once('/').unwrap_or((rest, ""));
            let index = only.or(index.parse().ok())?;
            Some(format!("{}/line/{rest}", self.staged.path_of_added(index)))
        };
        let issues = refusal.issues.into_iter().map(|issue| {
            let path = place(&issue.path).unwrap_or_else(|| format!("/args{}", issue.path));
            Issue { path, ..issue }
        });
        Refusal { issues: issues.collect() }
    }

    fn credit(&mut self, id: &str) -> Result<Option<Credit>, AmountError> {
        let order = self.staged.order;
        let mut lines: Vec<CreditLine> =
            core::mem::take(&mut self.gone).into_iter().flatten().collect();
        for (line, off) in order.lines.iter().zip(&self.off) {
            if *off != LineAmounts::default() {
                let (line, amounts) = (line.id.clone(), off.clone());
                lines.push(CreditLine { line, quantity: Decimal::ZERO, amounts });
            }
        }
        let shipping = order.left_of_shipping()?.plus(self.shipping_left.negate())?;
        let shipping = (shipping != CreditShare::default()).then_some(shipping);
        if lines.is_empty() && shipping.is_none() {
            return Ok(None);
        }
        let (cause, none) = (CreditCause::Amendment, CreditShare::default());
        Credit::new(id.to_owned(), cause, lines, shipping, Vec::new(), none).map(Some)
    }
}

fn draft_alone(draft: &Draft) -> Draft {
    Draft { lines: Vec::new(), adjustments: Vec::new(), ..draft.clone() }
}

pub(super) fn shipping_of(quote: &Quote) -> CreditShare {
    quote.shipping.as_ref().map_or_else(CreditShare::default, |shipping| CreditShare {
        net_minor: shipping.net_minor,
        tax_minor: shipping.tax_minor,
        gross_minor: shipping.gross_minor,
    })
}
