//! Style as a test: what the compiler and clippy do not see. Every message says where, and what to do.

mod code;
mod faults;
mod layers;
mod messages;
mod sizes;
mod sql;
mod words;

use std::{fmt, fs, path::Path, process::Command};

/// A text file of the repository, its path relative to the root.
struct File {
    path: String,
    text: String,
}

impl File {
    fn ends_with(&self, endings: &[&str]) -> bool {
        endings.iter().any(|ending| self.path.ends_with(ending))
    }

    /// Tests and what programs or others wrote: size and some words are free there.
    fn is_test_or_data(&self) -> bool {
        self.path.split('/').any(|part| {
            matches!(part, "tests" | "tests.rs" | "vectors" | "generated" | "benches" | "fuzz")
                || part.ends_with(".test.ts")
                || part.ends_with("_tests.rs")
        })
    }
}

/// One thing to mend.
#[derive(Debug, PartialEq)]
struct Fault {
    path: String,
    line: usize,
    what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.what)
    }
}

fn fault(file: &File, line: usize, what: impl Into<String>) -> Fault {
    Fault { path: file.path.clone(), line, what: what.into() }
}

/// Every file that git tracks or would track.
fn files() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let listing = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .expect("git lists the files");
    assert!(listing.status.success(), "git cannot list the files: run this in a clone");
    let paths = String::from_utf8(listing.stdout).expect("paths are UTF-8");
    let read = |path: &str| {
        Some(File { path: path.into(), text: fs::read_to_string(root.join(path)).ok()? })
    };
    paths.split_terminator('\0').filter_map(read).collect()
}

#[track_caller]
fn assert_tidy(faults: Vec<Fault>) {
    let list: Vec<String> = faults.iter().map(Fault::to_string).collect();
    assert!(list.is_empty(), "{} to mend:\n{}", list.len(), list.join("\n"));
}

/// The messages of a check on one made-up file.
#[cfg(test)]
fn faults_of(check: fn(&File) -> Vec<Fault>, path: &str, text: &str) -> Vec<String> {
    check(&File { path: path.into(), text: text.into() }).iter().map(Fault::to_string).collect()
}

#[test]
fn modules_use_only_lower_layers() {
    assert_tidy(files().iter().flat_map(layers::modules).collect());
}

#[test]
fn the_rules_are_pure() {
    assert_tidy(files().iter().flat_map(layers::purity).collect());
}

#[test]
fn the_rules_read_with_their_own_reader() {
    assert_tidy(files().iter().flat_map(layers::own_reader).collect());
}

#[test]
fn the_rules_cannot_panic() {
    assert_tidy(files().iter().flat_map(layers::no_panic).collect());
}

#[test]
fn packages_import_one_way() {
    assert_tidy(files().iter().flat_map(layers::packages).collect());
}

#[test]
fn statements_are_those_that_all_databases_know() {
    assert_tidy(files().iter().flat_map(sql::check).collect());
}

#[test]
fn files_and_functions_are_small() {
    assert_tidy(files().iter().flat_map(sizes::check).collect());
}

#[test]
fn nothing_is_left_over() {
    assert_tidy(files().iter().flat_map(words::leftovers).collect());
}

#[test]
fn no_machine_is_named() {
    assert_tidy(files().iter().flat_map(words::machines).collect());
}

#[test]
fn faults_have_tests_and_a_page() {
    let files = files();
    let page = faults::page(&faults::list(&files));
    if std::env::var_os("ORDERKIT_BLESS").is_some() {
        fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join(faults::PAGE), &page).unwrap();
    } else {
        let written = files.iter().find(|file| file.path == faults::PAGE);
        assert!(written.is_some_and(|it| it.text == page), "write it anew with ORDERKIT_BLESS=1");
    }
    assert_tidy(faults::tests(&files));
}
