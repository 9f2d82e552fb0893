//! Tables of what JavaScript holds by number.

use std::cell::RefCell;

#[cfg(feature = "desk")]
use crate::client::Client;
use crate::{
    cart::Cart,
    issue::{Code, Issue, Refusal},
    ruleset::Rules,
};

thread_local! {
    pub(super) static RULES: Table<Rules> = const { Table(RefCell::new(Vec::new())) };
    pub(super) static CARTS: Table<Cart> = const { Table(RefCell::new(Vec::new())) };
    #[cfg(feature = "desk")]
    pub(super) static CLIENTS: Table<Client> = const { Table(RefCell::new(Vec::new())) };
}

/// Values by handle. A handle that was dropped is answered with an issue, never with a trap.
pub(super) struct Table<T>(RefCell<Vec<Option<T>>>);

impl<T> Table<T> {
    pub(super) fn insert(&self, value: T) -> u32 {
        let mut rows = self.0.borrow_mut();
        match rows.iter().position(Option::is_none) {
            Some(free) => {
                if let Some(row) = rows.get_mut(free) {
                    *row = Some(value);
                }
                u32::try_from(free).unwrap_or(u32::MAX)
            }
            None => {
                rows.push(Some(value));
                u32::try_from(rows.len()).unwrap_or(u32::MAX).saturating_sub(1)
            }
        }
    }

    pub(super) fn remove(&self, handle: u32) {
        let mut rows = self.0.borrow_mut();
        if let Some(row) = usize::try_from(handle).ok().and_then(|at| rows.get_mut(at)) {
            *row = None;
        }
    }

    pub(super) fn with<R>(&self, handle: u32, act: impl FnOnce(&mut T) -> R) -> Result<R, Refusal> {
        let mut rows = self.0.borrow_mut();
        let row = usize::try_from(handle).ok().and_then(|at| rows.get_mut(at));
        match row.and_then(Option::as_mut) {
            Some(value) => Ok(act(value)),
            None => Err(Issue::new(Code::InternalError, "").into()),
        }
    }
}
