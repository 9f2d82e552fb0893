//! The engine as JSON in, JSON out: one form for the npm package, the command line and HTTP.
//!
//! An answer is `{"ok":true,"<what>":…}` or `{"ok":false,"issues":[…]}`. Refusals are data; nothing
//! here fails in another way.

use serde_json::value::RawValue;
use uuid::Uuid;

use crate::{
    command::Command,
    context::Context,
    decide::{self, Facts},
    draft::Draft,
    explain,
    issue::{Issue, Language, Refusal},
    json::{self, FromJson, ToJson},
    lint,
    numbering::NumberInputs,
    order::{Actor, Order, OrderLog},
    pricing::{self, Quote},
    replica::{EditRequest, Query, Replica},
    ruleset::Rules,
    status::Derived,
    validation,
};

pub mod client;

/// Writes an answer: the value under `key`, or the issues.
pub fn answer<T: ToJson>(key: &str, result: Result<T, Refusal>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(512);
    match result {
        Ok(value) => {
            bytes.extend_from_slice(b"{\"ok\":true,\"");
            bytes.extend_from_slice(key.as_bytes());
            bytes.extend_from_slice(b"\":");
            json::write_into(&mut bytes, &value);
        }
        Err(refusal) => refused(&mut bytes, &refusal),
    }
    bytes.push(b'}');
    bytes
}

fn refused(bytes: &mut Vec<u8>, refusal: &Refusal) {
    bytes.extend_from_slice(b"{\"ok\":false,\"issues\":");
    json::write_into(bytes, &refusal.issues);
}

/// Reads a context; an empty text is refused, for only the caller knows the time.
///
/// # Errors
///
/// `json_malformed` or `shape_invalid` with the path.
pub fn context(text: &[u8]) -> Result<Context, Refusal> {
    Ok(json::read(text)?)
}

/// Prices a draft: `{"ok":true,"quote":…}`. See [`pricing::quote`].
pub fn quote(rules: &Rules, draft: &[u8], context: &Context) -> Vec<u8> {
    answer("quote", priced(rules, draft, context))
}

/// Prices a draft and says why, in sentences: `{"ok":true,"explanations":[…]}`. See [`explain::explain`].
///
/// It takes the draft and not its quote: pricing once more costs less than reading a trace back.
pub fn explain(rules: &Rules, draft: &[u8], context: &Context, language: Language) -> Vec<u8> {
    let told = priced(rules, draft, context);
    answer("explanations", told.map(|quote| explain::explain(&quote, rules, language)))
}

/// What a draft could get with a little more: `{"ok":true,"offers":[…]}`. See [`explain::next_offers`].
pub fn next_offers(rules: &Rules, draft: &[u8], context: &Context, language: Language) -> Vec<u8> {
    let read = json::read::<Draft>(draft).map_err(Refusal::from);
    let offers = read.and_then(|draft| explain::next_offers(&draft, rules, context, language));
    answer("offers", offers)
}

fn priced(rules: &Rules, draft: &[u8], context: &Context) -> Result<Quote, Refusal> {
    let draft: Draft = json::read(draft)?;
    pricing::quote(&draft, rules, context)
}

/// Every shipping method for a draft: `{"ok":true,"options":[…]}`. See [`pricing::shipping_options`].
pub fn shipping_options(rules: &Rules, draft: &[u8], context: &Context) -> Vec<u8> {
    let read = json::read::<Draft>(draft).map_err(Refusal::from);
    answer("options", read.and_then(|draft| pricing::shipping_options_of(draft, rules, context)))
}

/// Validates a draft: `{"ok":true,"issues":[]}` or `{"ok":false,"issues":[…]}`. See
/// [`validation::validate`].
pub fn validate(rules: &Rules, draft: &[u8], context: &Context) -> Vec<u8> {
    let read = json::read::<Draft>(draft).map_err(Refusal::from);
    let issues = match read {
        Ok(draft) => validation::validate(&draft, rules, context),
        Err(refusal) => refusal.issues,
    };
    answer("issues", Refusal::unless_empty(issues).map(|()| [(); 0]))
}

/// Checks a ruleset document before it is saved: `{"ok":true,"findings":[…]}`. One that cannot be used is no refusal here: its
/// findings say why. See [`lint::lint_json`].
pub fn lint(ruleset: &[u8], now_ms: i64) -> Vec<u8> {
    answer("findings", Ok(lint::lint_json(ruleset, now_ms)))
}

#[derive(FromJson)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NumberRequest {
    at_ms: i64,
    #[serde(default)]
    device: String,
    #[serde(default)]
    sequence: u64,
    #[serde(default)]
    random: Vec<u8>,
}

#[derive(ToJson)]
struct Number {
    number: String,
    period: String,
}

/// Makes an order number: `{"ok":true,"made":{"number","period"}}`. See
/// [`crate::numbering::Pattern::generate`].
pub fn number(rules: &Rules, request: &[u8]) -> Vec<u8> {
    let make = || -> Result<Number, Refusal> {
        let request: NumberRequest = json::read(request)?;
        let (pattern, zone) = (rules.number_pattern(), &rules.ruleset().time_zone);
        let inputs = NumberInputs {
            at_ms: request.at_ms,
            device: &request.device,
            sequence: request.sequence,
            random: &request.random,
        };
        Ok(Number {
            number: pattern.generate(inputs, zone)?,
            period: pattern.period(request.at_ms, zone),
        })
    };
    answer("made", make())
}

/// What the pattern of the rules can do at their volume: `{"ok":true,"report":…}`. See
/// [`crate::numbering::Pattern::report`].
pub fn number_report(rules: &Rules, at_ms: i64) -> Vec<u8> {
    let ruleset = rules.ruleset();
    let volume = ruleset.numbering.orders_per_day;
    answer("report", Ok(rules.number_pattern().report(volume, at_ms, &ruleset.time_zone)))
}

#[derive(FromJson)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DecideRequest {
    #[serde(default)]
    order: Option<OrderLog>,
    #[serde(default)]
    kind: Option<String>,
    #[serde(default)]
    args: Option<Box<RawValue>>,
    actor: Actor,
    at_ms: i64,
    #[serde(default)]
    device: Option<String>,
    #[serde(default)]
    assigned_number: Option<String>,
}

impl DecideRequest {
    fn facts<'a>(&'a self, rules: &'a Rules) -> Facts<'a> {
        Facts {
            rules,
            earlier: None,
            now_ms: self.at_ms,
            asked_ms: self.at_ms,
            actor: &self.actor,
            device: self.device.as_deref(),
            context: None,
            assigned_number: self.assigned_number.as_deref(),
            seen: None,
            review: None,
        }
    }

    fn order(&self) -> Result<Option<Order>, Refusal> {
        Ok(self.order.as_ref().map(OrderLog::order).transpose()?)
    }
}

/// Decides a command: `{"ok":true,"events":[…]}`. See [`decide::decide`].
pub fn decide(rules: &Rules, request: &[u8]) -> Vec<u8> {
    let decide = || -> Result<_, Refusal> {
        let request: DecideRequest = json::read(request)?;
        let args = request.args.as_ref().map_or("{}", |args| args.get());
        let kind = request.kind.as_deref().unwrap_or_default();
        let command = Command::parse(kind, args.as_bytes())?;
        let order = request.order()?;
        decide::decide(order.as_ref(), &command, &request.facts(rules))
    };
    answer("events", decide())
}

/// What a return would give: `{"ok":true,"settlement":…}`. See [`decide::preview`].
pub fn preview_return(rules: &Rules, request: &[u8]) -> Vec<u8> {
    let preview = || -> Result<_, Refusal> {
        let request: DecideRequest = json::read(request)?;
        let args = request.args.as_ref().map_or("{}", |args| args.get());
        let kind = request.kind.as_deref().unwrap_or_default();
        let command = Command::parse(kind, args.as_bytes())?;
        let unknown = || Issue::new(crate::issue::Code::OrderUnknown, "");
        let order = request.order()?.ok_or_else(unknown)?;
        decide::preview(&order, &command, &request.facts(rules))
    };
    answer("settlement", preview())
}

/// What can be done: `{"ok":true,"commands":[…]}`. See [`decide::allowed_commands`].
pub fn allowed_commands(rules: &Rules, request: &[u8]) -> Vec<u8> {
    let list = || -> Result<_, Refusal> {
        let request: DecideRequest = json::read(request)?;
        let order = request.order()?;
        Ok(decide::allowed_commands(order.as_ref(), &request.facts(rules)))
    };
    answer("commands", list())
}

/// An order with its derived statuses.
#[derive(ToJson)]
struct View {
    order: Order,
    derived: Derived,
}

/// The state of a log: `{"ok":true,"view":{"order","derived"}}`.
pub fn view(log: &[u8]) -> Vec<u8> {
    let view = || -> Result<View, Refusal> {
        let order = json::read::<OrderLog>(log)?.order()?;
        Ok(View { derived: order.derived()?, order })
    };
    answer("view", view())
}

/// The sentence of an issue: `{"ok":true,"message":"…"}`.
pub fn message(issue: &[u8], language: Language) -> Vec<u8> {
    let read = json::read::<Issue>(issue).map_err(Refusal::from);
    answer("message", read.map(|issue| issue.message(language)))
}

/// What a list shows of an order; `null` if there is none: `{"ok":true,"row":…}`. See [`Replica::row`].
pub fn row(replica: &Replica, id: &str) -> Vec<u8> {
    answer("row", order_id(id).map(|id| replica.row(id)))
}

/// Everything unusual on a copy: `{"ok":true,"inbox":[…]}`. See [`Replica::inbox`].
pub fn inbox(replica: &Replica, device: &[u8], now_ms: i64) -> Vec<u8> {
    let device = json::read(device).map_err(Refusal::from);
    answer("inbox", device.map(|device| replica.inbox(&device, now_ms)))
}

/// How much of it somebody should look at: `{"ok":true,"count":<count>}`. See [`Replica::inbox_count`].
pub fn inbox_count(replica: &Replica, device: &[u8], now_ms: i64) -> Vec<u8> {
    let device = json::read(device).map_err(Refusal::from);
    answer("count", device.map(|device| replica.inbox_count(&device, now_ms)))
}

/// Lists orders: `{"ok":true,"listing":…}`. See [`Replica::list`].
pub fn list(replica: &Replica, query: &[u8]) -> Vec<u8> {
    let read = json::read::<Query>(query).map_err(Refusal::from);
    answer("listing", read.map(|query| replica.list(&query)))
}

/// One order: `{"ok":true,"view":…}`. See [`Replica::order`].
pub fn order(replica: &Replica, id: &str, now_ms: i64) -> Vec<u8> {
    answer("view", order_id(id).and_then(|id| replica.order(id, now_ms)))
}

#[derive(FromJson)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PreviewRequest {
    kind: String,
    args: Box<RawValue>,
}

/// What a return would give: `{"ok":true,"settlement":…}`. See [`Replica::preview`].
pub fn preview(replica: &Replica, id: &str, request: &[u8], now_ms: i64) -> Vec<u8> {
    let preview = || -> Result<_, Refusal> {
        let id = order_id(id)?;
        let request: PreviewRequest = json::read(request)?;
        let command = Command::parse(&request.kind, request.args.get().as_bytes())?;
        replica.preview(id, &command, now_ms)
    };
    answer("settlement", preview())
}

/// What an edit would come to: `{"ok":true,"preview":…}`. See [`Replica::preview_amendment`].
pub fn preview_amendment(replica: &Replica, id: &str, request: &[u8], now_ms: i64) -> Vec<u8> {
    let preview = || -> Result<_, Refusal> {
        let request: EditRequest = json::read(request)?;
        replica.preview_amendment(order_id(id)?, &request, now_ms)
    };
    answer("preview", preview())
}

/// The log of one order: `{"ok":true,"log":…}`. See [`Replica::order_log`].
pub fn order_log(replica: &Replica, id: &str) -> Vec<u8> {
    answer("log", order_id(id).and_then(|id| replica.order_log(id)))
}

fn order_id(text: &str) -> Result<Uuid, Refusal> {
    Uuid::try_parse(text).map_err(|_| Issue::new(crate::issue::Code::OrderUnknown, "").into())
}
