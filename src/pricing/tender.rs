//! Points, gift cards and store credit.

use super::{
    line::percent_of,
    promotion::Setting,
    quote::Tender,
    trace::{TenderKind, Trace, TraceStep},
};
use crate::{
    issue::{Code, Issue},
    money::{Amount, AmountError},
    rounding::Rounding,
    ruleset::{PointsKind, PointsRules},
};

/// So many points, and what they are worth in minor units.
#[derive(Clone, Copy)]
pub(super) struct PointsSpent {
    pub points: u32,
    pub amount: Amount,
}

/// The points to spend on `base`, if the shop takes them as this.
///
/// # Errors
///
/// More points than the customer has.
pub(super) fn points(
    kind: PointsKind,
    base: Amount,
    setting: &Setting<'_>,
) -> Result<Option<PointsSpent>, Issue> {
    const PATH: &str = "/details/spendPoints";
    let asked = setting.draft.details.spend_points;
    let rules = setting.rules.ruleset().points.as_ref();
    if asked == 0 {
        return Ok(None);
    }
    let Some(rules) = rules else { return Err(Issue::new(Code::PointsNotAccepted, PATH)) };
    let has = setting.context.customer.points;
    if asked > has {
        let issue = Issue::new(Code::PointsTooMany, PATH);
        return Err(issue.with("points", i64::from(asked)).with("available", i64::from(has)));
    }
    if rules.kind != kind {
        return Ok(None);
    }
    spent(rules, asked, base).map_err(Issue::from)
}

/// As many of the points as the base and the shop's maximum bear.
fn spent(
    rules: &PointsRules,
    asked: u32,
    base: Amount,
) -> Result<Option<PointsSpent>, AmountError> {
    let most = match rules.maximum_percent {
        Some(percent) => percent_of(base, percent, Rounding::Down)?,
        None => base,
    };
    let by_amount = most.minor().checked_div(rules.unit_minor.minor()).unwrap_or(0).max(0);
    let by_points = asked.checked_div(rules.unit_points).unwrap_or(0);
    let units = i64::from(by_points).min(by_amount);
    let amount = Amount::new(units.checked_mul(rules.unit_minor.minor()).ok_or(AmountError)?)?;
    let points = u32::try_from(units).unwrap_or(0).saturating_mul(rules.unit_points);
    Ok((points > 0).then_some(PointsSpent { points, amount }))
}

/// What pays a part of `payable`: points, then gift cards as they were entered, then store credit.
///
/// # Errors
///
/// A card that is unknown or has expired; points as in [`points`].
pub(super) fn tenders(
    payable: Amount,
    setting: &Setting<'_>,
    trace: &mut Trace,
) -> Result<Vec<Tender>, Issue> {
    let mut open = payable.max(Amount::ZERO);
    let mut tenders = Vec::new();
    let mut pay = |kind, code: Option<&String>, points, most: Amount| -> Result<(), Issue> {
        let amount_minor = most.min(open).max(Amount::ZERO);
        if !amount_minor.is_zero() {
            open = open.minus(amount_minor)?;
            trace.push(TraceStep::Tender { tender: kind, amount_minor });
            tenders.push(Tender { kind, code: code.cloned(), points, amount_minor });
        }
        Ok(())
    };
    if let Some(spent) = points(PointsKind::Tender, payable, setting)? {
        pay(TenderKind::Points, None, Some(spent.points), spent.amount)?;
    }
    for (at, code) in setting.draft.details.gift_cards.iter().enumerate() {
        let path = || format!("/details/giftCards/{at}");
        let mut before = setting.draft.details.gift_cards.iter().take(at);
        if before.any(|earlier| earlier.eq_ignore_ascii_case(code)) {
            // The same card: its balance is spent once.
            continue;
        }
        let cards = &setting.context.gift_cards;
        let Some(card) = cards.iter().find(|card| card.code.eq_ignore_ascii_case(code)) else {
            return Err(Issue::new(Code::GiftCardUnknown, path()).with("card", code.as_str()));
        };
        if card.ends_ms.is_some_and(|end| end <= setting.context.now_ms) {
            return Err(Issue::new(Code::GiftCardEnded, path()).with("card", code.as_str()));
        }
        pay(TenderKind::GiftCard, Some(&card.code), None, card.balance_minor)?;
    }
    if setting.draft.details.spend_store_credit {
        let credit = setting.context.customer.store_credit_minor;
        pay(TenderKind::StoreCredit, None, None, credit)?;
    }
    Ok(tenders)
}

/// What coins cannot pay of `payable`, for a payment method that takes them.
pub(super) fn cash_rounding(payable: Amount, setting: &Setting<'_>, trace: &mut Trace) -> Amount {
    let id = setting.draft.details.payment_method.as_deref();
    let method = id.and_then(|id| setting.rules.payment_method(id));
    let rules = method.and_then(|method| method.cash_rounding);
    let Some((rules, amount)) = rules.and_then(|it| Some((it, it.rounding_of(payable)?))) else {
        return Amount::ZERO;
    };
    if !amount.is_zero() {
        let step_minor = rules.step_minor;
        trace.push(TraceStep::CashRounding { step_minor, amount_minor: amount });
    }
    amount
}
