//! The published EN 16931 documents, and the snippets that must be refused.

pub mod checker;
pub mod document;
pub mod fragment;
mod structure;

use serde_json::Value;

use super::{
    engine::Engine,
    outcome::{Gap, Outcome, Row},
};

const SET: &str = "EN 16931";

pub fn run(case: &Value, id: &str, engine: &Engine) -> Row {
    let word = |value: &Value| value.as_str().unwrap_or("unknown").to_owned();
    let (kind, claimed, outcome) = if case["rule"].is_string() {
        (format!("refused by {}", family(&word(&case["rule"]))), false, refuses(case, engine))
    } else {
        let level = document::level(case);
        let note = match level {
            Some(document::Level::Full) => "",
            Some(document::Level::LineAmounts) => ", from line amounts",
            None => ", contradicts itself",
        };
        let kind = format!("{}{note}", word(&case["kind"]));
        (kind, level.is_some(), document::run(case, engine))
    };
    Row { set: SET.to_owned(), kind, topic: String::new(), id: id.to_owned(), claimed, outcome }
}

/// A snippet is reproduced if its rule is among those that it breaks.
fn refuses(case: &Value, engine: &Engine) -> Outcome {
    let rule = case["rule"].as_str().unwrap_or("");
    let broken = checker::broken_rules(&case["document"], engine)?;
    if broken.iter().any(|broken| broken == rule || rule.ends_with(&format!("-{broken}"))) {
        return Ok(());
    }
    if checker::knows(rule) {
        return Err(Gap::Refused(format!("nothing; {rule} should refuse it")));
    }
    Err(Gap::not_covered(format!("rule {rule}")))
}

/// `BR-S-08` and its sisters count as `BR-x-08`.
fn family(rule: &str) -> String {
    match rule.split('-').collect::<Vec<_>>().as_slice() {
        ["BR", "CO" | "DEC", ..] => rule.to_owned(),
        ["BR", _, number] => format!("BR-x-{number}"),
        _ => rule.to_owned(),
    }
}
