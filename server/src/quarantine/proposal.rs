//! Orders that money in quarantine may belong to, by what little is known of it.

use std::collections::BTreeMap;

use orderkit::{Amount, Currency, Order, status::Summary};
use serde::Serialize;
use uuid::Uuid;

use super::Entry;
use crate::{
    numbers::look_up,
    store::{ListFilter, ListedOrder, StoreError, Transaction},
};

/// Orders that are looked at for each state.
const CANDIDATES: u32 = 100;
/// Proposals at most.
const PROPOSALS: usize = 5;
/// An order is paid within so long after it was placed.
const USUAL_MS: i64 = 14 * 24 * 60 * 60 * 1_000;
/// Words of a remittance text that are looked up.
const MAX_WORDS: usize = 12;
/// Digits at the end of a telephone number that make two the same.
const PHONE_TAIL: usize = 4;

/// An order that money may belong to.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Proposal {
    /// The order.
    pub order: Uuid,
    /// Its number.
    pub number: String,
    /// Who ordered.
    pub customer: String,
    /// When.
    pub placed_ms: i64,
    /// What is due of it.
    pub balance_due_minor: Amount,
    /// The currency of that.
    pub currency: Currency,
    /// What speaks for it, the strongest first.
    pub why: Vec<Sign>,
}

/// What speaks for an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Sign {
    /// Its number is what was written, or one typing error away.
    Number,
    /// Just so much is due.
    Amount,
    /// The same e-mail address.
    Email,
    /// The same end of the telephone number.
    Phone,
    /// The same name.
    Name,
    /// It was placed shortly before.
    Time,
}

impl Sign {
    fn weight(self) -> u32 {
        match self {
            Self::Number => 5,
            Self::Amount | Self::Email => 4,
            Self::Phone => 3,
            Self::Name => 2,
            Self::Time => 1,
        }
    }
}

/// The orders that it may belong to, the likeliest first.
///
/// # Errors
///
/// [`StoreError`]
pub(crate) async fn proposals(
    transaction: &mut Transaction,
    tenant: &str,
    entry: &Entry,
) -> Result<Vec<Proposal>, StoreError> {
    let mut candidates: BTreeMap<String, bool> = BTreeMap::new();
    for word in words(entry) {
        let found = look_up(transaction, tenant, None, &word).await?;
        for order in found.orders.into_iter().chain(found.suggestions) {
            candidates.insert(order.id, true);
        }
    }
    for summary in [Summary::AwaitingPayment, Summary::Expired] {
        let filter =
            ListFilter { summary: Some(summary), limit: CANDIDATES, ..ListFilter::default() };
        for ListedOrder { id, .. } in transaction.list(tenant, &filter).await? {
            candidates.entry(id).or_insert(false);
        }
    }
    let mut found = Vec::new();
    for (id, is_named) in candidates {
        let Ok(id) = Uuid::parse_str(&id) else { continue };
        if let Some(stored) = transaction.order(tenant, id).await? {
            found.extend(proposal(&stored.order, entry, is_named));
        }
    }
    found.sort_by_key(|it| (core::cmp::Reverse(weight(it)), core::cmp::Reverse(it.placed_ms)));
    found.truncate(PROPOSALS);
    Ok(found)
}

fn proposal(order: &Order, entry: &Entry, is_named: bool) -> Option<Proposal> {
    let due = order.derived().ok()?.balance_due_minor;
    let customer = order.details.customer.clone().unwrap_or_default();
    let same = |one: &Option<String>, other: &Option<String>| {
        one.as_deref().zip(other.as_deref()).is_some_and(|(one, other)| alike(one, other))
    };
    // Nothing is due of an order that was closed: what it cost counts.
    let asked = if due == Amount::ZERO { order.totals.payable_minor } else { due };
    let age_ms = entry.paid_ms.saturating_sub(order.placed_ms);
    let signs = [
        (Sign::Number, is_named),
        (Sign::Amount, asked == entry.amount_minor && order.currency == entry.currency),
        (Sign::Email, same(&customer.email, &entry.payer.email)),
        (Sign::Phone, phone_tail(&customer.phone, &entry.payer.phone)),
        (Sign::Name, entry.payer.name.as_deref().is_some_and(|it| alike(it, &customer.name))),
        (Sign::Time, (0..=USUAL_MS).contains(&age_ms)),
    ];
    let why: Vec<Sign> = signs.iter().filter(|(_, holds)| *holds).map(|(sign, _)| *sign).collect();
    // That it was placed lately is true of many.
    let is_likely = why.iter().any(|sign| *sign != Sign::Time);
    is_likely.then(|| Proposal {
        order: order.id,
        number: order.number.clone(),
        customer: customer.name,
        placed_ms: order.placed_ms,
        balance_due_minor: due,
        currency: order.currency,
        why,
    })
}

fn weight(proposal: &Proposal) -> u32 {
    proposal.why.iter().map(|sign| sign.weight()).sum()
}

/// The same letters and digits, whatever their case, order and the spaces between them: banks write the family name first.
fn alike(one: &str, other: &str) -> bool {
    let parts = |text: &str| {
        let text = text.to_lowercase();
        let words = text.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty());
        let mut parts: Vec<String> = words.map(str::to_owned).collect();
        parts.sort_unstable();
        parts
    };
    let one = parts(one);
    !one.is_empty() && one == parts(other)
}

fn phone_tail(one: &Option<String>, other: &Option<String>) -> bool {
    tail_of(one).is_some_and(|tail| Some(tail) == tail_of(other))
}

fn tail_of(text: &Option<String>) -> Option<String> {
    let digits: Vec<char> = text.as_deref()?.chars().filter(char::is_ascii_digit).collect();
    let from = digits.len().checked_sub(PHONE_TAIL)?;
    digits.get(from..).map(|tail| tail.iter().collect())
}

/// What may be an order number: what was written as one, and the words of the text that have a digit.
pub(super) fn words(entry: &Entry) -> Vec<String> {
    let text = entry.text.as_deref().unwrap_or_default();
    let separators =
        |it: char| it.is_whitespace() || matches!(it, ',' | ';' | ':' | '#' | '(' | ')');
    let in_text = text.split(separators).map(|word| word.trim_matches(['.', '-', '/']));
    let in_text =
        in_text.filter(|word| word.len() >= 4 && word.bytes().any(|it| it.is_ascii_digit()));
    let number = entry.number.as_deref().map(str::trim).filter(|it| !it.is_empty());
    number.into_iter().chain(in_text).take(MAX_WORDS).map(str::to_owned).collect()
}
