//! `lint`: all findings of a ruleset.

use std::{
    io::{self, BufWriter, Write},
    path::PathBuf,
};

use clap::Args;
use orderkit::{
    Context, Draft, DraftLine, Language,
    lint::{Finding, Severity, Shown, lint_json},
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
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    severity: Severity,
    #[serde(flatten)]
    issue: IssueRow<'a>,
    /// Whether a cart can show it.
    is_about_carts: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    example: Option<&'a Draft>,
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<&'a Context>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shows: Option<&'a Shown>,
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
        for finding in &findings {
            let Finding { severity, issue, .. } = finding;
            let path = if issue.path.is_empty() { "/" } else { &issue.path };
            let sentence = issue.message(language);
            writeln!(output, "{:7}  {path}  {sentence} [{}]", severity.as_str(), issue.code)?;
            if let Some(example) = example(finding, language) {
                writeln!(output, "         {example}")?;
            }
        }
        writeln!(output, "{}: {errors} errors, {warnings} warnings", args.file.display())?;
    }
    output.flush()?;
    Ok(if ok { Outcome::Good } else { Outcome::Refused })
}

fn row(finding: &Finding, language: Language) -> Row<'_> {
    Row {
        severity: finding.severity,
        issue: IssueRow::new(&finding.issue, Some(language)),
        is_about_carts: finding.is_about_carts(),
        example: finding.example.as_ref(),
        context: finding.context.as_ref(),
        shows: finding.shows.as_ref(),
    }
}

/// The example as a line: the cart, and what its quote shows.
fn example(finding: &Finding, language: Language) -> Option<String> {
    let (cart, shows) = (finding.example.as_ref()?, finding.shows.as_ref()?);
    let quantity = |line: &DraftLine| line.quantity.value().map(|it| it.to_string());
    let lines = cart.lines.iter();
    let lines = lines.map(|line| format!("{} × {}", quantity(line).unwrap_or_default(), line.sku));
    let mut parts = vec![lines.collect::<Vec<_>>().join(" + ")];
    parts.extend(cart.details.coupon_codes.iter().cloned());
    parts.extend(cart.details.payment_method.clone());
    let context = finding.context.as_ref();
    parts.extend(context.into_iter().flat_map(|it| it.customer.groups.iter().cloned()));
    let country = cart.details.shipping_address.as_ref().map(|it| it.country.as_str());
    match (&cart.details.shipping_method, country) {
        (Some(method), Some(country)) => parts.push(format!("{method} → {country}")),
        (Some(method), None) => parts.push(method.clone()),
        (None, Some(country)) => parts.push(format!("→ {country}")),
        (None, None) => {}
    }
    Some(format!("{}: {}", parts.join(", "), shows.sentence.text(language)))
}
