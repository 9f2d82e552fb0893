//! Placing an order: the draft is checked and priced again, whatever the buyer's page computed.

use super::Facts;
use crate::{
    command::Place,
    context::Context,
    issue::{Code, Issue, Refusal},
    money::Amount,
    order::{Event, Role},
    pricing::{Quote, quote},
    ruleset::{PaymentTerms, Rules},
    validation,
};

/// A number that begins so is provisional: the authority gives the final one.
pub const PROVISIONAL_PREFIX: &str = "T-";

/// A device clock may be this far ahead before its claim is ignored.
const CLOCK_AHEAD_MS: i64 = 5 * 60 * 1_000;

pub(super) fn decide(place: &Place, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let priced_ms = priced_ms(facts);
    let context = context(facts, priced_ms);
    let issues = validation::validate(&place.draft, facts.rules, &context);
    let under = |issue: Issue| issue.under("/args/draft");
    Refusal::unless_empty(issues.into_iter().map(under).collect())?;

    let quote = agreed_quote(place, facts, &context)?;
    let (number, alias) = number(place, facts)?;
    let payment_terms = place
        .draft
        .details
        .payment_method
        .as_deref()
        .and_then(|id| facts.rules.payment_method(id))
        .map_or(PaymentTerms::default(), |method| method.terms);
    Ok(vec![Event::Placed {
        number,
        alias,
        draft: Box::new(place.draft.clone()),
        quote: Box::new(Quote { trace: Vec::new(), ..quote }),
        payment_terms,
    }])
}

/// What is known of the buyer, at the time of the price, and with the rights of whoever places.
fn context(facts: &Facts<'_>, priced_ms: i64) -> Context {
    let known = facts.context.cloned().unwrap_or_default();
    Context { now_ms: priced_ms, may_adjust: facts.actor.role != Role::Customer, ..known }
}

/// The time whose promotions count: the buyer's own, unless the device's clock cannot be right.
fn priced_ms(facts: &Facts<'_>) -> i64 {
    let earliest = facts.now_ms.saturating_sub(facts.rules.ruleset().workflow.price_grace_ms);
    let latest = facts.now_ms.saturating_add(CLOCK_AHEAD_MS);
    if (earliest..=latest).contains(&facts.asked_ms) { facts.asked_ms } else { facts.now_ms }
}

/// The price that both sides agree on.
///
/// With today's rules the totals must be equal. If the rules have changed since, the lower price
/// counts at once, and the shown one is honoured for the shop's grace period.
fn agreed_quote(place: &Place, facts: &Facts<'_>, context: &Context) -> Result<Quote, Refusal> {
    let shown = place.expect.total_minor;
    let current = price(place, facts.rules, context)?;
    if place.expect.ruleset_digest == facts.rules.digest() {
        return expect_equal(current, shown);
    }
    if current.totals.gross_minor <= shown {
        return Ok(current);
    }
    let changed = || {
        let issue = Issue::new(Code::PriceChanged, "/args/expect/totalMinor")
            .with("shownMinor", shown)
            .with("nowMinor", current.totals.gross_minor)
            .with("currency", current.currency);
        Refusal::from(issue)
    };
    let earlier = facts.earlier.ok_or_else(changed)?;
    let grace_ms = facts.rules.ruleset().workflow.price_grace_ms;
    if facts.now_ms > earlier.retired_ms.saturating_add(grace_ms) {
        return Err(changed());
    }
    let then = Context { now_ms: context.now_ms.min(earlier.retired_ms), ..context.clone() };
    expect_equal(price(place, earlier.rules, &then)?, shown)
}

fn price(place: &Place, rules: &Rules, context: &Context) -> Result<Quote, Refusal> {
    quote(&place.draft, rules, context).map_err(|refusal| Refusal {
        issues: refusal.issues.into_iter().map(|issue| issue.under("/args/draft")).collect(),
    })
}

fn expect_equal(quote: Quote, shown: Amount) -> Result<Quote, Refusal> {
    if quote.totals.gross_minor == shown {
        return Ok(quote);
    }
    Err(Issue::new(Code::TotalMismatch, "/args/expect/totalMinor")
        .with("sentMinor", shown)
        .with("computedMinor", quote.totals.gross_minor)
        .with("currency", quote.currency)
        .into())
}

/// The number, and the provisional one that it replaces.
fn number(place: &Place, facts: &Facts<'_>) -> Result<(String, Option<String>), Refusal> {
    const PATH: &str = "/args/number";
    let Some(number) = place.number.as_deref() else {
        let assigned = facts.assigned_number.ok_or_else(|| Issue::new(Code::Required, PATH))?;
        return Ok((assigned.to_owned(), None));
    };
    if number.starts_with(PROVISIONAL_PREFIX) {
        let alias = number.to_owned();
        return match facts.assigned_number {
            Some(assigned) => Ok((assigned.to_owned(), Some(alias))),
            None => Ok((alias, None)),
        };
    }
    let mut pattern = facts.rules.number_pattern();
    if let (Err(issue), earlier) = (pattern.verify(number), facts.earlier) {
        // A device that was offline while the pattern changed has numbered by the earlier one.
        let earlier = earlier.map(|earlier| earlier.rules.number_pattern());
        let fits = earlier.filter(|earlier| earlier.verify(number).is_ok());
        pattern = fits.ok_or_else(|| issue.under(PATH))?;
    }
    if pattern.device_length() > 0 && pattern.device_of(number) != facts.device {
        return Err(Issue::new(Code::NumberInvalid, PATH).with("number", number).into());
    }
    Ok((number.to_owned(), None))
}
