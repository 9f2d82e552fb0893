//! Things by keys that mostly rise and that mostly go from the front: a list is smaller than a tree, in memory and in code.

use core::borrow::Borrow;
use std::collections::VecDeque;

/// A list in the order of its keys, each of which it has once.
#[derive(Debug)]
pub(super) struct Keyed<K, T>(VecDeque<(K, T)>);

impl<K, T> Default for Keyed<K, T> {
    fn default() -> Self {
        Self(VecDeque::new())
    }
}

impl<K: Ord, T> Keyed<K, T> {
    pub(super) fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&T>
    where
        K: Borrow<Q>,
    {
        self.place(key).ok().and_then(|at| self.0.get(at)).map(|(_, it)| it)
    }

    pub(super) fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut T>
    where
        K: Borrow<Q>,
    {
        self.place(key).ok().and_then(|at| self.0.get_mut(at)).map(|(_, it)| it)
    }

    /// Takes it in, unless something has the key; gives what has it then.
    pub(super) fn add(&mut self, key: K, it: T) -> Option<&mut T> {
        let at = match self.place(&key) {
            Ok(at) => at,
            Err(at) => {
                self.0.insert(at, (key, it));
                at
            }
        };
        self.0.get_mut(at).map(|(_, it)| it)
    }

    /// Takes it in, in place of what has the key.
    pub(super) fn put(&mut self, key: K, it: T) {
        self.remove(&key);
        self.add(key, it);
    }

    pub(super) fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<T>
    where
        K: Borrow<Q>,
    {
        let at = self.place(key).ok()?;
        self.0.remove(at).map(|(_, it)| it)
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// All, by rising keys.
    pub(super) fn iter(&self) -> impl Iterator<Item = &(K, T)> {
        self.0.iter()
    }

    /// Those with this key and beyond.
    pub(super) fn from<'s>(&'s self, key: &K) -> impl Iterator<Item = &'s (K, T)> + use<'s, K, T> {
        let at = self.place(key).unwrap_or_else(|at| at);
        self.0.range(at..)
    }

    /// Keeps those that are wanted.
    pub(super) fn retain(&mut self, mut is_wanted: impl FnMut(&K, &mut T) -> bool) {
        self.0.retain_mut(|(key, it)| is_wanted(key, it));
    }

    fn place<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        self.0.binary_search_by(|(known, _)| known.borrow().cmp(key))
    }
}

/// Things that are there or not.
impl<K: Ord> Keyed<K, ()> {
    /// In place of all, these, which are sorted.
    pub(super) fn set(&mut self, sorted: Vec<K>) {
        self.0 = sorted.into_iter().map(|key| (key, ())).collect();
    }

    pub(super) fn first(&self) -> Option<&K> {
        self.0.front().map(|(key, ())| key)
    }

    /// Moves all over to another one.
    pub(super) fn move_to(&mut self, other: &mut Self) {
        for (key, ()) in core::mem::take(&mut self.0) {
            other.add(key, ());
        }
    }
}
