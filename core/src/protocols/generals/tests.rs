//! However many acknowledgements: with all messengers through both attack, and without the last
//! one attacks alone.

use crate::run::Run;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// The night with so many acknowledgements and this messenger caught.
fn night(acknowledgements: u64, caught: Option<u64>) -> (Vec<String>, bool) {
    let caught = caught.map_or(String::new(), |number| {
        let (from, to) = if number.is_multiple_of(2) { (1, 2) } else { (2, 1) };
        let (kind, count) = match number {
            0 => ("plan", 1),
            // n1 sends the even ones, the plan among them; n2 the odd ones.
            _ => ("acknowledgement", number.div_ceil(2)),
        };
        format!("drop n{from}->n{to} {kind} #{count}\n")
    });
    let text = format!(
        "protocol two-generals\nnodes 2\nlatency 5ms..10ms\n\
         set acknowledgements {acknowledgements}\n{caught}end 1100ms\n"
    );
    let mut run = Run::new(&text).unwrap_or_else(|wrong| panic!("{wrong:#?} in\n{text}"));
    run.finish();
    assert!(run.without_effect().is_empty(), "{text}");
    let decision = |node: &str| {
        let fields: Vec<_> = run.inspect(node).into_iter().flatten().collect();
        let of = fields.iter().find(|(name, _)| name == "decision");
        of.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    (["n1", "n2"].map(decision).to_vec(), !run.violations().is_empty())
}

#[test]
fn when_all_come_through_both_attack() {
    for acknowledgements in 0..=20 {
        let (decisions, violated) = night(acknowledgements, None);
        assert_eq!((decisions, violated), (["attack", "attack"].map(String::from).to_vec(), false));
    }
}

#[test]
fn the_last_messenger_decides_however_many_there_are() {
    for acknowledgements in 0..=20 {
        let (decisions, violated) = night(acknowledgements, Some(acknowledgements));
        assert!(violated, "{acknowledgements}: {decisions:?}");
        // Whoever sent him attacks.
        let sender = usize::from(!acknowledgements.is_multiple_of(2));
        assert_eq!(decisions[sender], "attack");
        assert_eq!(decisions[1 - sender], "stay");
    }
}

#[test]
fn without_any_other_both_stay() {
    for acknowledgements in 1..=12 {
        for caught in 0..acknowledgements {
            let (decisions, violated) = night(acknowledgements, Some(caught));
            let both = ["stay", "stay"].map(String::from).to_vec();
            assert_eq!((decisions, violated), (both, false), "{caught} of {acknowledgements}");
        }
    }
}
