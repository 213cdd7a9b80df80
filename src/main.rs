//! The `tonelint` binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    tonelint::cli::main()
}
