//! What an import has counted, and the table at its end.

use std::{
    collections::BTreeMap,
    fmt::{self, Write},
};

use orderkit::{Decimal, ImportKind};
use serde::{Deserialize, Serialize};

use super::{convert::Converted, finding::Class};

/// Documents with their lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Documents.
    pub documents: u64,
    /// Lines in them.
    pub lines: u64,
}

/// The sums of one currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sums {
    /// The exact sum of all lines, in major units.
    pub exact: Decimal,
    /// The sum of the orders' totals, in minor units: each line rounded, with charges.
    pub gross_minor: i64,
}

/// Everything that was counted; part of the checkpoint, so that it covers interrupted runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tally {
    /// All documents that became orders.
    pub all: Count,
    /// By kind.
    pub kinds: BTreeMap<ImportKind, Count>,
    /// By class; a document can have several.
    pub classes: BTreeMap<Class, Count>,
    /// Documents without any finding.
    pub clean_documents: u64,
    /// By currency.
    pub sums: BTreeMap<String, Sums>,
    /// Orders that are new in the store.
    pub inserted: u64,
    /// Orders that were in the store before.
    pub already: u64,
    /// Lines of input that could not be read.
    pub rejected: u64,
}

impl Tally {
    /// Counts one document.
    ///
    /// # Errors
    ///
    /// If a sum leaves what a decimal can hold.
    pub fn add(&mut self, converted: &Converted) -> Result<(), String> {
        let lines = converted.lines as u64;
        self.all.add(lines);
        self.kinds.entry(converted.kind).or_default().add(lines);
        for (class, lines) in &converted.findings {
            self.classes.entry(*class).or_default().add(u64::from(*lines));
        }
        self.clean_documents += u64::from(converted.findings.is_empty());
        let sums = self.sums.entry(converted.currency.code().to_owned()).or_default();
        let too_large = || "the sum of all documents has more than 15 digits".to_owned();
        sums.exact = sums.exact.checked_add(converted.exact_total).ok_or_else(too_large)?;
        sums.gross_minor =
            sums.gross_minor.checked_add(converted.gross_minor).ok_or_else(too_large)?;
        Ok(())
    }

    /// Counts what `other` counted, too.
    ///
    /// # Errors
    ///
    /// If a sum leaves what a decimal can hold.
    pub fn merge(&mut self, other: &Self) -> Result<(), String> {
        self.all.merge(other.all);
        for (kind, count) in &other.kinds {
            self.kinds.entry(*kind).or_default().merge(*count);
        }
        for (class, count) in &other.classes {
            self.classes.entry(*class).or_default().merge(*count);
        }
        for (currency, more) in &other.sums {
            let sums = self.sums.entry(currency.clone()).or_default();
            let exact = sums.exact.checked_add(more.exact);
            sums.exact = exact.ok_or("the sum of all files has more than 15 digits")?;
            sums.gross_minor = sums.gross_minor.saturating_add(more.gross_minor);
        }
        self.clean_documents += other.clean_documents;
        self.inserted += other.inserted;
        self.already += other.already;
        self.rejected += other.rejected;
        Ok(())
    }
}

impl Count {
    /// One more document with so many lines.
    pub fn add(&mut self, lines: u64) {
        self.documents += 1;
        self.lines += lines;
    }

    fn merge(&mut self, other: Self) {
        self.documents += other.documents;
        self.lines += other.lines;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let row = |f: &mut fmt::Formatter<'_>, name: &str, count: &Count| {
            writeln!(f, "  {name:<20}{:>12}{:>12}", count.documents, count.lines)
        };
        writeln!(f, "  {:<20}{:>12}{:>12}", "", "documents", "lines")?;
        row(f, "all", &self.all)?;
        for (kind, count) in &self.kinds {
            row(f, kind_name(*kind), count)?;
        }
        writeln!(f, "  {:<20}{:>12}", "without findings", self.clean_documents)?;
        for (class, count) in &self.classes {
            row(f, class.as_str(), count)?;
        }
        for (currency, sums) in &self.sums {
            let code = orderkit::Currency::parse(currency);
            let rounded = match (code, orderkit::Amount::new(sums.gross_minor)) {
                (Some(code), Ok(amount)) => amount.display(code).to_string(),
                _ => format!("{} minor units", sums.gross_minor),
            };
            writeln!(f, "  sum {currency}: {} exact, {rounded} as order totals", sums.exact)?;
        }
        let mut last = String::new();
        write!(last, "{} new orders, {} known before", self.inserted, self.already)?;
        if self.rejected > 0 {
            write!(last, ", {} lines of input could not be read", self.rejected)?;
        }
        write!(f, "  {last}")
    }
}

fn kind_name(kind: ImportKind) -> &'static str {
    match kind {
        ImportKind::Sale => "sale",
        ImportKind::Cancellation => "cancellation",
        ImportKind::Adjustment => "adjustment",
    }
}
