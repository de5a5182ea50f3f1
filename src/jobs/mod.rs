//! The durable queue and the supervisor of workers.
//!
//! Jobs are rows in the store; a job is claimed, its worker is started at low priority, and what the worker reports goes to the one who
//! listens ([`JobEvent`]). Jobs survive restarts, may run twice, and can be cancelled and retried.

mod process;
mod queue;

pub use process::{SpawnError, WorkerOptions, WorkerProcess};
pub use queue::{JobEvent, JobReport, Queue, QueueOptions};
