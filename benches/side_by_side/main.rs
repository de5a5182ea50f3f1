//! `make bench`: Yizhan beside what it is measured against, in one run. Each row goes to the terminal and to `target/bench.json`.
//!
//! Arguments choose rows whose name contains one of them.

mod harness;
mod ladder;

use harness::Bench;

fn main() -> std::io::Result<()> {
    let mut bench = Bench::from_arguments();
    ladder::rows(&mut bench);
    bench.finish()
}
