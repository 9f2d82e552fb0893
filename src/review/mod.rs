//! A look at an order before it is taken: has it come a moment ago, and is it unusual in a way that frauds are?
//!
//! Whoever decides finds the facts (earlier orders of the buyer), these functions judge them. The signals of fraud are for the
//! authority alone: they are no part of the ruleset, which every buyer's page can read.

use uuid::Uuid;

mod look_alike;
mod signal;

pub(crate) use look_alike::alike;
pub use look_alike::looks_alike;
pub use signal::{Earlier, ReviewRules, Signal, SignalKind, Suspicion};

/// What whoever decides found out about an order that shall be placed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Review {
    /// An order of the same buyer for the same goods, from a moment ago.
    pub look_alike: Option<LookAlike>,
    /// Signals of fraud that add up to a hold.
    pub suspicion: Option<Suspicion>,
}

/// An order that looks like the one that shall be placed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookAlike {
    /// Its id.
    pub order: Uuid,
    /// Its number.
    pub number: String,
    /// When it was placed.
    pub placed_ms: i64,
}
