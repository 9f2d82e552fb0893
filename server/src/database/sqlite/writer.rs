//! The one connection that writes, lent to one request after the other.
//!
//! Each request works in a savepoint inside a transaction that is common to all. When nobody waits any more, or the first
//! one has waited long enough, a thread of its own commits: one write to the disk for all requests that came meanwhile.
//! A request is told that it is through when its changes are on the disk.

use std::{
    collections::VecDeque,
    fmt,
    future::ready,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use rusqlite::Connection as File;
use tokio::sync::oneshot;

use super::{WAIT, group::Group};
use crate::{
    database::{Connection, DatabaseError, Pending, Row, Value},
    metrics,
};

/// How often it is tried to get the lock that another process holds.
const AGAIN: Duration = Duration::from_millis(10);

pub(super) struct Writer {
    state: Mutex<State>,
    to_disk: mpsc::Sender<Group>,
    commits: AtomicU64,
}

#[derive(Default)]
struct State {
    /// Missing while it is lent or committed.
    idle: Option<Group>,
    waiting: VecDeque<oneshot::Sender<Lent>>,
    is_closed: bool,
}

/// The connection in the hands of one request.
struct Lent {
    /// Missing only when it was given back.
    group: Option<Group>,
    is_begun: bool,
    writer: Arc<Writer>,
}

impl Writer {
    pub fn start(file: File) -> Result<Arc<Self>, DatabaseError> {
        let (to_disk, groups) = mpsc::channel();
        let state = State { idle: Some(Group::new(file)), ..State::default() };
        let writer =
            Arc::new(Self { state: Mutex::new(state), to_disk, commits: AtomicU64::new(0) });
        let weak = Arc::downgrade(&writer);
        let thread = thread::Builder::new().name("orderkit-commit".to_owned());
        let started = thread.spawn(move || commit_all(&groups, &weak));
        started.map_err(|error| DatabaseError::Storage(error.to_string()))?;
        Ok(writer)
    }

    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    pub async fn begin(self: &Arc<Self>) -> Result<impl Connection + use<>, DatabaseError> {
        let until = Instant::now() + WAIT;
        let mut lent = self.lend().await?;
        loop {
            match lent.begin() {
                // Another process writes, such as the command line.
                Err(DatabaseError::Busy) if Instant::now() < until => {
                    tokio::time::sleep(AGAIN).await;
                }
                result => return result.map(|()| lent),
            }
        }
    }

    /// Waits until nobody writes and ends the connection.
    pub async fn close(self: &Arc<Self>) {
        if let Ok(mut lent) = self.lend().await {
            let mut state = self.state();
            state.is_closed = true;
            state.waiting.clear();
            drop(state);
            lent.group = None;
        }
    }

    async fn lend(self: &Arc<Self>) -> Result<Lent, DatabaseError> {
        let turn = {
            let mut state = self.state();
            if state.is_closed {
                return Err(closed());
            }
            if let Some(group) = state.idle.take() {
                return Ok(self.lent(group));
            }
            let (sender, turn) = oneshot::channel();
            state.waiting.push_back(sender);
            turn
        };
        match tokio::time::timeout(WAIT, turn).await {
            Ok(lent) => lent.map_err(|_| closed()),
            Err(_) => Err(DatabaseError::Busy),
        }
    }

    fn lent(self: &Arc<Self>, group: Group) -> Lent {
        Lent { group: Some(group), is_begun: false, writer: Arc::clone(self) }
    }

    /// Takes the connection back from a request, for the next one or for the disk.
    fn take_back(self: &Arc<Self>, mut group: Group) {
        if !group.is_due() {
            match self.hand_on(group) {
                None => return,
                Some(nobody_waits) => group = nobody_waits,
            }
        }
        if group.is_awaited() {
            // The thread ends with the writer and not before.
            let _ = self.to_disk.send(group);
            return;
        }
        group.abandon();
        self.hand_on_or_keep(group);
    }

    /// Gives the connection to whoever waits longest; gives it back if nobody waits.
    fn hand_on(self: &Arc<Self>, mut group: Group) -> Option<Group> {
        let mut state = self.state();
        while let Some(next) = state.waiting.pop_front() {
            match next.send(self.lent(group)) {
                Ok(()) => return None,
                // It has given up waiting.
                Err(mut lent) => group = lent.group.take()?,
            }
        }
        Some(group)
    }

    fn hand_on_or_keep(self: &Arc<Self>, group: Group) {
        let Some(group) = self.hand_on(group) else { return };
        let mut state = self.state();
        // Somebody may have come meanwhile.
        if state.waiting.is_empty() {
            state.idle = Some(group);
        } else {
            drop(state);
            self.hand_on_or_keep(group);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Commits what it is sent until the writer is gone.
fn commit_all(groups: &mpsc::Receiver<Group>, writer: &Weak<Writer>) {
    while let Ok(mut group) = groups.recv() {
        let requests = group.size();
        let result = group.commit();
        metrics::group_commit(requests, result.is_ok());
        let writer = writer.upgrade();
        if let Some(writer) = &writer
            && result.is_ok()
        {
            writer.commits.fetch_add(1, Ordering::Relaxed);
        }
        group.tell(&result);
        let Some(writer) = writer else { return };
        writer.hand_on_or_keep(group);
    }
}

impl Lent {
    fn begin(&mut self) -> Result<(), DatabaseError> {
        self.group()?.begin()?;
        self.is_begun = true;
        Ok(())
    }

    fn group(&mut self) -> Result<&mut Group, DatabaseError> {
        self.group.as_mut().ok_or_else(closed)
    }
}

impl Connection for Lent {
    fn execute<'a>(&'a mut self, sql: &'a str, values: &'a [Value<'a>]) -> Pending<'a, u64> {
        Box::pin(ready(self.group().and_then(|group| group.execute(sql, values))))
    }

    fn fetch<'a>(&'a mut self, sql: &'a str, values: &'a [Value<'a>]) -> Pending<'a, Vec<Row>> {
        Box::pin(ready(self.group().and_then(|group| group.fetch(sql, values))))
    }

    fn commit(mut self: Box<Self>) -> Pending<'static, ()> {
        let (told, result) = oneshot::channel();
        match self.group().map(|group| group.keep(told)) {
            Ok(Ok(())) => self.is_begun = false,
            Ok(Err((_, error))) | Err(error) => return Box::pin(ready(Err(error))),
        }
        // It goes on to the next one before anybody waits for the disk.
        drop(self);
        Box::pin(async { result.await.unwrap_or_else(|_| Err(closed())) })
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let Some(mut group) = self.group.take() else { return };
        if self.is_begun {
            group.undo();
        }
        self.writer.take_back(group);
    }
}

impl fmt::Debug for Lent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lent")
    }
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Writer")
    }
}

fn closed() -> DatabaseError {
    DatabaseError::Lost("the database is closed".to_owned())
}
