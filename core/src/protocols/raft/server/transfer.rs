//! Leadership transfer (dissertation §3.10).

use super::{Context, Role, Server};
use crate::process::NodeId;
use crate::protocols::raft::message::Message;
use crate::protocols::raft::{Rules, Timer, event};

/// Leadership that is being handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Transfer {
    /// To whom.
    target: NodeId,
    /// It has been told to start an election.
    told: bool,
}

impl Server {
    /// To whom it hands over.
    pub(crate) fn transfer_target(&self) -> Option<NodeId> {
        self.transfer.map(|transfer| transfer.target)
    }

    /// 1. "The prior leader stops accepting new client requests." Commands, that is: reads add
    ///    nothing to the log.
    pub(crate) fn transfer_leadership(&mut self, target: NodeId, cx: &mut Context) {
        let leads = matches!(self.role, Role::Leader(_));
        if !leads || target == cx.id() || !self.configuration().votes(target) {
            return;
        }
        self.transfer = Some(Transfer { target, told: false });
        cx.mark(event::TRANSFER, Some(target), self.current_term, 0);
        cx.set_timer(Timer::Transfer, self.config.election_us.1);
        self.hand_over(cx);
    }

    /// 2. "The prior leader fully updates the target server's log to match its own log, using
    ///    the normal log replication mechanism".
    /// 3. "The prior leader sends a TimeoutNow request to the target server."
    pub(super) fn hand_over(&mut self, cx: &mut Context) {
        let (Some(transfer), Role::Leader(all)) = (&mut self.transfer, &self.role) else { return };
        let target = transfer.target;
        if transfer.told || all[target.index()].matched < self.log.last_index() {
            return;
        }
        transfer.told = true;
        // From here on a leader may be elected within the lease (§6.4.1), and even when the
        // transfer is aborted: who knows when the message arrives (raft-rs #234).
        if self.config.rules.has(Rules::TRANSFER_ENDS_LEASE) {
            self.reads.end_lease();
        }
        cx.mark(event::TIMEOUT_NOW, Some(target), self.current_term, 0);
        let after = self.after(self.state_write);
        cx.send(target, Message::TimeoutNow(self.current_term), after);
    }

    /// "This request has the same effect as the target server's election timer firing: the
    /// target server starts a new election". Without asking first whether it could win.
    pub(super) fn on_timeout_now(&mut self, term: u64, cx: &mut Context) {
        let votes = self.configuration().votes(cx.id());
        if term == self.current_term && self.role == Role::Follower && votes {
            self.campaign(true, cx);
        }
    }

    /// "If leadership transfer does not complete after about an election timeout, the prior
    /// leader aborts the transfer and resumes accepting client requests."
    pub(super) fn abort_transfer(&mut self, cx: &mut Context) {
        if let Some(transfer) = self.transfer.take() {
            cx.mark(event::ABORT, Some(transfer.target), self.current_term, 0);
            // A change of the configuration may have waited for it.
            self.advance_change(cx);
        }
    }
}
