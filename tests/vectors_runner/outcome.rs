//! What became of a case, and of all of them together.

use std::collections::{BTreeMap, BTreeSet};

use super::exact::Exact;

/// Why a case is not reproduced.
#[derive(Clone, Debug)]
pub enum Gap {
    /// The engine, or this runner, has no such feature yet.
    NotCovered(String),
    /// The engine refuses what the case asks for.
    Refused(String),
    /// The engine's figures are others.
    Differs(Vec<Difference>),
    /// The case cannot be read.
    Malformed(String),
}

/// One figure that is not as expected.
#[derive(Clone, Debug)]
pub struct Difference {
    pub figure: String,
    pub expected: String,
    pub found: String,
}

pub type Outcome = Result<(), Gap>;

impl Gap {
    pub fn not_covered(feature: impl Into<String>) -> Self {
        Self::NotCovered(feature.into())
    }

    pub fn malformed(what: impl Into<String>) -> Self {
        Self::Malformed(what.into())
    }
}

/// Collects differences of one case.
#[derive(Default)]
pub struct Comparison {
    differences: Vec<Difference>,
}

impl Comparison {
    pub fn exact(&mut self, figure: impl Into<String>, expected: Exact, found: Exact) {
        self.within(figure, expected, found, None);
    }

    /// Compares with the slack that the source of the case allows.
    pub fn within(
        &mut self,
        figure: impl Into<String>,
        expected: Exact,
        found: Exact,
        tolerance: Option<Exact>,
    ) {
        let slack = tolerance.unwrap_or(Exact::ZERO);
        if expected.minus(found).abs() > slack {
            self.add(figure, expected, found);
        }
    }

    pub fn add(
        &mut self,
        figure: impl Into<String>,
        expected: impl ToString,
        found: impl ToString,
    ) {
        self.differences.push(Difference {
            figure: figure.into(),
            expected: expected.to_string(),
            found: found.to_string(),
        });
    }

    pub fn finish(self) -> Outcome {
        if self.differences.is_empty() { Ok(()) } else { Err(Gap::Differs(self.differences)) }
    }
}

/// A case that was run.
pub struct Row {
    /// `EN 16931` or the name of a peer.
    pub set: String,
    pub kind: String,
    pub topic: String,
    pub id: String,
    /// Whether a failure is a regression.
    pub claimed: bool,
    pub outcome: Outcome,
}

impl Row {
    fn reason(&self) -> Option<String> {
        match &self.outcome {
            Ok(()) => None,
            Err(Gap::NotCovered(feature)) => Some(format!("not covered yet: {feature}")),
            Err(Gap::Refused(code)) => Some(format!("refused by the engine: {code}")),
            Err(Gap::Differs(_)) if self.topic.is_empty() => Some("figures differ".to_owned()),
            Err(Gap::Differs(_)) => Some(format!("figures differ: {}, {}", self.set, self.topic)),
            Err(Gap::Malformed(what)) => Some(format!("malformed case: {what}")),
        }
    }
}

/// All cases that were run.
#[derive(Default)]
pub struct Report {
    pub rows: Vec<Row>,
}

impl Report {
    pub fn reproduced(&self) -> usize {
        self.rows.iter().filter(|row| row.outcome.is_ok()).count()
    }

    /// Cases that are claimed and fail.
    pub fn regressions(&self) -> Vec<&Row> {
        self.rows.iter().filter(|row| row.claimed && row.outcome.is_err()).collect()
    }

    /// Claimed cases that were not run at all.
    pub fn missing<'a>(&self, claims: &'a BTreeSet<String>) -> Vec<&'a str> {
        let run: BTreeSet<&str> = self.rows.iter().map(|row| row.id.as_str()).collect();
        claims.iter().map(String::as_str).filter(|id| !run.contains(id)).collect()
    }

    /// Reproduced and total by set and kind.
    pub fn table(&self) -> String {
        let mut counts: BTreeMap<(&str, &str), (usize, usize)> = BTreeMap::new();
        for row in &self.rows {
            for kind in [row.kind.as_str(), ""] {
                let (reproduced, total) = counts.entry((&row.set, kind)).or_default();
                *reproduced += usize::from(row.outcome.is_ok());
                *total += 1;
            }
        }
        let mut text = format!("{:<13} {:<29} {:>10} {:>3}\n", "set", "kind", "reproduced", "of");
        for ((set, kind), (reproduced, total)) in counts {
            let (set, kind) = if kind.is_empty() { (set, "all") } else { ("", kind) };
            text.push_str(&format!("{set:<13} {kind:<32} {reproduced:>7} {total:>3}\n"));
        }
        text
    }

    /// The reasons with counts, the frequent ones first.
    pub fn reasons(&self, verbose: bool) -> String {
        let mut groups: BTreeMap<String, Vec<&Row>> = BTreeMap::new();
        for row in &self.rows {
            if let Some(reason) = row.reason() {
                groups.entry(reason).or_default().push(row);
            }
        }
        let mut groups: Vec<_> = groups.into_iter().collect();
        groups.sort_by_key(|(_, rows)| std::cmp::Reverse(rows.len()));
        let mut text = String::new();
        for (reason, rows) in groups {
            text.push_str(&format!("{:>4}  {reason}\n", rows.len()));
            for row in rows.iter().filter(|_| verbose) {
                text.push_str(&format!("        {}\n", row.id));
                if let Err(Gap::Differs(differences)) = &row.outcome {
                    for it in differences {
                        let Difference { figure, expected, found } = it;
                        text.push_str(&format!(
                            "          {figure}: expected {expected}, found {found}\n"
                        ));
                    }
                }
            }
        }
        text
    }
}
