use super::*;
use crate::run::Run;

#[test]
fn every_text_plays_and_holds() {
    for entry in CATALOGUE {
        let mut run = Run::new(entry.text).expect(entry.name);
        for verdict in run.finish() {
            assert!(!verdict.fails, "{}: {verdict:?}", entry.name);
        }
    }
}
