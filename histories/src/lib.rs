//! Histories recorded elsewhere: how other projects write them, and the verdict on each. The
//! formats are read in `formats`; what their operations mean is said in `models`; what holds is
//! decided by the core. The command `check` and the page's checker are shells over [`check`].

pub mod causal;
mod datadriven;
mod formats;
mod models;
pub mod quorum;
mod report;

pub use formats::{Format, Unreadable};
pub use models::{Consistency, Model};
pub use report::{Options, Report, check};

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests;
