//! Places where a test can kill the process, to see that a restart loses and repeats nothing.
//!
//! `ORDERKIT_FAILPOINT=after_commit:kill` aborts the process after the first sync was committed and
//! before it is answered; `after_commit:kill:3` after the third. `rules:panic:ID` makes the rules panic on one command.
//! Only debug builds and builds with the feature `failpoints` look at the variable.

/// A named place: `before_commit` and `after_commit` around the commit of a sync; `in_commit` and `written` before and after
/// SQLite writes a group of requests to the disk; `payment_intent` between a kept intent and the question to a provider,
/// `payment_answered` between its answer and the record of it, `notice_sent` between a sent notice and the note of that.
#[cfg_attr(not(any(debug_assertions, feature = "failpoints")), allow(unused_variables))]
pub(crate) fn reach(name: &str) {
    #[cfg(any(debug_assertions, feature = "failpoints"))]
    check(name);
}

/// Where the rules decide a command.
#[cfg_attr(not(any(debug_assertions, feature = "failpoints")), allow(unused_variables))]
pub(crate) fn decide(command: uuid::Uuid) {
    #[cfg(any(debug_assertions, feature = "failpoints"))]
    if let Some(wanted) = wanted() {
        let named = wanted.strip_prefix("rules:panic:");
        assert!(named != Some(&command.to_string()), "a failpoint in the rules");
    }
}

#[cfg(any(debug_assertions, feature = "failpoints"))]
fn wanted() -> Option<&'static str> {
    static WANTED: std::sync::LazyLock<Option<String>> =
        std::sync::LazyLock::new(|| std::env::var("ORDERKIT_FAILPOINT").ok());
    WANTED.as_deref()
}

#[cfg(any(debug_assertions, feature = "failpoints"))]
fn check(name: &str) {
    use std::sync::atomic::{AtomicU64, Ordering};
    static REACHED: AtomicU64 = AtomicU64::new(0);

    let Some(wanted) = wanted() else { return };
    let mut parts = wanted.split(':');
    if (parts.next(), parts.next()) != (Some(name), Some("kill")) {
        return;
    }
    let count = parts.next().and_then(|count| count.parse().ok()).unwrap_or(1);
    if REACHED.fetch_add(1, Ordering::SeqCst) + 1 == count {
        std::process::abort();
    }
}
