//! Request bodies: read within time and memory, and unpacked while they come.

use std::{io::Write, sync::Arc, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, header},
};
use flate2::write::MultiGzDecoder;
use http_body_util::BodyExt;
use hyper::body::Body as _;
use orderkit::{Code, Issue};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError},
    time::timeout,
};

use super::gate::{BODY_UNIT, Gate};
use crate::{error::Error, metrics, store::StoreError};

/// A body that is in memory, and its part of the memory that bodies may take together.
pub(super) struct Taken {
    pub bytes: Bytes,
    pub memory: Option<OwnedSemaphorePermit>,
}

/// Reads a body of at most so many bytes after unpacking.
///
/// # Errors
///
/// 413, 415, 408 if it does not come on, 400 if it breaks off, and 503 if there is no memory for it now.
pub(super) async fn read(
    gate: &Gate,
    headers: &HeaderMap,
    body: Body,
    most: usize,
) -> Result<Taken, Error> {
    let form = Form::of(headers)?;
    if form == Form::Plain && body.size_hint().lower() > u64::try_from(most).unwrap_or(u64::MAX) {
        return Err(too_large(most));
    }
    let wait = gate.limits.body_wait;
    let reading = Reading::new(form, most, Arc::clone(&gate.bodies));
    match timeout(wait, reading.all(body, gate.limits.body_pause)).await {
        Ok(taken) => taken,
        Err(_) => Err(too_slow(wait)),
    }
}

/// How a body is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Plain,
    Gzip,
}

impl Form {
    fn of(headers: &HeaderMap) -> Result<Self, Error> {
        let mut named = headers.get_all(header::CONTENT_ENCODING).iter();
        let (first, more) = (named.next(), named.next());
        let unknown = |it: &[u8]| Error::EncodingUnknown(String::from_utf8_lossy(it).into_owned());
        if let Some(more) = more {
            // Packed twice: a small body may become a thousand times a thousand as large.
            return Err(unknown(more.as_bytes()));
        }
        let Some(name) = first else { return Ok(Self::Plain) };
        match name.as_bytes().trim_ascii() {
            b"" => Ok(Self::Plain),
            it if it.eq_ignore_ascii_case(b"identity") => Ok(Self::Plain),
            it if it.eq_ignore_ascii_case(b"gzip") => Ok(Self::Gzip),
            it => Err(unknown(it)),
        }
    }
}

struct Reading {
    unpacker: Unpacker,
    most: usize,
    memory: Arc<Semaphore>,
    held: Option<OwnedSemaphorePermit>,
}

enum Unpacker {
    Plain(Sink),
    Gzip(Box<MultiGzDecoder<Sink>>),
}

/// What is unpacked so far; it takes no more than it may.
struct Sink {
    bytes: Vec<u8>,
    most: usize,
    is_full: bool,
}

impl Write for Sink {
    fn write(&mut self, more: &[u8]) -> std::io::Result<usize> {
        if self.bytes.len().saturating_add(more.len()) > self.most {
            self.is_full = true;
            return Err(std::io::ErrorKind::StorageFull.into());
        }
        self.bytes.extend_from_slice(more);
        Ok(more.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Reading {
    fn new(form: Form, most: usize, memory: Arc<Semaphore>) -> Self {
        let sink = Sink { bytes: Vec::new(), most, is_full: false };
        let unpacker = match form {
            Form::Plain => Unpacker::Plain(sink),
            Form::Gzip => Unpacker::Gzip(Box::new(MultiGzDecoder::new(sink))),
        };
        Self { unpacker, most, memory, held: None }
    }

    async fn all(mut self, mut body: Body, pause: Duration) -> Result<Taken, Error> {
        loop {
            let frame = timeout(pause, body.frame()).await.map_err(|_| too_slow(pause))?;
            let Some(frame) = frame else { break };
            let Ok(chunk) = frame.map_err(|_| broken())?.into_data() else { continue };
            self.unpack(&chunk)?;
            self.hold()?;
        }
        let bytes = self.finish()?;
        Ok(Taken { bytes: bytes.into(), memory: self.held })
    }

    fn unpack(&mut self, chunk: &[u8]) -> Result<(), Error> {
        let done = match &mut self.unpacker {
            Unpacker::Plain(sink) => sink.write_all(chunk),
            Unpacker::Gzip(decoder) => decoder.write_all(chunk),
        };
        done.map_err(|_| self.fault())
    }

    /// Takes its part of the memory for bodies as it grows: nobody has a share for what is only announced.
    fn hold(&mut self) -> Result<(), Error> {
        let sink = self.sink();
        let wanted = sink.bytes.len().div_ceil(BODY_UNIT);
        let held = self.held.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let more = u32::try_from(wanted.saturating_sub(held)).unwrap_or(u32::MAX);
        if more == 0 {
            return Ok(());
        }
        match Arc::clone(&self.memory).try_acquire_many_owned(more) {
            Ok(more) => {
                match &mut self.held {
                    Some(held) => held.merge(more),
                    None => self.held = Some(more),
                }
                Ok(())
            }
            Err(TryAcquireError::NoPermits | TryAcquireError::Closed) => {
                metrics::turned_away("memory");
                Err(Error::Store(StoreError::Busy))
            }
        }
    }

    fn finish(&mut self) -> Result<Vec<u8>, Error> {
        let done = match &mut self.unpacker {
            Unpacker::Plain(_) => Ok(()),
            Unpacker::Gzip(decoder) => decoder.try_finish(),
        };
        done.map_err(|_| self.fault())?;
        self.hold()?;
        Ok(match &mut self.unpacker {
            Unpacker::Plain(sink) => std::mem::take(&mut sink.bytes),
            Unpacker::Gzip(decoder) => std::mem::take(&mut decoder.get_mut().bytes),
        })
    }

    fn sink(&self) -> &Sink {
        match &self.unpacker {
            Unpacker::Plain(sink) => sink,
            Unpacker::Gzip(decoder) => decoder.get_ref(),
        }
    }

    fn fault(&self) -> Error {
        if self.sink().is_full { too_large(self.most) } else { broken() }
    }
}

/// How long it is cannot be said: the rest was not read.
fn too_large(most: usize) -> Error {
    let issue = Issue::new(Code::DocumentTooLarge, "");
    Error::TooLarge(issue.with("bytes", ">").with("maximum", most))
}

fn too_slow(wait: Duration) -> Error {
    metrics::turned_away("slow");
    Error::TooSlow(wait.as_secs().max(1))
}

fn broken() -> Error {
    let issue = Issue::new(Code::JsonMalformed, "");
    Error::Malformed(issue.with("reason", "the body could not be read to its end"))
}
