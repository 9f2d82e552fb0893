//! The network: what becomes of a message.

use fastrand::Rng;
use orderkit::client::Response;

use crate::{
    plan::Chance,
    server::{Answer, Trouble},
};

/// How long a message is on its way, in milliseconds.
const DELAY_MS: std::ops::Range<i64> = 5..80;
/// How long a message that is held up somewhere is on its way.
const LONG_DELAY_MS: std::ops::Range<i64> = 1_000..90_000;

/// What a proxy takes at most: an order with a long note is too much for it.
const TAKEN_BYTES: usize = 1_400;

/// What becomes of a request.
#[derive(Debug)]
pub struct RequestFate {
    /// When it arrives, counted from now; not at all if empty, more than once if there are more.
    pub arrivals_ms: Vec<i64>,
    /// At how many bytes it is cut.
    pub cut: Option<usize>,
    /// What something between answers in place of the server.
    pub between: Option<Answer>,
    pub trouble: Option<Trouble>,
}

/// Chooses whether something happens that a run has turned on.
pub struct Fates<'a> {
    pub random: &'a mut Rng,
    pub chances: &'a [Chance],
    /// What was chosen, for the count.
    pub met: Vec<Chance>,
}

impl Fates<'_> {
    /// Whether it happens now: one time in `one_in`, if the run has it at all.
    pub fn meets(&mut self, chance: Chance, one_in: u8) -> bool {
        let happens = self.random.u8(0..one_in) == 0 && self.chances.contains(&chance);
        if happens {
            self.met.push(chance);
        }
        happens
    }

    fn delay_ms(&mut self) -> i64 {
        if self.meets(Chance::DelayMessage, 4) {
            self.random.i64(LONG_DELAY_MS)
        } else {
            self.random.i64(DELAY_MS)
        }
    }

    /// What becomes of a request.
    pub fn request(&mut self, bytes: usize) -> RequestFate {
        let mut arrivals_ms = vec![self.delay_ms()];
        if self.meets(Chance::LoseRequest, 5) {
            arrivals_ms.clear();
        }
        if self.meets(Chance::RepeatRequest, 5) {
            arrivals_ms.push(self.delay_ms());
        }
        let cut = self.meets(Chance::CutRequest, 6).then(|| self.random.usize(0..bytes.max(1)));
        RequestFate { arrivals_ms, cut, between: self.between(bytes), trouble: self.trouble() }
    }

    fn between(&mut self, bytes: usize) -> Option<Answer> {
        let page = |status, retry_after_ms| Answer {
            response: Response { status, is_json: false, issue: None, retry_after_ms },
            body: b"<html>Sign in to the network</html>".to_vec(),
            typed: None,
        };
        if self.meets(Chance::ForeignPage, 8) {
            return Some(page(200, None));
        }
        if self.meets(Chance::BadGateway, 8) {
            return Some(page(502, None));
        }
        if self.meets(Chance::Busy, 8) {
            let asked = [None, Some(0), Some(2_000), Some(i64::MAX), Some(-1)];
            return Some(page(503, asked[self.random.usize(0..asked.len())]));
        }
        // A proxy that takes little: nothing at all would stop every command.
        (bytes > TAKEN_BYTES && self.meets(Chance::TooLarge, 2)).then(|| page(413, None))
    }

    fn trouble(&mut self) -> Option<Trouble> {
        if self.meets(Chance::ServerDiesBefore, 8) {
            Some(Trouble::DiesBefore)
        } else if self.meets(Chance::ServerDiesAfter, 6) {
            Some(Trouble::DiesAfter)
        } else if self.meets(Chance::DatabaseFails, 4) {
            Some(Trouble::Statement(self.random.u32(0..60)))
        } else {
            None
        }
    }

    /// When an answer arrives, counted from now, and where it is cut; not at all if it is lost.
    pub fn answer(&mut self, bytes: usize) -> Option<(i64, Option<usize>)> {
        if self.meets(Chance::LoseAnswer, 4) {
            return None;
        }
        let cut = self.meets(Chance::CutAnswer, 6).then(|| self.random.usize(0..bytes.max(1)));
        Some((self.delay_ms(), cut))
    }
}
