//! Every limit of the HTTP face in one place, each with its reason. What can be wished for differently has a flag of `serve`.

use std::{num::NonZeroU32, str::FromStr, time::Duration};

use orderkit::limits::MAX_DOCUMENT_BYTES;

/// Until a request must have an answer. Streams only have to begin by then.
pub(super) const ANSWER_WAIT: Duration = Duration::from_secs(30);
/// Bytes of a question with a few fields.
pub(super) const SMALL_BODY: usize = 64 * 1024;
/// Bytes of a draft, a command or an edit: an order of 2,000 lines is about 400 kB, as JSON with all names.
pub(super) const DOCUMENT_BODY: usize = 2 * 1024 * 1024;
/// Bytes of a batch of commands, of a ruleset or of a bank statement: what the engine reads at most.
pub(super) const LARGE_BODY: usize = MAX_DOCUMENT_BYTES;
/// Header lines of a request: browsers and proxies send twenty to forty.
pub(crate) const HEADERS: usize = 100;
/// Bytes of the header of a request: browsers stop at 8 KiB of address, and cookies are none of ours.
pub(crate) const HEADER_BYTES: usize = 32 * 1024;
/// How long a caller waits for the first request with the same key before being told that it still runs.
pub(super) const KEY_WAIT: Duration = Duration::from_secs(2);

/// Requests a second that may go on for ever, and so many at once after a rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Each second.
    pub per_second: NonZeroU32,
    /// At once.
    pub burst: NonZeroU32,
}

/// How much the server takes on at the same time and from one caller.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Open connections: below the 1,024 files that a process may usually have open.
    pub connections: usize,
    /// Open connections of one address: an office behind one address, and not all of them. Not behind a proxy, whose
    /// connections are everybody's.
    pub connections_per_address: usize,
    /// Requests that are worked on at the same time. There is one writer: more would only wait in memory.
    pub requests: usize,
    /// Of these, those of one tenant, so that the others always find a place.
    pub requests_per_tenant: usize,
    /// Bytes of all request bodies that are in memory.
    pub body_memory: usize,
    /// Streams of one tenant.
    pub streams_per_tenant: usize,
    /// Streams of one user: each open page has one.
    pub streams_per_user: usize,
    /// Until the header of a request must be here; also how long a connection may stay without a request.
    pub header_wait: Duration,
    /// Until the body must be here: a batch of 500 kB takes that long at 200 kbit/s.
    pub body_wait: Duration,
    /// How long a body may pause.
    pub body_pause: Duration,
    /// How long a client may leave an answer unread.
    pub answer_pause: Duration,
    /// How long a request waits for its turn.
    pub queue_wait: Duration,
    /// Requests without a valid token, by address: shops behind one address share it.
    pub address_rate: Option<Rate>,
    /// Requests of one user other than sync.
    pub user_rate: Option<Rate>,
    /// Sync requests of one user: each may carry 500 commands.
    pub sync_rate: Option<Rate>,
    /// All requests of one tenant.
    pub tenant_rate: Option<Rate>,
    /// Messages of payment providers, by address.
    pub webhook_rate: Option<Rate>,
}

impl Rate {
    /// A rate; none if one of the numbers is zero.
    pub fn of(per_second: u32, burst: u32) -> Option<Self> {
        let (per_second, burst) = (NonZeroU32::new(per_second)?, NonZeroU32::new(burst)?);
        Some(Self { per_second, burst })
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 900,
            connections_per_address: 256,
            requests: 128,
            requests_per_tenant: 64,
            body_memory: 256 * 1024 * 1024,
            streams_per_tenant: 600,
            streams_per_user: 32,
            header_wait: Duration::from_secs(30),
            body_wait: Duration::from_secs(25),
            body_pause: Duration::from_secs(10),
            answer_pause: Duration::from_secs(60),
            queue_wait: Duration::from_secs(3),
            address_rate: Rate::of(20, 300),
            user_rate: Rate::of(50, 500),
            sync_rate: Rate::of(20, 200),
            tenant_rate: Rate::of(1_000, 3_000),
            webhook_rate: Rate::of(100, 1_000),
        }
    }
}

/// Limits as the command line says them.
#[derive(Clone, Debug, clap::Args)]
pub struct LimitArgs {
    /// Open connections at most
    #[arg(long, value_name = "COUNT", default_value_t = Limits::default().connections)]
    pub max_connections: usize,
    /// Open connections of one address at most
    #[arg(long, value_name = "COUNT", default_value_t = Limits::default().connections_per_address)]
    pub max_connections_per_address: usize,
    /// Requests that are worked on at the same time; half of them are for one shop at most
    #[arg(long, value_name = "COUNT", default_value_t = Limits::default().requests)]
    pub max_requests: usize,
    /// Seconds until a request must have arrived
    #[arg(long, value_name = "SECONDS", default_value_t = 25)]
    pub request_seconds: u64,
    /// Requests of one user other than sync: each second, and at once after a rest, such as 50:500; `off` for any number
    #[arg(long, value_name = "RATE", value_parser = Wished::from_str)]
    pub user_rate: Option<Wished>,
    /// Sync requests of one user
    #[arg(long, value_name = "RATE", value_parser = Wished::from_str)]
    pub sync_rate: Option<Wished>,
    /// All requests of one shop
    #[arg(long, value_name = "RATE", value_parser = Wished::from_str)]
    pub tenant_rate: Option<Wished>,
    /// Requests without a valid token, of one address
    #[arg(long, value_name = "RATE", value_parser = Wished::from_str)]
    pub address_rate: Option<Wished>,
}

/// A rate as it is typed: `50:500`, or `off`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wished(Option<Rate>);

impl FromStr for Wished {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "off" {
            return Ok(Self(None));
        }
        let parts = text.split_once(':');
        let parsed =
            parts.and_then(|(each, burst)| Rate::of(each.parse().ok()?, burst.parse().ok()?));
        parsed.map(Some).map(Self).ok_or_else(|| {
            "two numbers above zero, each second and at once, such as 50:500; or off".to_owned()
        })
    }
}

impl From<&LimitArgs> for Limits {
    fn from(args: &LimitArgs) -> Self {
        let usual = Self::default();
        let wished = |wish: Option<Wished>, usual| wish.map_or(usual, |Wished(rate)| rate);
        let requests = args.max_requests.max(1);
        let body_wait = Duration::from_secs(args.request_seconds.max(1));
        Self {
            connections: args.max_connections.max(1),
            connections_per_address: args.max_connections_per_address.max(1),
            requests,
            requests_per_tenant: requests.div_ceil(2),
            body_wait,
            body_pause: usual.body_pause.min(body_wait),
            header_wait: usual.header_wait.min(body_wait),
            user_rate: wished(args.user_rate, usual.user_rate),
            sync_rate: wished(args.sync_rate, usual.sync_rate),
            tenant_rate: wished(args.tenant_rate, usual.tenant_rate),
            address_rate: wished(args.address_rate, usual.address_rate),
            ..usual
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_typed_as_two_numbers_or_off() {
        assert_eq!("50:500".parse(), Ok(Wished(Rate::of(50, 500))));
        assert_eq!("off".parse(), Ok(Wished(None)));
        for wrong in ["", "50", "0:5", "5:0", "-1:5", "5:5:5", "4294967296:1"] {
            assert!(wrong.parse::<Wished>().is_err(), "{wrong}");
        }
    }
}
