//! What can be counted without saying whom it is about: no users, orders, addresses or texts.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use metrics::{counter, gauge, histogram};
use orderkit::replica::protocol::{CommandResult, Verdict};

/// Shops that have a row of their own in the figures; a shop of many shops has its own figures elsewhere.
const MAX_TENANTS: usize = 50;

/// The shops that are named, if any are to be.
static NAMED: Mutex<Option<BTreeSet<String>>> = Mutex::new(None);

/// Has figures about sync say which shop they are of.
pub(crate) fn name_tenants() {
    NAMED.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_default();
}

pub(crate) fn request(method: &'static str, route: &str, status: u16, took: Duration) {
    let (status, route) = (status.to_string(), route.to_owned());
    counter!("orderkit_http_requests_total", "method" => method, "route" => route.clone(), "status" => status)
        .increment(1);
    histogram!("orderkit_http_request_seconds", "method" => method, "route" => route)
        .record(took.as_secs_f64());
}

/// How many commands had which verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Verdicts {
    pub accepted: u64,
    pub rejected: u64,
    pub deferred: u64,
    pub quarantined: u64,
}

impl Verdicts {
    pub fn of(results: &[CommandResult]) -> Self {
        let mut counts = Self::default();
        for result in results {
            match result.verdict {
                Verdict::Accepted => counts.accepted += 1,
                Verdict::Rejected => counts.rejected += 1,
                Verdict::Deferred => counts.deferred += 1,
                Verdict::Quarantined => counts.quarantined += 1,
            }
        }
        counts
    }
}

pub(crate) fn verdicts(tenant: &str, counts: Verdicts) {
    let rows = [
        ("accepted", counts.accepted),
        ("rejected", counts.rejected),
        ("deferred", counts.deferred),
        ("quarantined", counts.quarantined),
    ];
    let tenant = named(tenant);
    for (verdict, count) in rows.into_iter().filter(|(_, count)| *count > 0) {
        match &tenant {
            None => counter!("orderkit_sync_commands_total", "verdict" => verdict),
            Some(tenant) => {
                counter!("orderkit_sync_commands_total", "verdict" => verdict, "tenant" => tenant.clone())
            }
        }
        .increment(count);
    }
}

fn named(tenant: &str) -> Option<String> {
    let mut named = NAMED.lock().unwrap_or_else(PoisonError::into_inner);
    let known = named.as_mut()?;
    if known.len() < MAX_TENANTS {
        known.insert(tenant.to_owned());
    }
    let name = if known.contains(tenant) { tenant } else { "others" };
    Some(name.to_owned())
}

/// So many requests were written to the disk together, or not, as the database failed.
pub(crate) fn group_commit(requests: usize, is_written: bool) {
    if !is_written {
        return database_error();
    }
    #[expect(clippy::cast_precision_loss, reason = "a group has hundreds of requests at most")]
    histogram!("orderkit_database_commit_requests").record(requests as f64);
}

pub(crate) fn database_error() {
    counter!("orderkit_database_errors_total").increment(1);
}

/// A request was refused because its caller sent too many.
pub(crate) fn rate_limited(bucket: &'static str) {
    counter!("orderkit_rate_limited_total", "bucket" => bucket).increment(1);
}

/// A request or connection was refused because the server has too much to do, or it came too slowly.
pub(crate) fn turned_away(reason: &'static str) {
    counter!("orderkit_turned_away_total", "reason" => reason).increment(1);
}

/// One more of something that is open, until this is dropped.
#[derive(Debug)]
pub(crate) struct Open(&'static str);

impl Open {
    pub fn connection() -> Self {
        Self::new("orderkit_connections")
    }

    pub fn stream() -> Self {
        Self::new("orderkit_streams")
    }

    fn new(name: &'static str) -> Self {
        gauge!(name).increment(1);
        Self(name)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        gauge!(self.0).decrement(1);
    }
}

/// Memory of this process, where the system says it.
pub(crate) fn memory() {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u32>().ok());
    if let Some(kibibytes) = kibibytes {
        gauge!("process_resident_memory_bytes").set(f64::from(kibibytes) * 1_024.0);
    }
}
