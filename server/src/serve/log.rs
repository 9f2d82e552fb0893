//! The log on standard error: lines for people, or JSON for what collects them.

use std::io::{self, IsTerminal};

use tracing_subscriber::{EnvFilter, fmt};

/// The form of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum LogForm {
    /// Lines for people
    #[default]
    Text,
    /// One JSON object a line
    Json,
}

pub(super) fn start(form: LogForm) {
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
    let lines = fmt().with_env_filter(filter).with_writer(io::stderr);
    // Tests start several servers in one process; the first log stays.
    let _ = match form {
        LogForm::Text => lines.with_ansi(io::stderr().is_terminal()).try_init(),
        LogForm::Json => lines.json().flatten_event(true).with_span_list(false).try_init(),
    };
}
