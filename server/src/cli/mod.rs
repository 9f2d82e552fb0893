//! The command line: the server, and the rules as tools that work on files and pipes.
//!
//! Exit codes: 0 if all went well, 1 if something was refused or found, 2 if the command could not
//! be carried out at all.

use std::{
    fmt, fs,
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    time::{SystemTime, UNIX_EPOCH},
};

use clap::{Args, Parser, Subcommand, ValueEnum};
use orderkit::{Issue, Language, Refusal, Rules};

use crate::serve;

mod backup;
mod import;
mod lines;
mod lint;
mod number;
mod price;
mod profile;
mod relocate;
mod schema;
mod series;

pub use lines::{Line, Lines, is_blank};

/// The rules of the demo shop, for trying things out without a file of one's own.
pub const EXAMPLE_RULESET: &[u8] = include_bytes!("../../../examples/ruleset.json");

/// The order engine: server, pricing, validation, linting, numbering and import.
#[derive(Debug, Parser)]
#[command(name = "orderkit", version, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve page and API
    Serve(serve::ServeArgs),
    /// Make an access token and print it once
    Token(serve::TokenArgs),
    /// Price drafts: one JSON draft a line in, one JSON result a line out
    Quote(price::PriceArgs),
    /// Check drafts as a checkout does: one JSON draft a line in, one JSON result a line out
    Validate(price::PriceArgs),
    /// Check a ruleset before it is used
    Lint(lint::LintArgs),
    /// Make order numbers, check one, or explain a pattern
    Number(number::NumberArgs),
    /// Account for the serials of order numbers: used, void, open, missing; or give some up
    Series(series::SeriesArgs),
    /// Bring in orders of another system from JSON lines, plain or gzip
    Import(import::ImportArgs),
    /// Write the database of a folder into one file, while a server uses it
    Backup(backup::BackupArgs),
    /// Put a backup in place, so that nothing given out since is given out again
    Restore(backup::RestoreArgs),
    /// Move the database of a folder into PostgreSQL
    Move(relocate::MoveArgs),
    /// Print the switches that give the totals of another commerce system
    Profile(profile::ProfileArgs),
    /// Print the JSON Schema of a document type, or of all
    Schema(schema::SchemaArgs),
}

/// How a command ended that could be carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing was refused.
    Good,
    /// Something was refused or found.
    Refused,
}

/// Why a command could not be carried out.
#[derive(Debug)]
pub enum Failure {
    /// A sentence for people, with the remedy.
    Message(String),
    /// The reader of the output has gone; not worth a word.
    OutputClosed,
}

/// Language of sentences.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Tongue {
    /// English
    En,
    /// Chinese
    Zh,
}

/// Which rules, and when.
#[derive(Debug, Args)]
struct RulesetArgs {
    /// The shop's rules; the example shop's if missing
    #[arg(long, value_name = "FILE")]
    ruleset: Option<PathBuf>,
    /// The time to work at, in milliseconds since the epoch; the machine's clock if missing
    #[arg(long, value_name = "MS", allow_negative_numbers = true)]
    now_ms: Option<i64>,
}

/// Carries out what the command line says.
pub fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Serve(args) => wait(async { Ok(serve::run(args).await?) }),
        Command::Token(args) => wait(async { Ok(serve::print_token(args).await?) }),
        Command::Quote(args) => price::run(&args, price::Task::Quote),
        Command::Validate(args) => price::run(&args, price::Task::Validate),
        Command::Lint(args) => lint::run(&args),
        Command::Number(args) => number::run(&args),
        Command::Series(args) => series::run(&args),
        Command::Import(args) => import::run(&args),
        Command::Backup(args) => backup::back_up(&args),
        Command::Restore(args) => backup::restore(&args),
        Command::Move(args) => relocate::run(&args),
        Command::Profile(args) => profile::run(&args),
        Command::Schema(args) => schema::run(&args),
    };
    match result {
        Ok(Outcome::Good) | Err(Failure::OutputClosed) => ExitCode::SUCCESS,
        Ok(Outcome::Refused) => ExitCode::FAILURE,
        Err(Failure::Message(message)) => {
            // Nobody is left to tell if this fails.
            let _ = writeln!(io::stderr(), "orderkit: {message}");
            ExitCode::from(2)
        }
    }
}

/// Runs what waits for sockets and the store; the other commands need no threads for that.
fn wait(work: impl Future<Output = Result<(), Failure>>) -> Result<Outcome, Failure> {
    tokio::runtime::Runtime::new()?.block_on(work)?;
    Ok(Outcome::Good)
}

impl From<serve::ServeError> for Failure {
    fn from(error: serve::ServeError) -> Self {
        Self::Message(error.to_string())
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::OutputClosed,
            _ => Self::Message(error.to_string()),
        }
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        io::Error::from(error).into()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Message(message) => f.write_str(message),
            Self::OutputClosed => f.write_str("the output was closed"),
        }
    }
}

impl From<Tongue> for Language {
    fn from(tongue: Tongue) -> Self {
        match tongue {
            Tongue::En => Self::English,
            Tongue::Zh => Self::Chinese,
        }
    }
}

impl RulesetArgs {
    fn bytes(&self) -> Result<Vec<u8>, Failure> {
        match &self.ruleset {
            Some(path) => read_file(path),
            None => Ok(EXAMPLE_RULESET.to_vec()),
        }
    }

    fn load(&self) -> Result<Rules, Failure> {
        Rules::from_json(&self.bytes()?).map_err(|refusal| {
            let name = self.ruleset.as_deref().unwrap_or(Path::new("the example ruleset"));
            Failure::Message(format!(
                "{} cannot be used; `orderkit lint` shows all findings\n{}",
                name.display(),
                sentences(&refusal)
            ))
        })
    }

    fn now_ms(&self) -> i64 {
        self.now_ms.unwrap_or_else(clock_ms)
    }
}

fn read_file(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| {
        Failure::Message(format!(
            "cannot read {}: {error}. Check the path and its rights",
            path.display()
        ))
    })
}

fn sentences(refusal: &Refusal) -> String {
    let row = |issue: &Issue| {
        let path = if issue.path.is_empty() { "(whole document)" } else { &issue.path };
        format!("  {path}: {} ({})", issue.message(Language::English), issue.code)
    };
    refusal.issues.iter().map(row).collect::<Vec<_>>().join("\n")
}

fn clock_ms() -> i64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX)
}
