//! An event in one line of plain words, for reports and transcripts. Reads only the trace.

use super::Run;
use crate::scenario::Shift;
use crate::world::{NO_NODE, What};
use alloc::format;
use alloc::string::String;

/// What an event of a run says: "n1 sends append #4 to n2 (term 1)".
///
/// # Panics
/// If the run has no such event.
pub fn words_of(run: &Run, event: u32) -> String {
    let event = &run.all_events()[event as usize];
    let declaration = run.declaration();
    let name = |node: crate::process::NodeId| {
        run.names().get(node.index()).map_or("the network", String::as_str)
    };
    let (node, peer) = (name(event.node), name(event.peer));
    let message = || {
        let kind = declaration.messages.get(usize::from(event.sub)).map_or("?", |kind| kind.name);
        let epoch = match declaration.epoch {
            "" => String::new(),
            epoch => format!(" ({epoch} {})", event.a),
        };
        (kind, epoch)
    };
    match event.what {
        What::Send | What::Lost => {
            let (kind, epoch) = message();
            let verb = if event.what == What::Send { "sends" } else { "loses" };
            format!("{node} {verb} {kind} #{} to {peer}{epoch}", event.c)
        }
        What::Receive => {
            let (kind, epoch) = message();
            format!("{node} receives {kind} #{} from {peer}{epoch}", event.c)
        }
        What::Mark => {
            let mark = declaration.events.get(usize::from(event.sub)).map_or("?", |e| e.name);
            format!("{node}: {mark}")
        }
        What::Step | What::Slew => {
            let much = Shift((u64::from(event.b) << 32 | u64::from(event.a)) as i64);
            if event.what == What::Step {
                format!("{node}: wall clock steps by {much}")
            } else {
                format!("{node}: wall clock is led by {much} at {}ppm", event.c)
            }
        }
        what if event.peer == NO_NODE => format!("{node}: {}", what.word()),
        what => format!("{node}: {} {peer}", what.word()),
    }
}
