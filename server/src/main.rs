//! The binary `orderkit`.

use std::process::ExitCode;

fn main() -> ExitCode {
    orderkit_server::cli::main()
}
