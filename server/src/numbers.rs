//! What the HTTP API and the command line say of numbers: reports, void records, and what somebody
//! meant who typed one.

use orderkit::{
    Code, Issue,
    numbering::{GapReport, SHOP_SERIES, Span, VoidRecord, gap_report, look_alike_key, near_keys},
};
use serde::Serialize;

use crate::store::{HeldBlock, ListFilter, ListedOrder, StoreError, Transaction};

/// Series of one report, if the caller does not say.
pub(crate) const REPORTED_SERIES: u32 = 100;
/// Serials of one void record at most: more is a typing error.
const MAX_VOID: u64 = 100_000;
/// Numbers that are offered at most.
const MAX_SUGGESTIONS: u32 = 5;
/// Keys of one look-up: far below the parameters that any database takes.
const KEYS_AT_ONCE: usize = 500;
/// The shortest key that is looked up with a typing error: two of three characters are most numbers.
const SHORTEST_KEY: usize = 4;

/// What became of the serials of some series, with the records of those that were given up.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(crate) struct NumbersReport {
    /// The series, the latest first.
    pub series: Vec<GapReport>,
    /// The void records of these series.
    pub void: Vec<VoidRecord>,
    /// The blocks that devices hold.
    pub blocks: Vec<HeldBlock>,
}

/// Reports the series whose name begins so; at most so many, the latest first.
///
/// # Errors
///
/// [`StoreError`]
pub(crate) async fn report(
    transaction: &mut Transaction,
    tenant: &str,
    prefix: &str,
    limit: u32,
) -> Result<NumbersReport, StoreError> {
    let all = Span { from: 0, to: u64::MAX };
    let blocks = transaction.held_blocks(tenant).await?;
    let mut report = NumbersReport { series: Vec::new(), void: Vec::new(), blocks };
    for series in transaction.series_names(tenant, prefix, limit).await? {
        let used = transaction.used_spans(tenant, &series).await?;
        let records = transaction.voids(tenant, &series, all).await?;
        let void: Vec<Span> = records.iter().map(|record| record.span).collect();
        let held = if series == SHOP_SERIES {
            transaction.leases(tenant, None).await?
        } else {
            Vec::new()
        };
        report.series.push(gap_report(&series, &used, &void, &held));
        report.void.extend(records);
    }
    Ok(report)
}

/// Records serials as given up.
///
/// # Errors
///
/// An issue if the span is none, or an order has one of them; [`StoreError`] of the store.
pub(crate) async fn give_up(
    transaction: &mut Transaction,
    tenant: &str,
    record: &VoidRecord,
) -> Result<Result<(), Issue>, StoreError> {
    let Span { from, .. } = record.span;
    if from == 0 || record.span.count() == 0 || record.span.count() > MAX_VOID {
        let issue = Issue::new(Code::ShapeInvalid, "/to");
        let reason = format!("from 1 to {MAX_VOID} serials, and `to` is the first that stays");
        return Ok(Err(issue.with("reason", reason)));
    }
    let last = transaction.last_used(tenant, &record.series, record.span).await?;
    let void = transaction.voids(tenant, &record.series, record.span).await?;
    let void = void.iter().map(|earlier| earlier.span.from.max(from)).min();
    if let Some(serial) = last.or(void) {
        let number = format!("{} {serial}", record.series);
        return Ok(Err(Issue::new(Code::NumberTaken, "/from").with("number", number)));
    }
    transaction.add_void(tenant, record).await?;
    Ok(Ok(()))
}

/// The orders with a number as somebody typed it, and those whose number is one typing error away. Both are looked for in
/// any case, so that the time does not tell whether there is one.
///
/// # Errors
///
/// [`StoreError`]
pub(crate) async fn candidates(
    transaction: &mut Transaction,
    tenant: &str,
    typed: &str,
) -> Result<(Vec<ListedOrder>, Vec<ListedOrder>), StoreError> {
    let key = look_alike_key(typed);
    if key.len() < SHORTEST_KEY || key.len() > orderkit::limits::MAX_NUMBER_CHARS {
        return Ok((Vec::new(), Vec::new()));
    }
    let filter =
        |looks: Vec<String>| ListFilter { looks, limit: MAX_SUGGESTIONS, ..ListFilter::default() };
    let exact = transaction.list(tenant, &filter(vec![key.clone()])).await?;
    let mut near = Vec::new();
    for keys in near_keys(&key).chunks(KEYS_AT_ONCE) {
        near.extend(transaction.list(tenant, &filter(keys.to_vec())).await?);
    }
    Ok((exact, near))
}

/// The orders that somebody means by a number, and numbers that are one typing error away if none is.
#[derive(Debug, Default)]
pub(crate) struct Lookup {
    /// Orders with this number, whatever the separators, case and look-alikes.
    pub orders: Vec<ListedOrder>,
    /// Orders with a number like it, if there is none with it.
    pub suggestions: Vec<ListedOrder>,
}

/// Looks a number up as it was typed; of one owner, or of all.
///
/// # Errors
///
/// [`StoreError`]
pub(crate) async fn look_up(
    transaction: &mut Transaction,
    tenant: &str,
    owner: Option<&str>,
    typed: &str,
) -> Result<Lookup, StoreError> {
    let key = look_alike_key(typed);
    let mut lookup = Lookup::default();
    if key.is_empty() || key.len() > orderkit::limits::MAX_NUMBER_CHARS {
        return Ok(lookup);
    }
    let filter = |looks: Vec<String>| ListFilter {
        owner: owner.map(str::to_owned),
        looks,
        limit: MAX_SUGGESTIONS,
        ..ListFilter::default()
    };
    lookup.orders = transaction.list(tenant, &filter(vec![key.clone()])).await?;
    if lookup.orders.is_empty() && key.len() >= SHORTEST_KEY {
        for keys in near_keys(&key).chunks(KEYS_AT_ONCE) {
            lookup.suggestions.extend(transaction.list(tenant, &filter(keys.to_vec())).await?);
        }
        lookup.suggestions.sort_by_key(|order| core::cmp::Reverse(order.placed_ms));
        lookup.suggestions.dedup_by(|one, other| one.id == other.id);
        lookup.suggestions.truncate(MAX_SUGGESTIONS as usize);
    }
    Ok(lookup)
}
