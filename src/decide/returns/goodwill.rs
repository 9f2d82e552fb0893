//! What the shop gives though nothing is owed.

use super::is_blank;
use crate::{
    command::GrantCredit,
    credit::{Credit, CreditCause, CreditShare, share_of},
    issue::{Code, Issue, Refusal},
    money::Amount,
    order::{Event, Order},
};

/// Lowers what the order costs, with the tax in it, and never below nothing.
pub(crate) fn grant(order: &Order, command: &GrantCredit) -> Result<Vec<Event>, Refusal> {
    const AMOUNT: &str = "/args/amountMinor";
    let reason = crate::decide::cancel::reason(&command.reason)?;
    let id = command.credit.trim();
    if is_blank(id) {
        return Err(Issue::new(Code::Required, "/args/credit").into());
    }
    let taken = order.credits.iter().any(|it| it.id == id);
    if taken || order.returns.iter().any(|it| it.id == id) {
        return Err(Issue::new(Code::CreditRepeated, "/args/credit").into());
    }
    if command.amount_minor <= Amount::ZERO {
        return Err(Issue::new(Code::PaymentNotPositive, AMOUNT).into());
    }
    let left = order.due()?;
    if command.amount_minor > left {
        return Err(Issue::new(Code::CreditTooLarge, AMOUNT)
            .with("amountMinor", command.amount_minor)
            .with("availableMinor", left.max(Amount::ZERO))
            .with("currency", order.currency)
            .into());
    }
    // A lower price holds less tax, in the order's own proportion (Directive 2006/112/EC, article 90).
    let whole = CreditShare {
        net_minor: order.totals.net_minor,
        tax_minor: order.totals.tax_minor,
        gross_minor: order.totals.gross_minor,
    };
    let other = share_of(whole, command.amount_minor)?;
    let (cause, id) = (CreditCause::Goodwill, id.to_owned());
    let credit = Credit::new(id, cause, Vec::new(), None, Vec::new(), other)?;
    Ok(vec![Event::CreditGranted { reason, credit }])
}
