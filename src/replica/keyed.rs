//! A few things by the keys of the store, which only ever rise: a list is smaller than a tree, in memory and in code.

#[derive(Debug)]
pub(super) struct Keyed<T>(Vec<(u64, T)>);

impl<T> Default for Keyed<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Keyed<T> {
    pub(super) fn get(&self, key: u64) -> Option<&T> {
        self.place(key).ok().and_then(|at| self.0.get(at)).map(|(_, it)| it)
    }

    pub(super) fn get_mut(&mut self, key: u64) -> Option<&mut T> {
        self.place(key).ok().and_then(|at| self.0.get_mut(at)).map(|(_, it)| it)
    }

    /// Takes it in, unless something has the key.
    pub(super) fn add(&mut self, key: u64, it: T) {
        if let Err(at) = self.place(key) {
            self.0.insert(at, (key, it));
        }
    }

    pub(super) fn remove(&mut self, key: u64) -> Option<T> {
        let at = self.place(key).ok()?;
        Some(self.0.remove(at).1)
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// All, by rising keys.
    pub(super) fn iter(&self) -> core::slice::Iter<'_, (u64, T)> {
        self.0.iter()
    }

    fn place(&self, key: u64) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.cmp(&key))
    }
}
