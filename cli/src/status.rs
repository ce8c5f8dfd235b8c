//! How a command ends, and its exit code: scripts rely on the numbers.

use serde::Serialize;
use std::process::ExitCode;

/// From best to worst: of several runs the worst counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Everything holds; what is violated was expected to be.
    Holds,
    /// A budget ran out before all was known.
    Unknown,
    /// A check is violated, or an expectation is not met.
    Violated,
    /// There is no run, because its text cannot be read.
    Unreadable,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> ExitCode {
        ExitCode::from(match status {
            Status::Holds => 0,
            Status::Violated => 1,
            Status::Unknown => 2,
            Status::Unreadable => 3,
        })
    }
}
