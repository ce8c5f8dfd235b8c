//! Cluster membership (dissertation ch. 4): which configuration a server uses, and how a
//! leader changes it.

use super::{Context, Server};
use crate::process::{NodeId, WriteId};
use crate::protocols::raft::ReadMode;
use crate::protocols::raft::configuration::Configuration;
use crate::protocols::raft::message::Entry;

impl Server {
    // ---- The configuration in use (§4.1) ----

    /// "A server always uses the latest configuration in its log, regardless of whether the
    /// entry is committed" (§4.1).
    pub(in crate::protocols::raft) fn configuration(&self) -> &Configuration {
        let (_, latest) = &self.configurations[self.configurations.len() - 1];
        latest
    }

    /// The other servers that a server asks for votes, or a leader sends entries to.
    pub(super) fn peers(&self, cx: &Context) -> impl Iterator<Item = NodeId> + use<> {
        let (me, everyone) = (cx.id(), self.configuration().everyone());
        (0..everyone.len()).map(move |place| everyone[place]).filter(move |&server| server != me)
    }

    /// An entry at the end of the log: a configuration counts from here on.
    pub(super) fn push(&mut self, entry: Entry, write: WriteId) {
        if let Some(configuration) = entry.configuration() {
            self.configurations.push((self.log.last_index() + 1, configuration.clone()));
        }
        self.log.push(entry, write);
    }

    /// The log ends before `index`: "in this case, a server must be prepared to fall back to
    /// the previous configuration in its log" (§4.1).
    pub(super) fn cut(&mut self, index: u64) {
        self.log.truncate_from(index);
        // The first one stands for the snapshot, or for the start.
        let kept = self.configurations.iter().skip(1).filter(|(known, _)| *known < index).count();
        self.configurations.truncate(1 + kept);
    }

    /// The latest configuration as of an entry.
    pub(super) fn configuration_at(&self, index: u64) -> &Configuration {
        let behind = self.configurations.iter().skip(1);
        let known = behind.take_while(|(known, _)| *known <= index).count();
        &self.configurations[known].1
    }

    /// A snapshot up to `index` replaces the configurations up to there.
    pub(super) fn forget_configurations(&mut self, index: u64, latest: Configuration) {
        self.configurations.retain(|(known, _)| *known > index);
        self.configurations.insert(0, (index, latest));
    }

    // ---- A leader's first entry ----

    /// Whether a leader begins its term with an entry without content: only an entry of its
    /// own term tells it what is committed (§5.4.2), and until then it may neither answer
    /// reads (dissertation §6.4) nor change the configuration (Ongaro 2015).
    pub(super) fn needs_no_op(&self) -> bool {
        self.config.no_op || self.config.reads != ReadMode::Log
    }
}
