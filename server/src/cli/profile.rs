//! `profile`: the switches with which a ruleset gives the totals of another commerce system.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use clap::Args;
use orderkit::profile::{apply, names, switches};

use super::{Failure, Outcome, read_file};

/// Arguments of `profile`.
#[derive(Debug, Args)]
pub(super) struct ProfileArgs {
    /// The system, such as `vendure`; the names of all if missing
    name: Option<String>,
    /// Print this ruleset with the switches added; what it says itself stays
    #[arg(long, value_name = "FILE", requires = "name")]
    ruleset: Option<PathBuf>,
}

pub(super) fn run(args: &ProfileArgs) -> Result<Outcome, Failure> {
    let mut output = io::stdout().lock();
    let Some(name) = &args.name else {
        for name in names() {
            writeln!(output, "{name}")?;
        }
        return Ok(Outcome::Good);
    };
    if let Some(file) = &args.ruleset {
        let merged = apply(name, &read_file(file)?)
            .map_err(|issue| Failure::Message(issue.message(orderkit::Language::English)))?;
        output.write_all(&merged)?;
        writeln!(output)?;
        return Ok(Outcome::Good);
    }
    let Some(text) = switches(name) else {
        let known = names().collect::<Vec<_>>().join(", ");
        let message = format!("there is no profile \"{name}\"; there are {known}");
        return Err(Failure::Message(message));
    };
    output.write_all(text.as_bytes())?;
    Ok(Outcome::Good)
}
