//! The orderkit server: the rules of `orderkit` over HTTP, with a store and sync.
//!
//! Reading order: [`serve`] opens the [`store`] and listens; [`http`] turns requests into calls;
//! `sync` decides commands inside one transaction. The rules themselves are in the crate
//! `orderkit` and nowhere here.
//!
//! # What this crate does not do
//!
//! It has no passwords and no user accounts: tokens are given out by whoever runs it. It ends no
//! TLS connections; a proxy in front does.

mod again;
mod app;
mod catalog;
mod clock;
mod deadlines;
mod error;
mod failpoint;
mod metrics;
mod numbers;
mod opening;
mod pokes;
mod quarantine;
mod restore;
mod save;
mod secret;
mod session;
mod sync;

pub mod cli;
#[doc(hidden)]
pub mod database;
pub mod http;
pub mod import;
pub mod notice;
pub mod payment;
pub mod serve;
#[doc(hidden)]
pub mod simulation;
pub mod store;

pub use app::{App, Settings};
pub use clock::Clock;
pub use error::Error;
pub use opening::DatabaseArgs;
pub use save::{Replaced, Saving};
pub use secret::Randomness;
pub use session::{Opened, SessionTimes};
