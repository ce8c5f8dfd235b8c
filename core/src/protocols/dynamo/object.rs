//! What a replica keeps of one key: versions of which none has replaced another. Either they all
//! stay, with version vectors that say what replaces what ("Dynamo", 2007, §4.4), or the one with
//! the latest timestamp does. Plain data.

use crate::machine::Text;
use crate::process::{NodeId, RequestId};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// How many writes of each server are known: the first so many (§4.4: "a list of (node, counter)
/// pairs").
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Seen(Vec<(NodeId, u64)>);

impl Seen {
    /// How many writes of this server.
    pub fn of(&self, server: NodeId) -> u64 {
        self.0.iter().find(|(known, _)| *known == server).map_or(0, |(_, count)| *count)
    }

    /// Whether it knows this write.
    pub fn knows(&self, dot: Dot) -> bool {
        dot.count <= self.of(dot.server)
    }

    /// Knows this write and all before it, too.
    pub fn learn(&mut self, dot: Dot) {
        match self.0.iter_mut().find(|(known, _)| *known == dot.server) {
            Some((_, count)) => *count = (*count).max(dot.count),
            None => {
                let place = self.0.partition_point(|(known, _)| *known < dot.server);
                self.0.insert(place, (dot.server, dot.count));
            }
        }
    }

    /// What either knows.
    pub fn merge(&mut self, other: &Seen) {
        for (server, count) in &other.0 {
            self.learn(Dot { server: *server, count: *count });
        }
    }

    /// Whether it knows all that the other knows.
    pub fn covers(&self, other: &Seen) -> bool {
        other.0.iter().all(|(server, count)| self.of(*server) >= *count)
    }

    /// How many servers it speaks of.
    pub fn servers(&self) -> usize {
        self.0.len()
    }
}

/// One write: the `count`-th of its key that this server has coordinated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dot {
    /// Who coordinated it.
    pub server: NodeId,
    /// 1...
    pub count: u64,
}

/// A value with all that says where it stands among others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Version {
    /// The write that made it.
    pub dot: Dot,
    /// What its writer had seen: that is what it replaces.
    pub seen: Seen,
    /// The coordinator's wall clock, µs: what last-write-wins goes by.
    pub stamp_us: u64,
    /// Whose write it is.
    pub request: RequestId,
    /// The value.
    pub text: Text,
}

impl Version {
    /// Later by the clock; of equal times the one of the higher dot, so that all agree.
    pub fn stamp(&self) -> (u64, Dot) {
        (self.stamp_us, self.dot)
    }

    /// Whether it is that very one.
    pub fn is(&self, other: &Version) -> bool {
        (self.dot, self.request) == (other.dot, other.request)
    }

    /// Whether it takes the other's place.
    pub fn replaces(&self, other: &Version, last_write_wins: bool) -> bool {
        if last_write_wins { self.stamp() > other.stamp() } else { self.seen.knows(other.dot) }
    }
}

/// All that is kept of a key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Object {
    /// All writes that are known, replaced ones, too.
    pub seen: Seen,
    /// In the order of their dots.
    pub versions: Vec<Version>,
}

impl Object {
    /// The next write that this server coordinates, by a client that has seen `seen`.
    pub fn next_dot(&self, server: NodeId, seen: &Seen) -> Dot {
        Dot { server, count: self.seen.of(server).max(seen.of(server)) + 1 }
    }

    /// A new version: what its writer had seen goes, all else stays beside it. `blindly`: all
    /// goes, seen or not.
    pub fn add(&mut self, version: Version, blindly: bool) {
        self.versions.retain(|known| !blindly && !version.seen.knows(known.dot));
        self.seen.merge(&version.seen);
        self.seen.learn(version.dot);
        self.insert(version);
    }

    /// What another replica keeps comes in. A version goes if the other knows it and keeps it no
    /// more.
    pub fn merge(&mut self, other: &Object) {
        let gone = |version: &Version, there: &Object| {
            there.seen.knows(version.dot) && !there.has(version.dot)
        };
        let own: &Object = self;
        let is_new = |version: &&Version| !own.has(version.dot) && !gone(version, own);
        let new: Vec<Version> = other.versions.iter().filter(is_new).cloned().collect();
        self.versions.retain(|version| !gone(version, other));
        for version in new {
            self.insert(version);
        }
        self.seen.merge(&other.seen);
    }

    /// The same where the last write wins: one version stays, that with the latest timestamp.
    /// Without a total order one of the same time does not take its place.
    pub fn merge_last(&mut self, other: &Object, total_order: bool) {
        for version in &other.versions {
            let wins = self.versions.first().is_none_or(|known| match total_order {
                true => version.stamp() > known.stamp(),
                false => version.stamp_us > known.stamp_us,
            });
            if wins {
                self.versions = alloc::vec![version.clone()];
            }
        }
        self.seen.merge(&other.seen);
    }

    fn has(&self, dot: Dot) -> bool {
        self.versions.iter().any(|version| version.dot == dot)
    }

    fn insert(&mut self, version: Version) {
        let place = self.versions.partition_point(|known| known.dot < version.dot);
        self.versions.insert(place, version);
    }

    /// What a client is told: the value, or all of them, in order.
    pub fn answer(&self) -> Option<Text> {
        let mut texts: Vec<&str> = self.versions.iter().map(|version| &*version.text).collect();
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
        let of = |version: &Version| 32 + 16 * version.seen.servers() + version.text.len();
        16 * self.seen.servers() + self.versions.iter().map(of).sum::<usize>()
    }
}
