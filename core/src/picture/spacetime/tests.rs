use super::*;
use crate::run::Run;

const TEXT: &str = "protocol raft\nnodes 3\nclient c1 every 100ms put x\nloss 5%\nend 1s\n";

#[test]
fn every_event_has_one_record_and_each_arrow_an_end() {
    let mut run = Run::new(TEXT).unwrap();
    run.seek(1_000_000);
    let packed = records(run.all_events().iter(), run.declaration());
    assert_eq!(packed.len(), run.all_events().len() * RECORD);
    let mut shapes = [0; 16];
    for (event, record) in run.all_events().iter().zip(packed.chunks(RECORD)) {
        assert_eq!(u64::from(record[0]) | u64::from(record[1]) << 32, event.time_us);
        shapes[(record[4] & 0xff) as usize] += 1;
        let shape = record[4] & 0xff;
        if shape == Shape::Receive as u32 || shape == Shape::Lost as u32 {
            let sent = &packed[record[2] as usize * RECORD..][..RECORD];
            assert_eq!(sent[4] & 0xff, Shape::Send as u32);
            if shape == Shape::Receive as u32 {
                assert_eq!(sent[4] >> 8, record[4] >> 8, "kind, sign and line are the same");
            }
        }
    }
    for shape in [Shape::Send, Shape::Receive, Shape::Lost, Shape::Timeout, Shape::Commit] {
        assert!(shapes[shape as usize] > 0, "{shape:?}");
    }
}
