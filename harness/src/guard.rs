//! A panic of the code under test becomes words: what it said and where. The panic hook of
//! the program stays in force for every other panic. Never swallows a panic of our own.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    static WATCHING: Cell<bool> = const { Cell::new(false) };
    static SAID: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Calls into a process or one of its checks.
pub fn guard(call: &mut dyn FnMut()) -> Result<(), String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |info| if WATCHING.get() { note(info) } else { before(info) }));
    });
    WATCHING.set(true);
    // What it leaves half done belongs to a node that halts at once.
    let outcome = catch_unwind(AssertUnwindSafe(call));
    WATCHING.set(false);
    outcome.map_err(|_| SAID.take())
}

fn note(info: &PanicHookInfo<'_>) {
    let said = info.payload_as_str().unwrap_or("without a message");
    let place = info.location().map_or(String::new(), |at| format!(" at {at}"));
    SAID.set(format!("it panicked{place}: {said}"));
}
