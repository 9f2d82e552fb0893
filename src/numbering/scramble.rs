//! A keyed order of the serials: each is used once, and none tells how many came before it.

use sha2::{Digest, Sha256};

/// More than the four that a Luby-Rackoff cipher needs: halves of few bits mix slowly.
const ROUNDS: u8 = 10;

/// A keyed bijection of the serials 1 to `last`: a Feistel network with cycle walking.
///
/// After J. Black and P. Rogaway, "Ciphers with Arbitrary Finite Domains" (CT-RSA 2002): the network
/// permutes the next power of four, and what falls outside the range goes through again until it
/// does not. That ends, for the walk cannot return without passing its start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scrambler {
    key: [u8; 16],
}

impl Scrambler {
    /// Of 32 hexadecimal digits.
    pub(super) fn from_hex(text: &str) -> Option<Self> {
        let digits: Option<Vec<u8>> = text
            .chars()
            .map(|digit| digit.to_digit(16).and_then(|value| u8::try_from(value).ok()))
            .collect();
        let pairs = digits?;
        let byte = |pair: &[u8]| match pair {
            [high, low] => Some((high << 4) | low),
            _ => None,
        };
        let bytes: Option<Vec<u8>> = pairs.chunks(2).map(byte).collect();
        Some(Self { key: bytes?.try_into().ok()? })
    }

    /// The place of a serial in the hidden order. `series` keeps the orders of two days apart.
    pub(super) fn hide(&self, serial: u64, last: u64, series: &[u8]) -> u64 {
        self.walk(serial, last, |value, half| {
            (0..ROUNDS).fold(value, |value, round| self.forth(value, half, round, series))
        })
    }

    /// The serial of a place: the inverse of [`Scrambler::hide`].
    pub(super) fn reveal(&self, place: u64, last: u64, series: &[u8]) -> u64 {
        self.walk(place, last, |value, half| {
            (0..ROUNDS).rev().fold(value, |value, round| self.back(value, half, round, series))
        })
    }

    /// Applies a permutation of the power of four until the value is within 1 to `last`.
    fn walk(&self, from: u64, last: u64, permute: impl Fn(u64, u32) -> u64) -> u64 {
        if !(1..=last).contains(&from) {
            return from;
        }
        let highest = last.saturating_sub(1);
        let bits = u64::BITS.saturating_sub(highest.leading_zeros()).max(2);
        let half = bits.div_ceil(2);
        let mut value = permute(from.saturating_sub(1), half);
        while value > highest {
            value = permute(value, half);
        }
        value.saturating_add(1)
    }

    fn forth(&self, value: u64, half: u32, round: u8, series: &[u8]) -> u64 {
        let (left, right) = halves(value, half);
        join(right, left ^ self.round(right, half, round, series), half)
    }

    fn back(&self, value: u64, half: u32, round: u8, series: &[u8]) -> u64 {
        let (left, right) = halves(value, half);
        join(right ^ self.round(left, half, round, series), left, half)
    }

    fn round(&self, value: u64, half: u32, round: u8, series: &[u8]) -> u64 {
        let mut hasher = Sha256::new();
        hasher.update(self.key);
        hasher.update([round]);
        hasher.update(value.to_be_bytes());
        hasher.update(series);
        let hash = hasher.finalize();
        let word = hash.iter().take(8).fold(0_u64, |word, byte| (word << 8) | u64::from(*byte));
        word & mask(half)
    }
}

fn mask(half: u32) -> u64 {
    1_u64.checked_shl(half).unwrap_or_default().wrapping_sub(1)
}

fn halves(value: u64, half: u32) -> (u64, u64) {
    (value.checked_shr(half).unwrap_or_default() & mask(half), value & mask(half))
}

fn join(left: u64, right: u64, half: u32) -> u64 {
    left.checked_shl(half).unwrap_or_default() | right
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn scrambler(seed: u8) -> Scrambler {
        Scrambler { key: [seed; 16] }
    }

    #[test]
    fn every_serial_has_one_place_and_finds_back() {
        for last in [1, 2, 3, 4, 5, 9, 99, 999, 1_000, 9_999] {
            let places: HashSet<u64> = (1..=last)
                .map(|serial| {
                    let place = scrambler(7).hide(serial, last, b"K7");
                    assert!((1..=last).contains(&place), "{serial} of {last} gives {place}");
                    assert_eq!(scrambler(7).reveal(place, last, b"K7"), serial, "of {last}");
                    place
                })
                .collect();
            assert_eq!(places.len() as u64, last);
        }
    }

    #[test]
    fn wide_counters_find_back() {
        let last = 999_999_999_999;
        for serial in [1, 2, 500_000_000_000, last - 1, last] {
            let place = scrambler(1).hide(serial, last, b"");
            assert_eq!(scrambler(1).reveal(place, last, b""), serial);
        }
        assert_eq!(scrambler(1).hide(0, last, b""), 0, "no serial stays none");
        assert_eq!(scrambler(1).hide(last + 1, last, b""), last + 1, "beyond stays beyond");
    }

    #[test]
    fn places_tell_nothing_of_the_serial() {
        // The mean distance between the places of neighbours is a third of the range if the order is
        // random; it is 1 in a plain one.
        let last = 9_999;
        let places: Vec<u64> =
            (1..=last).map(|it| scrambler(3).hide(it, last, b"251124K7")).collect();
        let apart: u64 = places.windows(2).map(|pair| pair[0].abs_diff(pair[1])).sum();
        let mean = apart / (last - 1);
        assert!((3_200..3_470).contains(&mean), "{mean}");
        // Another day and another key have another order: 1 place in 9,999 agrees by chance.
        for other in [scrambler(3), scrambler(4)].iter().zip([&b"251125K7"[..], b"251124K7"]) {
            let same = (1..=last).filter(|it| {
                other.0.hide(*it, last, other.1) == places[usize::try_from(*it).unwrap() - 1]
            });
            assert!(same.count() < 10);
        }
    }

    #[test]
    fn keys_are_32_hexadecimal_digits() {
        assert_eq!(
            Scrambler::from_hex("000102030405060708090A0b0c0d0e0f").unwrap().key,
            core::array::from_fn(|at| u8::try_from(at).unwrap())
        );
        for wrong in
            ["", "00", "g00102030405060708090a0b0c0d0e0f", "000102030405060708090a0b0c0d0e0f0"]
        {
            assert_eq!(Scrambler::from_hex(wrong), None, "{wrong}");
        }
    }
}
