//! What exhaustive exploration may take for one. Changes nothing.

use super::Paxos;
use super::message::{Ballot, Record};
use crate::explore::exhaust::Explored;
use core::hash::{Hash, Hasher};

/// Ballots belong to servers by their place, and the higher one wins: no two servers are alike.
impl Explored for Paxos {
    /// `Server::boot` folds the records into a ballot tried, one promised, and a proposal. An
    /// acceptance is a promise, or it is not: both are told.
    fn disk<H: Hasher>(records: &mut dyn Iterator<Item = &Record>, state: &mut H) {
        let (mut tried, mut promised, mut bound, mut accepted) =
            (Ballot::NONE, Ballot::NONE, Ballot::NONE, None);
        for record in records {
            match record {
                Record::Tried(ballot) => tried = *ballot,
                Record::Promised(ballot) => (promised, bound) = (*ballot, *ballot),
                Record::Accepted(ballot, value) => {
                    accepted = Some((*ballot, value));
                    bound = bound.max(*ballot);
                }
            }
        }
        (tried, promised, bound, accepted).hash(state);
    }
}
