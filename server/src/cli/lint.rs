//! `lint`: all findings of a ruleset.

use std::{
    io::{self, BufWriter, Write},
    path::PathBuf,
};

use clap::Args;
use orderkit::{
    Language,
    lint::{Finding, Severity, lint_json},
};
use serde::Serialize;

use super::{Failure, Outcome, Tongue, clock_ms, price::IssueRow, read_file};

/// Arguments of `lint`.
#[derive(Debug, Args)]
pub(super) struct LintArgs {
    /// The ruleset
    file: PathBuf,
    /// The time by which promotions have ended, in milliseconds since the epoch; the machine's clock
    /// if missing
    #[arg(long, value_name = "MS", allow_negative_numbers = true)]
    now_ms: Option<i64>,
    /// Language of the sentences
    #[arg(long, value_name = "LANG", default_value = "en")]
    lang: Tongue,
    /// Print one JSON object instead of lines for people
    #[arg(long)]
    json: bool,
    /// Fail on warnings, too
    #[arg(long)]
    strict: bool,
}

#[derive(Serialize)]
struct Report<'a> {
    ok: bool,
    errors: usize,
    warnings: usize,
    findings: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    severity: Severity,
    #[serde(flatten)]
    issue: IssueRow<'a>,
}

pub(super) fn run(args: &LintArgs) -> Result<Outcome, Failure> {
    let bytes = read_file(&args.file)?;
    let findings = lint_json(&bytes, args.now_ms.unwrap_or_else(clock_ms));
    let count = |severity| findings.iter().filter(|it| it.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let ok = errors == 0 && (warnings == 0 || !args.strict);
    let language = Language::from(args.lang);
    let mut output = BufWriter::new(io::stdout().lock());
    if args.json {
        let row = |finding| row(finding, language);
        let report = Report { ok, errors, warnings, findings: findings.iter().map(row).collect() };
        serde_json::to_writer(&mut output, &report)?;
        output.write_all(b"\n")?;
    } else {
        for Finding { severity, issue } in &findings {
            let path = if issue.path.is_empty() { "/" } else { &issue.path };
            let sentence = issue.message(language);
            writeln!(output, "{:7}  {path}  {sentence} [{}]", severity.as_str(), issue.code)?;
        }
        writeln!(output, "{}: {errors} errors, {warnings} warnings", args.file.display())?;
    }
    output.flush()?;
    Ok(if ok { Outcome::Good } else { Outcome::Refused })
}

fn row(finding: &Finding, language: Language) -> Row<'_> {
    Row { severity: finding.severity, issue: IssueRow::new(&finding.issue, Some(language)) }
}
