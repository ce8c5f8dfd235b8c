//! Which model a history is of, told from its functions and values as Jepsen's and Maelstrom's
//! workloads use them.

use super::{Consistency, Model, transactions};
use crate::formats::{Event, Kind};
use happens_before::check::linear::Value;
use happens_before::check::transactions::Model as Isolation;

impl Model {
    /// The model that has the functions of these events; none if none has.
    pub fn guess(events: &[Event]) -> Option<Model> {
        let any = |names: &[&str]| events.iter().any(|it| names.contains(&it.function.as_str()));
        if let Some(model) = transactions::guess(events) {
            return Some(model);
        }
        let known = [
            (Model::UniqueIds, ["generate"].as_slice()),
            (Model::Kv, &["get", "put", "append"]),
            (Model::TotalQueue, &["drain"]),
            (Model::Queue, &["enqueue", "dequeue"]),
            (Model::Stack, &["push", "pop"]),
            (Model::Set, &["remove", "contains"]),
            (Model::SetFull, &["broadcast"]),
            (Model::Mutex, &["acquire", "release"]),
        ];
        if let Some((model, _)) = known.iter().find(|(_, names)| any(names)) {
            return Some(*model);
        }
        if any(&["add"]) {
            return Some(added(events));
        }
        (events.is_empty() || any(&["read", "write", "cas"])).then_some(Model::CasRegister)
    }

    /// How its histories are judged if nobody says how.
    pub fn usual(self, events: &[Event]) -> Consistency {
        let removes = |it: &Event| matches!(it.function.as_str(), "remove" | "contains");
        match self {
            Model::ListAppend | Model::RwRegister => {
                Consistency::Isolation(Isolation::StrictSerializable)
            }
            // What was taken out of a set is not counted.
            Model::Set if events.iter().any(removes) => Consistency::Linearizable,
            Model::TotalQueue | Model::Set | Model::SetFull | Model::Counter | Model::UniqueIds => {
                Consistency::Tally
            }
            _ => Consistency::Linearizable,
        }
    }
}

/// Something is added, and read as a number or as a set; the set is read at the end or all along.
fn added(events: &[Event]) -> Model {
    let reads = || events.iter().filter(|it| it.function == "read");
    if reads().any(|it| it.kind == Kind::Ok && matches!(it.value, Value::Int(_))) {
        return Model::Counter;
    }
    let last_add = events.iter().rposition(|it| it.function == "add");
    let first_read = events.iter().position(|it| it.function == "read");
    match first_read < last_add && first_read.is_some() {
        true => Model::SetFull,
        false => Model::Set,
    }
}
