//! What stands before the work: how many, how often, and how much at the same time.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    net::IpAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    state::keyed::DashMapStateStore,
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};
use uuid::Uuid;

use super::{
    address::place_of,
    limits::{Limits, Rate},
    places::Places,
    route::Group,
};
use crate::{
    error::Error,
    store::{Grant, StoreError},
};

/// After so many looks the buckets that are full again are forgotten.
const SWEEP_AFTER: usize = 4_096;
/// What the memory of bodies is counted in.
pub(super) const BODY_UNIT: usize = 1_024;

/// The state of all limits of one application.
#[derive(Debug)]
pub(crate) struct Gate {
    pub limits: Limits,
    pub connections: Arc<Semaphore>,
    pub addresses: Places<String>,
    pub tenant_streams: Places<String>,
    pub user_streams: Places<(String, String)>,
    /// Keys of requests that are being worked on, by tenant and user.
    pub running: Places<(String, String, Uuid)>,
    pub bodies: Arc<Semaphore>,
    requests: Arc<Semaphore>,
    tenants: Mutex<HashMap<String, Arc<Semaphore>>>,
    buckets: Buckets,
}

/// A request's turn to be worked on, until it is dropped.
#[derive(Debug)]
pub(super) struct Turn {
    _request: OwnedSemaphorePermit,
    _tenant: Option<OwnedSemaphorePermit>,
}

impl Gate {
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            connections: Arc::new(Semaphore::new(limits.connections)),
            addresses: Places::default(),
            tenant_streams: Places::default(),
            user_streams: Places::default(),
            running: Places::default(),
            bodies: Arc::new(Semaphore::new(limits.body_memory / BODY_UNIT)),
            requests: Arc::new(Semaphore::new(limits.requests)),
            tenants: Mutex::default(),
            buckets: Buckets::new(&limits),
        }
    }

    /// Counts a request of somebody who is known.
    ///
    /// # Errors
    ///
    /// 429 if there were too many.
    pub(super) fn count(&self, grant: &Grant, group: Group) -> Result<(), Error> {
        let Buckets { hasher, users, syncs, tenants, .. } = &self.buckets;
        let bucket = if group == Group::Sync { syncs } else { users };
        // Buyers without an account have one order each, and no name.
        let user = hasher.hash_one((&grant.tenant, &grant.actor.user, grant.order));
        bucket.take(user)?;
        tenants.take(hasher.hash_one(&grant.tenant))
    }

    /// Counts a request of somebody who is not known, by the address.
    ///
    /// # Errors
    ///
    /// 429 if there were too many.
    pub(super) fn count_stranger(
        &self,
        address: Option<IpAddr>,
        group: Group,
    ) -> Result<(), Error> {
        let Buckets { hasher, addresses, webhooks, .. } = &self.buckets;
        let bucket = if group == Group::Webhook { webhooks } else { addresses };
        // A server on a local socket has no addresses: all its callers are one.
        bucket.take(hasher.hash_one(address.map(place_of)))
    }

    /// Waits for a turn, for a while.
    ///
    /// # Errors
    ///
    /// 503 if none came.
    pub(super) async fn turn(&self, tenant: Option<&str>) -> Result<Turn, Error> {
        let wait = self.limits.queue_wait;
        let own = tenant.map(|tenant| self.tenant(tenant));
        // First among the own, then among all: whoever floods stands in a queue of their own.
        let tenant = match own {
            Some(own) => Some(permit(own, wait).await?),
            None => None,
        };
        let request = permit(Arc::clone(&self.requests), wait).await?;
        Ok(Turn { _request: request, _tenant: tenant })
    }

    fn tenant(&self, tenant: &str) -> Arc<Semaphore> {
        let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = tenants.get(tenant) {
            return Arc::clone(known);
        }
        let new = Arc::new(Semaphore::new(self.limits.requests_per_tenant));
        tenants.insert(tenant.to_owned(), Arc::clone(&new));
        new
    }
}

async fn permit(places: Arc<Semaphore>, wait: Duration) -> Result<OwnedSemaphorePermit, Error> {
    match timeout(wait, places.acquire_owned()).await {
        Ok(Ok(permit)) => Ok(permit),
        _ => {
            crate::metrics::turned_away("busy");
            Err(Error::Store(StoreError::Busy))
        }
    }
}

#[derive(Debug)]
struct Buckets {
    /// Names are kept as hashes that nobody outside can foresee.
    hasher: RandomState,
    addresses: Bucket,
    users: Bucket,
    syncs: Bucket,
    tenants: Bucket,
    webhooks: Bucket,
}

impl Buckets {
    fn new(limits: &Limits) -> Self {
        Self {
            hasher: RandomState::new(),
            addresses: Bucket::new("address", limits.address_rate),
            users: Bucket::new("user", limits.user_rate),
            syncs: Bucket::new("sync", limits.sync_rate),
            tenants: Bucket::new("tenant", limits.tenant_rate),
            webhooks: Bucket::new("webhook", limits.webhook_rate),
        }
    }
}

type Limiter = RateLimiter<u64, DashMapStateStore<u64>, DefaultClock>;

#[derive(Debug)]
struct Bucket {
    name: &'static str,
    limiter: Option<Limiter>,
    clock: DefaultClock,
    looks: AtomicUsize,
}

impl Bucket {
    fn new(name: &'static str, rate: Option<Rate>) -> Self {
        let quota = |rate: Rate| Quota::per_second(rate.per_second).allow_burst(rate.burst);
        let limiter = rate.map(|rate| RateLimiter::dashmap(quota(rate)));
        Self { name, limiter, clock: DefaultClock::default(), looks: AtomicUsize::new(0) }
    }

    fn take(&self, owner: u64) -> Result<(), Error> {
        let Some(limiter) = &self.limiter else { return Ok(()) };
        if self.looks.fetch_add(1, Ordering::Relaxed) % SWEEP_AFTER == SWEEP_AFTER - 1 {
            limiter.retain_recent();
        }
        limiter.check_key(&owner).map_err(|until| {
            crate::metrics::rate_limited(self.name);
            let wait = until.wait_time_from(self.clock.now());
            Error::RateLimited(wait.as_secs().saturating_add(1))
        })
    }
}
