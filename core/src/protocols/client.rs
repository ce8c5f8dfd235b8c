//! The stock client: one operation at a time, with a session (dissertation §6.3: its
//! operations are numbered, so that a retry can be told from a new one), a timeout, retries
//! at the next server, and a hint followed. Shared by all protocols; knows none.

use crate::process::{Context, NodeId, Process, RequestId, WriteId};
use alloc::vec::Vec;

/// What a protocol gives the stock client to work with.
pub trait Served: Process {
    /// The message that asks for an operation.
    fn ask(id: RequestId, request: &Self::Request) -> Self::Message;
    /// The timer that the client uses.
    const RETRY: Self::Timer;
}

/// What a server says to a client.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Said<A> {
    /// The operation's result.
    Result(A),
    /// Not here; perhaps there.
    Elsewhere(Option<NodeId>),
}

/// How long a client waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Patience {
    /// For one try, µs.
    pub retry_us: u64,
    /// Before it asks again when nobody could say whom to ask, µs.
    pub pause_us: u64,
    /// Tries before it gives the operation up.
    pub tries: u32,
}

/// A client's state: all of it is lost in a crash.
#[derive(Clone, Debug, Hash)]
pub struct Client<P: Process> {
    /// The server it speaks to.
    target: NodeId,
    /// The server it asked last of its own accord, not because of a hint. Hints alone would
    /// lead it back, again and again, to an old leader on the wrong side of a cut.
    turn: NodeId,
    patience: Patience,
    /// It never turns to another server: what it asked there is not known elsewhere.
    faithful: bool,
    open: Option<(RequestId, P::Request)>,
    tries: u32,
    queue: Vec<(RequestId, P::Request)>,
}

impl<P: Served> Client<P> {
    /// Speaks to `target` first.
    pub fn new(target: NodeId, patience: Patience) -> Client<P> {
        let (open, queue) = (None, Vec::new());
        Client { target, turn: target, patience, faithful: false, open, tries: 0, queue }
    }

    /// Speaks to this server and to no other.
    pub fn faithful(target: NodeId, patience: Patience) -> Client<P> {
        Client { faithful: true, ..Client::new(target, patience) }
    }

    /// The server it speaks to.
    pub fn target(&self) -> NodeId {
        self.target
    }

    /// About how many bytes it owns on the heap.
    pub fn weight(&self) -> usize {
        size_of_val(&*self.queue)
    }

    /// The workload asks; one operation after the other.
    pub fn on_request(&mut self, id: RequestId, request: &P::Request, cx: &mut Context<P>) {
        if self.open.is_some() {
            self.queue.push((id, request.clone()));
            return;
        }
        self.open = Some((id, request.clone()));
        self.tries = 0;
        self.ask(cx);
    }

    /// A server speaks.
    pub fn on_said(
        &mut self,
        from: NodeId,
        id: RequestId,
        said: &Said<P::Response>,
        cx: &mut Context<P>,
    ) {
        if self.open.as_ref().is_none_or(|(open, _)| *open != id) {
            return; // the answer to an earlier try
        }
        match said {
            Said::Result(response) => {
                cx.reply(id, response.clone(), WriteId::NONE);
                self.next(cx);
            }
            // A hint counts once, however often the network delivers it, and takes a try.
            Said::Elsewhere(_) if from != self.target => {}
            Said::Elsewhere(Some(hint)) if *hint != from && self.tries < self.patience.tries => {
                self.target = *hint;
                self.ask(cx);
            }
            // Nobody knows yet: after a pause it asks the next server.
            Said::Elsewhere(_) => cx.set_timer(P::RETRY, self.patience.pause_us),
        }
    }

    /// No answer in time.
    pub fn on_retry(&mut self, cx: &mut Context<P>) {
        let Some((id, _)) = &self.open else { return };
        let id = *id;
        if !self.faithful {
            self.turn(cx);
        }
        if self.tries >= self.patience.tries {
            cx.give_up(id);
            self.next(cx);
            return;
        }
        self.ask(cx);
    }

    /// The next server in turn, but not the one that it has just asked.
    fn turn(&mut self, cx: &mut Context<P>) {
        let after = |node: NodeId| NodeId((node.0 + 1) % cx.servers().max(1));
        self.turn = after(self.turn);
        if self.turn == self.target {
            self.turn = after(self.turn);
        }
        self.target = self.turn;
    }

    fn ask(&mut self, cx: &mut Context<P>) {
        if let Some((id, request)) = &self.open {
            self.tries += 1;
            cx.send(self.target, P::ask(*id, request), WriteId::NONE);
            cx.set_timer(P::RETRY, self.patience.retry_us);
        }
    }

    fn next(&mut self, cx: &mut Context<P>) {
        cx.cancel_timer(P::RETRY);
        self.open = if self.queue.is_empty() { None } else { Some(self.queue.remove(0)) };
        self.tries = 0;
        self.ask(cx);
    }
}
