//! The stock under random lives: whatever is sold, called off, sent, lost or given back, nothing is sold that is not there.

#[path = "../shop/mod.rs"]
mod shop;

mod device;
mod lives;
mod warehouse;
