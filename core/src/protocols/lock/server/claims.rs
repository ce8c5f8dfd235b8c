//! Names: "a username must be unique" (DDIA, chapter 9, "Linearizable storage"). By
//! compare-and-set one of all that try wins; who looks first and writes then may not be alone.
//! A name is a key of Raft's machine, too: "@ann".

use super::{Answers, Context, Server, Text, Turn, tell};
use crate::machine::{Answer, Command};
use crate::process::NodeId;
use crate::protocols::client::Said;
use crate::protocols::lock::declare::event;
use crate::protocols::lock::message::{Ask, Told};

/// A claim on its way through Raft.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Claiming {
    client: NodeId,
    turn: Turn,
    key: Text,
    /// What stands there when it is the claimer's.
    mine: Text,
    /// It only looks.
    looks: bool,
}

impl Server {
    /// A client claims a name, looks for one, or writes one.
    pub(super) fn on_claim(&mut self, from: NodeId, ask: &Ask, cx: &mut Context) -> Answers {
        let (Ask::Claim { name, who, turn }
        | Ask::Look { name, who, turn }
        | Ask::Put { name, who, turn }) = ask
        else {
            return Answers::new();
        };
        let key: Text = alloc::format!("@{name}").into();
        // With whose claim it is: one that is asked again has not lost against itself.
        let mine: Text = alloc::format!("{who} {}.{}", from.0, turn.operation).into();
        let looks = matches!(ask, Ask::Look { .. });
        let (mut answers, command) = match ask {
            Ask::Look { .. } => (Answers::new(), Command::Get(key.clone())),
            Ask::Put { .. } => (Answers::new(), Command::Put(key.clone(), mine.clone())),
            _ => {
                let made = self.propose(Command::Append(key.clone(), "".into()), cx).1;
                let (from, to) = ("".into(), mine.clone());
                (made, Command::Cas { key: key.clone(), from, to })
            }
        };
        let (number, more) = self.propose(command, cx);
        let claiming = Claiming { client: from, turn: *turn, key, mine, looks };
        self.claims.push((number, claiming));
        answers.extend(more);
        answers
    }

    pub(super) fn on_claim_answer(
        &mut self,
        claiming: Claiming,
        said: &Said<Answer>,
        cx: &mut Context,
    ) {
        let Claiming { client, turn, key, mine, looks } = claiming;
        let told = match said {
            Said::Elsewhere(hint) => Told::Elsewhere(turn, *hint),
            Said::Result(Answer::Value(value)) if looks => {
                let free = value.as_ref().is_none_or(|value| value.is_empty() || *value == mine);
                Told::Looked(turn, !free)
            }
            Said::Result(answer) => {
                let stands = self.server().and_then(|raft| raft.machine().get(&key));
                let won = match answer {
                    Answer::Swapped(won) => *won || stands == Some(&mine),
                    _ => true,
                };
                if won {
                    cx.mark(event::CLAIM, Some(client), 0, 0);
                }
                Told::Claimed(turn, won)
            }
        };
        tell(client, told, cx);
    }
}
