//! Check characters that find typing errors without asking a server.

/// The quasigroup of H. Michael Damm's dissertation (2004): finds every single error and every
/// swap of neighbours in a string of digits.
const DAMM: [[u8; 10]; 10] = [
    [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
    [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
    [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
    [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
    [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
    [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
    [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
    [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
    [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
    [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
];
const CHARACTERS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// The check character of what stands before it; other characters than 0-9 and A-Z do not count.
///
/// Damm's method if all of them are digits, else ISO 7064 MOD 37,36. A [`Pattern`](super::Pattern)
/// takes Damm's only where nothing but digits can stand: were it to go by the number, a letter typed
/// for a digit would change the method, and one such error in 36 would not be found.
///
/// # Example
///
/// ```
/// use orderkit::numbering::check_character;
///
/// assert_eq!(check_character("572"), '4');
/// assert_eq!(check_character("A12425GABC1234002"), 'M');
/// ```
pub fn check_character(payload: &str) -> char {
    character(payload, counted(payload).all(|byte| byte.is_ascii_digit()))
}

/// The check character by Damm's method for digits, else by ISO 7064.
pub(super) fn character(payload: &str, is_digits: bool) -> char {
    let counted = counted(payload);
    if is_digits { damm(counted) } else { mod_37_36(counted) }
}

fn counted(payload: &str) -> impl Iterator<Item = u8> {
    payload.bytes().filter(u8::is_ascii_alphanumeric)
}

fn damm(digits: impl Iterator<Item = u8>) -> char {
    let interim = digits.fold(0_u8, |interim, digit| {
        let column = usize::from(digit.wrapping_sub(b'0'));
        let row = DAMM.get(usize::from(interim));
        row.and_then(|row| row.get(column)).copied().unwrap_or_default()
    });
    char::from(b'0'.wrapping_add(interim))
}

/// ISO 7064 MOD 37,36 (hybrid system).
fn mod_37_36(characters: impl Iterator<Item = u8>) -> char {
    let value = |byte: u8| {
        let found = CHARACTERS.iter().position(|known| *known == byte.to_ascii_uppercase());
        u32::try_from(found.unwrap_or_default()).unwrap_or_default()
    };
    let product = characters.fold(36_u32, |product, byte| {
        let sum = product.wrapping_add(value(byte)).checked_rem(36).unwrap_or_default();
        let sum = if sum == 0 { 36 } else { sum };
        sum.wrapping_mul(2).checked_rem(37).unwrap_or_default()
    });
    // The check value makes product + check ≡ 1 (mod 36).
    let check = 37_u32.wrapping_sub(product).checked_rem(36).unwrap_or_default();
    let index = usize::try_from(check).unwrap_or_default();
    char::from(CHARACTERS.get(index).copied().unwrap_or(b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_examples() {
        // Damm's own example, and the example of ISO 7064 as ISAN and GRid use it.
        assert_eq!(check_character("572"), '4');
        assert_eq!(check_character("A12425GABC1234002"), 'M');
    }

    #[test]
    fn separators_do_not_count() {
        assert_eq!(check_character("26-11 24"), check_character("261124"));
    }

    /// A small generator with a fixed seed: SplitMix64 of G. Steele, D. Lea and C. Flood (2014).
    struct Random(u64);

    impl Random {
        fn below(&mut self, bound: usize) -> usize {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            usize::try_from((mixed ^ (mixed >> 31)) % bound as u64).unwrap()
        }
    }

    /// Shares of errors that are not found, in per mille: one wrong, neighbours swapped, jump swap
    /// (abc → cba), two wrong. Of 40,000 random payloads of 12 characters, each error at a random
    /// place, as the survey measured.
    fn unfound(alphabet: &[u8], is_digits: bool) -> [f64; 4] {
        const PAYLOADS: usize = 40_000;
        let mut random = Random(20_261_130);
        let mut found = [[0_u32; 2]; 4];
        for _ in 0..PAYLOADS {
            let mut payload = vec![0; 12];
            payload.fill_with(|| alphabet[random.below(alphabet.len())]);
            let right = character(core::str::from_utf8(&payload).unwrap(), is_digits);
            for (kind, count) in found.iter_mut().enumerate() {
                let mut wrong = payload.clone();
                let at = random.below([12, 11, 10, 12][kind]);
                match kind {
                    0 => wrong[at] = alphabet[random.below(alphabet.len())],
                    1 => wrong.swap(at, at + 1),
                    2 => wrong.swap(at, at + 2),
                    _ => {
                        let other = (at + 1 + random.below(11)) % 12;
                        wrong[at] = alphabet[random.below(alphabet.len())];
                        wrong[other] = alphabet[random.below(alphabet.len())];
                    }
                }
                let changed =
                    wrong.iter().zip(&payload).filter(|(one, other)| one != other).count();
                if changed == [1, 2, 2, 2][kind] {
                    let seen = character(core::str::from_utf8(&wrong).unwrap(), is_digits);
                    count[usize::from(seen == right)] += 1;
                }
            }
        }
        found.map(|[found, unfound]| f64::from(unfound) * 1_000.0 / f64::from(found + unfound))
    }

    #[test]
    fn the_shares_of_errors_that_are_not_found_are_those_of_the_survey() {
        for (name, alphabet, published, tolerance) in [
            // The survey's figures in per mille, and three standard deviations of 40,000 draws.
            ("Damm", &CHARACTERS[..10], [0.0, 0.0, 101.0, 112.0], [0.0, 0.0, 5.0, 5.0]),
            ("MOD 37,36", &CHARACTERS[..], [0.0, 1.7, 19.0, 29.0], [0.0, 0.7, 2.2, 2.6]),
        ] {
            let measured = unfound(alphabet, alphabet.len() == 10);
            for kind in 0..4 {
                let apart = (measured[kind] - published[kind]).abs();
                assert!(
                    apart <= tolerance[kind],
                    "{name}: {measured:?} per mille against {published:?}"
                );
            }
        }
    }

    #[test]
    fn every_single_error_of_every_payload_position_is_found() {
        let mut random = Random(7);
        for (alphabet, is_digits) in [(&CHARACTERS[..10], true), (&CHARACTERS[..], false)] {
            for _ in 0..200 {
                let mut payload = vec![0; 12];
                payload.fill_with(|| alphabet[random.below(alphabet.len())]);
                let right = character(core::str::from_utf8(&payload).unwrap(), is_digits);
                for at in 0..12 {
                    for other in alphabet.iter().filter(|other| **other != payload[at]) {
                        let mut wrong = payload.clone();
                        wrong[at] = *other;
                        let wrong = core::str::from_utf8(&wrong).unwrap();
                        assert_ne!(character(wrong, is_digits), right, "{wrong}");
                    }
                }
            }
        }
    }
}
