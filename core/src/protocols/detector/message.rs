//! What travels, what is stored.

use crate::machine::{Machine, Text};
use crate::process::Wire;
use alloc::rc::Rc;
use core::fmt;

/// What is held of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// It was heard in time.
    Alive,
    /// It was not.
    Suspect,
    /// It is off the list.
    Dead,
}

/// What somebody holds of a member: "suspect M, incarnation i" (SWIM §4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct View {
    /// How it stands.
    pub standing: Standing,
    /// Of which of its lives, or of its refutations, that is said.
    pub incarnation: u64,
    /// The sender itself finds it silent: a vote.
    pub silent: bool,
}

/// All that a node holds of all members, by their place. SWIM sends the latest changes only; with
/// a hundred members at most all of them fit.
pub type Views = Rc<[View]>;

/// Between members.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// I live.
    Heartbeat(Views),
    /// Do you live?
    Ping(Views),
    /// I do.
    Ack(Views),
}

impl Message {
    /// What its sender holds.
    pub fn views(&self) -> &Views {
        let (Message::Heartbeat(views) | Message::Ping(views) | Message::Ack(views)) = self;
        views
    }
}

impl Wire for Message {
    fn kind(&self) -> u8 {
        match self {
            Message::Heartbeat(_) => 0,
            Message::Ping(_) => 1,
            Message::Ack(_) => 2,
        }
    }
    fn bytes(&self) -> u32 {
        40 + 10 * self.views().len() as u32
    }
}

/// On disk: the incarnation, which goes up with every start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Record(pub u64);

/// What never happens: nobody asks a member.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Order(Text);

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// No state: there are no clients.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Nothing;

impl Machine for Nothing {
    type Command = Order;
    type Answer = Order;
    fn apply(&mut self, command: &Order) -> Order {
        command.clone()
    }
    fn part<'a>(&self, command: &'a Order) -> &'a str {
        &command.0
    }
}
