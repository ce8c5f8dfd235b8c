//! What a snapshot holds (dissertation §5.1, figure 5.2): the state after an entry of the log,
//! in items, so that it can travel in chunks. Plain data.

use super::configuration::Configuration;
use crate::machine::{Answer, Command, KeyValue, Machine, Text};
use crate::process::NodeId;
use alloc::rc::Rc;
use alloc::vec::Vec;
use litemap::LiteMap;

/// The last command applied for each client, and its answer (dissertation §6.3).
pub type Sessions = LiteMap<NodeId, (u64, Answer)>;

/// A piece of the state.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Item {
    /// A key of the state machine, and its value.
    Key(Text, Text),
    /// A client's session, so that a command that is retried afterwards is not applied again
    /// (dissertation §6.3).
    Session(NodeId, u64, Answer),
}

/// The state after an entry.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Snapshot {
    /// "The index ... of the last entry in the log that the snapshot replaces" (§5.1).
    pub last_index: u64,
    /// Its term.
    pub last_term: u64,
    /// "The latest configuration in the log as of last included index" (§5.1).
    pub configuration: Configuration,
    /// State machine and sessions, keys first, each in order.
    pub items: Rc<[Item]>,
}

/// State machine and sessions as items.
pub fn items_of(machine: &KeyValue, sessions: Option<&Sessions>) -> Rc<[Item]> {
    let keys = machine.pairs().map(|(key, value)| Item::Key(key.clone(), value.clone()));
    let session = |(client, (number, answer)): (&NodeId, &(u64, Answer))| {
        Item::Session(*client, *number, answer.clone())
    };
    let sessions = sessions.into_iter().flat_map(|sessions| sessions.iter()).map(session);
    keys.chain(sessions).collect::<Vec<_>>().into()
}

impl Snapshot {
    /// State machine and sessions, put together again.
    pub fn state(&self) -> (KeyValue, Sessions) {
        let (mut machine, mut sessions) = (KeyValue::default(), Sessions::new());
        for item in self.items.iter() {
            match item {
                Item::Key(key, value) => {
                    machine.apply(&Command::Put(key.clone(), value.clone()));
                }
                Item::Session(client, number, answer) => {
                    sessions.insert(*client, (*number, answer.clone()));
                }
            }
        }
        (machine, sessions)
    }
}
