//! What is written for other tools says what the run says: read back, it gives the same relations
//! and the same verdicts.

use happens_before::catalogue::CATALOGUE;
use happens_before::declare::Declaration;
use happens_before::draw::{Purpose, below, draw};
use happens_before::export::{LINES_MAX, jepsen, mermaid, shiviz};
use happens_before::run::{Outcome, Run};
use happens_before::stamps::Relation;
use happens_before_histories::causal::{Options, causal};
use happens_before_histories::{Options as CheckOptions, check};

/// A scenario of the catalogue, played to its end.
fn played(name: &str) -> Run {
    let entry = CATALOGUE.iter().find(|entry| entry.name == name).unwrap();
    let mut run = Run::new(entry.text).unwrap();
    run.finish();
    run
}

#[test]
fn a_shiviz_log_keeps_every_relation() {
    const SEED: u64 = 7;
    println!("seed {SEED}");
    for name in ["leader-dies", "two-clocks", "kip-101-loss", "money-in-flight"] {
        let mut run = played(name);
        // The log is read anew for each pair.
        run.seek(run.time_us().min(1_000_000));
        let stamps = run.stamps();
        let log = shiviz(&run);
        let report = causal(&log, &Options::default()).unwrap();
        assert_eq!((report.warnings_total, report.unmatched_lines), (0, 0), "{name}");
        // First events of all steps, and what each is called: host#n.
        let firsts = (0..run.events().len() as u32)
            .filter(|&id| stamps.step_of(id).is_some_and(|(first, _)| first == id));
        let steps: Vec<(u32, String)> = firsts
            .map(|id| {
                let node = run.events()[id as usize].node.index();
                let count = stamps.counts(id).unwrap()[node];
                (id, format!("{}#{count}", run.names()[node]))
            })
            .collect();
        assert_eq!(report.events, steps.len(), "{name}");
        for k in 0..12 {
            let pick = |of: u64| {
                below(draw(SEED, Purpose::Generate, &[k, of]), steps.len() as u64) as usize
            };
            let ((a, a_name), (b, b_name)) = (&steps[pick(0)], &steps[pick(1)]);
            let expected = match stamps.relation(*a, *b).unwrap() {
                Relation::Same => "same",
                Relation::Before(_) => "before",
                Relation::After(_) => "after",
                Relation::Concurrent => "concurrent",
            };
            let relation = Some((a_name.clone(), b_name.clone()));
            let report = causal(&log, &Options { relation, ..Options::default() }).unwrap();
            assert_eq!(report.relation.unwrap().relation, expected, "{name}: {a_name} {b_name}");
        }
    }
}

fn is_key_value(declaration: &Declaration) -> bool {
    let known = ["put", "get", "cas", "append"];
    !declaration.operations.is_empty()
        && declaration.operations.iter().all(|it| known.contains(&it.name))
}

#[test]
fn a_jepsen_history_has_the_verdict_of_its_run() {
    let (mut holds, mut violated) = (0, 0);
    for entry in CATALOGUE {
        let mut run = Run::new(entry.text).unwrap();
        if !is_key_value(run.declaration()) {
            continue;
        }
        let verdicts = run.finish();
        let verdict = verdicts.iter().find(|it| it.formal == "Linearizable");
        let Some(outcome) = verdict.map(|it| it.outcome) else { continue };
        let history = jepsen(&run);
        let report = check(&history, &CheckOptions::default());
        let expected = match outcome {
            Outcome::Violated => "violated",
            Outcome::Holds => "ok",
            Outcome::Unknown | Outcome::Pending => continue,
        };
        let name = entry.name;
        let report = report.unwrap_or_else(|wrong| panic!("{name}: {wrong}\n{history}"));
        assert_eq!(report.verdict, expected, "{name}: {}\n{history}", report.reason);
        holds += u32::from(expected == "ok");
        violated += u32::from(expected == "violated");
    }
    assert!(holds >= 20 && violated >= 5, "{holds} {violated}");
}

#[test]
fn a_jepsen_history_tells_of_faults() {
    let history = jepsen(&played("leader-dies"));
    let faults: Vec<&str> = history.lines().filter(|line| line.contains(":nemesis")).collect();
    assert!(faults[0].contains(":type :info, :f :crash, :value [\"n"), "{}", faults[0]);
    assert!(history.lines().all(|line| line.starts_with("{:index ") && line.ends_with('}')));
}

/// A statement of a Mermaid sequence diagram, as far as ours have them.
fn is_statement(line: &str, names: &[String]) -> bool {
    let is_name = |name: &str| names.iter().any(|known| known == name);
    let label_is_plain = |label: &str| {
        let entities = label.matches("#35;").count();
        !label.is_empty()
            && label.matches('#').count() == entities
            && label.matches(';').count() == entities
    };
    if let Some(name) = line.strip_prefix("participant ") {
        return is_name(name);
    }
    let Some((head, label)) = line.split_once(": ") else { return false };
    let whom = head.strip_prefix("Note over ");
    let arrow = head.split_once("->>").or_else(|| head.split_once("-x"));
    label_is_plain(label)
        && (whom.is_some_and(|whom| whom.split(',').all(is_name))
            || arrow.is_some_and(|(from, to)| is_name(from) && is_name(to)))
}

#[test]
fn a_mermaid_diagram_is_one_and_is_bounded() {
    let mut cut = 0;
    for entry in CATALOGUE.iter().step_by(3) {
        let mut run = Run::new(entry.text).unwrap();
        run.finish();
        let diagram = mermaid(&run);
        let mut lines = diagram.lines();
        assert_eq!(lines.next(), Some("sequenceDiagram"));
        for line in lines {
            assert!(is_statement(line.trim_start(), run.names()), "{}: {line}", entry.name);
        }
        assert!(diagram.lines().count() <= LINES_MAX + run.names().len() + 2);
        cut += u32::from(diagram.contains(": left out: "));
    }
    assert!(cut > 0);
}
