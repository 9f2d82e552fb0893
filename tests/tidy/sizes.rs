//! A file one can read in one go, a function one can see at once.

use super::{Fault, File, code, fault};

// About 400 and 70 are what to aim at; a little more is left to judgement.
const FILE_LINES: usize = 450;
const FUNCTION_LINES: usize = 80;

pub fn check(file: &File) -> Vec<Fault> {
    if !file.ends_with(&[".rs", ".ts", ".svelte"]) || file.is_test_or_data() {
        return Vec::new();
    }
    let mut faults = Vec::new();
    let lines = file.text.lines().count();
    if lines > FILE_LINES {
        faults.push(fault(
            file,
            1,
            format!("{lines} lines, at most {FILE_LINES}: split it along the domain (aim at 400)"),
        ));
    }
    if file.ends_with(&[".rs"]) {
        for (line, name, length) in functions(&code::product_code(&file.text)) {
            if length > FUNCTION_LINES {
                let what = format!(
                    "fn {name} has {length} lines, at most {FUNCTION_LINES}: give its steps names (aim at 70)"
                );
                faults.push(fault(file, line, what));
            }
        }
    }
    faults
}

/// Line, name and number of lines of every function with a body.
fn functions(code: &str) -> Vec<(usize, &str, usize)> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        if code[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let item = &code[at..];
        let name = item[3..]
            .split(|c: char| !(c.is_alphanumeric() || c == '_'))
            .next()
            .unwrap_or_default();
        let length = item[..code::item_end(item)].lines().count();
        found.push((code[..at].matches('\n').count() + 1, name, length));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::faults_of;
    use super::*;

    #[test]
    fn a_long_file_fails() {
        let found = faults_of(check, "src/money.rs", &"\n".repeat(FILE_LINES + 1));
        assert_eq!(
            found,
            ["src/money.rs:1: 451 lines, at most 450: split it along the domain (aim at 400)"]
        );
        assert!(faults_of(check, "src/money.rs", &"\n".repeat(FILE_LINES)).is_empty());
        assert!(faults_of(check, "tests/vectors.rs", &"\n".repeat(999)).is_empty());
    }

    #[test]
    fn a_long_function_fails() {
        let long =
            format!("fn short() {{}}\nfn long(x: [u8; 2]) {{{}}}\n", "\n".repeat(FUNCTION_LINES));
        let found = faults_of(check, "src/money.rs", &long);
        assert_eq!(
            found,
            ["src/money.rs:2: fn long has 81 lines, at most 80: give its steps names (aim at 70)"]
        );
    }
}
