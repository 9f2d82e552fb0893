//! `series`: what became of the serials of order numbers, and giving some up.

use std::io::{self, Write};

use clap::Args;
use orderkit::{
    Language,
    numbering::{Span, VoidReason, VoidRecord},
};

use super::{Failure, Outcome, clock_ms};
use crate::{
    DatabaseArgs,
    numbers::{NumbersReport, REPORTED_SERIES, give_up, report},
    serve::ServeError,
    store::Store,
};

/// Arguments of `series`.
#[derive(Debug, Args)]
pub(super) struct SeriesArgs {
    /// How the names of the series begin, such as 20251124
    #[arg(default_value = "")]
    prefix: String,
    #[command(flatten)]
    database: DatabaseArgs,
    /// The shop in the database
    #[arg(long, value_name = "NAME", default_value = "main")]
    tenant: String,
    /// Series at most
    #[arg(long, value_name = "COUNT", default_value_t = REPORTED_SERIES)]
    limit: u32,
    /// Report as one JSON document
    #[arg(long)]
    json: bool,
    /// Record the serials FROM to before TO of a series as given up
    #[arg(long, num_args = 3, value_names = ["SERIES", "FROM", "TO"], requires = "reason")]
    give_up: Vec<String>,
    /// Why: refused, discarded, returned, lost or skipped
    #[arg(long, value_parser = reason)]
    reason: Option<VoidReason>,
    /// Who gives them up
    #[arg(long, value_name = "USER", default_value = "operator")]
    by: String,
}

pub(super) fn run(args: &SeriesArgs) -> Result<Outcome, Failure> {
    let mut output = io::stdout().lock();
    if let ([series, from, to], Some(reason)) = (args.give_up.as_slice(), args.reason) {
        let record = VoidRecord {
            series: series.clone(),
            span: Span { from: serial(from)?, to: serial(to)? },
            reason,
            by: args.by.clone(),
            at_ms: clock_ms(),
        };
        let given_up = with_store(&args.database, async |store| {
            let mut transaction = store.write(&args.tenant).await?;
            let given_up = give_up(&mut transaction, &args.tenant, &record).await?;
            transaction.commit().await?;
            Ok(given_up)
        })?;
        let Err(issue) = given_up else { return Ok(Outcome::Good) };
        writeln!(output, "{}", issue.message(Language::English))?;
        return Ok(Outcome::Refused);
    }
    let report = with_store(&args.database, async |store| {
        Ok(report(&mut store.read().await?, &args.tenant, &args.prefix, args.limit).await?)
    })?;
    if args.json {
        serde_json::to_writer_pretty(&mut output, &report)?;
        writeln!(output)?;
    } else {
        write_report(&report, &mut output)?;
    }
    let is_whole = report.series.iter().all(|series| series.missing == 0);
    Ok(if is_whole { Outcome::Good } else { Outcome::Refused })
}

fn write_report(report: &NumbersReport, output: &mut impl Write) -> io::Result<()> {
    let widest = report.series.iter().map(|series| series.series.len()).max().unwrap_or(0).max(6);
    writeln!(
        output,
        "{:widest$}  {:>9}  {:>9}  {:>9}  {:>9}  {:>9}  where",
        "series", "given", "used", "void", "open", "missing"
    )?;
    for series in &report.series {
        let spans: Vec<String> = series.missing_spans.iter().map(shown).collect();
        writeln!(
            output,
            "{:widest$}  {:>9}  {:>9}  {:>9}  {:>9}  {:>9}  {}",
            series.series,
            series.given,
            series.used,
            series.void,
            series.open,
            series.missing,
            spans.join(" ")
        )?;
    }
    for record in &report.void {
        let VoidRecord { series, span, reason, by, at_ms } = record;
        let reason = reason.as_str();
        writeln!(output, "{} of {series}: {reason}, {by}, at {at_ms} ms", shown(span))?;
    }
    Ok(())
}

/// The first and the last one, as people count.
fn shown(span: &Span) -> String {
    match span.count() {
        0 | 1 => span.from.to_string(),
        _ => format!("{}-{}", span.from, span.to - 1),
    }
}

fn serial(text: &str) -> Result<u64, Failure> {
    text.parse().map_err(|_| Failure::Message(format!("{text} is no serial; they begin at 1")))
}

fn reason(word: &str) -> Result<VoidReason, String> {
    VoidReason::from_word(word).ok_or_else(|| {
        let known = VoidReason::ALL.map(VoidReason::as_str).join(", ");
        format!("there are {known}")
    })
}

/// Does something with a database, which must be there.
pub(super) fn with_store<T>(
    database: &DatabaseArgs,
    act: impl AsyncFnOnce(&Store) -> Result<T, ServeError>,
) -> Result<T, Failure> {
    if !database.is_there() {
        let data = database.data.display();
        return Err(Failure::Message(format!("there is no folder {data}; name it with --data")));
    }
    tokio::runtime::Runtime::new()?.block_on(async {
        let store = database.open().await?;
        let done = act(&store).await;
        store.close().await;
        Ok(done?)
    })
}
