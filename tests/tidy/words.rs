//! Words that must not be left in a file.

use super::{Fault, File, fault};

const SCRIPTS: &[&str] = &[".ts", ".js", ".mjs", ".svelte"];

/// Endings of the files it matters in (none: all), what is looked for, what to do.
type Banned = (&'static [&'static str], &'static str, &'static str);

const LEFTOVERS: &[Banned] = &[
    (&[], "TODO", "do it, or file an issue"),
    (&[], "FIXME", "mend it, or file an issue"),
    (&[".rs"], "dbg!(", "remove it"),
    (&[".rs"], "todo!(", "write it"),
    (&[".rs"], "unimplemented!(", "write it"),
    (&[".rs"], "#[ignore", "mend the test, or delete it"),
    (SCRIPTS, "it.only(", "let all tests run"),
    (SCRIPTS, "test.only(", "let all tests run"),
    (SCRIPTS, "describe.only(", "let all tests run"),
    (SCRIPTS, "it.skip(", "mend the test, or delete it"),
    (SCRIPTS, "test.skip(", "mend the test, or delete it"),
    (SCRIPTS, "describe.skip(", "mend the test, or delete it"),
];

const MACHINES: &[Banned] = &[
    (&[], "/work/", "a path of one machine: make it relative"),
    (&[], "/root/", "a path of one machine: make it relative"),
    (&[], "/home/", "a path of one machine: make it relative"),
    (&[], "/Users/", "a path of one machine: make it relative"),
    (&[], "/tmp/", "ask for a temporary folder"),
    (&[], "registry.npmjs.org", "a registry's host: name the package"),
    (&[], "index.crates.io", "a registry's host: name the package"),
    (&[], "static.crates.io", "a registry's host: name the package"),
    (&[], "deb.debian.org", "a registry's host: name the package"),
    (
        &["package-lock.json"],
        "\"resolved\": \"http",
        "make the lock file again, with the .npmrc of the repository",
    ),
];

/// This test spells the words; the licence and data of others are kept as they came.
fn is_exempt(file: &File) -> bool {
    file.path.starts_with("tests/tidy/")
        || file.path.starts_with("LICENSE")
        || file.path.split('/').any(|part| matches!(part, "vectors" | "generated"))
}

pub fn leftovers(file: &File) -> Vec<Fault> {
    search(file, LEFTOVERS)
}

pub fn machines(file: &File) -> Vec<Fault> {
    search(file, MACHINES)
}

fn search(file: &File, banned: &[Banned]) -> Vec<Fault> {
    if is_exempt(file) {
        return Vec::new();
    }
    let mut faults = Vec::new();
    for (index, line) in file.text.lines().enumerate() {
        for (endings, word, remedy) in banned {
            if (endings.is_empty() || file.ends_with(endings)) && stands_alone(line, word) {
                faults.push(fault(file, index + 1, format!("`{word}`: {remedy}")));
            }
        }
    }
    faults
}

/// True when the line holds the word, and not only as the end or the middle of a longer one.
fn stands_alone(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        !line[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '}' | ')'))
    })
}

#[cfg(test)]
mod tests {
    use super::super::faults_of;
    use super::*;

    #[test]
    fn leftovers_fail() {
        let text = "// TODO later\ndbg!(x);\nlines.skip(1);\n#[ignore = \"slow\"]";
        assert_eq!(
            faults_of(leftovers, "src/money.rs", text),
            [
                "src/money.rs:1: `TODO`: do it, or file an issue",
                "src/money.rs:2: `dbg!(`: remove it",
                "src/money.rs:4: `#[ignore`: mend the test, or delete it",
            ]
        );
        assert_eq!(faults_of(leftovers, "www/app/a.test.ts", "test.skip(\"x\")").len(), 1);
    }

    #[test]
    fn machine_paths_and_registry_hosts_fail() {
        let text = "cd /home/someone\nsee https://example.org/work/home/\n";
        assert_eq!(
            faults_of(machines, "docs/a.md", text),
            ["docs/a.md:1: `/home/`: a path of one machine: make it relative"]
        );
        let lock = "\"resolved\": \"https://somewhere\"";
        assert_eq!(faults_of(machines, "package-lock.json", lock).len(), 1);
    }
}
