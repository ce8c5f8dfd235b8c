//! One text under several protocols: the same seeds, networks, faults and clients, and what each
//! run costs. Decides nothing about which is better.

use crate::protocols::Registered;
use crate::run::{Counts, Outcome, Run};
use crate::scenario::{Diagnostic, set_seed};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// What a text costs under one protocol.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Column {
    /// The protocol's word in a text.
    pub protocol: String,
    /// Its name.
    pub title: String,
    /// Lines of the text that it has no word for.
    pub aside: u32,
    /// Runs played, one for each seed.
    pub runs: u32,
    /// Runs that violate a check, unless the text expects that.
    pub violated: u32,
    /// Runs whose history could not be judged within the budget.
    pub unknown: u32,
    /// Of all runs the medians, one number by itself.
    pub counts: Counts,
}

/// Plays a text to its end (or for `PLAY_US`) under each protocol and seed; without seeds under
/// the text's own.
///
/// # Errors
/// What is wrong with the text, or keeps it from running under one of the protocols.
pub fn side_by_side(
    text: &str,
    protocols: &[&Registered],
    seeds: &[u64],
) -> Result<Vec<Column>, Vec<Diagnostic>> {
    let own = Run::new(text)?;
    let own_seed = [own.scenario().seed()];
    let seeds = if seeds.is_empty() { &own_seed } else { seeds };
    let column = |protocol: &&Registered| {
        let declaration = protocol.declaration;
        let switched = own.switched(declaration.name)?;
        let mut column = Column {
            protocol: declaration.name.to_string(),
            title: declaration.title.to_string(),
            aside: switched.aside.len() as u32,
            ..Column::default()
        };
        let mut all = Vec::new();
        for &seed in seeds {
            all.push(play(&set_seed(own.text(), own.scenario(), seed), &mut column)?);
        }
        column.counts = Counts::median_of(&all);
        Ok(column)
    };
    protocols.iter().map(column).collect()
}

/// Plays a text under the column's protocol.
fn play(text: &str, column: &mut Column) -> Result<Counts, Vec<Diagnostic>> {
    // Each seed is switched by itself: what chaos draws may have to be written out.
    let switched = Run::new(text)?.switched(&column.protocol)?;
    let mut run = Run::new(&switched.text)?;
    let verdicts = run.finish();
    let checks = || verdicts.iter().filter(|verdict| !verdict.formal.is_empty());
    column.runs += 1;
    column.violated += u32::from(checks().any(|verdict| verdict.fails));
    column.unknown += u32::from(checks().any(|verdict| verdict.outcome == Outcome::Unknown));
    Ok(run.counts())
}
