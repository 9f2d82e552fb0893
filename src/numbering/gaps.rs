//! What became of every serial of a series: used, void, open, or missing.

use serde::{Deserialize, Serialize};

use super::Span;
use crate::json::{FromJson, ToJson};

/// Why a number will never be that of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum VoidReason {
    /// The order that had it was refused.
    Refused,
    /// The order was given up before it was placed.
    Discarded,
    /// A device gave back the rest of its block.
    Returned,
    /// The device, or the paper, is lost.
    Lost,
    /// It was skipped, because another order had it.
    Skipped,
}

impl VoidReason {
    /// All, in documented order.
    pub const ALL: [Self; 5] =
        [Self::Refused, Self::Discarded, Self::Returned, Self::Lost, Self::Skipped];

    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Discarded => "discarded",
            Self::Returned => "returned",
            Self::Lost => "lost",
            Self::Skipped => "skipped",
        }
    }

    /// The reason of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == word)
    }
}

/// Serials that were given up: never used again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VoidRecord {
    /// The series.
    pub series: String,
    /// The serials.
    pub span: Span,
    /// Why.
    pub reason: VoidReason,
    /// The user who gave them up.
    pub by: String,
    /// When, in milliseconds since the epoch.
    pub at_ms: i64,
}

/// A series, counted: `used + void + open + missing = given`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct GapReport {
    /// The series.
    pub series: String,
    /// Serials that were given out: up to the highest that is known, or to the end of the last block.
    pub given: u64,
    /// Those of orders.
    pub used: u64,
    /// Those that were given up, with a record.
    pub void: u64,
    /// Those that a device still may use.
    pub open: u64,
    /// Those that nothing is known of: a device may have lost them, or has not sent them yet.
    pub missing: u64,
    /// Where the open ones are.
    pub open_spans: Vec<Span>,
    /// Where the missing ones are.
    pub missing_spans: Vec<Span>,
}

/// Counts a series out of the serials of its orders, its void records and the blocks that devices
/// hold, each in any order. The serials of a held block above its highest used one are open.
///
/// # Example
///
/// ```
/// use orderkit::numbering::{Span, gap_report};
///
/// let used = [Span { from: 1, to: 2 }, Span { from: 3, to: 5 }, Span { from: 7, to: 8 }];
/// let void = [Span { from: 2, to: 3 }];
/// let report = gap_report("20251124/K7", &used, &void, &[]);
/// assert_eq!((report.given, report.used, report.void, report.missing), (7, 4, 1, 2));
/// assert_eq!(report.missing_spans, [Span { from: 5, to: 7 }]);
/// ```
pub fn gap_report(series: &str, used: &[Span], void: &[Span], held: &[Span]) -> GapReport {
    let used = merged(used.iter().copied());
    // An order that came after all counts as one.
    let void = without(&merged(void.iter().copied()), &used);
    let mut known = used.clone();
    known.extend(&void);
    let known = merged(known.into_iter());
    let open = without(&merged(held.iter().map(|block| behind_last(*block, &used))), &known);
    let held = held.iter().filter(|block| block.count() > 0);
    let ends = known.iter().chain(held).map(|span| span.to);
    let end = ends.max().unwrap_or(1);
    let mut settled = known;
    settled.extend(&open);
    let missing = without(&[Span { from: 1, to: end }], &merged(settled.into_iter()));
    GapReport {
        series: series.to_owned(),
        given: end.saturating_sub(1),
        used: count(&used),
        void: count(&void),
        open: count(&open),
        missing: count(&missing),
        open_spans: open,
        missing_spans: missing,
    }
}

/// What of a block is behind its highest used serial.
fn behind_last(block: Span, used: &[Span]) -> Span {
    let inside = used.iter().filter(|span| span.from < block.to && span.to > block.from);
    let last = inside.map(|span| span.to.saturating_sub(1)).max();
    last.map_or(block, |last| block.after(last))
}

fn count(spans: &[Span]) -> u64 {
    spans.iter().map(|span| span.count()).fold(0, u64::saturating_add)
}

/// The same serials in rising spans that neither touch nor overlap. There is no serial 0.
fn merged(spans: impl Iterator<Item = Span>) -> Vec<Span> {
    let spans = spans.map(|span| Span { from: span.from.max(1), to: span.to });
    let mut rising: Vec<Span> = spans.filter(|span| span.count() > 0).collect();
    rising.sort_unstable();
    let mut joined: Vec<Span> = Vec::with_capacity(rising.len());
    for span in rising {
        match joined.last_mut() {
            Some(last) if span.from <= last.to => last.to = last.to.max(span.to),
            _ => joined.push(span),
        }
    }
    joined
}

/// What of `spans` is not in `taken`; both merged.
fn without(spans: &[Span], taken: &[Span]) -> Vec<Span> {
    let mut left = Vec::new();
    let mut taken = taken.iter().peekable();
    for span in spans {
        let mut from = span.from;
        while let Some(next) = taken.peek().filter(|next| next.from < span.to) {
            if next.from > from {
                left.push(Span { from, to: next.from });
            }
            from = from.max(next.to);
            if next.to > span.to {
                // It may reach into the next span as well.
                break;
            }
            taken.next();
        }
        if from < span.to {
            left.push(Span { from, to: span.to });
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    enum Fate {
        #[default]
        Missing,
        Open,
        Void,
        Used,
    }

    fn span() -> impl Strategy<Value = Span> {
        (1_u64..120, 0_u64..20).prop_map(|(from, count)| Span { from, to: from + count })
    }

    proptest! {
        /// Against an array with one entry a serial.
        #[test]
        fn agrees_with_counting_one_by_one(
            used in proptest::collection::vec(1_u64..140, 0..40),
            void in proptest::collection::vec(span(), 0..6),
            held in proptest::collection::vec(span(), 0..6),
        ) {
            let mut fates = [Fate::default(); 200];
            let inside = |span: &Span| used.iter().copied().filter(|it| span.contains(*it)).max();
            for block in held.iter().filter(|it| it.count() > 0) {
                let first = inside(block).map_or(block.from, |last| last + 1);
                (first..block.to).for_each(|at| fates[at as usize] = Fate::Open);
            }
            // Overlapping blocks: what is used in one is behind in the other only there.
            void.iter().for_each(|it| (it.from..it.to).for_each(|at| fates[at as usize] = Fate::Void));
            used.iter().for_each(|at| fates[*at as usize] = Fate::Used);
            let known = held.iter().chain(&void).filter(|it| it.count() > 0).map(|it| it.to - 1);
            let given = known.chain(used.iter().copied()).max().unwrap_or(0);
            let of = |fate| fates[1..=given as usize].iter().filter(|it| **it == fate).count() as u64;
            let spans: Vec<Span> = used.iter().map(|at| Span { from: *at, to: at + 1 }).collect();
            let report = gap_report("s", &spans, &void, &held);
            prop_assert_eq!(report.given, given);
            prop_assert_eq!(report.used, of(Fate::Used));
            prop_assert_eq!(report.void, of(Fate::Void));
            prop_assert_eq!(report.open, of(Fate::Open));
            prop_assert_eq!(report.missing, of(Fate::Missing));
            prop_assert_eq!(report.used + report.void + report.open + report.missing, given);
        }
    }

    #[test]
    fn an_empty_series_has_nothing() {
        let report = gap_report("s", &[], &[], &[]);
        assert_eq!((report.given, report.missing), (0, 0));
    }

    #[test]
    fn words_of_reasons_come_back() {
        for reason in VoidReason::ALL {
            assert_eq!(VoidReason::from_word(reason.as_str()), Some(reason));
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.as_str());
        }
    }
}
