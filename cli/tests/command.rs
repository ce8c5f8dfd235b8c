//! The command as scripts see it: what it prints, and its exit codes.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

const HOLDS: i32 = 0;
const VIOLATED: i32 = 1;
const UNREADABLE: i32 = 3;

const GOOD: &str = "\
scenario \"Good\"
protocol raft
seed 7
client c1 every 100ms put x
when leader say \"{node} leads.\" \"In term {term}.\"
at 900ms crash leader
end 2s

expect linearizable
";

/// What one call printed.
struct Said {
    code: i32,
    out: String,
    err: String,
}

fn call(arguments: &[&str], input: &str) -> Said {
    let mut child = Command::new(env!("CARGO_BIN_EXE_happens-before"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    // A command that does not read its input has closed the pipe: that is its right.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    let output = child.wait_with_output().expect("the command ends");
    Said {
        code: output.status.code().expect("an exit code"),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// A fresh folder with these files.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    for (file, text) in files {
        let path = folder.join(file);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
    folder
}

#[test]
fn a_run_tells_its_story_and_its_verdicts() {
    let said = call(&["run", "-"], GOOD);
    assert_eq!(said.code, HOLDS, "{}", said.err);
    for part in ["Good\nraft, 3 nodes, seed 7\n", "leads.”", "“In term 1.”", "> crash leader (n"]
    {
        assert!(said.out.contains(part), "{part} in {}", said.out);
    }
    let digest = call(&["digest", "-"], GOOD).out;
    assert!(said.out.ends_with(&format!("digest {digest}")));

    let json: serde_json::Value =
        serde_json::from_str(&call(&["run", "--json", "-"], GOOD).out).expect("JSON");
    assert_eq!(json["status"], "holds");
    assert_eq!(json["digest"], digest.trim());
    assert_eq!(json["ended_us"], 2_000_000);
    assert!(json["story"].as_array().is_some_and(|story| story.len() > 3));
}

#[test]
fn a_run_can_be_recorded() {
    let path = folder("recorded", &[("good.hb", GOOD)]).join("run.jsonl");
    let name = path.display().to_string();
    let said = call(&["run", "-", "--trace", &name], GOOD);
    assert_eq!(said.code, HOLDS, "{}", said.err);
    let file = std::fs::read_to_string(&path).expect("a file");
    let lines: Vec<serde_json::Value> =
        file.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines[0]["format"], "happens-before-trace");
    assert_eq!(lines[1]["kind"], "boot");
    assert_eq!(lines[lines.len() - 1]["end"], 2_000_000);

    let said = call(&["run", "-", "--trace", "/no/such/folder/run.jsonl"], GOOD);
    assert_eq!(said.code, UNREADABLE);
    assert!(said.err.contains("cannot write"), "{}", said.err);
}

#[test]
fn a_digest_is_16_hex_digits_and_nothing_else() {
    let said = call(&["digest", "-"], GOOD);
    assert_eq!((said.code, said.out.len()), (HOLDS, 17));
    assert!(said.out.trim_end().chars().all(|c| c.is_ascii_hexdigit()));
    let other = call(&["digest", "-"], &GOOD.replace("seed 7", "seed 8"));
    assert_ne!(said.out, other.out);
}

#[test]
fn exit_codes() {
    let unmet = GOOD.replace("expect linearizable", "expect no leader at 1900ms");
    let unexpected = GOOD.replace("expect linearizable", "expect violated one leader per term");
    for (text, code) in [
        (GOOD, HOLDS),
        (&unmet, VIOLATED),
        (&unexpected, VIOLATED),
        ("protocol rft\n", UNREADABLE),
        ("", UNREADABLE),
    ] {
        assert_eq!(call(&["run", "-"], text).code, code, "{text}");
    }
    assert_eq!(call(&["run", "/no/such/file.hb"], "").code, UNREADABLE);
    assert_eq!(call(&["no-such-command"], "").code, UNREADABLE);
    assert_eq!(call(&["--help"], "").code, HOLDS);
}

#[test]
fn a_wrong_line_is_shown_as_a_compiler_shows_it() {
    let said = call(&["run", "-"], &GOOD.replace("crash leader", "crsh leader"));
    assert_eq!((said.code, said.out.as_str()), (UNREADABLE, ""));
    assert!(said.err.contains(" --> -:6:10\n"), "{}", said.err);
    assert!(said.err.contains("Did you mean crash?"), "{}", said.err);
}

#[test]
fn a_test_reads_files_and_markdown_below_a_folder() {
    let markdown = format!("# Text\n\n```happens-before\n{GOOD}```\n");
    let files = [("a.hb", GOOD), ("deep/b.md", markdown.as_str()), ("deep/.hidden/c.hb", "?")];
    let good = folder("good", &files);
    let said = call(&["test", &good.display().to_string()], "");
    assert_eq!(said.code, HOLDS, "{}", said.out);
    assert!(said.out.ends_with("2 of 2 scenarios pass\n"), "{}", said.out);
    assert!(said.out.contains("b.md:4  Good"), "{}", said.out);
}

#[test]
fn a_test_fails_on_everything_that_is_not_true() {
    let idle = GOOD.replace("crash leader", "heal");
    let silent = GOOD.replace("when leader say", "when partition say");
    for (name, text, line, problem) in [
        ("unmet", GOOD.replace("expect linearizable", "expect n1 term 9"), 9, "expect n1 term 9"),
        ("idle", idle, 6, "this line has no effect"),
        ("silent", silent.replace("{node}", "It").replace("{term}", "1"), 5, "never spoken"),
        ("unknown", GOOD.replace("crash", "explode"), 6, "column 10"),
    ] {
        let markdown = format!("text\n```happens-before\n{text}```\n");
        let place = folder(name, &[("a.hb", text.as_str()), ("b.md", markdown.as_str())]);
        let said = call(&["test", &place.display().to_string()], "");
        assert_eq!(said.code, if name == "unknown" { UNREADABLE } else { VIOLATED }, "{name}");
        let in_file = format!("a.hb:{line}: ");
        let in_markdown = format!("b.md:{}: ", line + 2);
        for part in [in_file.as_str(), in_markdown.as_str(), problem, "0 of 2 scenarios pass"] {
            assert!(said.out.contains(part), "{name}: {part} in {}", said.out);
        }
    }
    let empty = folder("empty", &[("readme.md", "nothing here\n")]);
    assert_eq!(call(&["test", &empty.display().to_string()], "").code, UNREADABLE);
}

#[test]
fn formatting_is_the_canonical_text() {
    let crooked = GOOD.replace("at 900ms crash", "at   0.9s   crash");
    assert_eq!(call(&["fmt", "-"], &crooked).out, GOOD);
    assert_eq!(call(&["fmt", "--check", "-"], &crooked).code, VIOLATED);
    assert_eq!(call(&["fmt", "--check", "-"], GOOD).code, HOLDS);
    let place = folder("fmt", &[("a.hb", crooked.as_str())]).join("a.hb");
    assert_eq!(call(&["fmt", "--write", &place.display().to_string()], "").code, HOLDS);
    assert_eq!(std::fs::read_to_string(place).expect("the file"), GOOD);
}

#[test]
fn the_catalogue_names_files_that_exist() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let said = call(&["catalogue"], "");
    assert_eq!(said.code, HOLDS);
    assert!(said.out.lines().count() >= 5);
    for line in said.out.lines() {
        let (name, path) = line.split_once('\t').expect("a tab");
        assert!(root.join(path).is_file() && path.ends_with(&format!("/{name}.hb")), "{line}");
    }
}

/// A cluster in which half of the servers elect a leader.
const BROKEN: &str = "\
protocol raft with bug half-is-enough
nodes 4
seed 1
client c1 every 100ms put x
at 1s partition n1 n2 | n3 n4
at 3s heal
end 4s
";

#[test]
fn a_sweep_goes_on_where_it_stopped_and_shards_make_a_whole() {
    let folder = folder("resume", &[("good.hb", GOOD), ("half.jsonl", ""), ("all.jsonl", "")]);
    let path = |file: &str| folder.join(file).display().to_string();
    let (good, half, all) = (path("good.hb"), path("half.jsonl"), path("all.jsonl"));
    let chaos = ["--chaos", "intensity=3 crash partition"];
    let sweep = |more: &[&str]| {
        let arguments = [&["sweep", &good, "--seeds", "0..230"], &chaos[..], more].concat();
        call(&arguments, "")
    };
    let whole = sweep(&["--json"]);
    assert_eq!(whole.code, HOLDS, "{}{}", whole.out, whole.err);
    assert!(whole.out.contains("\"runs\": 230"), "{}", whole.out);
    let first = sweep(&["--shard", "1/2", "--resume", &half]);
    assert_eq!(first.code, HOLDS, "{}{}", first.out, first.err);
    let second = sweep(&["--shard", "2/2", "--resume", &all]);
    assert_eq!(second.code, HOLDS, "{}{}", second.out, second.err);
    // Put behind one another, and half a line from a machine that was switched off.
    let read = |file: &str| std::fs::read_to_string(file).expect("a file");
    let notes = read(&all) + &read(&half) + "{\"of\":\"12";
    let pieces = notes.lines().count() - 1;
    assert_eq!(pieces, 6, "three pieces for each shard");
    std::fs::write(&all, &notes).expect("a file");
    let summed = sweep(&["--json", "--resume", &all]);
    assert_eq!(summed.out, whole.out, "nothing is played, all is known");
    assert_eq!(read(&all), notes + "\n");
    let other = call(&["sweep", &good, "--seeds", "0..230", "--json", "--resume", &all], "");
    assert_eq!(other.code, HOLDS, "notes of other texts do not count: {}", other.err);
    assert_eq!(read(&all).lines().count(), pieces + 1 + 3);
}

#[test]
fn a_sweep_tells_of_a_violation_all_that_one_needs() {
    let folder = folder("violated", &[("broken.hb", BROKEN)]);
    let broken = folder.join("broken.hb").display().to_string();
    let said = call(&["sweep", &broken, "--seeds", "0..20"], "");
    assert_eq!(said.code, VIOLATED, "{}{}", said.out, said.err);
    for part in [
        "violated: Acknowledged is on disk",
        "| happens-before run -",
        "    expect violated acknowledged is on disk",
        "watch it: https://",
        "#1=",
    ] {
        assert!(said.out.contains(part), "{part}\n{}", said.out);
    }
    let plain = call(&["sweep", &broken, "--seeds", "0..20", "--no-shrink"], "");
    assert!(!plain.out.contains("watch it"), "{}", plain.out);
}

#[test]
fn exploring_prints_a_small_text_that_runs() {
    let said = call(&["explore", "-", "--seeds", "0..50", "--threads", "2"], BROKEN);
    assert_eq!(said.code, VIOLATED, "{}{}", said.out, said.err);
    assert!(said.err.contains("“Acknowledged is on disk” is violated"), "{}", said.err);
    assert!(said.out.contains("expect violated acknowledged is on disk"), "{}", said.out);
    let again = call(&["explore", "-", "--seeds", "0..50", "--threads", "1"], BROKEN);
    assert_eq!(again.out, said.out, "the number of threads does not matter");
    let run = call(&["run", "-"], &said.out);
    assert_eq!(run.code, HOLDS, "it expects its violation: {}{}", run.out, run.err);
    let whole = BROKEN.replace(" with bug half-is-enough", "");
    let holds = call(&["explore", "-", "--seeds", "0..20"], &whole);
    assert_eq!((holds.code, holds.out.as_str()), (HOLDS, ""), "{}", holds.err);
    let none = call(&["explore", "-", "--check", "no such thing"], BROKEN);
    assert_eq!(none.code, UNREADABLE, "{}", none.err);
    let chaos = call(&["explore", "-", "--chaos", "intensty=5"], BROKEN);
    assert_eq!(chaos.code, UNREADABLE);
    assert!(chaos.err.contains("intensity"), "{}", chaos.err);
}

#[test]
fn a_check_asked_for_by_name_counts_where_it_is_not_promised() {
    let text = "protocol dynamo\nnodes 3\nlatency 10ms..200ms\nlatency c1->n1 1ms\n\
                latency c2->n2 1ms\nlatency n2->c2 1ms\nset client-timeout 10s\n\
                client c1 at n1 every 300ms put x\nclient c2 at n2 every 40ms get x\nend 3s\n";
    let seeds = ["explore", "-", "--seeds", "0..100"];
    assert_eq!(call(&seeds, text).code, HOLDS, "nobody promises one copy");
    let said = call(&[&seeds[..], &["--check", "clients see one copy"]].concat(), text);
    assert_eq!(said.code, VIOLATED, "{}{}", said.out, said.err);
    assert!(said.out.contains("expect violated clients see one copy"), "{}", said.out);
    assert_eq!(call(&["run", "-"], &said.out).code, HOLDS, "{}", said.out);
}

#[test]
fn a_history_is_held_against_the_consistency_that_is_asked_for() {
    // Two transactions miss each other's appends, and a third sees both.
    let history = "\
{:process 0 :type :invoke :f :txn :value [[:r x nil] [:append y 1]]}
{:process 1 :type :invoke :f :txn :value [[:r y nil] [:append x 1]]}
{:process 0 :type :ok :f :txn :value [[:r x []] [:append y 1]]}
{:process 1 :type :ok :f :txn :value [[:r y []] [:append x 1]]}
";
    let said = call(&["check", "-"], history);
    assert_eq!(said.code, VIOLATED, "{}", said.err);
    assert!(said.out.starts_with("impossible under strict serializable: 2 operations"));
    assert!(said.out.contains("T1 < T2, because T1 observed the initial nil of x"), "{}", said.out);
    let snapshots = call(&["check", "-", "--consistency", "snapshot-isolation", "--json"], history);
    assert_eq!(snapshots.code, HOLDS, "{}", snapshots.err);
    assert!(snapshots.out.contains("\"anomalies\":[\"G2-item\"]"), "{}", snapshots.out);
    let wrong = call(&["check", "-", "--consistency", "causal"], history);
    assert_eq!(wrong.code, UNREADABLE);
    assert!(wrong.err.contains("list-append is not judged as causal, but as strict-serializable"));
}

#[test]
fn comparing_sets_protocols_side_by_side() {
    let said = call(&["compare", "-", "--protocols", "raft,primary-backup"], GOOD);
    assert_eq!(said.code, HOLDS, "{}{}", said.out, said.err);
    for part in ["Raft", "Primary-backup", "messages between servers", "time without service"] {
        assert!(said.out.contains(part), "{part}\n{}", said.out);
    }
    let call = |more: &[&str]| call(&[&["compare", "-", "--json"], more].concat(), GOOD);
    let seeds = call(&["--seeds", "0..3"]);
    assert_eq!(seeds.code, HOLDS, "{}", seeds.err);
    assert!(seeds.out.contains("\"runs\": 3") && seeds.out.contains("\"messages\""));
    assert_eq!(call(&["--protocols", "raftt"]).code, UNREADABLE);
}

#[test]
fn a_log_with_vector_clocks_is_put_in_order() {
    let log = "a {\"a\":1} asks\nb {\"a\":1,\"b\":1} hears\nb {\"b\":2,\"a\":1} acts\nnoise\n\
        a {\"a\":2} waits\n";
    let parser = r"(?<host>\w+) (?<clock>{.*}) (?<event>.*)";
    let said = call(&["causal", "-", "--parser", parser, "--relation", "a#2", "b#2"], log);
    assert_eq!(said.code, HOLDS, "{}", said.err);
    assert_eq!(
        said.out,
        "4 events on 2 hosts: a 2, b 2\n1 edge between hosts\n2 of 6 pairs are concurrent\n\
         a#2 (line 5): waits\nb#2 (line 3): acts\na#2 and b#2 are concurrent\n\
         warning: line 4: this line holds text that is part of no event\n"
    );
    let json = call(&["causal", "-", "--json", "--parser", parser], log).out;
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!((&json["edges"], &json["concurrent"]), (&1.into(), &2.into()));
    let wrong = call(&["causal", "-", "--parser", parser], &log.replace("\"b\":2", "\"b\":3"));
    assert_eq!(wrong.code, UNREADABLE);
    assert!(wrong.err.contains("line 3: host \"b\" counts 3 here"), "{}", wrong.err);
}

#[test]
fn a_table_of_quorums_is_computed_anew() {
    let table = "vote cfg=(1,2,3) votes=(y,y,_)\n----\nVoteWon\n";
    assert_eq!(call(&["quorum", "-"], table).code, HOLDS);
    let wrong = call(&["quorum", "-"], &table.replace("Won", "Lost"));
    assert_eq!(wrong.code, VIOLATED);
    assert!(wrong.out.starts_with("line 3: the table says \"VoteLost\", it is \"VoteWon\"\n"));
    assert_eq!(call(&["quorum", "-"], "vote").code, UNREADABLE);
}

#[test]
fn a_run_is_written_for_other_tools() {
    let export = |form: &str, arguments: &[&str]| {
        let said = call(&[&["export", "-", "--as", form], arguments].concat(), GOOD);
        assert_eq!(said.code, HOLDS, "{}", said.err);
        said.out
    };
    let history = export("jepsen", &[]);
    let checked = call(&["check", "-"], &history);
    assert_eq!(checked.code, HOLDS, "{}{}", checked.out, checked.err);
    assert!(call(&["causal", "-"], &export("shiviz", &["--until", "1s"])).code == HOLDS);
    assert!(export("mermaid", &["--until", "500ms"]).starts_with("sequenceDiagram\n"));
    assert!(export("json", &[]).contains("\"format\":\"happens-before-trace\""));
    assert_eq!(call(&["export", "-", "--as", "json", "--until", "soon"], GOOD).code, UNREADABLE);
}
