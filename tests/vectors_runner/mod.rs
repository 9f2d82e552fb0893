//! Runs the test cases that nobody here wrote: EN 16931 documents and the test suites of peers.
//!
//! Cases come as JSON files in a folder. A case is translated by its fields, never by its id. What a
//! case asks for and the translation does not know is reported as not covered, so that no case
//! passes because a field was passed over.

pub mod en16931;
pub mod engine;
pub mod exact;
pub mod outcome;
mod peers;

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use serde_json::Value;

use engine::Engine;
use outcome::{Gap, Report, Row};

/// The file with the ids that are claimed, beside the sets.
pub const CLAIMS: &str = "expected.json";

/// The cases that are kept with the code.
pub fn own_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors")
}

/// The folder in `ORDERKIT_VECTORS`, or the own one.
pub fn folder() -> PathBuf {
    std::env::var_os("ORDERKIT_VECTORS").map_or_else(own_folder, PathBuf::from)
}

/// The ids of cases that must be reproduced, besides the EN 16931 documents.
pub fn claims() -> io::Result<BTreeSet<String>> {
    let text = fs::read_to_string(own_folder().join(CLAIMS))?;
    serde_json::from_str(&text).map_err(io::Error::other)
}

/// Runs every case of every JSON file below the folder.
pub fn run(folder: &Path, claims: &BTreeSet<String>, engine: &Engine) -> io::Result<Report> {
    let mut report = Report::default();
    for file in files(folder)? {
        let name = file.strip_prefix(folder).unwrap_or(&file).display().to_string();
        let text = fs::read_to_string(&file)?;
        match serde_json::from_str::<Value>(&text) {
            Ok(document) => {
                let rows = cases(&document).into_iter().enumerate();
                report.rows.extend(rows.map(|(at, case)| one(case, &name, at, claims, engine)));
            }
            Err(error) => report.rows.push(malformed(&name, &name, &error.to_string())),
        }
    }
    Ok(report)
}

fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else if path.extension().is_some_and(|ending| ending == "json") && !path.ends_with(CLAIMS)
        {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// A file is a list of cases, or an object with lists of them beside lists of sources.
fn cases(document: &Value) -> Vec<&Value> {
    match document {
        Value::Array(cases) => cases.iter().collect(),
        Value::Object(fields) => fields
            .iter()
            .filter(|(name, _)| *name != "sources")
            .filter_map(|(_, list)| list.as_array())
            .flatten()
            .collect(),
        _ => Vec::new(),
    }
}

/// Runs a case by what it holds: a peer's profile, a rule that must refuse, or a document.
pub fn one(case: &Value, file: &str, at: usize, claims: &BTreeSet<String>, engine: &Engine) -> Row {
    let Some(id) = case["id"].as_str() else {
        return malformed(file, &format!("{file}#{at}"), "no id");
    };
    let claimed = claims.contains(id);
    if case["profile"].is_string() {
        return peers::run(case, id, claimed, engine);
    }
    if case["rule"].is_string() || case["totals"].is_object() || case["level"].is_string() {
        let row = en16931::run(case, id, engine);
        return Row { claimed: row.claimed || claimed, ..row };
    }
    Row { claimed, ..malformed(file, id, "neither a profile nor a rule nor a document") }
}

fn malformed(file: &str, id: &str, what: &str) -> Row {
    Row {
        set: file.to_owned(),
        kind: "unknown".to_owned(),
        topic: String::new(),
        id: id.to_owned(),
        claimed: false,
        outcome: Err(Gap::malformed(what)),
    }
}
