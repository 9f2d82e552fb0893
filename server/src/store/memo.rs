//! What a transaction has read or written and need not ask for again: until its end nobody else changes it.

use std::collections::HashMap;

use orderkit::review::ReviewRules;
use uuid::Uuid;

use super::Head;

/// By tenant, as a transaction may also read of others.
#[derive(Debug, Default)]
pub(super) struct Memo {
    pub heads: HashMap<String, Head>,
    /// The digest of the rules in force; none if there are none.
    pub rules: HashMap<String, Option<String>>,
    pub review: HashMap<String, Option<ReviewRules>>,
    /// Whether any SKU is counted.
    pub stock: HashMap<String, bool>,
    pub devices: HashMap<(String, Uuid), Vec<String>>,
    /// Checksums that this transaction wrote, by owner: orders and hash.
    pub digests: HashMap<(String, String), (i64, i64)>,
}
