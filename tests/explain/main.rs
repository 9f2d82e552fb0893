//! The trace as sentences, the offers in reach, and the trace added up again.
#![allow(dead_code, reason = "the shop of the promotion tests is used in part")]

#[path = "../promotions/any.rs"]
mod any;
mod coupons;
mod offers;
mod replay;
mod sentences;
#[path = "../promotions/shop.rs"]
mod shop;
