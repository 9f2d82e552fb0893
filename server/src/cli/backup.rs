//! `backup` and `restore`: the database of a folder as one file, while the server goes on, and back again.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use clap::Args;
use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags};

use super::{Failure, Outcome, clock_ms};
use crate::{
    DatabaseArgs, Randomness,
    database::{DatabaseError, copy, must_be_own},
    opening::must_be_folder,
    restore::{SetBack, SettingBack, set_back},
    serve::ServeError,
    store::{FILE, Store},
};

const MINUTE_MS: i64 = 60_000;

/// Arguments of `backup`.
#[derive(Debug, Args)]
pub(super) struct BackupArgs {
    #[command(flatten)]
    database: DatabaseArgs,
    /// The file to write; it must not be there yet
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

/// Arguments of `restore`.
#[derive(Debug, Args)]
pub(super) struct RestoreArgs {
    /// The folder of the database; made if missing
    #[arg(long, value_name = "DIR", default_value = "data")]
    data: PathBuf,
    /// A file that `backup` wrote
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    /// Take the place of the database in the folder, which is kept under another name
    #[arg(long)]
    replace: bool,
    /// Serials of each current series that are passed over, since orders after the backup may have had them
    #[arg(long, value_name = "COUNT", default_value_t = 1_000)]
    skip_serials: u64,
}

/// Writes a backup, consistent also while a server writes.
pub(super) fn back_up(args: &BackupArgs) -> Result<Outcome, Failure> {
    if args.database.database.is_some() {
        return Err(Failure::Message(
            "a PostgreSQL database is backed up with pg_dump, or as its host does it".to_owned(),
        ));
    }
    let source = args.database.data.join(FILE);
    if !source.is_file() {
        let folder = args.database.data.display();
        return Err(Failure::Message(format!(
            "there is no database in {folder}; name its folder with --data"
        )));
    }
    if args.to.exists() {
        let to = args.to.display();
        return Err(Failure::Message(format!(
            "{to} is there already; name another file with --to"
        )));
    }
    // A backup that was cut short never has the name of a whole one.
    let part = beside(&args.to, "part");
    remove(&part)?;
    let at_ms = clock_ms();
    let copied = must_be_own(&source)
        .and_then(|()| copy(&source, &part))
        .map_err(|error| Failure::Message(format!("no backup: {error}")))
        .and_then(|()| note_time(&part, at_ms))
        .and_then(|()| check(&part));
    if copied.is_err() {
        remove(&part)?;
    }
    copied?;
    File::open(&part)?.sync_all()?;
    fs::rename(&part, &args.to)?;
    let size = fs::metadata(&args.to)?.len();
    writeln!(io::stdout().lock(), "{}: {size} bytes, checked", args.to.display())?;
    Ok(Outcome::Good)
}

/// Puts a backup in place, so that nothing is given out twice.
pub(super) fn restore(args: &RestoreArgs) -> Result<Outcome, Failure> {
    if !args.from.is_file() {
        return Err(Failure::Message(format!("there is no file {}", args.from.display())));
    }
    must_be_folder(&args.data)?;
    fs::create_dir_all(&args.data)?;
    let target = args.data.join(FILE);
    if target.exists() {
        if !args.replace {
            return Err(Failure::Message(format!(
                "{} has a database; --replace keeps it under another name and restores",
                args.data.display()
            )));
        }
        must_be_unused(&target)?;
    }
    let folder = args.data.join("restoring");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir(&folder)?;
    let made = copy(&args.from, &folder.join(FILE))
        .map_err(|error| Failure::Message(format!("{}: {error}", args.from.display())))
        .and_then(|()| check(&folder.join(FILE)))
        .and_then(|()| set_all_back(&folder, args.skip_serials));
    if made.is_err() {
        // What was begun is worth nothing, and the next try begins anew.
        fs::remove_dir_all(&folder)?;
    }
    let shops = made?;
    if target.exists() {
        let kept = beside(&target, &format!("before-{}", clock_ms()));
        fs::rename(&target, &kept)?;
        writeln!(io::stdout().lock(), "the database before is kept as {}", kept.display())?;
    }
    fs::rename(folder.join(FILE), &target)?;
    fs::remove_dir(&folder)?;
    File::open(&target)?.sync_all()?;
    tell(&shops)?;
    Ok(Outcome::Good)
}

fn set_all_back(folder: &Path, skip: u64) -> Result<Vec<SetBack>, Failure> {
    let made_ms = time_of(&folder.join(FILE))?;
    let shops = tokio::runtime::Runtime::new()?.block_on(async {
        let store = Store::open(folder).await?;
        let random = Randomness::system();
        let how = SettingBack { random: &random, now_ms: clock_ms(), made_ms, skip };
        let shops = set_back(&store, &how).await;
        store.close().await;
        Ok::<_, ServeError>(shops?)
    });
    Ok(shops?)
}

fn tell(shops: &[SetBack]) -> Result<(), Failure> {
    let mut output = io::stdout().lock();
    for shop in shops {
        let SetBack { tenant, seq, until_ms, skipped } = shop;
        let until = Timestamp::from_millisecond(*until_ms).ok().filter(|_| *until_ms > 0);
        let until = until.map(|at| format!(" (last command {at})")).unwrap_or_default();
        writeln!(output, "{tenant}: restored up to change {seq}{until}, with a new epoch")?;
        for (series, span) in skipped {
            let last = span.to.saturating_sub(1);
            writeln!(output, "  serials {} to {last} of {series} are recorded as lost", span.from)?;
        }
    }
    Ok(())
}

/// Notes in a backup when it was made, as the minute, since the place for it in the file has 31 bits.
fn note_time(path: &Path, at_ms: i64) -> Result<(), Failure> {
    let minute = i32::try_from(at_ms / MINUTE_MS).unwrap_or_default();
    let noted = Connection::open(path)
        .and_then(|file| file.execute_batch(&format!("PRAGMA user_version = {minute}")));
    noted.map_err(|error| Failure::Message(format!("{}: {error}", path.display())))
}

/// When a backup was made; 0 for a file of an earlier version, or a copy that was made otherwise.
fn time_of(path: &Path) -> Result<i64, Failure> {
    let minute: Result<i64, _> = Connection::open(path)
        .and_then(|file| file.query_row("PRAGMA user_version", [], |row| row.get(0)));
    let minute =
        minute.map_err(|error| Failure::Message(format!("{}: {error}", path.display())))?;
    Ok(minute.saturating_mul(MINUTE_MS))
}

/// A server that uses a database keeps its log open, and then the log cannot be ended.
pub(super) fn must_be_unused(path: &Path) -> Result<(), Failure> {
    if let Err(error @ DatabaseError::Foreign(_)) = must_be_own(path) {
        return Err(Failure::Message(error.to_string()));
    }
    let ended: Result<String, _> = Connection::open(path).and_then(|file| {
        file.busy_timeout(std::time::Duration::ZERO)?;
        file.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get(0))
    });
    match ended {
        Ok(mode) if mode == "delete" => Ok(()),
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::NotADatabase) => {
            Ok(())
        }
        _ => Err(Failure::Message(format!(
            "{} is in use; stop the server before its database is replaced",
            path.display()
        ))),
    }
}

/// Refuses a file that is no whole database of orders.
fn check(path: &Path) -> Result<(), Failure> {
    let unusable = |why: String| {
        Failure::Message(format!("{} is no whole database of orderkit: {why}", path.display()))
    };
    let checked = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE);
    let checked = checked.and_then(|file| {
        let found: String = file.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
        let steps: i64 =
            file.query_row("SELECT COUNT(*) FROM schema_step", [], |row| row.get(0))?;
        Ok((found, steps))
    });
    let (found, steps) = checked.map_err(|error| unusable(error.to_string()))?;
    if found != "ok" {
        return Err(unusable(found));
    }
    if steps == 0 { Err(unusable("it has no tables".to_owned())) } else { Ok(()) }
}

/// A file beside another one, with one more ending.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

fn remove(path: &Path) -> Result<(), Failure> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
