//! `make bench`: Yizhan beside what it is measured against, in one run. Each row goes to the terminal and to `target/bench.json`.
//!
//! Arguments choose rows whose name contains one of them. `BENCH_ROUNDS` sets how often each is taken, `BENCH_TELL=1` tells of rooms' clients each second.

mod capture;
#[path = "../../tests/it/common/mod.rs"]
#[allow(dead_code, unused_imports)] // the tests use more of it
mod common;
mod harness;
mod head_end;
mod ladder;
mod rooms;
mod server;

use harness::Bench;

fn main() -> std::io::Result<()> {
    // What rooms are compared with is this program, started again.
    if rooms::is_peer() {
        return rooms::serve_peer();
    }
    let mut bench = Bench::from_arguments();
    capture::rows(&mut bench)?;
    ladder::rows(&mut bench);
    server::rows(&mut bench)?;
    rooms::rows(&mut bench)?;
    bench.finish()
}
