//! Placing an order: the draft is checked and priced again, whatever the buyer's page computed.

use super::{Facts, stock};
use crate::{
    command::Place,
    context::{Context, CustomerFacts, RuleUse},
    issue::{Code, Issue, Refusal},
    money::Amount,
    order::{Event, Hold, HoldReason, Order, Role},
    pricing::{Quote, quote},
    review::LookAlike,
    ruleset::{Oversold, PaymentTerms, Rules},
    validation,
};

/// A number that begins so is provisional: the authority gives the final one.
pub const PROVISIONAL_PREFIX: &str = crate::numbering::PROVISIONAL_PREFIX;

/// A device clock may be this far ahead before its claim is ignored.
const CLOCK_AHEAD_MS: i64 = 5 * 60 * 1_000;

pub(super) fn decide(
    order: Option<&Order>,
    place: &Place,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let priced_ms = priced_ms(facts);
    let context = context(facts, priced_ms);
    let mut issues = validation::validate(&place.draft, facts.rules, &context);
    // Whoever has a number was told that the order is placed: that goods are gone is answered as the shop says.
    let is_promised = place.number.is_some();
    if is_promised && facts.rules.ruleset().inventory.oversold != Oversold::Refuse {
        issues.retain(|issue| issue.code != Code::StockMissing);
    }
    let under = |issue: Issue| issue.under("/args/draft");
    Refusal::unless_empty(issues.into_iter().map(under).collect())?;

    if !place.is_repeat
        && let Some(look_alike) = facts.review.and_then(|review| review.look_alike.as_ref())
    {
        return Err(repeated(look_alike, facts).into());
    }
    let quote = agreed_quote(place, facts, &context)?;
    if let Some(shown) = place.expect.payable_minor
        && shown < quote.totals.payable_minor
    {
        return Err(changed(&quote, "payableMinor", shown, quote.totals.payable_minor));
    }
    let (number, alias) = number(place, facts)?;
    let payment_terms = place
        .draft
        .details
        .payment_method
        .as_deref()
        .and_then(|id| facts.rules.payment_method(id))
        .map_or(PaymentTerms::default(), |method| method.terms);
    let placed = Event::Placed {
        number,
        alias,
        draft: Box::new(place.draft.clone()),
        quote: Box::new(quote.kept()),
        payment_terms,
    };
    let mut events = stock::placed(order, placed, is_promised, &context, facts)?;
    events.extend(suspected(facts));
    Ok(events)
}

/// The buyer is asked whether it is meant, with the order that it looks like.
fn repeated(look_alike: &LookAlike, facts: &Facts<'_>) -> Issue {
    // An order from an offline device can come after one that was placed later.
    let asked_ms = facts.asked_claim_ms().unwrap_or(facts.now_ms);
    let seconds = asked_ms.abs_diff(look_alike.placed_ms) / 1_000;
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    Issue::new(Code::OrderLooksRepeated, "/args")
        .with("number", look_alike.number.as_str())
        .with("order", look_alike.order.to_string())
        .with("seconds", seconds)
}

/// An order that looks like fraud is taken, and waits until somebody has looked at it.
fn suspected(facts: &Facts<'_>) -> Option<Event> {
    let suspicion = facts.review?.suspicion.as_ref()?;
    let hold = Hold {
        reason: HoldReason::FraudReview,
        note: None,
        since_ms: facts.now_ms,
        signals: suspicion.signals.clone(),
    };
    Some(Event::Held { hold })
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
/// counts at once, and the shown one is honoured for the shop's grace period. If the shown
/// total was right for other uses or another buyer, the lower price counts as well, and a higher one
/// is a changed price.
fn agreed_quote(place: &Place, facts: &Facts<'_>, context: &Context) -> Result<Quote, Refusal> {
    let shown = place.expect.total_minor;
    let current = price(place, facts.rules, context)?;
    let now = current.totals.gross_minor;
    let is_current = place.expect.ruleset_digest == facts.rules.digest();
    if now == shown || (is_current && !was_so(place, facts, context, now)) {
        return expect_equal(current, shown);
    }
    if now <= shown {
        return Ok(current);
    }
    let changed = || changed(&current, "totalMinor", shown, now);
    if is_current {
        return Err(changed());
    }
    let earlier = facts.earlier.ok_or_else(changed)?;
    let grace_ms = facts.rules.ruleset().workflow.price_grace_ms;
    if facts.now_ms > earlier.retired_ms.saturating_add(grace_ms) {
        return Err(changed());
    }
    let then = Context { now_ms: context.now_ms.min(earlier.retired_ms), ..context.clone() };
    expect_equal(price(place, earlier.rules, &then)?, shown)
}

fn changed(quote: &Quote, field: &str, shown: Amount, now: Amount) -> Refusal {
    Issue::new(Code::PriceChanged, format!("/args/expect/{field}"))
        .with("shownMinor", shown)
        .with("nowMinor", now)
        .with("currency", quote.currency)
        .into()
}

/// Whether the shown total lies between those of other moments: nothing used or everything used up,
/// and the buyer known or not. Uses and balances move while a page is offline.
fn was_so(place: &Place, facts: &Facts<'_>, context: &Context, now: Amount) -> bool {
    let shown = place.expect.total_minor;
    let (mut lowest, mut highest) = (now, now);
    let used_up = used_up(facts.rules);
    for uses in [&context.uses, &Vec::new(), &used_up] {
        for customer in [&context.customer, &CustomerFacts::default()] {
            let other =
                Context { uses: uses.clone(), customer: customer.clone(), ..context.clone() };
            if let Ok(quote) = price(place, facts.rules, &other) {
                lowest = lowest.min(quote.totals.gross_minor);
                highest = highest.max(quote.totals.gross_minor);
            }
        }
    }
    lowest <= shown && shown <= highest
}

/// The uses that leave nothing of any limit.
fn used_up(rules: &Rules) -> Vec<RuleUse> {
    let ruleset = rules.ruleset();
    let promotions = ruleset.promotions.iter().map(|it| &it.id);
    let rules = promotions.chain(ruleset.price_lists.iter().map(|it| &it.id));
    rules
        .map(|rule| RuleUse {
            rule: rule.clone(),
            count: u32::MAX,
            customer_count: u32::MAX,
            amount_minor: Amount::MAX,
            customer_amount_minor: Amount::MAX,
        })
        .collect()
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
