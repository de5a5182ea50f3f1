//! The only place that knows HTTP: routes, extractors, error → status.

mod problem;

pub use problem::Problem;
