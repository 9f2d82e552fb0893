//! Lists of names: sorted, and searched for repetitions.

use crate::sorting::positions;

/// The positions of names, sorted by name.
#[inline(never)]
pub(super) fn sorted(names: &[&str]) -> Vec<usize> {
    positions(names.len(), &|one, other| names.get(one) < names.get(other))
}

/// The positions of names that are empty or stood before, rising.
#[inline(never)]
pub(crate) fn repeated(names: &[&str]) -> Vec<usize> {
    let mut repeated = Vec::new();
    let mut before = "";
    for at in sorted(names) {
        let name = names.get(at).copied().unwrap_or_default();
        if name == before {
            let place = repeated.partition_point(|earlier| *earlier < at);
            repeated.insert(place, at);
        }
        before = name;
    }
    repeated
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_later_of_equal_names_and_the_empty_ones() {
        assert_eq!(repeated(&["b", "a", "b", "", "c", "a", "b"]), [2, 3, 5, 6]);
        assert_eq!(repeated(&["b", "a"]), [0; 0]);
    }
}
