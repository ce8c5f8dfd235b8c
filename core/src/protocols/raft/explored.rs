//! What exhaustive exploration may take for one, and what it may forget. Changes nothing.

use super::message::{Message, Record};
use super::snapshot::Snapshot;
use super::{Config, Node, Raft, ReadMode, Role, Rules, Server};
use crate::explore::exhaust::{Ends, Explored};
use crate::process::Wire;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};

impl Explored for Raft {
    /// Votes and acknowledgements are counted, never compared by name. Only the first
    /// configuration may go by names: the first so many servers.
    fn alike(config: &Config, servers: u16) -> Vec<u16> {
        if config.members == 0 { (0..servers).collect() } else { Vec::new() }
    }

    /// `Server::boot` folds the records into a term, a vote, a snapshot and the log behind it;
    /// what it does after that looks at nothing else.
    fn disk<H: Hasher>(records: &mut dyn Iterator<Item = &Record>, state: &mut H) {
        let (mut term, mut vote, mut snapshot, mut log) = (0, None, None, Vec::new());
        for record in records {
            match record {
                Record::Term(same) if *same == term => {}
                Record::Term(new) => (term, vote) = (*new, None),
                Record::Vote(candidate) => vote = Some(*candidate),
                Record::Entry(entry) => log.push(entry),
                Record::Truncate(index) => {
                    let base = snapshot.map_or(0, |snapshot: &Rc<Snapshot>| snapshot.last_index);
                    log.truncate(index.saturating_sub(base + 1) as usize);
                }
                Record::Snapshot(new, behind) => {
                    snapshot = Some(new);
                    log = behind.iter().collect();
                }
            }
        }
        (term, vote, snapshot, log).hash(state);
    }

    fn incites(process: &Node) -> bool {
        matches!(process, Node::Server(server) if server.transfer_target().is_some())
    }

    fn is_inciting(message: &Message) -> bool {
        matches!(message, Message::TimeoutNow(_))
    }

    /// A term only rises, a server is a candidate or a leader of a term at most once, and a
    /// vote is kept, unless it can be forgotten. So an answer means nothing any more to whom it
    /// does not find in the role that asked. A request means nothing to a receiver that has
    /// gone on or has voted; but its answer carries the receiver's term and could depose the
    /// sender: only a follower that is in the last term already does not care.
    fn is_inert(message: &Message, ends: &Ends<Raft>) -> bool {
        let Some(Node::Server(to)) = ends.to else { return false };
        if !keeps(to, ends.may_crash) || message.epoch() > to.current_term {
            return false;
        }
        let gone_on = message.epoch() < to.current_term;
        match message {
            Message::Vote(vote) => gone_on || !counts(to, ends, vote.granted),
            Message::Appended(_) => gone_on || !matches!(to.role, Role::Leader(_)),
            Message::RequestVote(_) => {
                (gone_on || to.voted_for.is_some()) && cares_for_no_answer(ends)
            }
            Message::AppendEntries(_) => gone_on && cares_for_no_answer(ends),
            _ => false,
        }
    }
}

/// Its term and its vote are there to stay, and answers of earlier terms are passed over. What
/// the dissertation adds to figure 2 may see in an answer what that does not: then nothing is.
fn keeps(server: &Server, may_crash: bool) -> bool {
    let (config, rules) = (&server.config, server.config.rules);
    let plain = config.snapshot_every == 0 && config.reads == ReadMode::Log;
    // A change of the members can end a leader's role without a term.
    let settled = config.members == 0 && server.configurations.len() == 1;
    if config.pre_vote || config.check_quorum || !plain || !settled {
        return false;
    }
    let on_disk = rules.has(Rules::PERSIST_TERM)
        && rules.has(Rules::PERSIST_VOTE)
        && server.state_write <= server.durable;
    rules.has(Rules::KEEP_VOTE) && rules.has(Rules::OWN_TERM_ACKS) && (on_disk || !may_crash)
}

/// A vote of its own term makes a difference: it is a candidate that has not heard this of that
/// voter. (A grant after a refusal would count.)
fn counts(candidate: &Server, ends: &Ends<Raft>, granted: bool) -> bool {
    let Role::Candidate { said, .. } = &candidate.role else { return false };
    let as_set = candidate.config.rules.has(Rules::VOTES_ARE_A_SET);
    match said.get(ends.sender.index()) {
        Some(None) => true,
        Some(Some(false)) => granted,
        Some(Some(true)) => granted && !as_set,
        None => false,
    }
}

/// Whatever the answer says, of a term up to the last: the sender is a follower in that.
fn cares_for_no_answer(ends: &Ends<Raft>) -> bool {
    let Some(Node::Server(from)) = ends.from else { return false };
    from.current_term == ends.epochs_end
        && from.role == Role::Follower
        && keeps(from, ends.may_crash)
}
