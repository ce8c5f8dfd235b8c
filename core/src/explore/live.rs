//! Liveness in the manner of TigerBeetle's VOPR: a random run whose faults end, after which a
//! drawn core is made whole while the rest stays broken, and progress is demanded within a bound
//! that the text states. Only rewrites a text; what makes a core stands in `world`.

use crate::declare::{Parameter, Unit};
use crate::protocols::DECLARATIONS;
use crate::scenario::ast::*;
use alloc::string::ToString;
use alloc::vec;
use alloc::vec::Vec;

/// Progress is demanded within so many of the longest election timeouts, ...
const ELECTIONS: u64 = 20;
/// ... and so many tries of a client at every server.
const ROUNDS: u64 = 4;

/// The same run with its faults over by two thirds of it, a core healed, and progress demanded.
pub fn demand_progress(scenario: Scenario) -> Scenario {
    ask_for_progress(scenario, |bound_us, gst_us| Timing::Partial { bound_us, gst_us })
}

/// The same in another system, made of the bound that messages get and of the time at which the
/// faults are over.
pub(super) fn ask_for_progress(
    mut scenario: Scenario,
    timing: impl Fn(u64, u64) -> Timing,
) -> Scenario {
    let latency = scenario.latency();
    let (bound_us, sync_us) = (latency.high.max(500) * 2, scenario.disk().high);
    let end_us = scenario.end_us().unwrap_or(10_000_000);
    let core_us = (end_us / 1_500).max(10) * 1_000;
    let calm_us = core_us * 8 / 10;
    let round_us = 2 * (bound_us + sync_us);
    let election_us = patient(&mut scenario, "election-timeout", 3 * round_us);
    let try_us = patient(&mut scenario, "client-timeout", 3 * round_us);
    patient(&mut scenario, "round-timeout", 2 * round_us);
    // Proposers that come back at once outbid each other for ever.
    widen(&mut scenario, "back-off", 4 * round_us);
    for statement in &mut scenario.statements {
        match &mut statement.kind {
            Kind::At { time_us, action }
                if *time_us > calm_us && !matches!(action, Action::Request(..)) =>
            {
                statement.kind = Kind::Blank;
            }
            // The core is a majority of all servers: they are the members, and stay so.
            Kind::At { action: Action::Tell(_, order), .. }
                if ["add", "remove", "learner", "members"].contains(&order.name.as_str()) =>
            {
                statement.kind = Kind::Blank;
            }
            Kind::Set { name, .. } if name == "members" => statement.kind = Kind::Blank,
            Kind::When { by_us, .. } => *by_us = Some(by_us.map_or(calm_us, |us| us.min(calm_us))),
            Kind::Chaos(chaos) => chaos.until_us = Some(calm_us),
            Kind::End(_) | Kind::Timing(_) | Kind::Expect(_) => statement.kind = Kind::Blank,
            _ => {}
        }
    }
    let servers = u64::from(scenario.nodes());
    let within_us = ELECTIONS * election_us + ROUNDS * (servers + 1) * try_us;
    let clients: Vec<Name> = scenario.clients().map(|client| client.name).collect();
    let at = |action| Kind::At { time_us: core_us, action };
    let core = EventName { name: "core".to_string(), of: None };
    let mut more = vec![
        Kind::Timing(timing(bound_us, core_us - 1)),
        at(Action::HealCore),
        Kind::Expect(Expectation::Within(Property::Progress, within_us, core)),
        Kind::End(core_us + within_us + 1_000),
    ];
    more.extend(clients.into_iter().map(|name| at(Action::Restart(Selector::Names(vec![name])))));
    scenario.statements.retain(|statement| statement.kind != Kind::Blank);
    scenario.statements.extend(more.into_iter().map(|kind| Statement { kind, comment: None }));
    scenario
}

/// Sets a span to at least `least_us`, where the text sets it; its longest value, µs.
fn patient(scenario: &mut Scenario, parameter: &str, least_us: u64) -> u64 {
    let declared = DECLARATIONS.iter().find(|known| known.name == scenario.protocol());
    let ranges = declared.is_some_and(|known| {
        let range = |p: &Parameter| p.name == parameter && p.unit == Unit::DurationRange;
        known.parameters.iter().any(range)
    });
    for statement in &mut scenario.statements {
        if let Kind::Set { name, value: Value::Duration(range) } = &mut statement.kind
            && name == parameter
        {
            range.low = range.low.max(least_us);
            // A wide range, so that one candidate is first.
            range.high = if ranges { range.high.max(2 * range.low) } else { range.low };
            return range.high;
        }
    }
    2 * least_us
}

/// Sets the end of a range to at least `most_us`, where the text sets it.
fn widen(scenario: &mut Scenario, parameter: &str, most_us: u64) {
    for statement in &mut scenario.statements {
        if let Kind::Set { name, value: Value::Duration(range) } = &mut statement.kind
            && name == parameter
        {
            range.high = range.high.max(most_us);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explore::{Extent, judge_run, random_scenario};

    #[test]
    fn a_core_makes_progress() {
        for seed in 0..12 {
            let text = demand_progress(random_scenario(seed, &[])).to_string();
            let report = judge_run(&text, Extent::default()).expect("parses");
            assert!(
                report.holds(),
                "seed {seed}: {:?} {:?}\n{text}",
                report.broken,
                report.violations
            );
            assert!(report.tally.times("faults", "heal core") == 1, "seed {seed}");
        }
    }

    #[test]
    fn a_core_that_makes_none_is_told_of() {
        // Election timeouts shorter than the way: nobody ever leads.
        let text = "protocol raft\nnodes 3\nlatency 40ms..50ms\nclient c1 every 100ms put x\n\
                    set election-timeout 10ms..12ms\nset heartbeat 5ms\nat 1s heal core\n\
                    expect progress within 3s of core\nend 5s\n";
        let report = judge_run(text, Extent::default()).expect("parses");
        assert_eq!(report.broken.len(), 1);
        assert!(report.broken[0].contains("nobody leads"), "{:?}", report.broken);
    }
}
