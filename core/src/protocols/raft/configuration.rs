//! Who belongs to the cluster: a configuration as an entry of the log carries it (dissertation
//! ch. 4), and what a majority of it is. Knows no server's state.

use crate::process::NodeId;
use crate::renaming::hash_set;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};

/// Servers, each once, in order.
pub type Servers = Rc<[NodeId]>;

/// "The set of servers participating in the consensus algorithm" (dissertation §4.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Configuration {
    /// Who votes: C_old while two configurations are joint.
    pub voters: Servers,
    /// C_new, while the two are joint: C_old,new (§4.3).
    pub joint: Option<Servers>,
    /// "A new server joins the cluster as a non-voting member" (§4.2.1).
    pub learners: Servers,
    /// All of these.
    everyone: Servers,
}

impl Hash for Configuration {
    fn hash<H: Hasher>(&self, state: &mut H) {
        hash_set(self.voters.iter(), state);
        self.joint.is_some().hash(state);
        self.joint.iter().for_each(|servers| hash_set(servers.iter(), state));
        hash_set(self.learners.iter(), state);
    }
}

impl Configuration {
    /// A configuration of these voters and learners, joint with `joint` if there is one.
    pub fn new(
        voters: impl IntoIterator<Item = NodeId>,
        joint: Option<Servers>,
        learners: impl IntoIterator<Item = NodeId>,
    ) -> Configuration {
        let voters = sorted(voters);
        let votes = |server: &NodeId| {
            voters.contains(server) || joint.iter().any(|new| new.contains(server))
        };
        let learners = sorted(learners.into_iter().filter(|server| !votes(server)));
        let new = joint.iter().flat_map(|new| new.iter());
        let everyone = sorted(voters.iter().chain(new).chain(learners.iter()).copied());
        Configuration { voters, joint, learners, everyone }
    }

    /// The first `members` servers, or all `servers` of the run when that is 0.
    pub fn first(members: u16, servers: u16) -> Configuration {
        let members = if members == 0 { servers } else { members.min(servers) };
        Configuration::new((0..members).map(NodeId), None, [])
    }

    /// Voters and learners, of both configurations while they are joint.
    pub fn everyone(&self) -> Servers {
        self.everyone.clone()
    }

    /// Whether a server belongs to it, with or without a vote.
    pub fn has(&self, server: NodeId) -> bool {
        self.everyone.binary_search(&server).is_ok()
    }

    /// Whether a server's vote counts.
    pub fn votes(&self, server: NodeId) -> bool {
        let of = |servers: &Servers| servers.binary_search(&server).is_ok();
        of(&self.voters) || self.joint.as_ref().is_some_and(of)
    }

    /// Whether it is the very same, not only one that says the same.
    pub fn is(&self, other: &Configuration) -> bool {
        Rc::ptr_eq(&self.everyone, &other.everyone)
    }

    /// How many voters it has; of both configurations while they are joint.
    pub fn voting(&self) -> usize {
        self.everyone.len() - self.learners.len()
    }

    /// Whether those of which this holds are enough: `need` of so many voters, and while two
    /// configurations are joint, of each: "agreement (for elections and entry commitment)
    /// requires
    /// separate majorities from both the old and new configurations" (§4.3).
    pub fn has_quorum(
        &self,
        need: impl Fn(usize) -> usize,
        holds: impl Fn(NodeId) -> bool,
    ) -> bool {
        let of = |servers: &Servers| {
            servers.iter().filter(|&&server| holds(server)).count() >= need(servers.len())
        };
        of(&self.voters) && self.joint.as_ref().is_none_or(of)
    }

    /// "n1 n2 n3", "n1 n2 n3 and n1 n4 n5", "n1 n2 n3 + n4": as people read it.
    pub fn short(&self) -> String {
        let names = |servers: &Servers| {
            let names: Vec<String> =
                servers.iter().map(|server| alloc::format!("n{}", server.0 + 1)).collect();
            names.join(" ")
        };
        let mut out = names(&self.voters);
        if let Some(joint) = &self.joint {
            out += " and ";
            out += &names(joint);
        }
        if !self.learners.is_empty() {
            out += " + ";
            out += &names(&self.learners);
        }
        out
    }
}

/// More than half (paper §5.2).
pub fn majority(of: usize) -> usize {
    of / 2 + 1
}

/// Each once, in order.
pub fn sorted(servers: impl IntoIterator<Item = NodeId>) -> Servers {
    // They are few: a sort of the library's would be larger than what is sorted.
    let mut list: Vec<NodeId> = Vec::new();
    for server in servers {
        if let Err(place) = list.binary_search(&server) {
            list.insert(place, server);
        }
    }
    list.into()
}
