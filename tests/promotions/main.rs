//! Promotions: every kind with its edges, how they go together, and the guarantees for any of them.

mod any;
mod issues;
mod kinds;
mod limits;
mod properties;
mod shop;
mod stacking;
mod switches;
mod tenders;
mod together;
