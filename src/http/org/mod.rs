//! Routes about the organisation.

mod problem;
