//! Setting a shop back to a backup, so that nothing which was given out since is given out again.
//!
//! What a backup lacks is gone: orders, verdicts, numbers. Devices find that the feed has another epoch, drop what they
//! have confirmed, and send what they have waiting under a new name. Serials that may stand on somebody's paper are passed
//! over, and their records say that they are lost.

use std::collections::BTreeSet;

use orderkit::{
    Rules,
    numbering::{NumberInputs, Pattern, Span, VoidReason, VoidRecord},
};

use crate::{
    error::Error,
    secret::Randomness,
    store::{Store, StoreError, Transaction},
    sync::{serial_counter, server_code},
};

const HOUR_MS: i64 = 60 * 60 * 1_000;
/// A backup may be so old that the periods of numbers since are all told apart.
const OLDEST_MS: i64 = 400 * 24 * HOUR_MS;
/// Codes of devices that are passed over: each device asks for one once.
const DEVICE_CODES: u64 = 32;

/// How to set back.
pub(crate) struct SettingBack<'a> {
    pub random: &'a Randomness,
    pub now_ms: i64,
    /// When the backup was made, if it says so: nothing that was given out before is missing in it.
    pub made_ms: i64,
    /// Serials of each series that are passed over.
    pub skip: u64,
}

/// A shop that was set back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SetBack {
    pub tenant: String,
    /// The last change that it knows.
    pub seq: u64,
    /// The latest moment that it knows of.
    pub until_ms: i64,
    /// The serials that are passed over, by series.
    pub skipped: Vec<(String, Span)>,
}

/// Gives every shop of a restored database a new epoch, and moves its counters on.
///
/// # Errors
///
/// [`Error`] if a shop cannot be read; nothing of it is changed then.
pub(crate) async fn set_back(store: &Store, how: &SettingBack<'_>) -> Result<Vec<SetBack>, Error> {
    let mut all = Vec::new();
    let tenants = store.read().await?.tenants().await?;
    for tenant in tenants {
        let mut transaction = store.write(&tenant).await?;
        let set_back = set_back_one(&mut transaction, tenant, how).await?;
        transaction.commit().await?;
        all.push(set_back);
    }
    Ok(all)
}

async fn set_back_one(
    transaction: &mut Transaction,
    tenant: String,
    how: &SettingBack<'_>,
) -> Result<SetBack, Error> {
    transaction.set_epoch(&tenant, &how.random.epoch()).await?;
    for (name, next) in transaction.counters(&tenant, "device/").await? {
        transaction.set_series(&tenant, &name, next.saturating_add(DEVICE_CODES)).await?;
    }
    let head = transaction.head(&tenant).await?;
    let seq = head.map_or(0, |head| head.seq);
    let until_ms = transaction.last_decided_ms(&tenant).await?;
    let mut set_back = SetBack { tenant, seq, until_ms, skipped: Vec::new() };
    let Some(stored) = transaction.current_rules(&set_back.tenant).await? else {
        return Ok(set_back);
    };
    let rules = Rules::from_json(stored.body.as_bytes())?;
    if rules.number_pattern().has_sequence() {
        // A shop that has decided nothing yet, as one of imported orders, still knows when its rules came, and its backup when
        // it was made.
        let known_ms = until_ms.max(stored.from_ms).max(how.made_ms);
        skip_serials(transaction, &mut set_back, &rules, known_ms, how).await?;
    }
    Ok(set_back)
}

async fn skip_serials(
    transaction: &mut Transaction,
    set_back: &mut SetBack,
    rules: &Rules,
    known_ms: i64,
    how: &SettingBack<'_>,
) -> Result<(), StoreError> {
    let (pattern, zone) = (rules.number_pattern(), &rules.ruleset().time_zone);
    let tenant = set_back.tenant.clone();
    let device = server_code(transaction, &tenant, pattern.device_length()).await?;
    let last = pattern.last_serial().unwrap_or(u64::MAX);
    let mut at_ms = known_ms.max(how.now_ms.saturating_sub(OLDEST_MS));
    let mut done = BTreeSet::new();
    loop {
        let counter = serial_counter(pattern, &pattern.period(at_ms, zone));
        if !done.contains(&counter) {
            let from = transaction.series(&tenant, &counter, 1).await?;
            let to = from.saturating_add(how.skip).min(last.saturating_add(1)).max(from);
            transaction.set_series(&tenant, &counter, to).await?;
            let span = Span { from, to };
            if span.count() > 0 {
                let series = series_of(pattern, zone, &device, (at_ms, from));
                let series = series.unwrap_or_else(|| counter.clone());
                note_lost(transaction, &tenant, &series, span, how.now_ms).await?;
                set_back.skipped.push((series, span));
            }
            done.insert(counter);
        }
        if at_ms >= how.now_ms {
            return Ok(());
        }
        at_ms = at_ms.saturating_add(HOUR_MS).min(how.now_ms);
    }
}

/// The name under which a serial of the server is accounted for.
fn series_of(
    pattern: &Pattern,
    zone: &orderkit::TimeZone,
    device: &str,
    (at_ms, sequence): (i64, u64),
) -> Option<String> {
    let inputs = NumberInputs { at_ms, device, sequence, random: &[0; 256] };
    let number = pattern.generate(inputs, zone).ok()?;
    pattern.place_of(&number).map(|place| place.series)
}

async fn note_lost(
    transaction: &mut Transaction,
    tenant: &str,
    series: &str,
    span: Span,
    at_ms: i64,
) -> Result<(), StoreError> {
    let (series, by) = (series.to_owned(), "restore".to_owned());
    let record = VoidRecord { series, span, reason: VoidReason::Lost, by, at_ms };
    transaction.add_void(tenant, &record).await
}
