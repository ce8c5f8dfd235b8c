//! How far a long command is, on standard error. Speaks by the number of runs, not by a clock:
//! this command has none.

use std::io::Write;

/// It speaks so often, at most.
const TIMES: u64 = 50;
/// And not for fewer runs.
const RUNS_LEAST: u64 = 500;

/// Runs played.
pub struct Progress {
    all: u64,
    done: u64,
    failing: u64,
}

impl Progress {
    /// Nothing of so many is done.
    pub fn new(all: u64) -> Progress {
        Progress { all, done: 0, failing: 0 }
    }

    /// So many are known without being played.
    pub fn known(&mut self, runs: u64) {
        self.all = self.all.saturating_sub(runs);
    }

    /// One more is done.
    pub fn done(&mut self, fails: bool) {
        self.done += 1;
        self.failing += u64::from(fails);
        if self.done.is_multiple_of((self.all / TIMES).max(RUNS_LEAST)) {
            let Progress { all, done, failing } = self;
            // Nobody may be listening: that is no reason to stop.
            let _ = writeln!(std::io::stderr(), "{done} of {all} runs, {failing} fail");
        }
    }
}
