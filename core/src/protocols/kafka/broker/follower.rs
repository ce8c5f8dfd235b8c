//! The follower's side: where its log has to end, and fetching from there.

use super::{Broker, Context, Role};
use crate::process::WriteId;
use crate::protocols::kafka::message::{EpochEnd, EpochRequest, Fetch, Fetched, Message, Record};
use crate::protocols::kafka::{Rules, Timer};

impl Broker {
    /// "Initialising partitions request leader epochs and then truncate their logs
    /// appropriately" (KIP-101). Before that a follower cut its log at its own high-water mark,
    /// which may lie behind what is committed, and may lie behind where two logs part.
    pub(super) fn become_follower(&mut self, cx: &mut Context) {
        if self.has(Rules::LEADER_EPOCH) && self.log.last_index() > 0 {
            self.role = Role::Truncating(self.log.last_epoch());
        } else {
            if !self.has(Rules::LEADER_EPOCH) {
                self.truncate_to(self.mark, cx);
            }
            self.role = Role::Following;
        }
        self.ask_leader(cx);
    }

    /// Asks once more from time to time: an answer may be lost.
    pub(super) fn ask_leader(&mut self, cx: &mut Context) {
        let Some(leader) = self.partition.leader.filter(|leader| *leader != cx.id()) else {
            return;
        };
        let epoch = self.partition.epoch;
        let end = self.log.last_index();
        let (message, after) = match self.role {
            Role::Truncating(asked) => {
                let request = EpochRequest { epoch, session: self.session, asked };
                (Message::EpochRequest(request), WriteId::NONE)
            }
            Role::Following => {
                let write = self.log.write_of(end).max(self.last_write);
                (Message::Fetch(Fetch { epoch, end }), self.after(write))
            }
            Role::Waiting | Role::Leader(_) => return,
        };
        cx.send(leader, message, after);
        cx.set_timer(Timer::Fetch, 2 * self.config.heartbeat_us);
    }

    /// KIP-279, steps 3 and 4: "If the follower does not have the leader epoch that the leader
    /// replied with, it truncates to the end offset of the largest epoch less than that and asks
    /// again; else it truncates all offsets with larger epochs, and then to the end offset."
    pub(super) fn on_epoch_end(&mut self, answer: &EpochEnd, cx: &mut Context) {
        let Role::Truncating(asked) = self.role else { return };
        if answer.epoch != self.partition.epoch
            || (answer.session, answer.asked) != (self.session, asked)
        {
            return;
        }
        if !self.has(Rules::EPOCH_LINEAGE) {
            // KIP-101: one question, one answer.
            self.truncate_to(answer.end, cx);
            self.role = Role::Following;
            self.ask_leader(cx);
            return;
        }
        let (first, behind) = self.log.range_of(answer.found);
        let known = first < behind || answer.found == 0;
        if known {
            self.truncate_to(answer.end.min(behind - 1), cx);
            self.role = Role::Following;
        } else {
            self.truncate_to(first - 1, cx);
            let empty = self.log.last_index() == 0;
            let next = Role::Truncating(self.log.last_epoch());
            self.role = if empty { Role::Following } else { next };
        }
        self.ask_leader(cx);
    }

    /// Records arrive, and the leader's high-water mark as of then: so a follower's mark is
    /// always a round trip behind.
    pub(super) fn on_fetched(&mut self, fetched: &Fetched, cx: &mut Context) {
        let current = fetched.epoch == self.partition.epoch && self.role == Role::Following;
        if !current || fetched.end != self.log.last_index() {
            return; // of another time
        }
        if let Some(end) = fetched.out_of_range {
            self.truncate_to(end, cx);
        }
        for entry in fetched.entries.iter() {
            let write = cx.write(Record::Entry(entry.clone()));
            self.log.push(entry.clone(), write);
        }
        let mark = fetched.mark.min(self.log.last_index());
        if mark > self.mark {
            self.mark = mark;
            self.apply(cx);
        }
        self.ask_leader(cx);
    }
}
