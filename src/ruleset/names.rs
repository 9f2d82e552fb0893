//! Lists of names: sorted, and searched for repetitions.

use crate::sorting::sort;

/// Names with their positions, sorted.
pub(super) fn sorted<'a>(names: impl Iterator<Item = &'a str>) -> Vec<(&'a str, usize)> {
    let mut sorted: Vec<(&str, usize)> = names.zip(0..).collect();
    sort(&mut sorted, |one, other| one.0 < other.0);
    sorted
}

/// The positions of names that are empty or stood before, rising.
pub(crate) fn repeated<'a>(names: impl Iterator<Item = &'a str>) -> Vec<usize> {
    let sorted = sorted(names);
    let mut repeated: Vec<bool> = vec![false; sorted.len()];
    let mut before = "";
    for (name, at) in sorted {
        if let Some(flag) = repeated.get_mut(at) {
            *flag = name == before;
        }
        before = name;
    }
    repeated.iter().zip(0..).filter_map(|(flag, at)| flag.then_some(at)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_later_of_equal_names_and_the_empty_ones() {
        assert_eq!(repeated(["b", "a", "b", "", "c", "a", "b"].into_iter()), [2, 3, 5, 6]);
        assert_eq!(repeated(["b", "a"].into_iter()), [0; 0]);
    }
}
