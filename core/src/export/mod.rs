//! A run, up to its cursor, as a text that other tools read: a ShiViz log, a Jepsen history, a
//! Mermaid diagram. Recordings, which lose nothing, are in `recorded`. Reads runs, changes none.

mod jepsen;
mod mermaid;
mod shiviz;

pub use jepsen::jepsen;
pub use mermaid::{LINES_MAX, mermaid};
pub use shiviz::shiviz;

use crate::world::What;

/// Whether an event is something done to the system, and not by it.
fn is_fault(what: What) -> bool {
    matches!(
        what,
        What::Crash
            | What::Kill
            | What::Restart
            | What::Wipe
            | What::Pause
            | What::Suspend
            | What::Resume
            | What::Slow
            | What::Partition
            | What::Cut
            | What::Clog
            | What::Heal
            | What::Law
            | What::Disk
            | What::Drift
            | What::Step
            | What::Slew
    )
}
