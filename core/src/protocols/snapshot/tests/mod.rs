//! Snapshots as the paper has them: consistent, with what was on its way; each mistake caught.

mod bugs;
mod cuts;

use crate::protocols::testing::{field, play, violated};
use alloc::format;
use alloc::vec::Vec;

/// 10 are on their way from n2 to n1 when n1 records: they are in the channel.
#[test]
fn what_is_on_its_way_is_recorded_in_its_channel() {
    let run = play(
        "protocol snapshot\nnodes 3\nlatency 20ms\nat 100ms tell n2 transfer n1 10\n\
         at 110ms tell n1 snapshot\nend 1s\n",
    );
    assert!(violated(&run).is_empty());
    assert_eq!(field(&run, "n1", "recorded"), "100 and 10");
    assert_eq!(field(&run, "n2", "recorded"), "90");
    assert_eq!(field(&run, "n3", "recorded"), "100");
    assert_eq!(field(&run, "n1", "total"), "300");
    let cuts = run.cuts();
    assert_eq!(cuts.len(), 1);
    assert!(cuts[0].complete && cuts[0].is_consistent());
    assert_eq!((cuts[0].number, cuts[0].events.len(), cuts[0].across.len()), (1, 3, 1));
}

/// One marker along each channel: N(N-1); and a report from each other process.
#[test]
fn a_snapshot_costs_a_marker_for_each_channel() {
    for nodes in [2u64, 3, 5, 8] {
        let run =
            play(&format!("protocol snapshot\nnodes {nodes}\nat 100ms tell n1 snapshot\nend 2s\n"));
        let counts = run.counts();
        let of = |name: &str| counts.kinds.iter().find(|kind| kind.name == name);
        assert_eq!(of("marker").map(|kind| kind.messages), Some(nodes * (nodes - 1)));
        assert_eq!(of("report").map(|kind| kind.messages), Some(nodes - 1));
        assert_eq!(field(&run, "n1", "total"), format!("{}", 100 * nodes));
    }
}

/// Two that begin at once take two snapshots, each of its own number.
#[test]
fn snapshots_do_not_disturb_each_other() {
    let run = play(
        "protocol snapshot\nnodes 4\nclient c1 every 15ms transfer\nclient c2 every 20ms transfer\n\
         at 100ms tell n1 n2 n3 snapshot\nat 110ms tell n1 snapshot\nat 1s pause c1 c2\nend 3s\n",
    );
    assert!(violated(&run).is_empty());
    let cuts = run.cuts();
    let mut numbers: Vec<u64> = cuts.iter().map(|cut| cut.number).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [1, 2, 3, 5]);
    assert!(cuts.iter().all(|cut| cut.complete && cut.is_consistent()));
    assert_eq!(field(&run, "n3", "total"), "400");
}
