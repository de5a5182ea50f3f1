//! A panic is a fault of ours: it goes to the log as an event with its place, not between the lines of it.

use std::backtrace::Backtrace;

pub(super) fn log_them() {
    std::panic::set_hook(Box::new(|panic| {
        let thread = std::thread::current();
        let place = panic.location().map_or_else(String::new, ToString::to_string);
        let message = panic.payload_as_str().unwrap_or("(not text)");
        tracing::error!(place, thread = thread.name().unwrap_or("?"), backtrace = %Backtrace::capture(), "panic: {message}");
        metrics::counter!("yizhan_panics_total").increment(1);
    }));
}
