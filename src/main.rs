//! The server: `yizhan serve | check | user | config`.

use std::process::ExitCode;

fn main() -> ExitCode {
    yizhan::app::cli::main()
}
