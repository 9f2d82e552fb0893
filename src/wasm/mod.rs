//! The bindings for JavaScript: bytes in, one call, bytes out. No rule lives here.
//!
//! Two modules are built from here: `checkout` prices and validates a draft, `desk` (a feature) also
//! decides on orders and keeps a copy of them. What is not exported is left out by the linker.
//!
//! Rules and replicas stay on this side and are named by a handle. The functions are free functions
//! on plain data, so that a caller has no memory to free and cannot hold a dead pointer.

mod cart;
#[cfg(feature = "desk")]
mod client;
#[cfg(feature = "desk")]
mod decide;
mod handles;
#[cfg(feature = "desk")]
mod lint;
#[cfg(feature = "desk")]
mod replica;
mod rules;

/// A third of the size of the default allocator, and as fast for many small pieces.
#[cfg(not(target_feature = "atomics"))]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// A JavaScript number as a whole one. A `number` is exact up to 2^53 and an `i64` argument would be
/// a `BigInt`; what is not a number becomes 0, and beyond the range it stops at its end.
#[cfg(feature = "desk")]
fn whole(number: f64) -> i64 {
    number as i64
}
