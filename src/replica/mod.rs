//! The copy of the orders that a client holds, and how it stays true. No input or output here.

pub mod protocol;
