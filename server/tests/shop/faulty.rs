//! A database that fails when it is told to.

use std::{
    future::ready,
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use orderkit_server::database::{Connection, Database, DatabaseError, Kind, Pending, Row, Value};

/// What goes wrong, and where.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The step, counted from 1: each begin, statement and commit is one.
    pub step: u64,
    /// What is answered.
    pub error: DatabaseError,
    /// Whether a commit is done all the same, and only its answer is lost.
    pub is_done: bool,
}

/// A database that fails when it is told to.
#[derive(Debug)]
pub struct Faulty {
    inner: Arc<dyn Database>,
    plan: Arc<Plan>,
}

#[derive(Debug, Default)]
struct Plan {
    steps: AtomicU64,
    fault: Mutex<Option<Fault>>,
}

#[derive(Debug)]
struct Open {
    inner: Box<dyn Connection>,
    plan: Arc<Plan>,
}

impl Faulty {
    pub fn over(inner: Arc<dyn Database>) -> Arc<Self> {
        Arc::new(Self { inner, plan: Arc::default() })
    }

    /// Plans the next fault. Only one happens.
    pub fn plan(&self, fault: Fault) {
        self.plan.steps.store(0, Ordering::SeqCst);
        *self.plan.fault.lock().unwrap() = Some(fault);
    }

    /// Forgets the fault; whether it had not happened yet.
    pub fn relent(&self) -> bool {
        self.plan.fault.lock().unwrap().take().is_some()
    }
}

impl Plan {
    fn next(&self) -> Option<Fault> {
        let step = self.steps.fetch_add(1, Ordering::SeqCst) + 1;
        self.fault.lock().unwrap().take_if(|fault| fault.step == step)
    }

    fn check(&self) -> Result<(), DatabaseError> {
        self.next().map_or(Ok(()), |fault| Err(fault.error))
    }
}

impl Database for Faulty {
    fn kind(&self) -> Kind {
        self.inner.kind()
    }

    fn begin_read(&self) -> Pending<'_, Box<dyn Connection>> {
        Box::pin(async {
            self.plan.check()?;
            let inner = self.inner.begin_read().await?;
            let open: Box<dyn Connection> = Box::new(Open { inner, plan: Arc::clone(&self.plan) });
            Ok(open)
        })
    }

    fn begin_write<'a>(&'a self, tenant: &'a str) -> Pending<'a, Box<dyn Connection>> {
        Box::pin(async move {
            self.plan.check()?;
            let inner = self.inner.begin_write(tenant).await?;
            let open: Box<dyn Connection> = Box::new(Open { inner, plan: Arc::clone(&self.plan) });
            Ok(open)
        })
    }

    fn pause(&self, _: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(ready(()))
    }

    fn close(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.inner.close()
    }
}

impl Connection for Open {
    fn execute<'a>(&'a mut self, sql: &'a str, values: &'a [Value<'a>]) -> Pending<'a, u64> {
        match self.plan.check() {
            Ok(()) => self.inner.execute(sql, values),
            Err(error) => Box::pin(ready(Err(error))),
        }
    }

    fn fetch<'a>(&'a mut self, sql: &'a str, values: &'a [Value<'a>]) -> Pending<'a, Vec<Row>> {
        match self.plan.check() {
            Ok(()) => self.inner.fetch(sql, values),
            Err(error) => Box::pin(ready(Err(error))),
        }
    }

    fn commit(self: Box<Self>) -> Pending<'static, ()> {
        match self.plan.next() {
            None => self.inner.commit(),
            Some(fault) if fault.is_done => Box::pin(async {
                self.inner.commit().await?;
                Err(fault.error)
            }),
            Some(fault) => Box::pin(ready(Err(fault.error))),
        }
    }
}
