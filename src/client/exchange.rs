//! What to do after each answer of the server, or after none.

use serde::{Deserialize, Serialize};

use super::Client;
use crate::{
    issue::{Code, Issue},
    json::{FromJson, ToJson},
};

/// Commands in one request, so that an answer comes soon.
const MAX_COMMANDS: usize = 200;
/// New names in a row after which something else is wrong.
const MAX_RENAMES: u32 = 3;
/// A server may ask for patience, and not for ever.
const LONGEST_PATIENCE_MS: i64 = 15 * 60_000;
/// Faults in a row that still make the wait longer; beyond it is the longest anyway.
const MAX_DOUBLINGS: u32 = 30;

/// The waits after faults, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, FromJson)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Retry {
    /// After the first one; each further one doubles it.
    pub first: i64,
    /// At most.
    pub longest: i64,
}

impl Default for Retry {
    fn default() -> Self {
        Self { first: 1_000, longest: 60_000 }
    }
}

/// How a request was answered, before its body is looked at.
#[derive(Clone, Debug, Default, Deserialize, FromJson)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Response {
    /// The HTTP status; 0 if the server was not reached.
    pub status: u16,
    /// Whether it says that it is JSON.
    #[serde(default)]
    pub is_json: bool,
    /// The reason in the server's own form, of an answer that is an error.
    #[serde(default)]
    pub issue: Option<Issue>,
    /// The wait that it asks for.
    #[serde(default)]
    pub retry_after_ms: Option<i64>,
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Step {
    /// Understand the body and store what it brings, then ask [`Client::took`].
    Take,
    /// Send the next request.
    Again,
    /// All is exchanged: wait for news, or ask again after a while.
    Rest,
    /// The server was not reached: wait, or until something speaks for trying again.
    Offline {
        /// So long.
        wait_ms: i64,
    },
    /// The server cannot answer now: wait, news or not.
    Later {
        /// So long.
        wait_ms: i64,
        /// Why, where the answer itself does not say it.
        #[serde(skip_serializing_if = "Option::is_none")]
        issue: Option<Issue>,
    },
    /// Get another token and send again.
    RefreshToken,
    /// Give the copy another name with [`super::Client::rename`], then send again.
    Rename,
    /// Put the first waiting command aside with [`super::Client::set_aside`], then send again.
    SetAside {
        /// Why no server takes it.
        issue: Issue,
    },
    /// Trying again would not help: somebody has to act.
    Stop {
        /// Why, where the answer itself does not say it.
        #[serde(skip_serializing_if = "Option::is_none")]
        issue: Option<Issue>,
    },
}

/// What came of an answer that was stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, FromJson)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Outcome {
    /// As in [`super::Received`].
    pub decided: usize,
    /// As in [`super::Received`].
    pub more: bool,
    /// As in [`super::Received`].
    #[serde(default)]
    pub retry_after_ms: Option<i64>,
    /// As in [`super::Received`].
    #[serde(default)]
    pub gap: Option<u64>,
    /// As in [`super::Settled`].
    pub agrees: bool,
    /// The highest sequence that the server spoke of while the request was on its way.
    #[serde(default)]
    pub poked: u64,
}

/// How the client stands after an answer.
#[derive(Clone, Copy, Debug)]
struct Standing {
    waiting: usize,
    seq: u64,
    /// Whether the command that the server misses is here.
    is_gap_here: bool,
}

/// The exchange of one client with its server, over many requests.
#[derive(Clone, Debug)]
pub(super) struct Exchange {
    retry: Retry,
    batch: usize,
    faults: u32,
    renames: u32,
    disagreements: u32,
    has_refreshed: bool,
    sent: usize,
}

impl Exchange {
    /// At the start.
    pub(super) fn new(retry: Retry) -> Self {
        Self {
            retry,
            batch: MAX_COMMANDS,
            faults: 0,
            renames: 0,
            disagreements: 0,
            has_refreshed: false,
            sent: 0,
        }
    }

    /// How many of the waiting commands to send now.
    pub(super) fn send(&mut self, waiting: usize) -> usize {
        self.sent = self.batch.min(waiting);
        self.sent
    }

    /// What an answer means. `random` is any number; it spreads the waits of many clients.
    ///
    /// Only the server itself may say that trying again is useless; what stands between may not.
    fn hear(&mut self, response: &Response, random: u32) -> Step {
        let told = response.issue.as_ref();
        match (response.status, told) {
            (200, _) if response.is_json => Step::Take,
            // A network that wants a sign-in first answers everything with a page of its own, and with 200.
            (0 | 200, _) => self.offline(random),
            (401, Some(_)) if !self.has_refreshed => {
                self.has_refreshed = true;
                Step::RefreshToken
            }
            (401 | 403 | 426, Some(_)) => self.stop(None),
            (409, Some(issue)) if issue.code == Code::ClientForked => self.rename(),
            // What is wrong with one command harms no other; what is wrong with the request, only a newer page mends.
            (400, Some(issue)) if issue.path.starts_with("/commands/") => {
                self.isolate(issue.clone())
            }
            (400, Some(_)) => self.stop(None),
            // Proxies have limits of their own, and do not speak JSON.
            (413, _) => {
                let issue = told.cloned().unwrap_or_else(|| Issue::new(Code::CommandTooLarge, ""));
                self.isolate(issue)
            }
            (500, Some(_)) => {
                // One bad command should hold up few others while the server makes out which one it is.
                self.batch = self.batch.div_ceil(2);
                self.later(None, None, random)
            }
            _ => self.later(response.retry_after_ms, None, random),
        }
    }

    /// What is left to do after an answer was stored.
    fn took(&mut self, outcome: Outcome, standing: Standing, random: u32) -> Step {
        self.has_refreshed = false;
        if !outcome.agrees {
            self.disagreements = self.disagreements.saturating_add(1);
            // Once is a copy that went wrong; more is a fault of the server, which will not pass quickly.
            if self.disagreements > 1 {
                return self.later(None, Some(Issue::new(Code::StoreCorrupt, "")), random);
            }
            return Step::Again;
        }
        if let Some(expected) = outcome.gap {
            // If it is not here any more, the server was set back: a new name begins a new count.
            if !standing.is_gap_here {
                return self.rename();
            }
            let issue = Issue::new(Code::CommandGap, "")
                .with("expected", i64::try_from(expected).unwrap_or(i64::MAX));
            return self.later(None, Some(issue), random);
        }
        self.renames = 0;
        self.batch = self.batch.saturating_mul(2).min(MAX_COMMANDS);
        if let Some(wait_ms) = outcome.retry_after_ms {
            let issue = Issue::new(Code::TryLater, "");
            return self.later(Some(wait_ms), Some(issue), random);
        }
        if outcome.more {
            self.faults = 0;
            return Step::Again;
        }
        self.disagreements = 0;
        // The server has to decide what it is sent; to send it again at once would only go round in circles.
        if self.sent > 0 && outcome.decided == 0 {
            return self.later(None, Some(Issue::new(Code::TryLater, "")), random);
        }
        self.faults = 0;
        if standing.waiting > 0 || outcome.poked > standing.seq { Step::Again } else { Step::Rest }
    }

    /// After an answer that no server of this protocol gives.
    fn unreadable(&mut self, issue: &Issue, random: u32) -> Step {
        if issue.code == Code::ProtocolUnknown {
            return self.stop(Some(issue.clone()));
        }
        self.offline(random)
    }

    /// Finds the one command of many that a server does not take, by sending fewer.
    fn isolate(&mut self, issue: Issue) -> Step {
        match self.sent {
            0 => self.stop(Some(issue)),
            1 => Step::SetAside { issue },
            sent => {
                self.batch = sent.div_ceil(2);
                Step::Again
            }
        }
    }

    fn rename(&mut self) -> Step {
        self.renames = self.renames.saturating_add(1);
        if self.renames > MAX_RENAMES {
            return self.stop(Some(Issue::new(Code::ClientForked, "")));
        }
        Step::Rename
    }

    fn stop(&mut self, issue: Option<Issue>) -> Step {
        *self = Self::new(self.retry);
        Step::Stop { issue }
    }

    fn offline(&mut self, random: u32) -> Step {
        self.has_refreshed = false;
        let wait_ms = backoff(self.faults, self.retry, random);
        self.faults = self.faults.saturating_add(1);
        Step::Offline { wait_ms }
    }

    fn later(&mut self, asked_ms: Option<i64>, issue: Option<Issue>, random: u32) -> Step {
        self.has_refreshed = false;
        let wait_ms = match asked_ms {
            None => backoff(self.faults, self.retry, random),
            Some(asked_ms) => {
                let wait_ms = asked_ms.clamp(0, LONGEST_PATIENCE_MS);
                // Spread, so that all that were told the same do not come at the same moment.
                wait_ms.saturating_add(part(wait_ms / 5, random))
            }
        };
        self.faults = self.faults.saturating_add(1);
        Step::Later { wait_ms, issue }
    }
}

/// The wait after so many faults in a row: twice as long each time, and spread over its second half. `random` is any number.
pub fn backoff(faults: u32, retry: Retry, random: u32) -> i64 {
    let doubled = retry.first.saturating_mul(1_i64 << faults.min(MAX_DOUBLINGS));
    let half = doubled.clamp(0, retry.longest.max(0)) / 2;
    half.saturating_add(part(half, random))
}

/// A random part of a time.
fn part(time_ms: i64, random: u32) -> i64 {
    time_ms.saturating_mul(i64::from(random)) / (1_i64 << 32)
}

impl Client {
    /// Begins to exchange, or begins anew after somebody acted on what stopped it.
    pub fn begin_exchange(&mut self, retry: Retry) {
        self.exchange = Exchange::new(retry);
    }

    /// What an answer means. `random` is any number; it spreads the waits of many clients.
    pub fn hear(&mut self, response: &Response, random: u32) -> Step {
        self.exchange.hear(response, random)
    }

    /// What is left to do after an answer was stored.
    pub fn took(&mut self, outcome: Outcome, random: u32) -> Step {
        let is_here = |n| self.replica.outbox_record(n).is_some_and(|it| it.verdict.is_none());
        let standing = Standing {
            waiting: self.replica.waiting().count(),
            seq: self.progress.position.since.as_ref().map_or(0, |since| since.seq),
            is_gap_here: outcome.gap.is_some_and(is_here),
        };
        self.exchange.took(outcome, standing, random)
    }

    /// What to do after an answer that no server of this protocol gives.
    pub fn found_unreadable(&mut self, issue: &Issue, random: u32) -> Step {
        self.exchange.unreadable(issue, random)
    }

    /// What to do after an answer that could not be stored; the server will say it again.
    pub fn could_not_store(&mut self, random: u32) -> Step {
        self.exchange.later(None, None, random)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(status: u16, code: Code) -> Response {
        Response { status, is_json: true, issue: Some(Issue::new(code, "")), retry_after_ms: None }
    }

    #[test]
    fn waits_double_up_to_the_longest_and_are_spread() {
        let retry = Retry { first: 100, longest: 1_000 };
        let range = |faults| (backoff(faults, retry, 0), backoff(faults, retry, u32::MAX));
        assert_eq!(range(0), (50, 99));
        assert_eq!(range(2), (200, 399));
        assert_eq!(range(4), (500, 999));
        assert_eq!(range(u32::MAX), (500, 999));
    }

    #[test]
    fn what_is_no_answer_of_the_server_never_counts_as_one() {
        let page = Response { status: 200, ..Response::default() };
        let strange = Response { status: 403, ..Response::default() };
        for response in [page, Response::default()] {
            let step = Exchange::new(Retry::default()).hear(&response, 0);
            assert_eq!(step, Step::Offline { wait_ms: 500 }, "{response:?}");
        }
        // A proxy that forbids is no server that forbids.
        let step = Exchange::new(Retry::default()).hear(&strange, 0);
        assert_eq!(step, Step::Later { wait_ms: 500, issue: None });
    }

    #[test]
    fn one_command_that_no_server_takes_is_found_and_put_aside() {
        let mut exchange = Exchange::new(Retry::default());
        let too_large = Response { status: 413, ..Response::default() };
        let mut sent = Vec::new();
        let last = loop {
            sent.push(exchange.send(20));
            match exchange.hear(&too_large, 0) {
                Step::Again => {}
                step => break step,
            }
        };
        assert_eq!(sent, [20, 10, 5, 3, 2, 1]);
        assert_eq!(last, Step::SetAside { issue: Issue::new(Code::CommandTooLarge, "") });
    }

    #[test]
    fn a_token_is_asked_for_once() {
        let mut exchange = Exchange::new(Retry::default());
        let refused = told(401, Code::TokenInvalid);
        assert_eq!(exchange.hear(&refused, 0), Step::RefreshToken);
        assert_eq!(exchange.hear(&refused, 0), Step::Stop { issue: None });
    }

    #[test]
    fn patience_ends_after_a_quarter_of_an_hour() {
        let hear = |retry_after_ms| {
            let response = Response { status: 503, retry_after_ms, ..Response::default() };
            Exchange::new(Retry::default()).hear(&response, 0)
        };
        let later = |wait_ms| Step::Later { wait_ms, issue: None };
        assert_eq!(hear(Some(2_000)), later(2_000));
        assert_eq!(hear(Some(i64::MAX)), later(15 * 60_000));
        assert_eq!(hear(Some(-5)), later(0));
        assert_eq!(hear(None), later(500));
    }

    #[test]
    fn new_names_without_end_stop() {
        let mut exchange = Exchange::new(Retry::default());
        let forked = told(409, Code::ClientForked);
        for _ in 0..MAX_RENAMES {
            assert_eq!(exchange.hear(&forked, 0), Step::Rename);
        }
        assert!(matches!(exchange.hear(&forked, 0), Step::Stop { issue: Some(_) }));
    }
}
