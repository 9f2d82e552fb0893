//! Lines of a bank statement: what names an order is recorded on it, and all else waits in quarantine.

use orderkit::{
    Actor, Amount, Code, Currency, Issue, Refusal,
    json::FromJson,
    ledger::{Payment, PaymentKind, PaymentState},
};
use serde::Serialize;
use uuid::Uuid;

use super::{Entry, EntryKind, id_of, keep, proposal::words};
use crate::{
    app::App,
    error::Error,
    numbers::look_up,
    payment::{Payer, asked},
    sync,
};

/// The source of what a bank statement reports.
const SOURCE: &str = "statement";
/// Lines of one request at most.
const MAX_LINES: usize = 1_000;
/// The method of a line that names none.
const METHOD: &str = "bankTransfer";

/// A line of a bank statement.
#[derive(Clone, FromJson, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Line {
    /// The bank's name of it; the same line is taken once.
    pub id: String,
    /// How much came.
    pub amount_minor: Amount,
    /// Of what.
    pub currency: Currency,
    /// When it was booked.
    pub booked_ms: i64,
    /// What the payer wrote.
    #[serde(default)]
    pub text: String,
    /// Who paid.
    #[serde(default)]
    pub payer: Option<Payer>,
    /// The payment method; a bank transfer if missing.
    #[serde(default)]
    pub method: Option<String>,
}

/// What became of a line.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "outcome")]
pub(crate) enum Imported {
    /// It is recorded on the order that it names.
    Recorded { id: String, order: Uuid, number: String },
    /// It waits for somebody.
    Quarantined { id: String, quarantine: String, cause: Code },
    /// It was taken before and waits, or somebody has decided.
    Known { id: String, quarantine: String },
}

/// Takes the lines of a statement. A line that comes again changes nothing.
///
/// # Errors
///
/// 422 if a line is none; nothing is taken then.
pub(crate) async fn import(
    app: &App,
    tenant: &str,
    actor: &Actor,
    lines: &[Line],
) -> Result<Vec<Imported>, Error> {
    Refusal::unless_empty(issues(lines))?;
    let mut imported = Vec::with_capacity(lines.len());
    for line in lines {
        imported.push(take(app, tenant, actor, line).await?);
    }
    Ok(imported)
}

fn issues(lines: &[Line]) -> Vec<Issue> {
    let mut issues = Vec::new();
    if lines.len() > MAX_LINES {
        let reason = format!("{} lines are more than the {MAX_LINES} that are taken", lines.len());
        issues.push(Issue::new(Code::ShapeInvalid, "/lines").with("reason", reason));
    }
    for (at, line) in lines.iter().enumerate() {
        if line.id.trim().is_empty() {
            issues.push(Issue::new(Code::Required, format!("/lines/{at}/id")));
        }
        if line.amount_minor <= Amount::ZERO {
            let path = format!("/lines/{at}/amountMinor");
            issues.push(Issue::new(Code::PaymentNotPositive, path));
        }
    }
    issues
}

async fn take(app: &App, tenant: &str, actor: &Actor, line: &Line) -> Result<Imported, Error> {
    let quarantine = id_of(tenant, SOURCE, &line.id);
    let mut transaction = app.store.read().await?;
    if transaction.quarantined(tenant, &quarantine).await?.is_some() {
        return Ok(Imported::Known { id: line.id.clone(), quarantine });
    }
    let entry = entry(line);
    let mut orders = Vec::new();
    for word in words(&entry) {
        orders.extend(look_up(&mut transaction, tenant, None, &word).await?.orders);
    }
    drop(transaction);
    orders.sort_by(|one, other| one.id.cmp(&other.id));
    orders.dedup_by(|one, other| one.id == other.id);
    let cause = match orders.as_slice() {
        [found] => {
            let order = super::order_id(&found.id)?;
            let command = asked(tenant, order, &payment(line))?;
            match sync::command(app, tenant, actor, command).await {
                Ok(_) => {
                    let (id, number) = (line.id.clone(), found.number.clone());
                    return Ok(Imported::Recorded { id, order, number });
                }
                Err(Error::Refused(refusal)) => refusal.code(),
                Err(error) => return Err(error),
            }
        }
        _ if words(&entry).is_empty() => Code::PaymentUnknown,
        _ => Code::OrderUnknown,
    };
    let entry = Entry { kind: EntryKind::of(cause), cause, ..entry };
    let quarantine = keep(app, tenant, &entry).await?;
    Ok(Imported::Quarantined { id: line.id.clone(), quarantine, cause })
}

fn entry(line: &Line) -> Entry {
    Entry {
        kind: EntryKind::UnknownPayment,
        cause: Code::PaymentUnknown,
        source: SOURCE.to_owned(),
        source_id: line.id.clone(),
        provider: None,
        payment_kind: PaymentKind::Capture,
        amount_minor: line.amount_minor,
        currency: line.currency,
        asked: None,
        of: None,
        reference: Some(line.id.clone()),
        method: method(line),
        number: None,
        text: Some(line.text.clone()),
        payer: line.payer.clone().unwrap_or_default(),
        paid_ms: line.booked_ms,
    }
}

fn payment(line: &Line) -> Payment {
    Payment {
        id: format!("{SOURCE}-{}", line.id),
        kind: PaymentKind::Capture,
        method: method(line),
        amount_minor: line.amount_minor,
        reference: Some(line.id.clone()),
        state: PaymentState::Success,
        source: None,
        failure: None,
        expires_ms: None,
        currency: Some(line.currency),
        recorded_ms: 0,
        is_certain: true,
        provider: None,
    }
}

fn method(line: &Line) -> String {
    line.method.clone().unwrap_or_else(|| METHOD.to_owned())
}
