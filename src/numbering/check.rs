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
pub(super) fn character(payload: &str) -> char {
    let counted = || payload.bytes().filter(u8::is_ascii_alphanumeric);
    if counted().all(|byte| byte.is_ascii_digit()) { damm(counted()) } else { mod_37_36(counted()) }
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
        assert_eq!(damm("572".bytes()), '4');
        assert_eq!(mod_37_36("A12425GABC1234002".bytes()), 'M');
    }

    #[test]
    fn every_single_error_and_every_swap_of_neighbours_in_digits_is_found() {
        for payload in ["2611240001", "0000000000", "9081726354"] {
            let right = character(payload);
            for at in 0..payload.len() {
                for digit in '0'..='9' {
                    let mut wrong: Vec<char> = payload.chars().collect();
                    if wrong[at] == digit {
                        continue;
                    }
                    wrong[at] = digit;
                    let wrong: String = wrong.into_iter().collect();
                    assert_ne!(character(&wrong), right, "{wrong}");
                }
                let mut swapped: Vec<char> = payload.chars().collect();
                if at > 0 && swapped[at - 1] != swapped[at] {
                    swapped.swap(at - 1, at);
                    let swapped: String = swapped.into_iter().collect();
                    assert_ne!(character(&swapped), right, "{swapped}");
                }
            }
        }
    }

    #[test]
    fn every_single_error_in_letters_and_digits_is_found() {
        let payload = "261124K70418";
        let right = character(payload);
        for at in 0..payload.len() {
            for other in CHARACTERS {
                let mut wrong = payload.as_bytes().to_vec();
                if wrong[at] == *other {
                    continue;
                }
                wrong[at] = *other;
                let wrong = String::from_utf8(wrong).unwrap();
                if wrong.bytes().any(|byte| byte.is_ascii_alphabetic()) {
                    assert_ne!(character(&wrong), right, "{wrong}");
                }
            }
        }
    }

    #[test]
    fn separators_do_not_count() {
        assert_eq!(character("26-11 24"), character("261124"));
    }
}
