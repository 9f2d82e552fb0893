//! The SQL of the server: in one folder, and of the kind that SQLite, PostgreSQL and its relatives understand alike.

use super::{Fault, File, code, fault};

/// Where statements stand.
const STORE: &str = "server/src/store/";
/// Where engines are driven, which takes words of their own.
const DRIVERS: &[&str] =
    &["server/src/database/", "server/src/simulation.rs", "server/src/cli/backup.rs"];

/// How a statement may begin.
const BEGINNINGS: &[&str] = &["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM "];
/// How a step of the tables may begin.
const STEPS: &[&str] = &["CREATE TABLE ", "CREATE INDEX ", "CREATE UNIQUE INDEX ", "ALTER TABLE "];
/// Any other text that begins so is SQL as well.
const FOREIGN: &[&str] = &[
    "WITH ",
    "BEGIN",
    "COMMIT",
    "ROLLBACK",
    "SAVEPOINT ",
    "RELEASE ",
    "PRAGMA ",
    "DROP ",
    "TRUNCATE ",
    "LISTEN ",
    "NOTIFY ",
    "LOCK ",
    "SET ",
    "VACUUM",
    "MERGE ",
    "REPLACE INTO ",
    "INSERT OR ",
    "CREATE ",
    "COPY ",
];

/// Words that one of the engines lacks, or means otherwise.
const FORBIDDEN: &[(&str, &str)] = &[
    ("?", "parameters are numbered: $1"),
    ("::", "write CAST"),
    ("BIGSERIAL", "counters are rows"),
    ("AUTOINCREMENT", "counters are rows"),
    ("ROWID", "keys are columns"),
    ("TRIGGER", "what follows is written by the program"),
    ("ADVISORY", "the lock is the row of the tenant"),
    ("LISTEN", "processes ask"),
    ("NOTIFY", "processes ask"),
    (" TEMP", "no session keeps tables"),
    ("SAVEPOINT", "a transaction is whole"),
    ("DEFERRABLE", "not everywhere"),
    ("NOW()", "the time is a parameter"),
    ("CURRENT_", "the time is a parameter"),
    ("JSON", "JSON is text to the database"),
    ("FOR UPDATE", "the lock is an UPDATE of the row of the tenant"),
    ("SKIP LOCKED", "work is claimed by an UPDATE"),
    ("INSTR(", "only SQLite has it"),
    ("STRFTIME", "only SQLite has it"),
    ("IFNULL", "write COALESCE"),
    (" GLOB ", "only SQLite has it"),
    ("ILIKE", "only PostgreSQL has it"),
    ("SUM(", "its type differs: count in the program, or CAST it to BIGINT"),
    ("BOOLEAN", "0 and 1 in a BIGINT"),
    (" INTEGER", "BIGINT"),
    ("VARCHAR", "TEXT"),
    (" REAL", "amounts are integers"),
    ("TIMESTAMP", "milliseconds in a BIGINT"),
    ("REFERENCES", "rows of other tables come first or not at all, by the program"),
];

/// Statements that are of no one tenant, by their beginning, and why.
const OF_ALL_TENANTS: &[(&str, &str)] = &[
    ("SELECT COALESCE(MAX(step), 0) FROM schema_step", "the tables are common"),
    ("INSERT INTO schema_step", "the tables are common"),
    ("INSERT INTO schema_lock", "the tables are common"),
    ("UPDATE schema_lock", "the tables are common"),
    (
        "SELECT id, number, owner, placed_ms, ",
        "the first part of a list; the next one names the tenant",
    ),
    ("SELECT {columns} FROM {table}", "all rows are moved"),
    ("INSERT INTO {table} ({columns}) VALUES ", "all rows are moved"),
    ("UPDATE order_number SET look = ", "a step for the rows of all"),
];

pub fn check(file: &File) -> Vec<Fault> {
    if !file.path.starts_with("server/src/") || !file.ends_with(&[".rs"]) {
        return Vec::new();
    }
    let mut faults = Vec::new();
    for (line, text) in code::texts(&file.text) {
        // A beginning alone is what a statement is put together from, or looked at for.
        let is_part = [BEGINNINGS, STEPS]
            .iter()
            .any(|them| them.iter().any(|it| it.trim_end() == text.trim_end()));
        let is_statement = !is_part && (begins(&text, BEGINNINGS) || begins(&text, STEPS));
        if is_part || !(is_statement || begins(&text, FOREIGN)) {
            continue;
        }
        if DRIVERS.iter().any(|driver| file.path.starts_with(driver)) {
            continue;
        }
        if !file.path.starts_with(STORE) {
            let what = format!("`{}` is SQL: it belongs to {STORE}", first_words(&text));
            faults.push(fault(file, line, what));
            continue;
        }
        faults.extend(portable(&text, &file.path).into_iter().map(|what| fault(file, line, what)));
    }
    faults
}

/// What is wrong with a statement of the store.
fn portable(text: &str, path: &str) -> Vec<String> {
    let is_step = begins(text, STEPS);
    let mut faults = Vec::new();
    if is_step && !path.ends_with("schema.rs") {
        faults.push("tables are made by a step in schema.rs".to_owned());
    }
    if !is_step && !begins(text, BEGINNINGS) {
        let known = BEGINNINGS.join("... ");
        faults.push(format!("`{}`: statements begin with {known}...", first_words(text)));
    }
    let upper = text.to_uppercase();
    for (word, instead) in FORBIDDEN {
        // A column may be named `serial`; types are written in capitals.
        let is_there = upper.contains(word) || (*word == "BIGSERIAL" && text.contains(" SERIAL"));
        if is_there {
            faults.push(format!("`{}`: no {}: {instead}", first_words(text), word.trim()));
        }
    }
    let is_common = OF_ALL_TENANTS.iter().any(|(start, _)| text.starts_with(start));
    if !is_step && !text.contains("tenant") && !is_common {
        let what = "names no tenant: bind it, or say in OF_ALL_TENANTS why not";
        faults.push(format!("`{}` {what}", first_words(text)));
    }
    faults
}

fn begins(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.starts_with(word))
}

fn first_words(text: &str) -> String {
    text.split_whitespace().take(4).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::faults_of;
    use super::check;

    fn faults(path: &str, sql: &str) -> Vec<String> {
        faults_of(check, path, &format!("fn run() {{\n    let sql = \"{sql}\";\n}}\n"))
    }

    #[test]
    fn sql_elsewhere_fails() {
        let found = faults("server/src/app.rs", "SELECT 1");
        assert_eq!(
            found,
            ["server/src/app.rs:2: `SELECT 1` is SQL: it belongs to server/src/store/"]
        );
        assert!(faults("server/src/app.rs", "Selected by hand").is_empty());
        assert!(faults("server/src/database/sqlite/mod.rs", "PRAGMA query_only = ON").is_empty());
    }

    #[test]
    fn statements_that_not_all_engines_know_fail() {
        let path = "server/src/store/x.rs";
        for sql in [
            "SELECT a FROM b WHERE tenant = ? FOR UPDATE",
            "SELECT now() FROM b WHERE tenant = $1",
            "SAVEPOINT a",
            "INSERT OR IGNORE INTO b (tenant) VALUES ($1)",
            "SELECT SUM(a) FROM b WHERE tenant = $1",
            "CREATE TABLE b (tenant TEXT)",
            "DELETE FROM b WHERE a = $1",
        ] {
            assert!(!faults(path, sql).is_empty(), "{sql}");
        }
        assert!(faults(path, "SELECT a FROM b WHERE tenant = $1 ORDER BY a LIMIT $2").is_empty());
        assert!(faults("server/src/store/schema.rs", "CREATE TABLE b (tenant TEXT)").is_empty());
        assert!(
            !faults("server/src/store/schema.rs", "ALTER TABLE b ADD COLUMN c BOOLEAN").is_empty()
        );
    }

    #[test]
    fn a_statement_over_several_lines_is_read_as_one() {
        let sql = "SELECT a FROM b \\\n               WHERE tenant = $1";
        assert!(faults("server/src/store/x.rs", sql).is_empty());
    }
}
