//! Places where a test can kill the process, to see that a restart loses and repeats nothing.
//!
//! `ORDERKIT_FAILPOINT=after_commit:kill` aborts the process after the first sync was committed and
//! before it is answered; `after_commit:kill:3` after the third. Only debug builds and builds with
//! the feature `failpoints` look at the variable.

/// Between the commit of a sync and its answer.
pub(crate) fn after_commit() {
    reach("after_commit");
}

/// A named place: `payment_intent` between a kept intent and the question to a provider, `payment_answered` between its answer and
/// the record of it, `notice_sent` between a sent notice and the note of that.
#[cfg_attr(not(any(debug_assertions, feature = "failpoints")), allow(unused_variables))]
pub(crate) fn reach(name: &str) {
    #[cfg(any(debug_assertions, feature = "failpoints"))]
    check(name);
}

#[cfg(any(debug_assertions, feature = "failpoints"))]
fn check(name: &str) {
    use std::sync::atomic::{AtomicU64, Ordering};
    static REACHED: AtomicU64 = AtomicU64::new(0);

    let Ok(wanted) = std::env::var("ORDERKIT_FAILPOINT") else { return };
    let mut parts = wanted.split(':');
    if (parts.next(), parts.next()) != (Some(name), Some("kill")) {
        return;
    }
    let count = parts.next().and_then(|count| count.parse().ok()).unwrap_or(1);
    if REACHED.fetch_add(1, Ordering::SeqCst) + 1 == count {
        std::process::abort();
    }
}
