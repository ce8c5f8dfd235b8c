//! Takes times and memory. Knows no workload.

#![expect(clippy::disallowed_types, reason = "a benchmark is about wall time")]

use peak_alloc::PeakAlloc;
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Instant;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// One result.
#[derive(Serialize)]
pub struct Line {
    pub workload: &'static str,
    /// In what form.
    pub setting: String,
    /// Who was measured.
    pub subject: &'static str,
    pub unit: &'static str,
    pub median: f64,
    pub min: f64,
    pub max: f64,
    /// This median by that of each peer in the same unit: below 1 is faster.
    pub ratio: BTreeMap<&'static str, f64>,
}

impl Line {
    /// Of several measurements.
    pub fn of(
        workload: &'static str,
        setting: &str,
        subject: &'static str,
        unit: &'static str,
        mut samples: Vec<f64>,
    ) -> Line {
        samples.sort_by(f64::total_cmp);
        let at = |place: usize| samples.get(place).copied().unwrap_or(0.0);
        Line {
            workload,
            setting: setting.to_string(),
            subject,
            unit,
            median: at(samples.len() / 2),
            min: at(0),
            max: at(samples.len().saturating_sub(1)),
            ratio: BTreeMap::new(),
        }
    }
}

/// Milliseconds that something takes, and its result.
pub fn millis<T>(what: impl FnOnce() -> T) -> (f64, T) {
    let begin = Instant::now();
    let result = what();
    (begin.elapsed().as_secs_f64() * 1e3, result)
}

/// Megabytes (2²⁰ bytes) that something holds at its most, beyond what was held before.
pub fn megabytes<T>(what: impl FnOnce() -> T) -> (f64, T) {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let result = what();
    let most = MEMORY.peak_usage().saturating_sub(before);
    (most as f64 / f64::from(1 << 20), result)
}
