//! Histories recorded elsewhere: how other projects write them, and the verdict on each. The
//! formats are read in `formats`; what their operations mean is said in `models`; what holds is
//! decided by the core. The command `check` is a shell over [`check`], the page's checker over
//! [`Inquiry`].

mod case;
pub mod causal;
mod datadriven;
mod formats;
mod inquiry;
mod models;
mod picture;
pub mod quorum;
mod report;

pub use formats::{Format, Unreadable};
pub use inquiry::{Inquiry, Progress};
pub use models::{Consistency, Model};
pub use picture::{Columns, Look, Picture};
pub use report::{Options, Report, check};

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests;
