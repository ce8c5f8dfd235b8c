//! Quorums: which sets of members may decide, and whether any two of them have a member in
//! common. Plain data types and arithmetic: majorities, votes by weight (Gifford 1979), grids
//! (Maekawa 1985; Cheung, Ammar and Ahamad 1992), quorums that differ by phase (Howard, Malkhi
//! and Spiegelman 2016), and N, R and W (DeCandia et al. 2007). Knows no protocol and no world.
//!
//! ```
//! use happens_before::quorum::{Members, Quorums};
//!
//! let majority = Quorums::majority(5);
//! assert!(majority.suffices([0, 2, 4].into()));
//! assert!(majority.meets(&majority), "two majorities have a member in common");
//! assert_eq!(majority.tolerates(), Some(2));
//! // Two of four, and the other two: both believe that they decide.
//! let half = Quorums::any(2, 4);
//! let (one, other) = half.disjoint(&half).expect("two that do not meet");
//! assert_eq!((one, other), (Members::from([0, 1]), Members::from([2, 3])));
//! ```

mod members;
mod replication;
mod tally;
#[cfg(test)]
mod tests;

pub use members::Members;
pub use replication::{Phases, Replication};
pub use tally::Outcome;

use alloc::vec::Vec;

/// More than half of so many.
///
/// ```
/// use happens_before::quorum::majority;
/// assert_eq!([majority(3), majority(4), majority(5)], [2, 3, 3]);
/// ```
pub const fn majority(of: u16) -> u16 {
    of / 2 + 1
}

/// Whether any `a` of `of` members and any `b` of them must have a member in common.
///
/// ```
/// use happens_before::quorum::overlap;
/// assert!(overlap(2, 4, 5) && !overlap(2, 3, 5));
/// ```
pub const fn overlap(a: u16, b: u16, of: u16) -> bool {
    a as u32 + b as u32 > of as u32
}

/// The fewest of `of` members that meet any `other` of them.
///
/// ```
/// use happens_before::quorum::fewest_that_meet;
/// assert_eq!(fewest_that_meet(2, 5), 4);
/// ```
pub const fn fewest_that_meet(other: u16, of: u16) -> u16 {
    if other >= of { 1 } else { of + 1 - other }
}

/// A system of quorums over up to 64 members: the sets that suffice. Whoever adds a member to
/// a quorum has a quorum.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Quorums {
    /// Any `need` of `of` members.
    Any {
        /// How many.
        need: u16,
        /// Of how many.
        of: u16,
    },
    /// Members whose votes sum up to `need`: who is more reliable, or nearer, may have more of
    /// them, and who only watches none (Gifford, "Weighted Voting for Replicated Data", 1979).
    Votes {
        /// The votes of each member.
        votes: Vec<u16>,
        /// How many votes suffice.
        need: u32,
    },
    /// Members that stand in rows and columns: member `row * columns + column`.
    Grid {
        /// Number of rows.
        rows: u16,
        /// Number of columns.
        columns: u16,
        /// Which part of it suffices.
        take: Take,
    },
}

/// Which part of a grid is a quorum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Take {
    /// All of one row. Meets any column (Howard et al. 2016).
    Row,
    /// All of one column.
    Column,
    /// One of each column: what the grid protocol reads from (Cheung, Ammar and Ahamad 1992).
    Cover,
    /// One of each column, and all of one column: what the grid protocol writes to.
    CoverAndColumn,
    /// A row and a column: any two of them meet (after Maekawa 1985).
    RowAndColumn,
}

impl Quorums {
    /// Any `need` of `of` members.
    pub const fn any(need: u16, of: u16) -> Quorums {
        Quorums::Any { need, of }
    }

    /// More than half of so many members.
    pub const fn majority(of: u16) -> Quorums {
        Quorums::Any { need: majority(of), of }
    }

    /// More than half of all votes.
    ///
    /// ```
    /// use happens_before::quorum::Quorums;
    /// // The first has three votes of five: it decides alone, and nobody without it.
    /// let weighted = Quorums::most_votes(&[3, 1, 1]);
    /// assert!(weighted.suffices([0].into()) && !weighted.suffices([1, 2].into()));
    /// ```
    pub fn most_votes(votes: &[u16]) -> Quorums {
        let all: u32 = votes.iter().map(|&votes| u32::from(votes)).sum();
        Quorums::Votes { votes: votes.into(), need: all / 2 + 1 }
    }

    /// Part of a grid.
    ///
    /// ```
    /// use happens_before::quorum::{Quorums, Take};
    /// let (read, write) =
    ///     (Quorums::grid(3, 3, Take::Cover), Quorums::grid(3, 3, Take::CoverAndColumn));
    /// assert_eq!((read.smallest(), write.smallest()), (Some(3), Some(5)));
    /// assert!(read.meets(&write) && write.meets(&write) && !read.meets(&read));
    /// ```
    pub const fn grid(rows: u16, columns: u16, take: Take) -> Quorums {
        Quorums::Grid { rows, columns, take }
    }

    /// How many members there are; those from the 65th on are not looked at.
    pub fn of(&self) -> u16 {
        let of = match self {
            Quorums::Any { of, .. } => *of,
            Quorums::Votes { votes, .. } => votes.len().min(64) as u16,
            Quorums::Grid { rows, columns, .. } => rows.saturating_mul(*columns),
        };
        of.min(64)
    }

    /// Whether these members are a quorum, or more than one.
    pub fn suffices(&self, who: Members) -> bool {
        let who = who.both(Members::first(self.of()));
        match self {
            Quorums::Any { need, .. } => who.count() >= *need,
            Quorums::Votes { votes, need } => {
                let of = |member: u16| votes.get(usize::from(member)).map_or(0, |&v| u32::from(v));
                who.iter().map(of).sum::<u32>() >= *need
            }
            Quorums::Grid { rows, columns, take } => take.suffices(*rows, *columns, who),
        }
    }

    /// The quorums from which nobody can be left out, in the order of their bits. There may be
    /// many: of 64 members, more than fit into any memory. Meant for up to some twenty.
    ///
    /// ```
    /// use happens_before::quorum::Quorums;
    /// assert_eq!(Quorums::majority(5).minimal().len(), 10);
    /// ```
    pub fn minimal(&self) -> Vec<Members> {
        let mut found = Vec::new();
        self.extend(Members::EMPTY, 0, &mut found);
        found.retain(|&who| who.iter().all(|member| !self.suffices(who.without(member))));
        found.sort_unstable();
        found
    }

    /// Adds all quorums that consist of `who` and of members from `next` on, each found as soon
    /// as it is one: none of them is left out that is minimal.
    fn extend(&self, who: Members, next: u16, found: &mut Vec<Members>) {
        if self.suffices(who) {
            found.push(who);
            return;
        }
        // With all that are left it is none either: look no further.
        let rest = Members::first(self.of()).both(Members::first(next).others());
        if self.suffices(who.or(rest)) {
            for member in rest.iter() {
                self.extend(who.with(member), member + 1, found);
            }
        }
    }

    /// How many members its smallest quorum has; none if not even all of them suffice.
    pub fn smallest(&self) -> Option<u16> {
        if !self.suffices(Members::first(self.of())) {
            return None;
        }
        Some(match self {
            Quorums::Any { need, .. } => *need,
            Quorums::Votes { votes, need } => {
                // Those with the most votes first.
                let mut votes: Vec<u16> = votes.iter().copied().take(64).collect();
                votes.sort_unstable_by(|a, b| b.cmp(a));
                let mut sum = 0;
                let before = votes.iter().take_while(|&&of| {
                    let missing = sum < *need;
                    sum += u32::from(of);
                    missing
                });
                before.count() as u16
            }
            Quorums::Grid { rows, columns, take } => match take {
                Take::Row | Take::Cover => *columns,
                Take::Column => *rows,
                Take::CoverAndColumn | Take::RowAndColumn => (rows + columns).saturating_sub(1),
            },
        })
    }

    /// How many members may fail, whichever they are, so that a quorum is left; none if not
    /// even all of them suffice.
    ///
    /// ```
    /// use happens_before::quorum::{Quorums, Take};
    /// assert_eq!(Quorums::majority(4).tolerates(), Some(1), "no more than three do");
    /// assert_eq!(Quorums::grid(3, 3, Take::Row).tolerates(), Some(2));
    /// ```
    pub fn tolerates(&self) -> Option<u16> {
        if !self.suffices(Members::first(self.of())) {
            return None;
        }
        Some(match self {
            Quorums::Any { need, of } => of - need,
            Quorums::Votes { votes, need } => {
                // The worst that can happen: those with the most votes fail first.
                let mut votes: Vec<u16> = votes.iter().copied().take(64).collect();
                votes.sort_unstable_by(|a, b| b.cmp(a));
                let mut left: u32 = votes.iter().map(|&of| u32::from(of)).sum();
                let failing = votes.iter().take_while(|&&of| {
                    left -= u32::from(of);
                    left >= *need
                });
                failing.count() as u16
            }
            // One in each row leaves no row, one in each column no column; a column of failures
            // leaves no cover.
            Quorums::Grid { rows, columns, take } => match take {
                Take::Row | Take::Cover => rows - 1,
                Take::Column => columns - 1,
                Take::CoverAndColumn | Take::RowAndColumn => rows.min(columns) - 1,
            }
            .min(self.of().saturating_sub(1)),
        })
    }

    /// Whether each of its quorums has a member in common with each of the other's. For two
    /// systems that count this is arithmetic; else all minimal quorums of this one are looked
    /// at.
    pub fn meets(&self, other: &Quorums) -> bool {
        if let (Quorums::Any { need, of }, Quorums::Any { need: of_other, of: as_many }) =
            (self, other)
            && of == as_many
        {
            let both_are = need <= of && of_other <= of;
            return overlap(*need, *of_other, *of) && *need > 0 && *of_other > 0 || !both_are;
        }
        self.disjoint(other).is_none()
    }

    /// A quorum of this and one of the other that have no member in common: both may decide,
    /// and neither hears of it.
    pub fn disjoint(&self, other: &Quorums) -> Option<(Members, Members)> {
        let everyone = Members::first(self.of().max(other.of()));
        self.minimal().into_iter().find_map(|one| {
            let rest = everyone.both(one.others());
            // Whoever can be left out of the others is left out.
            let least = |rest: Members| {
                let out = |rest: Members, member: u16| {
                    let fewer = rest.without(member);
                    if other.suffices(fewer) { fewer } else { rest }
                };
                (0..64).rev().fold(rest, out)
            };
            other.suffices(rest).then(|| (one, least(rest)))
        })
    }
}

impl Take {
    fn suffices(self, rows: u16, columns: u16, who: Members) -> bool {
        let at = |row: u16, column: u16| who.has(row * columns + column);
        let row = || (0..rows).any(|row| (0..columns).all(|column| at(row, column)));
        let column = || (0..columns).any(|column| (0..rows).all(|row| at(row, column)));
        let cover = || (0..columns).all(|column| (0..rows).any(|row| at(row, column)));
        // A grid without members has no quorum.
        rows > 0
            && columns > 0
            && match self {
                Take::Row => row(),
                Take::Column => column(),
                Take::Cover => cover(),
                Take::CoverAndColumn => cover() && column(),
                Take::RowAndColumn => row() && column(),
            }
    }
}
