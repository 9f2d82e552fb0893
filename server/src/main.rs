//! The binary `orderkit`.

use std::process::ExitCode;

/// An order is thousands of small texts: a quarter of a push went into the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    orderkit_server::cli::main()
}
