//! Texts: not empty where needed, not too long, no control characters.

use crate::issue::{Code, Issue};

/// A text that must not be empty. Says whether it is usable.
pub(super) fn required(text: &str, maximum: usize, path: &str, issues: &mut Vec<Issue>) -> bool {
    if text.trim().is_empty() {
        issues.push(Issue::new(Code::Required, path));
        return false;
    }
    within(text, maximum, path, issues)
}

/// A text that may be missing.
pub(super) fn optional(text: &Option<String>, maximum: usize, path: &str, issues: &mut Vec<Issue>) {
    if let Some(text) = text {
        within(text, maximum, path, issues);
    }
}

pub(super) fn within(text: &str, maximum: usize, path: &str, issues: &mut Vec<Issue>) -> bool {
    let issue = if text.len() > maximum {
        Issue::new(Code::TextTooLong, path).with("maximum", maximum).with("bytes", text.len())
    } else if text.chars().any(|letter| letter.is_control() && !matches!(letter, '\n' | '\t')) {
        Issue::new(Code::TextInvalid, path)
    } else {
        return true;
    };
    issues.push(issue);
    false
}
