//! What is given for a return, to the cent, before it is decided and when it is.

use super::{
    super::{Facts, obstacles},
    credit::{Part, credit},
    exchange, outcome, request, subject,
};
use crate::{
    command::{Command, CommandKind, RequestReturn, ResolveReturn},
    credit::{CreditCause, proportion},
    decimal::Decimal,
    issue::{Code, Issue, Refusal},
    ledger::{Ledger, refund_plan},
    money::{Amount, AmountError},
    order::Order,
    returns::{LineOutcome, Outcome, Return, ReturnStatus, Settlement, sum},
};

/// What a customer would get for a return if the shop accepts all of it: nothing is decided, and no fee
/// or claw-back comes as a surprise.
///
/// # Errors
///
/// The reasons for which [`decide`](crate::decide()) would refuse the request.
pub fn preview_return(
    order: &Order,
    command: &RequestReturn,
    facts: &Facts<'_>,
) -> Result<Settlement, Refusal> {
    Refusal::unless_empty(obstacles(Some(order), CommandKind::RequestReturn, facts))?;
    let request = request::accepted(order, command, facts)?;
    // As if it were approved: what counts is what is asked for, not what has come.
    let request = Return { status: ReturnStatus::Approved, ..request };
    let outcomes = outcome::of((order, &request), None, facts)?;
    settle(order, &request, &outcomes, None, facts)
}

/// What a resolution would give, with the outcomes as they are set now.
///
/// # Errors
///
/// The reasons for which [`decide`](crate::decide()) would refuse it.
pub fn preview_resolution(
    order: &Order,
    command: &ResolveReturn,
    facts: &Facts<'_>,
) -> Result<Settlement, Refusal> {
    let kind = CommandKind::ResolveReturn;
    Refusal::unless_empty(obstacles(Some(order), kind, facts))?;
    let (returned, to) = subject(order, &command.return_id, kind)?;
    to.ok_or_else(|| super::forbidden(returned))?;
    let outcomes = outcome::of((order, returned), command.outcomes.as_deref(), facts)?;
    settle(order, returned, &outcomes, command.wanted.as_deref(), facts)
}

/// What `requestReturn` or `resolveReturn` would give.
///
/// # Errors
///
/// `command_unknown` for any other command, else as [`preview_return`] and [`preview_resolution`].
pub fn preview(order: &Order, command: &Command, facts: &Facts<'_>) -> Result<Settlement, Refusal> {
    match command {
        Command::RequestReturn(request) => preview_return(order, request, facts),
        Command::ResolveReturn(resolve) => preview_resolution(order, resolve, facts),
        other => {
            let issue = Issue::new(Code::CommandUnknown, "/kind");
            Err(issue.with("kind", other.kind().as_str()).into())
        }
    }
}

/// What is given for these outcomes.
pub(super) fn settle(
    order: &Order,
    returned: &Return,
    outcomes: &[LineOutcome],
    wanted: Option<&[crate::returns::Wanted]>,
    facts: &Facts<'_>,
) -> Result<Settlement, Refusal> {
    let mut parts = Vec::new();
    for line in &returned.lines {
        let own = |is_meant: fn(Outcome) -> bool| {
            let own = outcomes.iter().filter(|it| it.line == line.line && is_meant(it.outcome));
            sum(own.map(|it| it.quantity)).ok_or(AmountError)
        };
        let quantity = own(Outcome::is_credited)?;
        let paid_out = own(|it| matches!(it, Outcome::Refund | Outcome::StoreCredit))?;
        if !quantity.is_zero() {
            let found = order.line(&line.line, "/args/outcomes")?;
            parts.push(Part { line: found, quantity, paid_out, reason: Some(line.reason) });
        }
    }
    if parts.is_empty() {
        return Ok(Settlement::default());
    }
    let replacements = exchange::replacements(order, returned, outcomes, wanted, &parts, facts)?;
    let costs: Vec<_> = replacements.iter().map(|it| it.amounts.share()).collect();
    let id = (returned.id.clone(), CreditCause::Return);
    let credit = credit(order, id, &parts, &costs, facts)?;
    let total = credit.total_minor;
    let owed = owed(order, total)?;
    let store_credit_minor = store_credit(outcomes, &parts, owed)?;
    let rest = owed.minus(store_credit_minor)?;
    let rules = &facts.rules.ruleset().returns;
    Ok(Settlement {
        refunds: refund_plan(&order.payments, rest, rules.refund_order)?,
        store_credit_minor,
        payable_minor: if total.is_negative() { total.negate() } else { Amount::ZERO },
        credit: Some(credit),
        replacements,
    })
}

/// What of a credit has to be paid out: nothing of what was never paid, and a refund on its way counts as paid out.
fn owed(order: &Order, credit: Amount) -> Result<Amount, AmountError> {
    let left = Ledger::of(&order.payments)?.refundable()?;
    let due = order.due()?.minus(credit)?;
    Ok(left.minus(due)?.min(credit).max(Amount::ZERO))
}

/// The part of what is owed that goes onto the customer's account.
fn store_credit(
    outcomes: &[LineOutcome],
    parts: &[Part<'_>],
    owed: Amount,
) -> Result<Amount, AmountError> {
    let (mut all, mut stored) = (Amount::ZERO, Amount::ZERO);
    for part in parts {
        let own = outcomes.iter().filter(|it| it.line == part.line.id);
        let own = own.filter(|it| it.outcome == Outcome::StoreCredit);
        let units = sum(own.map(|it| it.quantity)).ok_or(AmountError)?;
        let worth = |to: Decimal| {
            crate::credit::worth(&part.line.amounts(), part.line.ordered, Decimal::ZERO, to)
        };
        all = all.plus(worth(part.paid_out)?.gross_minor)?;
        stored = stored.plus(worth(units)?.gross_minor)?;
    }
    proportion(owed, stored, all)
}

/// Nobody settles another sum than the one they saw.
pub(super) fn must_be_shown(
    settlement: &Settlement,
    command: &ResolveReturn,
    order: &Order,
) -> Result<(), Refusal> {
    let Some(shown) = command.expect_minor else { return Ok(()) };
    let found = settlement.credit.as_ref().map_or(Amount::ZERO, |credit| credit.total_minor);
    if shown == found {
        return Ok(());
    }
    Err(Issue::new(Code::CreditDiffers, "/args/expectMinor")
        .with("amountMinor", found)
        .with("shownMinor", shown)
        .with("currency", order.currency)
        .into())
}
