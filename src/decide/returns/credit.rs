//! What goods are worth that come back or are not delivered, with all that hangs on them.
//!
//! Every part is the difference between what should be given after this credit and what was given before,
//! so that any sequence of credits ends at the same sum: what the order cost.

use super::{Facts, claw_back::claw_back};
use crate::{
    credit::{
        Credit, CreditCause, CreditFee, CreditFeeKind, CreditLine, CreditShare, LineAmounts,
        proportion, share_of, worth,
    },
    decimal::Decimal,
    issue::{Issue, Refusal},
    money::{Amount, AmountError},
    order::{Order, OrderLine, ShipmentLine},
    returns::ReturnReason,
    ruleset::{ReturnRules, ShippingRefund},
};

/// Units of a line that are credited.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part<'o> {
    pub line: &'o OrderLine,
    pub quantity: Decimal,
    /// How many of them are paid out, and not changed for other goods.
    pub paid_out: Decimal,
    /// Why they come back; nothing if they are not delivered.
    pub reason: Option<ReturnReason>,
}

impl Part<'_> {
    fn is_buyers(&self) -> bool {
        self.reason.is_some_and(ReturnReason::is_buyers)
    }
}

/// The credit of units that will not be delivered.
pub(crate) fn canceled(
    order: &Order,
    id: String,
    lines: &[ShipmentLine],
    facts: &Facts<'_>,
) -> Result<Credit, Refusal> {
    let mut parts = Vec::new();
    for line in &order.lines {
        let own = lines.iter().filter(|part| part.line == line.id).map(|part| part.quantity);
        let quantity = crate::returns::sum(own).ok_or(AmountError)?;
        if !quantity.is_zero() {
            parts.push(Part { line, quantity, paid_out: quantity, reason: None });
        }
    }
    credit(order, (id, CreditCause::Cancellation), &parts, &[], facts)
}

/// The credit of some units, less what is sent in exchange.
pub(super) fn credit(
    order: &Order,
    (id, cause): (String, CreditCause),
    parts: &[Part<'_>],
    replacements: &[CreditShare],
    facts: &Facts<'_>,
) -> Result<Credit, Refusal> {
    let rules = &facts.rules.ruleset().returns;
    let mut lines = Vec::new();
    for part in parts {
        lines.push(credit_line(part.line, part.quantity)?);
    }
    let progress = Progress::of(order, parts, replacements)?;
    let shipping = shipping(order, parts, &progress, rules)?;
    let other = rest(order, &progress)?;
    let mut fees = fees(parts, &lines, rules)?;
    let so_far = |fees: &[CreditFee]| -> Result<CreditShare, AmountError> {
        let mut sum = other.plus(shipping)?;
        for line in &lines {
            sum = sum.plus(line.amounts.share())?;
        }
        fees.iter().try_fold(sum, |sum, fee| sum.minus(fee.amount))
    };
    cap(&mut fees, so_far(&[])?)?;
    let left = so_far(&fees)?;
    fees.extend(claw_back(order, parts, left, facts)?);
    let left = so_far(&fees)?;
    fees.extend(given_before(order, left)?);
    for amount in replacements {
        fees.push(CreditFee { kind: CreditFeeKind::Replacement, amount: *amount });
    }
    let shipping = (!shipping.is_nothing()).then_some(shipping);
    Ok(Credit::new(id, cause, lines, shipping, fees, other)?)
}

/// The worth of the next units of a line, behind those that were credited before.
pub(super) fn credit_line(line: &OrderLine, quantity: Decimal) -> Result<CreditLine, Issue> {
    let amounts = line.worth_of_next(quantity)?;
    Ok(CreditLine { line: line.id.clone(), quantity, amounts })
}

/// How far the credits of the goods have come. Goods that were sent in exchange stand for those they replaced.
struct Progress {
    /// The gross worth of all that is credited after this, less what was sent for it.
    credited: Amount,
    /// The worth of all goods that were ordered.
    goods: CreditShare,
    /// Whether nothing stays with the customer and nothing is to be delivered.
    is_all: bool,
}

impl Progress {
    fn of(
        order: &Order,
        parts: &[Part<'_>],
        replacements: &[CreditShare],
    ) -> Result<Self, AmountError> {
        let (mut credited, mut goods) = (Amount::ZERO, CreditShare::default());
        let mut is_all = replacements.is_empty();
        for line in &order.lines {
            let own = parts.iter().find(|part| part.line.id == line.id);
            let quantity = own.map_or(Decimal::ZERO, |part| part.quantity);
            let end = line.credited.checked_add(quantity).ok_or(AmountError)?;
            is_all &= end >= line.ordered;
            let so_far = line.worth_of_first(end)?;
            credited = credited.plus(so_far.gross_minor)?;
            goods = goods.plus(line.amounts().share())?;
        }
        let replaced = kept(order, CreditFeeKind::Replacement)?;
        goods = goods.minus(replaced)?;
        credited = credited.minus(replaced.gross_minor)?;
        for replacement in replacements {
            credited = credited.minus(replacement.gross_minor)?;
        }
        Ok(Self { credited: credited.max(Amount::ZERO), goods, is_all })
    }

    /// So much of an amount as of the goods was credited; all of it in the end.
    fn part(&self, amount: Amount) -> Result<Amount, AmountError> {
        if self.is_all {
            return Ok(amount);
        }
        proportion(amount, self.credited, self.goods.gross_minor)
    }
}

/// What earlier credits gave, of goods that came back or were not delivered.
fn given(
    order: &Order,
    share: impl Fn(&Credit) -> CreditShare,
) -> Result<CreditShare, AmountError> {
    order.credits.iter().try_fold(CreditShare::default(), |sum, credit| sum.plus(share(credit)))
}

/// What earlier credits kept for something.
pub(super) fn kept(order: &Order, kind: CreditFeeKind) -> Result<CreditShare, AmountError> {
    let fees = order.credits.iter().flat_map(|credit| &credit.fees);
    let mut own = fees.filter(|fee| fee.kind == kind);
    own.try_fold(CreditShare::default(), |sum, fee| sum.plus(fee.amount))
}

fn shipping(
    order: &Order,
    parts: &[Part<'_>],
    progress: &Progress,
    rules: &ReturnRules,
) -> Result<CreditShare, AmountError> {
    let by_edit = |credit: &Credit| credit.cause == CreditCause::Amendment;
    let part = |credit: &Credit, wanted: bool| match by_edit(credit) == wanted {
        true => credit.shipping.unwrap_or_default(),
        false => CreditShare::default(),
    };
    let charged = order.shipping.as_ref().map(|charge| CreditShare {
        net_minor: charge.net_minor,
        tax_minor: charge.tax_minor,
        gross_minor: charge.gross_minor,
    });
    // An edit that made shipping dearer or cheaper is no refund of it, but another charge.
    let whole = charged.unwrap_or_default().minus(given(order, |credit| part(credit, true))?)?;
    let before = given(order, |credit| part(credit, false))?;
    let rule = match parts.iter().any(Part::is_buyers) {
        true => rules.shipping,
        false => rules.shipping_if_at_fault,
    };
    let target = match rule {
        ShippingRefund::Full if progress.is_all => whole.gross_minor,
        ShippingRefund::StandardCost if progress.is_all => {
            whole.gross_minor.min(rules.standard_shipping_minor)
        }
        ShippingRefund::ProRata => progress.part(whole.gross_minor)?,
        _ => before.gross_minor,
    };
    share_of(whole, target.max(before.gross_minor))?.minus(before)
}

/// Allowances and charges of the whole document and all roundings: what the order costs beside its lines and
/// shipping. What lowers it is taken in proportion, so that no part is given back dearer than it was; what
/// raises it goes back with the last of the goods.
fn rest(order: &Order, progress: &Progress) -> Result<CreditShare, AmountError> {
    let totals = &order.totals;
    let cost = totals.payable_minor.plus(order.tendered_minor)?;
    let shipping = order.shipping.as_ref();
    let goods = progress.goods;
    let zero = Amount::ZERO;
    let gross =
        cost.minus(goods.gross_minor)?.minus(shipping.map_or(zero, |charge| charge.gross_minor))?;
    let tax = totals
        .tax_minor
        .minus(goods.tax_minor)?
        .minus(shipping.map_or(zero, |charge| charge.tax_minor))?;
    let whole = CreditShare { net_minor: gross.minus(tax)?, tax_minor: tax, gross_minor: gross };
    let before = given(order, |credit| match credit.cause {
        CreditCause::Cancellation | CreditCause::Return => credit.other,
        CreditCause::Amendment | CreditCause::Goodwill => CreditShare::default(),
    })?;
    let target = match () {
        () if progress.is_all => whole,
        () if gross.is_negative() => share_of(whole, progress.part(gross)?)?,
        () => before,
    };
    target.minus(before)
}

/// What the shop keeps because the buyer changed their mind.
fn fees(
    parts: &[Part<'_>],
    lines: &[CreditLine],
    rules: &ReturnRules,
) -> Result<Vec<CreditFee>, AmountError> {
    let mut goods = CreditShare::default();
    for (part, line) in parts.iter().zip(lines) {
        if part.is_buyers() && !part.paid_out.is_zero() {
            goods = goods.plus(paid_out(part, line)?)?;
        }
    }
    if goods.is_nothing() {
        return Ok(Vec::new());
    }
    let percent = rules.restocking_percent;
    let hundred = percent.denominator().checked_mul(100).ok_or(AmountError)?;
    let product = i128::from(goods.gross_minor.minor()).checked_mul(percent.mantissa());
    let restocking = Amount::from_fraction(
        product.ok_or(AmountError)?,
        hundred,
        crate::rounding::Rounding::HalfUp,
    )?;
    let fees =
        [(CreditFeeKind::Restocking, restocking), (CreditFeeKind::ReturnLabel, rules.label_minor)];
    let mut all = Vec::new();
    for (kind, gross) in fees.into_iter().filter(|(_, gross)| !gross.is_zero()) {
        // A fee is part of the same supply and has its tax.
        all.push(CreditFee { kind, amount: share_of(goods, gross)? });
    }
    Ok(all)
}

/// What the units of a part are worth that are paid out.
fn paid_out(part: &Part<'_>, line: &CreditLine) -> Result<CreditShare, AmountError> {
    let amounts: LineAmounts = worth(&line.amounts, part.quantity, Decimal::ZERO, part.paid_out)?;
    Ok(amounts.share())
}

/// Nobody pays for giving goods back: fees take no more than what is given.
fn cap(fees: &mut Vec<CreditFee>, credit: CreditShare) -> Result<(), AmountError> {
    let mut left = credit.gross_minor.max(Amount::ZERO);
    for fee in fees.iter_mut() {
        if fee.amount.gross_minor > left {
            fee.amount = share_of(fee.amount, left)?;
        }
        left = left.minus(fee.amount.gross_minor)?;
    }
    fees.retain(|fee| !fee.amount.is_nothing());
    Ok(())
}

/// What goes beyond what the order still costs: goodwill or a balance that was let go before.
fn given_before(order: &Order, credit: CreditShare) -> Result<Option<CreditFee>, AmountError> {
    let left = order.due()?.max(Amount::ZERO);
    let excess = credit.gross_minor.minus(left)?;
    if excess <= Amount::ZERO {
        return Ok(None);
    }
    let goodwill = given(order, |credit| match credit.cause {
        CreditCause::Goodwill => credit.other,
        _ => CreditShare::default(),
    })?;
    let let_go = order.written_off_minor.max(Amount::ZERO);
    let (net_minor, gross_minor) =
        (goodwill.net_minor.plus(let_go)?, goodwill.gross_minor.plus(let_go)?);
    let all = CreditShare { net_minor, gross_minor, tax_minor: goodwill.tax_minor };
    let before = kept(order, CreditFeeKind::GivenBefore)?;
    let target = share_of(all, before.gross_minor.plus(excess)?)?;
    Ok(Some(CreditFee { kind: CreditFeeKind::GivenBefore, amount: target.minus(before)? }))
}
