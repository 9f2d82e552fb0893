//! `move`: the database of a folder into PostgreSQL.

use std::{
    fs,
    io::{self, Write},
    path::PathBuf,
};

use clap::Args;

use super::{Failure, Outcome, backup, clock_ms};
use crate::{DatabaseArgs, serve::ServeError, store::FILE};

/// Arguments of `move`.
#[derive(Debug, Args)]
pub(super) struct MoveArgs {
    /// The folder of the database; its file is kept there under another name
    #[arg(long, value_name = "DIR", default_value = "data")]
    data: PathBuf,
    /// The PostgreSQL database to move to, which must be empty, such as postgres://user@host/name
    #[arg(long, value_name = "URL", env = "ORDERKIT_DATABASE", hide_env_values = true)]
    database: String,
}

/// Moves everything, all or nothing.
pub(super) fn run(args: &MoveArgs) -> Result<Outcome, Failure> {
    let file = args.data.join(FILE);
    if !file.is_file() {
        let folder = args.data.display();
        return Err(Failure::Message(format!(
            "there is no database in {folder}; name its folder with --data"
        )));
    }
    backup::must_be_unused(&file)?;
    let counts = tokio::runtime::Runtime::new()?.block_on(async {
        let place = |database| DatabaseArgs { data: args.data.clone(), database };
        let from = place(None).open().await?;
        let to = place(Some(args.database.clone())).open().await?;
        let counts = from.copy_into(&to).await;
        from.close().await;
        to.close().await;
        Ok::<_, ServeError>(counts?)
    })?;
    let kept = backup::beside(&file, &format!("moved-{}", clock_ms()));
    fs::rename(&file, &kept)?;
    let mut output = io::stdout().lock();
    for (table, count) in counts.iter().filter(|(_, count)| *count > 0) {
        writeln!(output, "{table}: {count}")?;
    }
    writeln!(output, "the file is kept as {}", kept.display())?;
    Ok(Outcome::Good)
}
