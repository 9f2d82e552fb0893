//! Orders over plain HTTP: lists, one order, what is possible with it, and placing one.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use orderkit::{
    AllowedChange, AllowedCommand, Amendment, AmendmentPreview, Code, Command, Context, Facts,
    Issue, Order, OrderLog, ReturnableLine, Role, Rules, Seen, allowed_changes, allowed_commands,
    decide::preview,
    json::FromJson,
    preview_amendment as preview_edit, preview_proposal, returnable_lines,
    returns::Settlement,
    status::{Deadline, Derived, Summary, deadlines},
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::{
    caller::{Caller, OrderCaller},
    document::{Answer, Document, Parameters, Path},
    keys::Key,
};
use crate::{
    app::App,
    error::Error,
    numbers::{Lookup, look_up},
    store::{ListFilter, ListedOrder, StoreError, StoredOrder},
    sync::{self, Asked, Done, PlaceRequest, hash_of, tenant_rules},
};

/// Rows of a page, if the caller does not say.
const PAGE: u32 = 50;
/// Rows of a page at most.
const MAX_PAGE: u32 = 500;

/// Which orders to list.
#[derive(Deserialize, schemars::JsonSchema)]
pub(super) struct ListParameters {
    /// `next` of the page before.
    cursor: Option<String>,
    limit: Option<u32>,
    status: Option<Summary>,
    /// The beginning of a number.
    q: Option<String>,
    /// A number as somebody typed it.
    number: Option<String>,
}

/// A page of a list.
#[derive(Serialize, schemars::JsonSchema)]
#[schemars(rename = "OrderPage")]
pub(super) struct Page {
    orders: Vec<ListedOrder>,
    /// The cursor of the next page, if there is one.
    next: Option<String>,
    /// Orders whose number is one typing error from the one that was asked for, if none has it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<ListedOrder>,
}

/// An order with what follows from it.
#[derive(Serialize, schemars::JsonSchema)]
#[schemars(rename = "OrderDetail")]
pub(super) struct Detail {
    order: Order,
    derived: Derived,
    #[serde(skip_serializing_if = "Option::is_none")]
    log: Option<OrderLog>,
}

/// Whether to answer with all events as well.
#[derive(Deserialize, schemars::JsonSchema)]
pub(super) struct DetailParameters {
    #[serde(default)]
    log: bool,
}

/// What is possible with an order.
#[derive(Serialize, schemars::JsonSchema)]
pub(super) struct Allowed {
    commands: Vec<AllowedCommand>,
    /// What can be edited.
    changes: Vec<AllowedChange>,
    /// How many of each line can come back.
    returnable: Vec<ReturnableLine>,
    /// What the order waits for, soonest first.
    deadlines: Vec<Deadline>,
}

pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Parameters(parameters): Parameters<ListParameters>,
) -> Result<Answer<Page>, Error> {
    if let Some(typed) = &parameters.number {
        let mut transaction = app.store.read().await?;
        let owner = caller.sees_only();
        let found = look_up(&mut transaction, &caller.tenant, owner, typed).await?;
        let Lookup { orders, suggestions } = found;
        return Ok(Answer(Page { orders, next: None, suggestions }));
    }
    let limit = parameters.limit.unwrap_or(PAGE).clamp(1, MAX_PAGE);
    let text = parameters.q.map(|text| text.trim().to_owned());
    let filter = ListFilter {
        owner: caller.sees_only().map(str::to_owned),
        summary: parameters.status,
        number: text.filter(|text| !text.is_empty()),
        looks: Vec::new(),
        before: parameters.cursor.as_deref().map(position).transpose()?,
        limit: limit.saturating_add(1),
    };
    let mut orders = app.store.read().await?.list(&caller.tenant, &filter).await?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = orders.len() > limit;
    orders.truncate(limit);
    let last = orders.last().filter(|_| more);
    let next = last.map(|order| format!("{}_{}", order.placed_ms, order.id));
    Ok(Answer(Page { orders, next, suggestions: Vec::new() }))
}

/// The place in a list that a cursor names.
fn position(cursor: &str) -> Result<(i64, Uuid), Error> {
    let parsed = cursor
        .split_once('_')
        .and_then(|(placed_ms, id)| Some((placed_ms.parse().ok()?, Uuid::parse_str(id).ok()?)));
    parsed.ok_or_else(|| {
        let issue = Issue::new(Code::ShapeInvalid, "/cursor");
        Error::Malformed(issue.with("reason", "not a cursor of this list"))
    })
}

pub(super) async fn one(
    State(app): State<App>,
    caller: OrderCaller,
    Path((_, id)): Path<(String, String)>,
    Parameters(parameters): Parameters<DetailParameters>,
) -> Result<Answer<Detail>, Error> {
    let stored = caller.order(&app, &id).await?;
    // The log has what the staff wrote to each other; it is for a copy that checks it as a whole.
    let with_log = parameters.log && caller.is_user();
    detail(stored, with_log, &caller.caller).map(Answer)
}

pub(super) async fn allowed(
    State(app): State<App>,
    caller: OrderCaller,
    Path((_, id)): Path<(String, String)>,
) -> Result<Answer<Allowed>, Error> {
    let stored = caller.order(&app, &id).await?;
    let rules = tenant_rules(&app, &mut app.store.read().await?, &caller.caller.tenant).await?;
    let facts = facts(&app, &caller.caller, &rules);
    Ok(Answer(Allowed {
        changes: allowed_changes(&stored.order, &facts),
        returnable: returnable_lines(&stored.order, &facts),
        commands: allowed_commands(Some(&stored.order), &facts),
        deadlines: deadlines(&stored.order, rules.ruleset()),
    }))
}

/// What somebody sees who looks at an order now.
fn facts<'a>(app: &App, caller: &'a Caller, rules: &'a Rules) -> Facts<'a> {
    let now_ms = app.now_ms();
    Facts {
        rules,
        earlier: None,
        now_ms,
        asked_ms: now_ms,
        actor: &caller.actor,
        device: None,
        context: None,
        assigned_number: None,
        seen: None,
        review: None,
    }
}

/// What a return would give: `POST /v1/{tenant}/orders/{order}/returns/preview`.
#[derive(FromJson, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PreviewRequest {
    /// `requestReturn@1` or `resolveReturn@1`.
    kind: String,
    /// The arguments of that command.
    #[schemars(with = "serde_json::Value")]
    args: Box<RawValue>,
}

pub(super) async fn preview_return(
    State(app): State<App>,
    caller: OrderCaller,
    Path((_, id)): Path<(String, String)>,
    Document(request): Document<PreviewRequest>,
) -> Result<Answer<Settlement>, Error> {
    let stored = caller.order(&app, &id).await?;
    let mut transaction = app.store.read().await?;
    let rules = tenant_rules(&app, &mut transaction, &caller.caller.tenant).await?;
    let command = Command::parse(&request.kind, request.args.get().as_bytes());
    let command = command.map_err(Error::Malformed)?;
    let (order, tenant) = (&stored.order, &caller.caller.tenant);
    let stock = sync::stock_about(&mut transaction, tenant, &rules, order, &command, None).await?;
    let context = stock.map(|stock| Context { stock, ..Context::default() });
    let facts = Facts { context: context.as_ref(), ..facts(&app, &caller.caller, &rules) };
    let settlement = preview(&stored.order, &command, &facts);
    settlement.map(Answer).map_err(Error::Refused)
}

pub(super) async fn place(
    State(app): State<App>,
    caller: Caller,
    Key(key): Key,
    Document(request): Document<PlaceRequest>,
) -> Result<Response, Error> {
    let done = sync::place(&app, &caller.tenant, &caller.actor, key, request).await?;
    answer(done, StatusCode::CREATED, &caller)
}

/// One command: `POST /v1/{tenant}/orders/{order}/commands`.
#[derive(FromJson, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct CommandRequest {
    /// The kind with its version, such as `confirm@1`.
    kind: String,
    /// Its arguments.
    #[schemars(with = "serde_json::Value")]
    args: Box<RawValue>,
    /// The revision of the order that the caller saw, for commands that ask for it.
    #[serde(default)]
    base: u64,
}

pub(super) async fn command(
    State(app): State<App>,
    caller: OrderCaller,
    Path((_, id)): Path<(String, String)>,
    Key(key): Key,
    Document(request): Document<CommandRequest>,
) -> Result<Response, Error> {
    let order = caller.named(&id)?;
    let caller = caller.caller;
    let CommandRequest { kind, args, base } = request;
    let hash = hash_of(&[order.as_bytes(), kind.as_bytes(), args.get().as_bytes()]);
    let asked = Asked { key, order, kind, base, args, hash };
    let done = sync::command(&app, &caller.tenant, &caller.actor, asked).await?;
    answer(done, StatusCode::OK, &caller)
}

/// What an edit would come to: the edit as it would be sent as `amend@1`, which changes nothing here.
#[derive(FromJson, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct AmendmentRequest {
    /// The edit.
    args: Amendment,
    /// The revision of the order that the caller saw; conflicts are not looked for if missing.
    #[serde(default)]
    base: u64,
    /// Whether it is to be proposed, or waits for a yes.
    #[serde(default)]
    is_proposal: bool,
}

/// The answer to an [`AmendmentRequest`].
#[derive(Serialize, schemars::JsonSchema)]
pub(super) struct Previewed {
    preview: AmendmentPreview,
}

pub(super) async fn preview_amendment(
    State(app): State<App>,
    caller: OrderCaller,
    Path((_, id)): Path<(String, String)>,
    Document(request): Document<AmendmentRequest>,
) -> Result<Answer<Previewed>, Error> {
    let stored = caller.order(&app, &id).await?;
    let AmendmentRequest { args, base, is_proposal } = request;
    let mut transaction = app.store.read().await?;
    let tenant = &caller.caller.tenant;
    let rules = tenant_rules(&app, &mut transaction, tenant).await?;
    let context =
        sync::edit_context(&mut transaction, tenant, &rules, &stored, &args, None).await?;
    let seen = Some(Seen { revision: base, own_commands: &[] });
    let facts = Facts { context: Some(&context), seen, ..facts(&app, &caller.caller, &rules) };
    let preview = if is_proposal { preview_proposal } else { preview_edit };
    let preview = preview(&stored.order, &args, &facts);
    Ok(Answer(Previewed { preview: preview.map_err(Error::Refused)? }))
}

fn answer(done: Done, status: StatusCode, caller: &Caller) -> Result<Response, Error> {
    Ok((status, Answer(detail(caller.view(done.stored)?, false, caller)?)).into_response())
}

/// An order that the caller may see. Another customer's order is as unknown as none at all.
pub(super) async fn visible(app: &App, caller: &Caller, id: &str) -> Result<StoredOrder, Error> {
    let unknown = || Error::NotFound(Code::OrderUnknown);
    let id = Uuid::parse_str(id).map_err(|_| unknown())?;
    let stored = app.store.read().await?.order(&caller.tenant, id).await?;
    let seen =
        |stored: &StoredOrder| caller.sees_only().is_none_or(|owner| stored.order.owner == owner);
    caller.view(stored.filter(seen).ok_or_else(unknown)?)
}

/// An order that the caller may see, with what follows from it.
///
/// # Errors
///
/// If its payments overflow.
pub(super) fn detail(
    stored: StoredOrder,
    with_log: bool,
    caller: &Caller,
) -> Result<Detail, Error> {
    let StoredOrder { log, order, .. } = stored;
    let derived = order.derived();
    let derived =
        derived.map_err(|_| StoreError::Corrupt("the payments of an order overflow".to_owned()))?;
    let is_buyer = caller.actor.role == Role::Customer;
    let order = if is_buyer { order.for_buyer() } else { order };
    Ok(Detail { order, derived, log: with_log.then_some(log) })
}
