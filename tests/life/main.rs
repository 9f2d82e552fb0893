//! The life of an order: tables that are total and closed, payments, shipments, exceptions, time.

#[path = "../shop/mod.rs"]
mod shop;

mod chain;
mod exceptions;
mod foreign;
mod merge;
mod payments;
mod quantities;
mod shipments;
mod steps;
mod tables;
mod time;
