//! The brute-force twin of the invariants of a replicated log: compares whole logs as
//! people see them, after every step. Slow and obvious, so that the incremental checks have
//! something to agree with. Never reads a protocol's own state or records.

use crate::declare::Family;
use crate::process::NodeId;
use crate::view::{Safety, Status};
use crate::world::World;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

/// Term and command.
type Entry = (u64, String);

#[derive(Clone, Debug, Default)]
struct Seen {
    log: Vec<Entry>,
    committed: usize,
    /// The term that it leads.
    leads: Option<u64>,
}

/// What has been seen of each server.
#[derive(Clone, Debug)]
pub struct Twin {
    servers: Vec<Seen>,
    leaders: BTreeMap<u64, u16>,
    /// The one committed history, and the term of the server that first knew each entry as
    /// committed.
    committed: Vec<(Entry, u64)>,
    /// A trigger has acted: a server may have led, or learnt of a commit, and been stopped
    /// before anyone could look.
    pub blind: bool,
}

impl Twin {
    /// For a cluster of so many servers.
    pub fn new(servers: u16) -> Twin {
        Twin {
            servers: alloc::vec![Seen::default(); usize::from(servers)],
            leaders: BTreeMap::new(),
            committed: Vec::new(),
            blind: false,
        }
    }

    /// A server starts anew: what it kept in memory need not be there.
    pub fn forget(&mut self, id: NodeId) {
        self.servers[id.index()] = Seen::default();
    }

    /// Looks at a server that has just handled something. The formal name of the check that
    /// fails, if one does.
    pub fn look(&mut self, world: &World, id: NodeId) -> Option<&'static str> {
        let place = id.index();
        let down = world.kernel.node(id).status == Status::Down;
        let seen = world.members.cells(id, usize::MAX).filter(|_| !down);
        let (Some(seen), Some(face)) = (seen, world.members.face(id)) else {
            self.forget(id);
            return None;
        };
        // What a snapshot has replaced is what everyone has committed.
        let replaced = seen.first.saturating_sub(1) as usize;
        let Some(replaced) = self.committed.get(..replaced) else {
            self.forget(id);
            return None;
        };
        let committed = seen.cells.iter().filter(|c| c.safety == Safety::Committed).count();
        let committed = replaced.len() + committed;
        let replaced = replaced.iter().map(|(entry, _)| entry.clone());
        let leads = (world.family(face.state) == Family::Leads).then_some(face.epoch);
        let cells = seen.cells.into_iter().map(|cell| (cell.epoch, cell.label));
        let log = replaced.chain(cells).collect();
        let before = core::mem::replace(&mut self.servers[place], Seen { log, committed, leads });
        let now = &self.servers[place];
        if before.leads.is_some() && before.leads == leads && !now.log.starts_with(&before.log) {
            return Some("Leader append-only");
        }
        if !now.log.starts_with(&before.log[..before.committed]) {
            return Some("Leader completeness");
        }
        if let Some(term) = leads
            && *self.leaders.entry(term).or_insert(id.0) != id.0
        {
            return Some("Election safety");
        }
        if !self.logs_match(place) {
            return Some("Log matching");
        }
        self.history(place, face.epoch)
    }

    /// Same index and same term: the same log up to there.
    fn logs_match(&self, place: usize) -> bool {
        let log = &self.servers[place].log;
        self.servers.iter().all(|other| {
            let shared = log.iter().zip(&other.log);
            let last = shared.enumerate().rfind(|(_, (a, b))| a.0 == b.0);
            last.is_none_or(|(index, _)| log[..=index] == other.log[..=index])
        })
    }

    fn history(&mut self, place: usize, term: u64) -> Option<&'static str> {
        let now = &self.servers[place];
        for (index, entry) in now.log[..now.committed].iter().enumerate() {
            match self.committed.get(index) {
                Some((known, _)) if known != entry => return Some("State machine safety"),
                Some(_) => {}
                None => self.committed.push((entry.clone(), term)),
            }
        }
        let lacks = |leader: &Seen| {
            let Some(leads) = leader.leads else { return false };
            (0..).zip(&self.committed).any(|(index, (entry, committed_in))| {
                let index: usize = index;
                *committed_in < leads && leader.log.get(index) != Some(entry)
            })
        };
        self.servers.iter().any(lacks).then_some("Leader completeness")
    }
}
