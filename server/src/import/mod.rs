//! Bringing in orders of other systems, as they are: exact, complete, and each once.
//!
//! A file is read as a stream in a thread of its own; every document becomes an order with one
//! `imported` event. Batches are stored in one transaction each, then the checkpoint is kept. What
//! is unusual is named, counted and kept; only a line that cannot be read at all is put aside, in a
//! file of its own.

use std::{
    fmt,
    fs::File,
    io::{self, BufReader, Read, Write},
    path::Path,
    sync::mpsc::{SyncSender, sync_channel},
    thread,
};

use flate2::read::MultiGzDecoder;
use orderkit::{Event, ImportFinding, OrderLog, limits::MAX_DOCUMENT_BYTES};
use serde::Serialize;

use crate::cli::{Line, Lines, is_blank};

mod amount;
mod checkpoint;
mod convention;
mod convert;
mod demo;
mod finding;
mod neutral;
mod place;
mod tally;

pub use checkpoint::{Checkpoint, Places, fingerprint};
pub use convention::Convention;
pub use convert::{Converted, Converter, order_id};
pub use demo::{demo_orders, fill_demo};
pub use finding::Class;
pub use tally::{Count, Sums, Tally};

/// Orders in one transaction: enough to make the cost of a commit small, few enough that an
/// interruption repeats little and the reader's memory stays small.
const BATCH_ORDERS: usize = 500;
/// Lines in one transaction, for sources with long documents.
const BATCH_LINES: usize = 20_000;
/// Batches that wait for the store.
const WAITING_BATCHES: usize = 2;

/// Where orders go.
pub trait ImportSink {
    /// Takes in a batch, all or none; an order with a known id is passed over.
    ///
    /// # Errors
    ///
    /// [`SinkError`]
    fn import(&mut self, orders: &[OrderLog]) -> Result<Imported, SinkError>;
}

/// What became of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Orders that are new.
    pub inserted: u64,
    /// Orders that were known.
    pub already: u64,
}

/// Why a batch was not stored.
#[derive(Debug)]
pub enum SinkError {
    /// Another order has this number.
    NumberTaken(String),
    /// Anything else, as a sentence.
    Failed(String),
}

/// Why an import stopped. What was stored before stays, and the next run goes on from there.
#[derive(Debug)]
pub enum ImportError {
    /// A file could not be read or written.
    File(String, io::Error),
    /// The store refused a batch.
    Store(String),
    /// A sum cannot be held.
    Sum(String),
}

/// One file to import.
#[derive(Debug)]
pub struct Job<'a> {
    /// The file, plain or gzip.
    pub file: &'a Path,
    /// Where its checkpoint is kept.
    pub places: Places,
    /// The state to go on from.
    pub checkpoint: Checkpoint,
    /// Stops after so many batches, for tests of resuming.
    pub stop_after_batches: Option<u64>,
}

/// Documents that are read and turned into orders, with the state after them.
#[derive(Debug, Default)]
struct Batch {
    orders: Vec<OrderLog>,
    order_lines: Vec<usize>,
    lines: u64,
    rejected: Vec<u8>,
    tally: Tally,
    finished: bool,
}

/// A line that could not be read.
#[derive(Serialize)]
struct Rejected<'a> {
    line: u64,
    reason: &'a str,
    text: &'a str,
}

/// Imports one file from where its checkpoint stands, and gives the state at the end.
///
/// `progress` hears the bytes of the file that were read so far.
///
/// # Errors
///
/// [`ImportError`]
pub fn import_file(
    job: Job<'_>,
    converter: Converter,
    sink: &mut dyn ImportSink,
    progress: impl Fn(u64) + Send,
) -> Result<Checkpoint, ImportError> {
    let Job { file, places, mut checkpoint, stop_after_batches } = job;
    let at = |error| ImportError::File(file.display().to_string(), error);
    let input = Counted { inner: File::open(file).map_err(at)?, bytes: 0, progress };
    let mut rejected = places
        .open_rejected(checkpoint.rejected_bytes)
        .map_err(|error| ImportError::File(places.rejected.display().to_string(), error))?;
    let done = checkpoint.lines;
    thread::scope(|scope| {
        let (sender, batches) = sync_channel(WAITING_BATCHES);
        let reader = scope.spawn(move || read(input, done, converter, &sender));
        let mut count = 0;
        while stop_after_batches.is_none_or(|most| count < most) {
            let Ok(batch) = batches.recv() else { break };
            store(batch, sink, &mut rejected, &places, &mut checkpoint)?;
            count += 1;
        }
        // The reader stops when nobody listens any more.
        drop(batches);
        match reader.join() {
            Ok(result) => result.map_err(|stop| match stop {
                Stop::Input(error) => at(error),
                Stop::Sum(reason) => ImportError::Sum(reason),
            }),
            Err(_) => Err(ImportError::Store("the reading thread failed".to_owned())),
        }
    })?;
    if checkpoint.rejected_bytes == 0 {
        // An empty file of rejected lines would only raise questions.
        let _ = std::fs::remove_file(&places.rejected);
    }
    Ok(checkpoint)
}

/// Why the reader stopped early.
enum Stop {
    Input(io::Error),
    Sum(String),
}

/// Reads, converts and sends batches until the end, or until nobody listens.
fn read<R: Read>(
    input: R,
    done: u64,
    mut converter: Converter,
    sender: &SyncSender<Batch>,
) -> Result<(), Stop> {
    let mut input = BufReader::with_capacity(1 << 16, input);
    let zipped = io::BufRead::fill_buf(&mut input).map_err(Stop::Input)?.starts_with(&[0x1f, 0x8b]);
    let text: Box<dyn Read> =
        if zipped { Box::new(MultiGzDecoder::new(input)) } else { Box::new(input) };
    let mut lines = Lines::new(BufReader::with_capacity(1 << 16, text), MAX_DOCUMENT_BYTES);
    let mut batch = Batch::default();
    let mut batch_lines = 0;
    loop {
        let number = lines.number() + 1;
        let Some(line) = lines.next_line().map_err(Stop::Input)? else { break };
        if number <= done {
            continue;
        }
        batch.lines = number;
        let text = match line {
            Line::Text(text) if is_blank(text) => continue,
            Line::Text(text) => text,
            Line::TooLong(bytes) => {
                let reason = format!("{bytes} bytes, at most {MAX_DOCUMENT_BYTES} are read");
                batch.reject(number, &reason, b"");
                continue;
            }
        };
        match converter.convert(text, number) {
            Ok(converted) => {
                batch_lines += converted.lines;
                batch.tally.add(&converted).map_err(Stop::Sum)?;
                batch.order_lines.push(converted.lines);
                batch.orders.push(converted.log);
            }
            Err(reason) => batch.reject(number, &reason, text),
        }
        if batch.orders.len() >= BATCH_ORDERS || batch_lines >= BATCH_LINES {
            if sender.send(std::mem::take(&mut batch)).is_err() {
                return Ok(());
            }
            batch.lines = number;
            batch_lines = 0;
        }
    }
    batch.lines = lines.number();
    batch.finished = true;
    // Nobody listens any more if the import was told to stop early.
    let _ = sender.send(batch);
    Ok(())
}

impl Batch {
    fn reject(&mut self, line: u64, reason: &str, text: &[u8]) {
        self.tally.rejected += 1;
        let text = String::from_utf8_lossy(text);
        let row = Rejected { line, reason, text: &text };
        // Writing text to memory cannot fail.
        let _ = serde_json::to_writer(&mut self.rejected, &row);
        self.rejected.push(b'\n');
    }
}

/// Stores a batch, then the rejected lines, then the checkpoint: in this order a crash at any point
/// repeats work but loses and doubles nothing.
fn store(
    mut batch: Batch,
    sink: &mut dyn ImportSink,
    rejected: &mut File,
    places: &Places,
    checkpoint: &mut Checkpoint,
) -> Result<(), ImportError> {
    let imported = store_orders(&mut batch, sink)?;
    batch.tally.inserted += imported.inserted;
    batch.tally.already += imported.already;
    let kept = |error| ImportError::File(places.rejected.display().to_string(), error);
    rejected.write_all(&batch.rejected).map_err(kept)?;
    checkpoint.tally.merge(&batch.tally).map_err(ImportError::Sum)?;
    checkpoint.rejected_bytes += batch.rejected.len() as u64;
    checkpoint.lines = batch.lines.max(checkpoint.lines);
    checkpoint.finished = batch.finished;
    places.save(checkpoint).map_err(kept)
}

fn store_orders(batch: &mut Batch, sink: &mut dyn ImportSink) -> Result<Imported, ImportError> {
    if batch.orders.is_empty() {
        return Ok(Imported::default());
    }
    loop {
        match sink.import(&batch.orders) {
            Ok(imported) => return Ok(imported),
            Err(SinkError::NumberTaken(number)) => rename(batch, &number)?,
            Err(SinkError::Failed(reason)) => return Err(ImportError::Store(reason)),
        }
    }
}

/// Gives the order whose number another one has a number of its own, and says so in its findings.
///
/// The last order of the batch with that number gives way: an earlier one of the batch keeps it.
fn rename(batch: &mut Batch, taken: &str) -> Result<(), ImportError> {
    let at = batch.orders.iter().rposition(|log| number_of(log) == Some(taken));
    let order = at.and_then(|at| batch.orders.get_mut(at).zip(batch.order_lines.get(at)));
    let Some((log, lines)) = order else {
        return Err(ImportError::Store(format!("the number {taken} is taken")));
    };
    // A part of the id is as good as unique and the same in every run.
    let id = log.id.simple().to_string();
    let suffix = id.get(id.len().saturating_sub(8)..).unwrap_or_default().to_owned();
    for record in &mut log.events {
        if let Event::Imported { number, import, .. } = &mut record.event {
            if import.findings.iter().any(|it| it.class == Class::NumberTaken.as_str()) {
                return Err(ImportError::Store(format!("the number {taken} is taken")));
            }
            *number = format!("{taken}-{suffix}");
            let lines = u32::try_from(*lines).unwrap_or(u32::MAX);
            if import.findings.is_empty() {
                batch.tally.clean_documents -= 1;
            }
            import
                .findings
                .push(ImportFinding { class: Class::NumberTaken.as_str().to_owned(), lines });
            batch.tally.classes.entry(Class::NumberTaken).or_default().add(u64::from(lines));
        }
    }
    Ok(())
}

fn number_of(log: &OrderLog) -> Option<&str> {
    log.events.iter().find_map(|record| match &record.event {
        Event::Imported { number, .. } => Some(number.as_str()),
        _ => None,
    })
}

/// Counts the bytes that pass.
struct Counted<R, F> {
    inner: R,
    bytes: u64,
    progress: F,
}

impl<R: Read, F: Fn(u64)> Read for Counted<R, F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.bytes += read as u64;
        (self.progress)(self.bytes);
        Ok(read)
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(name, error) => write!(f, "{name}: {error}"),
            Self::Store(reason) => write!(f, "the store refused a batch: {reason}"),
            Self::Sum(reason) => f.write_str(reason),
        }
    }
}

impl std::error::Error for ImportError {}
