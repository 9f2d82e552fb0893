//! The stock: `/v1/{tenant}/stock`.

use axum::{extract::State, response::Response};
use orderkit::{
    Code, Decimal, Issue, Refusal, Role,
    json::FromJson,
    limits::{MAX_CODE_BYTES, MAX_TEXT_BYTES},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    caller::Caller,
    customers::{done, name_issue, negative, writing},
    document::{Answer, Document, Parameters, Path, Raw},
    keys::Key,
    once::{Asked as AskedOnce, keep, repeated},
};
use crate::{
    app::App,
    error::Error,
    store::{StockEntry, StoredStock, Transaction},
    sync::{Mover, count_stock, give_back_stock, tenant_rules},
};

/// SKUs of a page, unless fewer are asked for.
const PAGE: u32 = 100;
/// SKUs of a page at most.
const MAX_PAGE: u32 = 500;
/// Entries of the log that one answer has.
const ENTRIES: u32 = 200;

/// How much of a SKU there is, and for whom.
#[derive(Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "StockLevel")]
pub(super) struct Level {
    sku: String,
    on_hand: Decimal,
    reserved: Decimal,
    allocated: Decimal,
    leased: Decimal,
    backordered: Decimal,
    /// What can be sold at once: less what is kept back.
    available: Decimal,
    safety_quantity: Decimal,
}

/// A page of the stock.
#[derive(Serialize, schemars::JsonSchema)]
#[schemars(rename = "StockPage")]
pub(super) struct Page {
    stock: Vec<Level>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// Which page.
#[derive(Deserialize, schemars::JsonSchema)]
pub(super) struct Asked {
    q: Option<String>,
    cursor: Option<String>,
    limit: Option<u32>,
}

/// One SKU with what open orders hold of it, and its log.
#[derive(Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "StockDetail")]
pub(super) struct Detail {
    #[serde(flatten)]
    level: Level,
    claims: Vec<Claim>,
    log: Vec<StockEntry>,
}

/// What an open order holds or waits for.
#[derive(Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "StockClaim")]
pub(super) struct Claim {
    order: Uuid,
    reserved: Decimal,
    backordered: Decimal,
    placed_ms: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    until_ms: Option<i64>,
}

/// What was found on the shelf.
#[derive(FromJson, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct StockEntryRequest {
    quantity: Decimal,
    #[serde(default)]
    reason: Option<String>,
}

/// How many came or went.
#[derive(FromJson, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct AdjustRequest {
    change: Decimal,
    reason: String,
    /// The revision that the caller saw; not looked at if missing.
    #[serde(default)]
    on_hand: Option<Decimal>,
}

/// Whose part of the stock is anybody's again.
#[derive(FromJson, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ReturnRequest {
    client: Uuid,
}

/// Of how many SKUs that was something.
#[derive(Serialize, schemars::JsonSchema)]
#[schemars(rename = "StockReturned")]
pub(super) struct Returned {
    returned: usize,
}

/// Whether something was there to be removed.
#[derive(Serialize, schemars::JsonSchema)]
pub(super) struct Removed {
    removed: bool,
}

pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Parameters(asked): Parameters<Asked>,
) -> Result<Answer<Page>, Error> {
    caller.staff_only()?;
    let mut transaction = app.store.read().await?;
    let limit = asked.limit.unwrap_or(PAGE).clamp(1, MAX_PAGE);
    let (after, text) = (asked.cursor.unwrap_or_default(), asked.q.unwrap_or_default());
    let more = limit.saturating_add(1);
    let mut found = transaction.stock_after(&caller.tenant, &after, text.trim(), more).await?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| has_more).map(|it| it.sku.clone());
    let mut stock = Vec::new();
    for it in found {
        stock.push(level(&app, &mut transaction, &caller, it).await?);
    }
    Ok(Answer(Page { stock, next }))
}

pub(super) async fn one(
    State(app): State<App>,
    caller: Caller,
    Path((_, sku)): Path<(String, String)>,
) -> Result<Answer<Detail>, Error> {
    caller.staff_only()?;
    let mut transaction = app.store.read().await?;
    let found = transaction.stock(&caller.tenant, &[&sku]).await?.pop();
    let found = found.ok_or(Error::NotFound(Code::NotFound))?;
    let claims = transaction.open_claims(&caller.tenant, &sku).await?.into_iter();
    let claims = claims.map(|it| Claim {
        order: it.order,
        reserved: it.claim.reserved,
        backordered: it.claim.backordered,
        placed_ms: it.placed_ms,
        until_ms: it.until_ms,
    });
    let claims = claims.collect();
    let log = transaction.stock_entries(&caller.tenant, &sku, ENTRIES).await?;
    let level = level(&app, &mut transaction, &caller, found).await?;
    Ok(Answer(Detail { level, claims, log }))
}

/// What was counted takes the place of what was believed.
pub(super) async fn put(
    State(app): State<App>,
    caller: Caller,
    Path((_, sku)): Path<(String, String)>,
    Document(entry): Document<StockEntryRequest>,
) -> Result<Answer<Level>, Error> {
    let mut transaction = writing(&app, &caller).await?;
    let mut issues: Vec<Issue> = name_issue(&sku, MAX_CODE_BYTES, "/sku").into_iter().collect();
    issues.extend(negative(entry.quantity.is_negative(), "/quantity"));
    let reason = entry.reason.as_deref().map_or("counted", str::trim);
    issues.extend(name_issue(reason, MAX_TEXT_BYTES, "/reason"));
    Refusal::unless_empty(issues)?;
    let stock = set(&app, &caller, &mut transaction, &sku, entry.quantity, reason).await?;
    let level = level(&app, &mut transaction, &caller, stock).await?;
    done(&app, &caller, transaction, level).await
}

/// So many came or went beside the orders: staff at the shelf do that.
pub(super) async fn adjust(
    State(app): State<App>,
    caller: Caller,
    Path((_, sku)): Path<(String, String)>,
    Key(key): Key,
    Raw(body): Raw,
) -> Result<Response, Error> {
    caller.staff_only()?;
    let request: AdjustRequest = orderkit::json::read(&body).map_err(Error::Malformed)?;
    let asked = AskedOnce::new(&caller, key, &["stock adjust", &sku], &body);
    let mut transaction = app.store.write(&caller.tenant).await?;
    transaction.head(&caller.tenant).await?.ok_or(Error::TokenForbids)?;
    if let Some(first) = repeated(&mut transaction, &asked).await? {
        transaction.commit().await?;
        return Ok(first);
    }
    let AdjustRequest { change, reason, on_hand } = request;
    let reason = reason.trim();
    let known = transaction.stock(&caller.tenant, &[&sku]).await?.pop();
    let known = known.ok_or(Error::NotFound(Code::NotFound))?.state.on_hand;
    let after = known.checked_add(change).unwrap_or(known);
    let mut issues: Vec<Issue> =
        name_issue(reason, MAX_TEXT_BYTES, "/reason").into_iter().collect();
    if after.is_negative() {
        let issue = Issue::new(Code::StockMissing, "/change").with("sku", sku.as_str());
        issues.push(issue.with("available", known));
    }
    Refusal::unless_empty(issues)?;
    if on_hand.is_some_and(|seen| seen != known) {
        let issue = Issue::new(Code::StockChanged, "/onHand").with("onHand", known);
        return Err(Error::Outdated(issue));
    }
    let stock = set(&app, &caller, &mut transaction, &sku, after, reason).await?;
    let level = level(&app, &mut transaction, &caller, stock).await?;
    let answer = keep(&mut transaction, &asked, &level, app.now_ms()).await?;
    done(&app, &caller, transaction, ()).await?;
    Ok(answer)
}

async fn set(
    app: &App,
    caller: &Caller,
    transaction: &mut Transaction,
    sku: &str,
    on_hand: Decimal,
    reason: &str,
) -> Result<StoredStock, Error> {
    let rules = tenant_rules(app, transaction, &caller.tenant).await?;
    let mover = Mover {
        tenant: &caller.tenant,
        client: Uuid::nil(),
        actor: &caller.actor,
        now_ms: app.now_ms(),
        rules: &rules,
    };
    Ok(count_stock(transaction, mover, sku, on_hand, reason).await?)
}

async fn level(
    app: &App,
    transaction: &mut Transaction,
    caller: &Caller,
    stock: StoredStock,
) -> Result<Level, Error> {
    let rules = tenant_rules(app, transaction, &caller.tenant).await?;
    let safety_quantity = rules.ruleset().inventory.safety(&stock.sku);
    let state = stock.state;
    Ok(Level {
        sku: stock.sku,
        on_hand: state.on_hand,
        reserved: state.reserved,
        allocated: state.allocated,
        leased: state.leased,
        backordered: state.backordered,
        available: state.available(safety_quantity),
        safety_quantity,
    })
}

/// From then on the SKU is not counted, which is something else than none in stock.
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    Path((_, sku)): Path<(String, String)>,
) -> Result<Answer<Removed>, Error> {
    let mut transaction = writing(&app, &caller).await?;
    let removed = transaction.delete_stock(&caller.tenant, &sku).await?;
    done(&app, &caller, transaction, Removed { removed }).await
}

/// Makes what a device holds anybody's again: an own one, or for staff any that is lost.
pub(super) async fn give_back_leases(
    State(app): State<App>,
    caller: Caller,
    Document(ReturnRequest { client }): Document<ReturnRequest>,
) -> Result<Answer<Returned>, Error> {
    let mut transaction = app.store.write(&caller.tenant).await?;
    transaction.head(&caller.tenant).await?.ok_or(Error::TokenForbids)?;
    if caller.actor.role == Role::Customer {
        let mark = transaction.client(&caller.tenant, client).await?;
        if mark.is_none_or(|mark| mark.user != caller.actor.user) {
            return Err(Error::TokenForbids);
        }
    }
    let (tenant, now_ms) = (&caller.tenant, app.now_ms());
    let returned = give_back_stock(&mut transaction, tenant, client, &caller.actor, now_ms).await?;
    done(&app, &caller, transaction, Returned { returned }).await
}
