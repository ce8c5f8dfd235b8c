//! What gossip must keep, looked at from outside: whatever a node knows was told somewhere, a
//! stamp stands for one value, and no node goes back to what it had before.

use super::message::{Record, Stamp, Update};
use super::{Node, checks};
use crate::check::{Check, Violation};
use crate::chunks::Chunked;
use crate::machine::Text;
use crate::process::{EffectOf, NodeId};
use crate::world::Kernel;
use alloc::format;
use alloc::rc::Rc;
use alloc::vec::Vec;
use litemap::LiteMap;

/// What a node last had of a key.
#[derive(Clone, Debug)]
struct Last {
    key: Text,
    stamp: Stamp,
    /// It is there, and no death certificate.
    lives: bool,
    /// It is there.
    held: bool,
}

/// What has been told, and what each node last had.
#[derive(Clone, Debug)]
pub struct Told {
    /// By stamp: what was told, and how many nodes have had it.
    told: LiteMap<Stamp, (Update, u16)>,
    /// Shared between copies until it changes: there may be a thousand.
    nodes: Vec<Rc<Vec<Last>>>,
    changes: Vec<u64>,
    servers: u16,
    /// Updates that every node has had.
    everywhere: u64,
}

impl Told {
    /// A node has this; what is wrong with that.
    fn has(&mut self, node: NodeId, update: &Update, found: &mut Vec<Violation>) {
        let wrong = |check, text| Violation::at_node(check, node, text);
        let n = node.0 + 1;
        let key = &update.key;
        match self.told.get(&update.stamp) {
            Some((told, _)) if told != update => {
                let statement = format!(
                    "n{n} has “{}” for {key} under the stamp {} of n{}, which was given to “{}”.",
                    update.value.as_deref().unwrap_or("deleted"),
                    update.stamp.count,
                    update.stamp.node.0 + 1,
                    told.value.as_deref().unwrap_or("deleted"),
                );
                found.push(wrong(checks::STAMP, statement));
            }
            Some(_) => {}
            None if update.stamp.node == node => {
                self.told.insert(update.stamp, (update.clone(), 0));
            }
            None => {
                found.push(wrong(
                    checks::CREATION,
                    format!("n{n} knows of {key} what nobody told."),
                ));
            }
        }
        let last = self.nodes[node.index()].iter().find(|last| last.key == *key);
        let lives = update.value.is_some();
        let Some(last) = last else { return self.reached(update) };
        if update.stamp < last.stamp || lives && !last.held && update.stamp == last.stamp {
            let rises = lives && !last.lives;
            let check = if rises { checks::RESURRECTION } else { checks::BACK };
            let does = if rises { "has again what was deleted" } else { "goes back" };
            let (new, old) = (update.stamp.count, last.stamp.count);
            let text = format!("n{n} {does}: {key} from stamp {old} to stamp {new}.");
            found.push(wrong(check, text));
        }
        if update.stamp > last.stamp {
            self.reached(update);
        }
    }

    fn reached(&mut self, update: &Update) {
        let Some((_, nodes)) = self.told.get_mut(&update.stamp) else { return };
        *nodes += 1;
        if *nodes == self.servers {
            self.everywhere += 1;
        }
    }
}

impl Check<Node> for Told {
    fn new(servers: u16) -> Told {
        let nodes = usize::from(servers);
        Told {
            told: LiteMap::new(),
            nodes: alloc::vec![Rc::default(); nodes],
            changes: alloc::vec![0; nodes],
            servers,
            everywhere: 0,
        }
    }

    fn handled(
        &mut self,
        node: NodeId,
        process: &Node,
        _fresh: &[EffectOf<Node>],
        _kernel: &Kernel,
        found: &mut Vec<Violation>,
    ) {
        let Node::Server(server) = process else { return };
        // Most of what a node handles is no news.
        if self.changes.get(node.index()).is_none_or(|known| *known == server.changes) {
            return;
        }
        self.changes[node.index()] = server.changes;
        for item in &server.items {
            self.has(node, &item.update, found);
        }
        let last = Rc::make_mut(&mut self.nodes[node.index()]);
        for known in last.iter_mut().filter(|known| server.find(&known.key).is_none()) {
            (known.held, known.lives) = (false, false);
        }
        for item in &server.items {
            let update = &item.update;
            let lives = update.value.is_some();
            match last.iter_mut().find(|known| known.key == update.key) {
                Some(known) => {
                    (known.stamp, known.lives, known.held) = (update.stamp, lives, true);
                }
                None => last.push(Last {
                    key: update.key.clone(),
                    stamp: update.stamp,
                    lives,
                    held: true,
                }),
            }
        }
    }

    /// What a power cut has taken nobody can be asked to remember.
    fn ended(&mut self, node: NodeId, records: &Chunked<Record>) {
        // A stamp that nobody else has seen may be given again.
        let kept = |stamp: &Stamp| {
            let is = |record: &Record| matches!(record, Record::Update(u) if u.stamp == *stamp);
            records.iter().any(is)
        };
        let own = self.told.iter().filter(|(stamp, (_, nodes))| stamp.node == node && *nodes <= 1);
        let gone: Vec<Stamp> = own.map(|(stamp, _)| *stamp).filter(|stamp| !kept(stamp)).collect();
        for stamp in gone {
            self.told.remove(&stamp);
        }
        let Some(place) = self.nodes.get_mut(node.index()) else { return };
        let mut last: Vec<Last> = Vec::new();
        for record in records.iter() {
            match record {
                Record::Update(update) => {
                    last.retain(|known| known.key != update.key);
                    let (key, stamp) = (update.key.clone(), update.stamp);
                    last.push(Last { key, stamp, lives: update.value.is_some(), held: true });
                }
                Record::Forgotten(key) => {
                    for known in last.iter_mut().filter(|known| known.key == *key) {
                        (known.held, known.lives) = (false, false);
                    }
                }
            }
        }
        *place = Rc::new(last);
        self.changes[node.index()] = u64::MAX;
    }

    fn weight(&self, later: Option<&Self>) -> usize {
        let own = |place: usize, last: &Rc<Vec<Last>>| {
            let shared = later.is_some_and(|later| Rc::ptr_eq(last, &later.nodes[place]));
            if shared { 0 } else { last.len() * size_of::<Last>() }
        };
        let nodes = self.nodes.iter().enumerate().map(|(place, last)| own(place, last));
        nodes.sum::<usize>() + self.told.len() * size_of::<(Stamp, (Update, u16))>()
    }

    fn committed(&self) -> u64 {
        self.everywhere
    }
}
