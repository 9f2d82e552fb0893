//! `number`: makes order numbers, checks one, explains a pattern.

use std::io::{self, BufWriter, Write};

use clap::Args;
use orderkit::{
    Issue, Language, TimeZone,
    numbering::{NumberInputs, Pattern, device_code},
};

use super::{Failure, Outcome, RulesetArgs, Tongue};

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
    /// Check this number instead of making one
    #[arg(long, value_name = "NUMBER", conflicts_with = "explain")]
    check: Option<String>,
    /// Say how many numbers the pattern can give and how likely one repeats
    #[arg(long)]
    explain: bool,
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

pub(super) fn run(args: &NumberArgs) -> Result<Outcome, Failure> {
    let scheme = scheme(args)?;
    let mut output = BufWriter::new(io::stdout().lock());
    let outcome = if let Some(number) = &args.check {
        check(&scheme, number, args, &mut output)?
    } else if args.explain {
        explain(&scheme, &mut output)?;
        Outcome::Good
    } else {
        generate(&scheme, args, &mut output)?;
        Outcome::Good
    };
    output.flush()?;
    Ok(outcome)
}

fn scheme(args: &NumberArgs) -> Result<Scheme, Failure> {
    let default_volume = orderkit::ruleset::Numbering::default().orders_per_day;
    let (text, zone, volume) = match &args.pattern {
        Some(text) => (text.clone(), TimeZone::default(), default_volume),
        None => {
            let rules = args.rules.load()?;
            let ruleset = rules.ruleset();
            let numbering = &ruleset.numbering;
            (numbering.pattern.clone(), ruleset.time_zone.clone(), numbering.orders_per_day)
        }
    };
    let pattern = Pattern::compile(&text).map_err(|issue| failure(&issue, args))?;
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
    match scheme.pattern.verify(number) {
        Ok(()) => {
            match scheme.pattern.device_of(number) {
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

fn explain(scheme: &Scheme, output: &mut impl Write) -> io::Result<()> {
    let Scheme { pattern, text, orders_per_day, .. } = scheme;
    writeln!(output, "pattern          {text}")?;
    writeln!(output, "length           {} characters", pattern.length())?;
    if pattern.has_sequence() {
        writeln!(output, "unique by        device code and counter; never repeats")?;
    } else {
        writeln!(output, "different a day  {}", pattern.capacity_per_day())?;
        let ppm = pattern.collision_ppm(*orders_per_day);
        writeln!(
            output,
            "chance           {}.{:04} % that a day of {orders_per_day} orders has a number twice",
            ppm / 10_000,
            ppm % 10_000
        )?;
    }
    Ok(())
}

fn failure(issue: &Issue, args: &NumberArgs) -> Failure {
    Failure::Message(issue.message(Language::from(args.lang)))
}
