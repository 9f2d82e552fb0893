//! The tests of the server, on PostgreSQL: the same bodies as those that run on a file.
#![cfg(feature = "postgres")]
#![allow(clippy::duplicate_mod, reason = "each of them is a program of its own elsewhere")]

#[path = "balances.rs"]
mod balances;
#[path = "faults.rs"]
mod faults;
#[path = "notices.rs"]
mod notices;
#[path = "numbers.rs"]
mod numbers;
#[path = "payment.rs"]
mod payment;
#[path = "quarantine.rs"]
mod quarantine;
#[path = "returns.rs"]
mod returns;
#[path = "review.rs"]
mod review;
#[path = "rules.rs"]
mod rules;
#[path = "stock.rs"]
mod stock;
#[path = "sync.rs"]
mod sync;
#[path = "track.rs"]
mod track;
#[path = "webhook.rs"]
mod webhook;
