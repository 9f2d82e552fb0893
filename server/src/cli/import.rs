//! `import`: files of another system into the store.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use clap::Args;
use indicatif::{HumanBytes, ProgressBar, ProgressStyle};
use orderkit::OrderLog;
use tokio::{runtime::Runtime, sync::watch};

use super::{Failure, Outcome, RulesetArgs};
use crate::{
    App, Clock, DatabaseArgs, Settings,
    import::{
        Checkpoint, Convention, Converter, ImportSink, Imported, Job, Places, SinkError, Tally,
        fingerprint, import_file,
    },
    serve::ServeError,
    store::{Store, StoreError},
};

/// How often a batch is tried while others write; each time the store waits for some seconds.
const MAX_TRIES: u32 = 12;

/// Arguments of `import`.
#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    /// JSON lines in the neutral form, plain or gzip
    #[arg(required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    database: DatabaseArgs,
    /// The tenant that gets the orders
    #[arg(long, default_value = "main")]
    tenant: String,
    /// The name of the source; the file's name, or its folder's if that is just `orders`
    #[arg(long)]
    source: Option<String>,
    /// The currency of documents that name none
    #[arg(long)]
    currency: Option<String>,
    /// The zone of times without offset; Europe/London for online-retail, else UTC
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<String>,
    /// Put before every number, to keep sources with the same numbers apart
    #[arg(long, value_name = "TEXT", default_value = "")]
    number_prefix: String,
    /// Start from the first line, whatever was imported before; known orders are passed over
    #[arg(long)]
    again: bool,
    #[command(flatten)]
    rules: RulesetArgs,
    /// Stop after so many batches of each file, for tests of resuming
    #[arg(long, hide = true, value_name = "COUNT")]
    stop_after_batches: Option<u64>,
}

/// What all files of one run share.
struct Run<'a> {
    args: &'a ImportArgs,
    sink: StoreSink,
}

/// The store of the server, from a thread that may wait.
struct StoreSink {
    runtime: Runtime,
    store: Store,
    tenant: String,
}

pub(super) fn run(args: &ImportArgs) -> Result<Outcome, Failure> {
    for file in &args.files {
        // A wrong name is said before anything is changed.
        File::open(file).map_err(|error| {
            Failure::Message(format!("cannot read {}: {error}. Check the path", file.display()))
        })?;
    }
    args.rules.load()?;
    let document = args.rules.bytes()?;
    let sink =
        StoreSink::open(&args.database, &args.tenant, &document).map_err(Failure::Message)?;
    let mut run = Run { args, sink };
    let (mut all, mut cut) = (Tally::default(), false);
    let started = Instant::now();
    for file in &args.files {
        let checkpoint = run.file(file)?;
        all.merge(&checkpoint.tally).map_err(Failure::Message)?;
        cut |= !checkpoint.finished;
    }
    let StoreSink { runtime, store, .. } = run.sink;
    runtime.block_on(store.close());
    let mut output = io::stdout().lock();
    if args.files.len() > 1 {
        writeln!(output, "all files\n{all}")?;
    }
    let peak = peak_memory_bytes();
    let peak = peak.map_or(String::new(), |bytes| format!(", peak memory {}", HumanBytes(bytes)));
    writeln!(output, "{}{peak}", seconds(started.elapsed()))?;
    Ok(if all.rejected > 0 || cut { Outcome::Refused } else { Outcome::Good })
}

impl Run<'_> {
    fn file(&mut self, file: &Path) -> Result<Checkpoint, Failure> {
        let args = self.args;
        let name = file.display();
        let source = args.source.clone().unwrap_or_else(|| source_name(file));
        let at = |error: io::Error| Failure::Message(format!("{}: {error}", file.display()));
        let fingerprint = fingerprint(File::open(file).map_err(at)?).map_err(at)?;
        let places = Places::of(&args.database.data, &args.tenant, &source, &fingerprint);
        let kept = if args.again { None } else { places.load().map_err(at)? };
        let checkpoint = kept.unwrap_or_else(|| Checkpoint::start(file, &source, fingerprint));
        if checkpoint.finished {
            print(&checkpoint, &places, &format!("{name} as {source}: done before"))?;
            return Ok(checkpoint);
        }
        if checkpoint.lines > 0 {
            writeln!(io::stdout(), "{name}: goes on after line {}", checkpoint.lines)?;
        }
        let convention = Convention::of(&source, args.time_zone.as_deref());
        let convention = convention.map_err(Failure::Message)?;
        let converter =
            Converter::new(&source, &args.number_prefix, args.currency.as_deref(), convention);
        let before = checkpoint.tally.all.lines;
        let bar = progress_bar(fs::metadata(file).map_err(at)?.len());
        let heard = bar.clone();
        let started = Instant::now();
        let stop_after_batches = args.stop_after_batches;
        let job = Job { file, places: places.clone(), checkpoint, stop_after_batches };
        let done =
            import_file(job, converter, &mut self.sink, move |bytes| heard.set_position(bytes));
        bar.finish_and_clear();
        let done = done.map_err(|error| {
            let remedy = "What was stored stays; run the same command again to go on";
            Failure::Message(format!("{error}. {remedy}"))
        })?;
        print(&done, &places, &format!("{name} as {source}"))?;
        let lines = done.tally.all.lines.saturating_sub(before);
        writeln!(io::stdout(), "  {}", rate(lines, started.elapsed()))?;
        Ok(done)
    }
}

fn print(checkpoint: &Checkpoint, places: &Places, head: &str) -> io::Result<()> {
    let mut output = io::stdout().lock();
    writeln!(output, "{head}\n{}", checkpoint.tally)?;
    if checkpoint.tally.rejected > 0 {
        writeln!(output, "  lines that could not be read: {}", places.rejected.display())?;
    }
    if !checkpoint.finished {
        let line = checkpoint.lines;
        writeln!(output, "  stopped after line {line}; run the same command again to go on")?;
    }
    Ok(())
}

impl StoreSink {
    fn open(database: &DatabaseArgs, tenant: &str, document: &[u8]) -> Result<Self, String> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| error.to_string())?;
        let store = runtime.block_on(async {
            let store = database.open().await.map_err(|error| error.to_string())?;
            let settings =
                Settings { tenant: tenant.to_owned(), open_sign_in: false, behind_proxy: false };
            let (_sender, closing) = watch::channel(false);
            let app = App::new(store.clone(), Clock::system(), settings, closing);
            app.open_tenant(tenant, document)
                .await
                .map_err(|error| ServeError::from(error).to_string())?;
            Ok::<_, String>(store)
        });
        let store = store?;
        Ok(Self { runtime, store, tenant: tenant.to_owned() })
    }
}

impl ImportSink for StoreSink {
    fn import(&mut self, orders: &[OrderLog]) -> Result<Imported, SinkError> {
        let mut tries = 1;
        loop {
            let stored = self.store.import_orders(&self.tenant, orders.to_vec());
            match self.runtime.block_on(stored) {
                Ok(outcome) => {
                    return Ok(Imported {
                        inserted: outcome.inserted as u64,
                        already: outcome.already as u64,
                    });
                }
                // A server that runs beside the import has its turns at writing, too.
                Err(StoreError::Busy) if tries < MAX_TRIES => tries += 1,
                Err(StoreError::NumberTaken(number)) => return Err(SinkError::NumberTaken(number)),
                Err(error) => return Err(SinkError::Failed(error.to_string())),
            }
        }
    }
}

/// `online-retail/orders.jsonl.gz` and `online-retail.jsonl` are both `online-retail`.
fn source_name(file: &Path) -> String {
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    let own = name(file).unwrap_or_default();
    let stem = own.split('.').next().unwrap_or_default();
    match file.parent().and_then(name) {
        Some(folder) if stem == "orders" => folder,
        _ => stem.to_owned(),
    }
}

/// A bar over the bytes of the file; quiet where standard error is no terminal.
fn progress_bar(bytes: u64) -> ProgressBar {
    let bar = ProgressBar::new(bytes);
    let style = ProgressStyle::with_template("{wide_bar} {bytes}/{total_bytes} {eta}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

fn seconds(elapsed: Duration) -> String {
    format!("{}.{:03} s", elapsed.as_secs(), elapsed.subsec_millis())
}

fn rate(lines: u64, elapsed: Duration) -> String {
    let micros = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX).max(1);
    let rate = lines.saturating_mul(1_000_000) / micros;
    format!("{lines} lines in {}, {rate} lines/s", seconds(elapsed))
}

/// The largest memory that this process has had, where the system tells (Linux).
fn peak_memory_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    kibibytes.checked_mul(1024)
}
