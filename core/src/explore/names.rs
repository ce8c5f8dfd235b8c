//! Whom a line is about: its selectors, and its names, to be resolved, renamed or taken out.
//! Exhaustive on purpose: whoever adds a line says here whom it names. Never plays anything.

use crate::scenario::ast::*;
use alloc::vec::Vec;

/// The selectors of an action whose nodes are each acted on; a partition's are groups.
pub fn selector_mut(action: &mut Action) -> Option<&mut Selector> {
    match action {
        Action::Crash(who)
        | Action::Kill(who)
        | Action::Restart(who)
        | Action::Pause(who, _)
        | Action::Suspend(who, _)
        | Action::Resume(who)
        | Action::Slow(who, ..)
        | Action::Wipe(who)
        | Action::Disk(who, ..)
        | Action::Drift(who, _)
        | Action::Step(who, _)
        | Action::Slew(who, ..)
        | Action::Tell(who, _)
        | Action::Timeout(who) => Some(who),
        Action::Cut { .. }
        | Action::Clog { .. }
        | Action::Network(..)
        | Action::Heal(_)
        | Action::HealCore
        | Action::Adversary(_)
        | Action::Partition(_)
        | Action::Request(..)
        | Action::Fate(..)
        | Action::Deliver(_)
        | Action::Say(..) => None,
    }
}

/// The same line with other names; none when it is about nobody any more. `to` gives a node's
/// new name, or none when the node is gone.
pub fn renamed(kind: &Kind, to: &impl Fn(Name) -> Option<Name>) -> Option<Kind> {
    let mut kind = kind.clone();
    let lasts = match &mut kind {
        Kind::Network { link, .. } => link.as_mut().is_none_or(|link| rename_link(link, to)),
        Kind::Client { name, at, .. } => {
            *at = at.and_then(to);
            rename(name, to)
        }
        Kind::Log { node, .. } => rename(node, to),
        Kind::At { action, .. } => rename_action(action, to),
        Kind::Fate { message, .. } => rename_link(&mut message.link, to),
        Kind::When { event, then, .. } => {
            event.of.as_mut().is_none_or(|of| rename(of, to)) && rename_action(then, to)
        }
        Kind::Expect(expectation) => match expectation {
            Expectation::Finally(property) | Expectation::At(property, _) => {
                rename_property(property, to)
            }
            Expectation::Within(property, _, event) => {
                event.of.as_mut().is_none_or(|of| rename(of, to)) && rename_property(property, to)
            }
            Expectation::Violated(..) => true,
        },
        Kind::Always(property) | Kind::Never(property) => rename_property(property, to),
        Kind::Blank
        | Kind::Title(_)
        | Kind::Protocol { .. }
        | Kind::Nodes(_)
        | Kind::Seed(_)
        | Kind::Disk(_)
        | Kind::Timing(_)
        | Kind::Failures(_)
        | Kind::Set { .. }
        | Kind::Chaos(_)
        | Kind::End(_) => true,
    };
    lasts.then_some(kind)
}

fn rename(name: &mut Name, to: &impl Fn(Name) -> Option<Name>) -> bool {
    let new = to(*name);
    *name = new.unwrap_or(*name);
    new.is_some()
}

fn rename_link(link: &mut Link, to: &impl Fn(Name) -> Option<Name>) -> bool {
    rename(&mut link.from, to) && rename(&mut link.to, to)
}

/// Names of a selector; a selector by role stays as it is.
fn rename_selector(who: &mut Selector, to: &impl Fn(Name) -> Option<Name>) -> bool {
    let Selector::Names(names) = who else { return true };
    *names = names.iter().filter_map(|&name| to(name)).collect();
    !names.is_empty()
}

fn rename_action(action: &mut Action, to: &impl Fn(Name) -> Option<Name>) -> bool {
    if let Some(who) = selector_mut(action) {
        return rename_selector(who, to);
    }
    match action {
        Action::Cut { a, b, .. } | Action::Clog { a, b, .. } | Action::Heal(Some((a, b))) => {
            rename(a, to) && rename(b, to)
        }
        Action::Network(link, _) => link.as_mut().is_none_or(|link| rename_link(link, to)),
        Action::Partition(groups) => {
            groups.retain_mut(|group| rename_selector(group, to));
            groups.len() > 1
        }
        Action::Request(name, _) => rename(name, to),
        Action::Fate(_, message) | Action::Deliver(message) => rename_link(&mut message.link, to),
        _ => true,
    }
}

fn rename_property(property: &mut Property, to: &impl Fn(Name) -> Option<Name>) -> bool {
    match property {
        Property::Leader(Some(node)) | Property::Field { node, .. } => rename(node, to),
        _ => true,
    }
}

/// The scenario without one server: lines about it alone are gone, higher numbers move down.
pub fn without_server(scenario: &Scenario, gone: Name) -> Scenario {
    let to = |name: Name| match name.prefix == gone.prefix {
        true if name.number == gone.number => None,
        true if name.number > gone.number => Some(Name { number: name.number - 1, ..name }),
        _ => Some(name),
    };
    let fewer = scenario.nodes().saturating_sub(1);
    let mut smaller = without(scenario, &to);
    for statement in &mut smaller.statements {
        if let Kind::Nodes(nodes) = &mut statement.kind {
            *nodes = fewer;
        }
    }
    smaller
}

/// The scenario without one client and all lines about it alone.
pub fn without_client(scenario: &Scenario, gone: Name) -> Scenario {
    without(scenario, &|name| (name != gone).then_some(name))
}

fn without(scenario: &Scenario, to: &impl Fn(Name) -> Option<Name>) -> Scenario {
    let kept = scenario.statements.iter().filter_map(|statement| {
        let kind = renamed(&statement.kind, to)?;
        Some(Statement { kind, comment: statement.comment.clone() })
    });
    Scenario { statements: kept.collect::<Vec<_>>() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::DECLARATIONS;
    use crate::scenario::{name, parse};
    use alloc::string::ToString;

    #[test]
    fn a_node_goes_with_the_lines_about_it_alone() {
        let text = "protocol raft\nnodes 4\nclient c1 at n2\nclient c2\nlatency n2->n3 5ms\n\
                    log n3 1 1\ndrop n2->n1 append #4\nat 1s crash n2 n4\nat 2s kill n2\n\
                    at 3s partition n2 | n3 | n1 c2\nat 4s partition n2 | n1\nat 5s cut n3--n4\n";
        let scenario = parse(text, DECLARATIONS).expect("parses");
        let gone = without_server(&scenario, name("n2").expect("a name")).to_string();
        let left = "protocol raft\nnodes 3\nclient c1\nclient c2\nlog n2 1 1\nat 1s crash n3\n\
                    at 3s partition n2 | n1 c2\nat 5s cut n2--n3\n";
        assert_eq!(gone, left);
        let smaller = without_client(&scenario, name("c2").expect("a name")).to_string();
        assert_eq!(
            smaller,
            text.replace("client c2\n", "").replace("n1 c2\n", "n1\n"),
            "only what was about it"
        );
    }
}
