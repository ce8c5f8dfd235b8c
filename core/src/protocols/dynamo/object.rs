//! What a replica keeps of one key. Either versions of which none has replaced another, with
//! version vectors that say what replaces what ("Dynamo", 2007, §4.4; with dots, so that two
//! clients of one coordinator do not hide each other's: Preguiça et al. 2010), or the version with
//! the latest timestamp. Plain data.

use crate::clocks::{DottedVersion, Siblings, VersionVector};
use crate::machine::Text;
use crate::process::{NodeId, RequestId};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// How many writes of each server are known: the first so many (§4.4: "a list of (node, counter)
/// pairs").
pub type Seen = VersionVector<NodeId>;

/// One write: the `count`-th of its key that this server has coordinated.
pub type Dot = crate::clocks::Dot<NodeId>;

/// A value with all that says where it stands among others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Version {
    /// The write that made it, and what its writer had seen: that is what it replaces.
    pub clock: DottedVersion<NodeId>,
    /// The coordinator's wall clock, µs: what last-write-wins goes by.
    pub stamp_us: u64,
    /// Whose write it is.
    pub request: RequestId,
    /// The value.
    pub text: Text,
}

impl Version {
    /// The write that made it.
    pub fn dot(&self) -> Dot {
        self.clock.dot
    }

    /// Later by the clock; of equal times the one of the higher dot, so that all agree.
    pub fn stamp(&self) -> (u64, Dot) {
        (self.stamp_us, self.dot())
    }

    /// Whether it is that very one.
    pub fn is(&self, other: &Version) -> bool {
        (self.dot(), self.request) == (other.dot(), other.request)
    }

    /// Whether it takes the other's place.
    pub fn replaces(&self, other: &Version, last_write_wins: bool) -> bool {
        if last_write_wins {
            self.stamp() > other.stamp()
        } else {
            self.clock.knows(&other.clock.dot)
        }
    }

    fn bytes(&self) -> usize {
        32 + 16 * servers(&self.clock.past) + self.text.len()
    }
}

/// How many servers a vector speaks of.
pub fn servers(seen: &Seen) -> usize {
    seen.iter().count()
}

/// All that is kept of a key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Object {
    /// What no writer has seen stays.
    Siblings(Siblings<NodeId, Version>),
    /// The last write wins.
    Last {
        /// All writes that are known, dropped ones, too.
        known: Seen,
        /// The one that has won.
        version: Option<Version>,
    },
}

impl Object {
    /// Never written.
    pub fn new(last_write_wins: bool) -> Object {
        match last_write_wins {
            true => Object::Last { known: Seen::new(), version: None },
            false => Object::Siblings(Siblings::new()),
        }
    }

    /// What a client has seen that is told this.
    pub fn context(&self) -> Seen {
        match self {
            Object::Siblings(siblings) => siblings.context(),
            Object::Last { known, .. } => known.clone(),
        }
    }

    /// Whether it knows this write, replaced or not.
    pub fn knows(&self, dot: &Dot) -> bool {
        match self {
            Object::Siblings(siblings) => siblings.knows(dot),
            Object::Last { known, .. } => dot.count <= known.get(&dot.replica),
        }
    }

    /// What is kept, in the order of dots.
    pub fn versions(&self) -> impl Iterator<Item = &Version> {
        let (siblings, last) = match self {
            Object::Siblings(siblings) => (Some(siblings.values()), None),
            Object::Last { version, .. } => (None, version.as_ref()),
        };
        siblings.into_iter().flatten().chain(last)
    }

    /// How many versions stand side by side.
    pub fn count(&self) -> u64 {
        self.versions().count() as u64
    }

    /// The next write that this server coordinates, by a client that has seen `seen`.
    pub fn next_dot(&self, server: NodeId, seen: &Seen) -> Dot {
        Dot { replica: server, count: self.context().get(&server).max(seen.get(&server)) + 1 }
    }

    /// A new version, with the dot that comes next: what its writer had seen goes, all else stays
    /// beside it. `blindly`: all goes, seen or not. Where the last write wins it may lose at once.
    pub fn add(&mut self, version: Version, blindly: bool, total_order: bool) {
        let (dot, mut seen) = (version.dot(), version.clock.past.clone());
        match self {
            Object::Siblings(siblings) => {
                if blindly {
                    seen.merge(&siblings.context());
                }
                siblings.write(dot.replica, &seen, version);
            }
            Object::Last { .. } => {
                seen.set(dot.replica, dot.count);
                self.merge(&Object::Last { known: seen, version: Some(version) }, total_order);
            }
        }
    }

    /// What another replica keeps comes in. A sibling goes if the other knows it and keeps it no
    /// more. Where the last write wins the one with the latest timestamp stays; without a total
    /// order one of the same time does not take its place.
    pub fn merge(&mut self, other: &Object, total_order: bool) {
        match (self, other) {
            (Object::Siblings(own), Object::Siblings(theirs)) => own.merge(theirs),
            (
                Object::Last { known, version },
                Object::Last { known: theirs, version: Some(new) },
            ) => {
                let wins = version.as_ref().is_none_or(|old| match total_order {
                    true => new.stamp() > old.stamp(),
                    false => new.stamp_us > old.stamp_us,
                });
                if wins {
                    *version = Some(new.clone());
                }
                known.merge(theirs);
            }
            // Nothing was written there; and all of a run's objects are of one kind.
            _ => {}
        }
    }

    /// What a client is told: the value, or all of them, in order.
    pub fn answer(&self) -> Option<Text> {
        let mut texts: Vec<&str> = self.versions().map(|version| &*version.text).collect();
        texts.sort_unstable();
        texts.dedup();
        (!texts.is_empty()).then(|| texts.join(" | ").into())
    }

    /// The same for people.
    pub fn short(&self) -> String {
        self.answer().map_or("nothing".to_string(), |text| text.to_string())
    }

    /// About how many bytes it takes on the wire.
    pub fn bytes(&self) -> usize {
        16 * servers(&self.context()) + self.versions().map(Version::bytes).sum::<usize>()
    }
}
