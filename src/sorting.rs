//! One sort for all lists.
//!
//! The standard library's sorts are copied for each type and unrolled for speed: 100 kB of the desk module. This one sorts positions,
//! so there is one of it.

/// The positions from 0 up to `length`, sorted; equal ones keep their order.
#[inline(never)]
pub(crate) fn positions(length: usize, is_before: &dyn Fn(usize, usize) -> bool) -> Vec<usize> {
    let mut sorted: Vec<usize> = (0..length).collect();
    let mut merged: Vec<usize> = Vec::with_capacity(length);
    let mut run = 1_usize;
    while run < length {
        merged.clear();
        for pair in sorted.chunks(run.saturating_mul(2)) {
            let (left, right) = pair.split_at_checked(run).unwrap_or((pair, &[]));
            merge(left, right, is_before, &mut merged);
        }
        core::mem::swap(&mut sorted, &mut merged);
        run = run.saturating_mul(2);
    }
    sorted
}

fn merge(
    mut left: &[usize],
    mut right: &[usize],
    is_before: &dyn Fn(usize, usize) -> bool,
    merged: &mut Vec<usize>,
) {
    let in_order = match (left.last(), right.first()) {
        (Some(last), Some(first)) => !is_before(*first, *last),
        _ => true,
    };
    while let (false, [one, others @ ..], [other, rest @ ..]) = (in_order, left, right) {
        if is_before(*other, *one) {
            merged.push(*other);
            right = rest;
        } else {
            merged.push(*one);
            left = others;
        }
    }
    merged.extend_from_slice(left);
    merged.extend_from_slice(right);
}

/// Sorts a list; equal items keep their order.
pub(crate) fn sort<T: Copy>(items: &mut [T], is_before: impl Fn(&T, &T) -> bool) {
    let unsorted = items.to_vec();
    let before = |one: usize, other: usize| match (unsorted.get(one), unsorted.get(other)) {
        (Some(one), Some(other)) => is_before(one, other),
        _ => false,
    };
    let places = items.iter_mut().zip(positions(unsorted.len(), &before));
    for (place, at) in places {
        if let Some(item) = unsorted.get(at) {
            *place = *item;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn sorts_as_the_standard_library_does(values in prop::collection::vec(0_u8..20, 0..70)) {
            let numbered: Vec<(u8, usize)> = values.iter().copied().zip(0..).collect();
            let (mut ours, mut theirs) = (numbered.clone(), numbered);
            sort(&mut ours, |one, other| one.0 < other.0);
            theirs.sort_by_key(|(value, _)| *value);
            prop_assert_eq!(ours, theirs);
        }
    }
}
