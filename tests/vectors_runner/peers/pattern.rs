//! The few regular expressions that the files use for numbers: `^R[0-9A-Z]{9}$`.

use crate::vectors_runner::outcome::Gap;

pub fn matches(form: &str, text: &str) -> Result<bool, Gap> {
    let unknown = || Gap::not_covered("such a regular expression");
    let body =
        form.strip_prefix('^').and_then(|form| form.strip_suffix('$')).ok_or_else(unknown)?;
    let mut rest = body;
    let mut left = text.chars();
    while let Some(first) = rest.chars().next() {
        let (class, tail) = match first {
            '[' => rest[1..].split_once(']').ok_or_else(unknown)?,
            _ if first.is_ascii_alphanumeric() || first == '-' => rest.split_at(1),
            _ => return Err(unknown()),
        };
        let (count, tail) = match tail.strip_prefix('{') {
            Some(tail) => {
                let (count, tail) = tail.split_once('}').ok_or_else(unknown)?;
                (count.parse::<usize>().map_err(|_| unknown())?, tail)
            }
            None => (1, tail),
        };
        for _ in 0..count {
            if !left.next().is_some_and(|letter| is_in(letter, class)) {
                return Ok(false);
            }
        }
        rest = tail;
    }
    Ok(left.next().is_none())
}

fn is_in(letter: char, class: &str) -> bool {
    let letters: Vec<char> = class.chars().collect();
    let range = |window: &[char]| window[1] == '-' && (window[0]..=window[2]).contains(&letter);
    letters.contains(&letter) && letter != '-'
        || letters.windows(3).any(range)
        || class == "-" && letter == '-'
}
