//! Each workload runs, and finds what it has to find. How fast it is does not matter here.

use std::process::Command;

#[test]
fn every_workload_runs() {
    let binary = env!("CARGO_BIN_EXE_happens-before-bench");
    let out = Command::new(binary).args(["--quick", "--json"]).output().expect("it starts");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let text = String::from_utf8(out.stdout).expect("it is text");
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect();
    for workload in ["register-log", "kv-50-clients-bad", "list-append-20k", "raft-events", "seek"]
    {
        let mut its = lines.iter().filter(|line| line["workload"] == workload);
        assert!(its.all(|line| line["median"].as_f64() > Some(0.0)), "{workload}: {text}");
    }
    assert!(lines.iter().any(|line| line["ratio"]["todc-utils"].is_number()), "{text}");
}
