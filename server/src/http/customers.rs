//! What staff keep of customers and gift cards: `/v1/{tenant}/customers/{user}` and `/gift-cards/{code}`.

use axum::extract::State;
use orderkit::{
    Amount, Code, CustomerFacts, GiftCard, Issue, Refusal, Role, TaxExemption, TaxNumberCheck,
    json::FromJson,
    limits::{MAX_CODE_BYTES, MAX_TEXT_BYTES},
};
use serde::Serialize;
use serde_json::{Map, Value};

use super::{
    caller::Caller,
    document::{Answer, Document, Path, Raw},
};
use crate::{
    app::App,
    error::Error,
    store::{RuleTotal, Transaction, card_code},
};

/// Groups and certificates of one customer: more is a mistake of whoever sends them.
const MAX_FACTS: usize = 100;

/// What staff say of a customer. What is left out stays, so that a change of groups cannot bring back
/// points that were spent meanwhile; a tax number is taken away with `null`.
#[derive(FromJson, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct CustomerEntry {
    #[serde(default)]
    groups: Option<Vec<String>>,
    #[serde(default)]
    points: Option<u32>,
    #[serde(default)]
    store_credit_minor: Option<Amount>,
    #[serde(default)]
    tax_number: Option<TaxNumberCheck>,
    #[serde(default)]
    exemptions: Option<Vec<TaxExemption>>,
}

/// A gift card.
#[derive(FromJson, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct CardEntry {
    balance_minor: Amount,
    #[serde(default)]
    ends_ms: Option<i64>,
}

/// How often each rule was used.
#[derive(Serialize, schemars::JsonSchema)]
pub(super) struct Uses {
    uses: Vec<RuleTotal>,
}

pub(super) async fn customer(
    State(app): State<App>,
    caller: Caller,
    Path((_, user)): Path<(String, String)>,
) -> Result<Answer<CustomerFacts>, Error> {
    if caller.sees_only().is_some_and(|own| own != user) {
        return Err(Error::TokenForbids);
    }
    Ok(Answer(app.store.read().await?.customer(&caller.tenant, &user).await?))
}

pub(super) async fn put_customer(
    State(app): State<App>,
    caller: Caller,
    Path((_, user)): Path<(String, String)>,
    Raw(body): Raw,
) -> Result<Answer<CustomerFacts>, Error> {
    let mut transaction = writing(&app, &caller).await?;
    let entry: CustomerEntry = orderkit::json::read(&body).map_err(Error::Malformed)?;
    Refusal::unless_empty(customer_issues(&user, &entry))?;
    let fields: Map<String, Value> = serde_json::from_slice(&body).unwrap_or_default();
    let mut known = transaction.customer(&caller.tenant, &user).await?;
    known.groups = entry.groups.unwrap_or(known.groups);
    known.points = entry.points.unwrap_or(known.points);
    known.store_credit_minor = entry.store_credit_minor.unwrap_or(known.store_credit_minor);
    known.exemptions = entry.exemptions.unwrap_or(known.exemptions);
    if fields.contains_key("taxNumber") {
        known.tax_number = entry.tax_number;
    }
    transaction.put_customer(&caller.tenant, &user, &known).await?;
    done(&app, &caller, transaction, known).await
}

/// A card for staff only: whoever may ask can try codes.
pub(super) async fn gift_card(
    State(app): State<App>,
    caller: Caller,
    Path((_, code)): Path<(String, String)>,
) -> Result<Answer<GiftCard>, Error> {
    caller.staff_only()?;
    let card = app.store.read().await?.gift_card(&caller.tenant, &code).await?;
    card.map(Answer).ok_or(Error::NotFound(Code::NotFound))
}

pub(super) async fn put_gift_card(
    State(app): State<App>,
    caller: Caller,
    Path((_, code)): Path<(String, String)>,
    Document(entry): Document<CardEntry>,
) -> Result<Answer<GiftCard>, Error> {
    let mut transaction = writing(&app, &caller).await?;
    let mut issues: Vec<Issue> = name_issue(&code, MAX_CODE_BYTES, "/code").into_iter().collect();
    issues.extend(negative(entry.balance_minor.is_negative(), "/balanceMinor"));
    Refusal::unless_empty(issues)?;
    let CardEntry { balance_minor, ends_ms } = entry;
    let card = GiftCard { code: card_code(&code), balance_minor, ends_ms };
    transaction.put_gift_card(&caller.tenant, &card).await?;
    done(&app, &caller, transaction, card).await
}

pub(super) async fn uses(State(app): State<App>, caller: Caller) -> Result<Answer<Uses>, Error> {
    caller.staff_only()?;
    let uses = app.store.read().await?.rule_totals(&caller.tenant).await?;
    Ok(Answer(Uses { uses }))
}

/// A transaction for an administrator: balances are money.
pub(super) async fn writing(app: &App, caller: &Caller) -> Result<Transaction, Error> {
    if caller.actor.role != Role::Admin {
        return Err(Error::TokenForbids);
    }
    let mut transaction = app.store.write(&caller.tenant).await?;
    transaction.head(&caller.tenant).await?.ok_or(Error::TokenForbids)?;
    Ok(transaction)
}

pub(super) async fn done<T>(
    app: &App,
    caller: &Caller,
    transaction: Transaction,
    told: T,
) -> Result<Answer<T>, Error> {
    transaction.commit().await?;
    // No order changed, but prices may have.
    app.pokes.send_again(&caller.tenant);
    Ok(Answer(told))
}

fn customer_issues(user: &str, entry: &CustomerEntry) -> Vec<Issue> {
    let mut issues: Vec<Issue> = name_issue(user, MAX_TEXT_BYTES, "/user").into_iter().collect();
    let groups = entry.groups.as_deref().unwrap_or_default();
    let exemptions = entry.exemptions.as_deref().unwrap_or_default();
    let counts = [("/groups", groups.len()), ("/exemptions", exemptions.len())];
    for (path, count) in counts {
        if count > MAX_FACTS {
            let reason = format!("{count} entries are more than the {MAX_FACTS} that are taken");
            issues.push(Issue::new(Code::ShapeInvalid, path).with("reason", reason));
        }
    }
    for (at, group) in groups.iter().enumerate() {
        issues.extend(name_issue(group, MAX_CODE_BYTES, &format!("/groups/{at}")));
    }
    let owes = entry.store_credit_minor.is_some_and(Amount::is_negative);
    issues.extend(negative(owes, "/storeCreditMinor"));
    if let Some(check) = &entry.tax_number {
        issues.extend(name_issue(&check.number, MAX_CODE_BYTES, "/taxNumber/number"));
    }
    for (at, exemption) in exemptions.iter().enumerate() {
        let path = format!("/exemptions/{at}");
        let certificate = &exemption.certificate;
        issues.extend(name_issue(certificate, MAX_TEXT_BYTES, &format!("{path}/certificate")));
        if let (Some(start), Some(end)) = (exemption.starts_ms, exemption.ends_ms)
            && end <= start
        {
            let issue = Issue::new(Code::ShapeInvalid, format!("{path}/endsMs"));
            issues.push(issue.with("reason", "it ends before it starts"));
        }
    }
    issues
}

pub(super) fn name_issue(name: &str, maximum: usize, path: &str) -> Option<Issue> {
    if name.trim().is_empty() {
        return Some(Issue::new(Code::Required, path));
    }
    if name.len() > maximum {
        let issue = Issue::new(Code::TextTooLong, path);
        return Some(issue.with("maximum", maximum).with("bytes", name.len()));
    }
    // A code with a space at its end is one that nobody can type.
    (name.trim() != name || name.chars().any(char::is_control))
        .then(|| Issue::new(Code::TextInvalid, path))
}

pub(super) fn negative(is_negative: bool, path: &str) -> Option<Issue> {
    is_negative
        .then(|| Issue::new(Code::ShapeInvalid, path).with("reason", "it must not be below zero"))
}
