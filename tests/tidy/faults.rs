//! The list of faults, its page in the documents, and the names of tests that speak of it.

use std::{collections::BTreeMap, fmt::Write as _};

use serde::Deserialize;

use super::{Fault, File, fault};

const LIST: &str = "tests/faults.json";
pub const PAGE: &str = "docs/faults.md";

/// A fault that the whole must stand.
#[derive(Deserialize)]
pub struct Known {
    number: u32,
    title: String,
    expect: String,
    /// Where it must be shown, and how it is made there.
    places: BTreeMap<String, String>,
}

pub fn list(files: &[File]) -> Vec<Known> {
    let file = files.iter().find(|file| file.path == LIST).expect(LIST);
    serde_json::from_str(&file.text).expect(LIST)
}

/// The page of the documents.
pub fn page(known: &[Known]) -> String {
    let mut text = String::from(
        "# Faults\n\nWhat can go wrong between a page, its browser, the network, the server and its database, and where a test must make it\n\
         go wrong. `make faults` runs all tests of faults and prints which are shown today: a fault counts only if it is shown in\n\
         every place that is named for it. The list is `tests/faults.json`, from which this page is made\n\
         (`ORDERKIT_BLESS=1 cargo test --test tidy`). Tests carry the number in their names: `fault_17_…`.\n\n\
         - **tests**: Rust tests, most of them against a real server process that is killed, cut off or starved.\n\
         - **browser**: the page in Chromium.\n\
         - **simulation**: whole shops in one process, with a clock and chances that follow from a seed.\n\
         - **fuzz**: bytes that nobody wrote, on the readers; the names are those of `fuzz/fuzz_targets`.\n\n",
    );
    for Known { number, title, expect, places } in known {
        let _ = writeln!(text, "## {number}. {title}\n\nExpected: {expect}.\n");
        for (place, how) in places {
            let _ = writeln!(text, "- {place}: {how}");
        }
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// The numbers in the name of a test: `fault_17_18_killed` has two.
fn numbers(name: &str) -> Vec<u32> {
    let Some(rest) = name.strip_prefix("fault_") else { return Vec::new() };
    rest.split('_').map_while(|part| part.parse().ok()).collect()
}

/// Faults of the list that no test is named after, and tests named after none of the list.
pub fn tests(files: &[File]) -> Vec<Fault> {
    let known = list(files);
    let mut shown = Vec::new();
    let mut faults = Vec::new();
    for file in files.iter().filter(|file| file.path.ends_with(".rs")) {
        for (index, line) in file.text.lines().enumerate() {
            let line_start = line.trim_start().trim_start_matches("async ");
            let Some(name) = line_start.strip_prefix("fn fault_") else { continue };
            for number in numbers(&format!("fault_{name}")) {
                shown.push(number);
                if !known.iter().any(|it| it.number == number) {
                    faults.push(fault(file, index + 1, format!("fault {number} is not in {LIST}")));
                }
            }
        }
    }
    let list = files.iter().find(|file| file.path == LIST).expect(LIST);
    for it in known.iter().filter(|it| it.places.contains_key("tests")) {
        if !shown.contains(&it.number) {
            faults.push(fault(list, 1, format!("no test is named fault_{:02}_…", it.number)));
        }
    }
    faults
}

#[test]
fn names_have_one_or_more_numbers() {
    assert_eq!(numbers("fault_17_18_killed_2_times"), [17, 18]);
    assert_eq!(numbers("fault_04_twice"), [4]);
    assert_eq!(numbers("default_4"), [0; 0]);
}
