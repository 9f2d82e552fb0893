//! `number`: makes order numbers, checks one, explains a pattern.

use std::{
    io::{self, BufWriter, Write},
    path::PathBuf,
};

use clap::Args;
use orderkit::{
    Issue, Language, TimeZone,
    numbering::{NumberInputs, Pattern, PatternReport, Period, device_code},
    ruleset::Numbering,
};

use super::{Failure, Outcome, RulesetArgs, Tongue, series::with_store};
use crate::{
    DatabaseArgs,
    numbers::{Lookup, look_up},
};

/// Random bytes for one number: the longest number has 40 characters, and bytes that would favour
/// some characters are skipped.
const RANDOM_BYTES: usize = 256;

/// Arguments of `number`.
#[derive(Debug, Args)]
pub(super) struct NumberArgs {
    #[command(flatten)]
    rules: RulesetArgs,
    /// A pattern such as `{date:yyMMdd}-{device:2}{seq:4}{check}`, in place of the ruleset's
    #[arg(long, conflicts_with = "ruleset")]
    pattern: Option<String>,
    /// The code of the device; the first one if missing
    #[arg(long)]
    device: Option<String>,
    /// The first value of the counter
    #[arg(long, default_value_t = 1)]
    sequence: u64,
    /// How many numbers
    #[arg(long, default_value_t = 1)]
    count: u64,
    /// Check this number instead of making one; it may be typed with look-alikes and spaces
    #[arg(long, value_name = "NUMBER", conflicts_with = "explain")]
    check: Option<String>,
    /// The folder of the database: `--check` then looks for the order, or for numbers like it
    #[arg(long, value_name = "DIR", requires = "check")]
    data: Option<PathBuf>,
    /// A PostgreSQL database in place of the folder's
    #[arg(long, value_name = "URL", requires = "check")]
    database: Option<String>,
    /// The shop in the database
    #[arg(long, value_name = "NAME", default_value = "main", requires = "check")]
    tenant: String,
    /// Say how many numbers the pattern can give and how likely one repeats
    #[arg(long)]
    explain: bool,
    /// Explain as one JSON document
    #[arg(long, requires = "explain")]
    json: bool,
    /// Orders a day for `--explain`; the ruleset's if missing
    #[arg(long, value_name = "COUNT")]
    orders_per_day: Option<u32>,
    /// Language of the sentences
    #[arg(long, value_name = "LANG", default_value = "en")]
    lang: Tongue,
}

/// A pattern with the zone and volume of its shop.
struct Scheme {
    pattern: Pattern,
    text: String,
    zone: TimeZone,
    orders_per_day: u32,
}

impl NumberArgs {
    /// The database to look in, if one was named.
    fn place(&self) -> Option<DatabaseArgs> {
        let data = self.data.clone().unwrap_or_default();
        let is_named = self.data.is_some() || self.database.is_some();
        is_named.then(|| DatabaseArgs { data, database: self.database.clone() })
    }
}

pub(super) fn run(args: &NumberArgs) -> Result<Outcome, Failure> {
    let scheme = scheme(args)?;
    let mut output = BufWriter::new(io::stdout().lock());
    let outcome = if let (Some(number), Some(database)) = (&args.check, args.place()) {
        find(number, &database, args, &mut output)?
    } else if let Some(number) = &args.check {
        check(&scheme, number, args, &mut output)?
    } else if args.explain {
        explain(&scheme, args, &mut output)?;
        Outcome::Good
    } else {
        generate(&scheme, args, &mut output)?;
        Outcome::Good
    };
    output.flush()?;
    Ok(outcome)
}

fn scheme(args: &NumberArgs) -> Result<Scheme, Failure> {
    let (numbering, zone) = match &args.pattern {
        Some(text) => {
            let numbering = Numbering { pattern: text.clone(), ..Numbering::default() };
            (numbering, TimeZone::default())
        }
        None => {
            let rules = args.rules.load()?;
            (rules.ruleset().numbering.clone(), rules.ruleset().time_zone.clone())
        }
    };
    let pattern = numbering.compile().map_err(|issue| failure(&issue, args))?;
    let volume = numbering.orders_per_day;
    let text = numbering.pattern;
    Ok(Scheme { pattern, text, zone, orders_per_day: args.orders_per_day.unwrap_or(volume) })
}

fn generate(scheme: &Scheme, args: &NumberArgs, output: &mut impl Write) -> Result<(), Failure> {
    let length = scheme.pattern.device_length();
    let first = || device_code(0, length).unwrap_or_default();
    let device = args.device.clone().unwrap_or_else(first);
    let mut random = [0; RANDOM_BYTES];
    for offset in 0..args.count {
        getrandom::fill(&mut random)
            .map_err(|error| Failure::Message(format!("no random bytes: {error}")))?;
        let inputs = NumberInputs {
            at_ms: args.rules.now_ms(),
            device: &device,
            sequence: args.sequence.saturating_add(offset),
            random: &random,
        };
        match scheme.pattern.generate(inputs, &scheme.zone) {
            Ok(number) => writeln!(output, "{number}")?,
            Err(issue) => {
                output.flush()?;
                return Err(failure(&issue, args));
            }
        }
    }
    Ok(())
}

fn check(
    scheme: &Scheme,
    number: &str,
    args: &NumberArgs,
    output: &mut impl Write,
) -> Result<Outcome, Failure> {
    match scheme.pattern.normalize(number) {
        Ok(number) => {
            match scheme.pattern.device_of(&number) {
                Some(device) => writeln!(output, "{number} is valid (device {device})")?,
                None => writeln!(output, "{number} is valid")?,
            }
            Ok(Outcome::Good)
        }
        Err(issue) => {
            writeln!(output, "{}", issue.message(args.lang.into()))?;
            Ok(Outcome::Refused)
        }
    }
}

/// The orders of a number in the database, or numbers that are one typing error away.
fn find(
    number: &str,
    database: &DatabaseArgs,
    args: &NumberArgs,
    output: &mut impl Write,
) -> Result<Outcome, Failure> {
    let found: Lookup = with_store(database, async |store| {
        Ok(look_up(&mut store.read().await?, &args.tenant, None, number).await?)
    })?;
    for order in &found.orders {
        writeln!(output, "{}\t{}\t{}", order.number, order.id, order.summary)?;
    }
    if !found.orders.is_empty() {
        return Ok(Outcome::Good);
    }
    let chinese = matches!(args.lang, Tongue::Zh);
    if found.suggestions.is_empty() {
        let none = if chinese { "没有这个编号的订单" } else { "no order has this number" };
        writeln!(output, "{none}")?;
    }
    for order in &found.suggestions {
        let meant = if chinese { "您要找的是" } else { "did you mean" };
        let (colon, mark) = if chinese { ("", "？") } else { (" ", "?") };
        writeln!(output, "{meant}{colon}{}{mark}", order.number)?;
    }
    Ok(Outcome::Refused)
}

fn explain(scheme: &Scheme, args: &NumberArgs, output: &mut impl Write) -> Result<(), Failure> {
    let Scheme { pattern, text, zone, orders_per_day } = scheme;
    let report = pattern.report(*orders_per_day, args.rules.now_ms(), zone);
    if args.json {
        serde_json::to_writer_pretty(&mut *output, &report)?;
        return Ok(writeln!(output)?);
    }
    write_report(text, &report, *orders_per_day, output)?;
    for warning in &report.warnings {
        writeln!(output, "warning          {}", warning.message(args.lang.into()))?;
    }
    Ok(())
}

fn write_report(
    text: &str,
    report: &PatternReport,
    orders_per_day: u32,
    output: &mut impl Write,
) -> io::Result<()> {
    writeln!(output, "pattern          {text}")?;
    writeln!(output, "length           {} characters", report.length)?;
    writeln!(output, "examples         {}", report.examples.join("  "))?;
    let (starts, of) = match report.period {
        Period::Day => ("each day", "a day"),
        Period::Month => ("each month", "a month"),
        Period::Year => ("each year", "a year"),
        Period::Never => ("never", "a year"),
    };
    writeln!(output, "starts again     {starts}")?;
    writeln!(output, "orders           {} {of}, at {orders_per_day} a day", report.orders)?;
    if let Some(devices) = report.devices {
        writeln!(output, "devices          {devices}")?;
    }
    if let Some(per_device) = report.per_device {
        writeln!(output, "for each device  {per_device}")?;
    }
    if let Some(size) = report.block_size {
        writeln!(output, "leased           in blocks of {size}")?;
    }
    writeln!(output, "different        {} in all", report.capacity)?;
    match &report.chance_percent {
        Some(chance) => writeln!(output, "chance           {chance} % {of} of a number twice"),
        None => writeln!(output, "unique by        its counter; never repeats"),
    }
}

fn failure(issue: &Issue, args: &NumberArgs) -> Failure {
    Failure::Message(issue.message(Language::from(args.lang)))
}
