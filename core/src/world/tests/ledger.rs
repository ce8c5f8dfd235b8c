//! Orders and compaction, shown with a process that does nothing else: told to `add` it writes
//! a record, told to `fold` it writes their sum and compacts what the sum says.

use crate::declare::{Declaration, MessageKind, Order, OrderArgument, Parameter, Sign, Unit};
use crate::machine::{Answer, Command, KeyValue};
use crate::process::{
    Context, Inspection, NodeId, Process, Refusal, RequestId, Stored, Wire, WriteId,
};
use crate::protocols::Registered;
use crate::run::Run;
use crate::scenario::ast::OperationCall;
use crate::world::{Protocol, Setup, What};
use alloc::rc::Rc;
use alloc::string::ToString;

/// Nobody sends one.
#[derive(Clone, Debug, Hash)]
struct Silence;

impl Wire for Silence {
    fn kind(&self) -> u8 {
        0
    }
}

#[derive(Clone, Debug, Hash)]
enum Record {
    Add(u64),
    Sum(u64),
}

#[derive(Clone, Debug)]
struct Ledger {
    sum: u64,
    /// Records that were read at boot.
    read: u64,
    first: WriteId,
    many: bool,
}

impl Process for Ledger {
    type Message = Silence;
    type Record = Record;
    type Request = Command;
    type Response = Answer;
    type Timer = ();
    type Config = bool;

    fn boot(
        cx: &mut Context<Self>,
        config: &Rc<bool>,
        disk: &mut dyn Iterator<Item = Stored<'_, Record>>,
    ) -> Result<Self, Refusal> {
        let mut ledger = Ledger { sum: 0, read: 0, first: cx.first_record(), many: **config };
        for stored in disk {
            ledger.read += 1;
            match stored {
                Stored::Record(Record::Add(amount)) => ledger.sum += amount,
                Stored::Record(Record::Sum(sum)) => ledger.sum = *sum,
                Stored::Torn => {}
                Stored::Corrupt => return Err(Refusal("a record is corrupt")),
            }
        }
        Ok(ledger)
    }
    fn on_message(&mut self, _: NodeId, _: &Silence, _: &mut Context<Self>) {}
    fn on_timer(&mut self, (): (), _: &mut Context<Self>) {}
    fn on_request(&mut self, _: RequestId, _: &Command, _: &mut Context<Self>) {}
    fn on_order(&mut self, order: u8, arguments: &[u64], cx: &mut Context<Self>) {
        if order == 0 {
            let amount = arguments[0] * if self.many { 2 } else { 1 };
            self.sum += amount;
            cx.write(Record::Add(amount));
        } else {
            let before = cx.written();
            let sum = cx.write(Record::Sum(self.sum));
            cx.compact(before, sum);
        }
    }
    fn inspect(&self) -> Inspection<()> {
        let fields = [("sum", self.sum), ("read", self.read), ("first", self.first.0)];
        let fields = fields.map(|(name, value)| (name.to_string(), value.to_string())).to_vec();
        Inspection { fields, ..Inspection::default() }
    }
}

struct Ledgers;

impl Protocol for Ledgers {
    type Process = Ledger;
    type Machine = KeyValue;
    type Check = ();
    const DECLARATION: &'static Declaration = &Declaration {
        orders: &[
            Order { name: "add", arguments: &[OrderArgument::Number], label: "", about: "" },
            Order { name: "fold", arguments: &[], label: "Fold", about: "" },
        ],
        parameters: &[Parameter {
            name: "amounts",
            unit: Unit::Choice(&["plain", "double"]),
            default: (0, 0),
            range: (0, 1),
            about: "",
        }],
        ..Declaration::minimal(
            "ledger",
            &[MessageKind { name: "none", sign: Sign::Pulse, label: "" }],
        )
    };
    fn config(setup: &Setup) -> bool {
        setup.parameters[0].0 == 1
    }
    fn request(_: &OperationCall, _: u64) -> Option<Command> {
        None
    }
}

const LEDGERS: &[Registered] = &[Registered::of::<Ledgers>()];

fn play(lines: &str) -> Run {
    let text = alloc::format!("protocol ledger\nnodes 1\ndisk 10ms\n{lines}end 1s\n");
    let mut run = Run::among(&text, LEDGERS).unwrap_or_else(|wrong| panic!("{wrong:#?}"));
    let failed: alloc::vec::Vec<_> = run.finish().into_iter().filter(|v| v.fails).collect();
    assert!(failed.is_empty(), "{failed:#?} in\n{text}");
    run
}

#[test]
fn a_server_does_what_it_is_told() {
    let run = play("at 1ms tell n1 add 3\nat 2ms tell all add 4\nexpect n1 sum 7\n");
    assert_eq!(run.events().iter().filter(|event| event.what == What::Told).count(), 2);
    play("set amounts double\nat 1ms tell n1 add 3\nexpect n1 sum 6\n");
    assert!(run.menu("n1").iter().any(|choice| choice.action == "tell n1 fold"));
}

#[test]
fn who_is_down_hears_no_order_and_who_is_paused_hears_it_later() {
    play("at 1ms kill n1\nat 2ms tell n1 add 3\nat 3ms restart n1\nexpect n1 sum 0\n");
    play(
        "at 1ms pause n1 for 9ms\nat 2ms tell n1 add 3\nexpect n1 sum 0 at 9ms\nexpect n1 sum 3\n",
    );
}

#[test]
fn what_is_compacted_is_gone_once_the_sum_is_on_disk() {
    let adds = "at 1ms tell n1 add 3\nat 20ms tell n1 add 4\nat 40ms tell n1 fold\n";
    // The sum is the third record; it is on disk after 50 ms.
    play(&alloc::format!(
        "{adds}at 60ms crash n1\nat 70ms restart n1\n\
         expect n1 sum 7\nexpect n1 read 1\nexpect n1 first 3\n"
    ));
    // What is gone can't rot.
    play(&alloc::format!(
        "{adds}at 60ms disk n1 corrupts 3\nat 61ms kill n1\nat 70ms restart n1\nexpect n1 sum 7 at 60ms\n"
    ));
    // A process that dies has written it: the next boot syncs it, and it counts.
    play(&alloc::format!(
        "{adds}at 45ms kill n1\nat 70ms restart n1\nat 80ms kill n1\nat 90ms restart n1\n\
         expect n1 sum 7\nexpect n1 read 1\n"
    ));
    // A disk that lies has the sum in its cache only, and the power cut empties that.
    play(&alloc::format!(
        "{adds}at 39ms disk n1 lies for 100ms\nat 60ms crash n1\nat 200ms restart n1\n\
         expect n1 sum 7\nexpect n1 first 1\n"
    ));
}

#[test]
fn a_power_cut_before_the_sum_is_on_disk_removes_nothing() {
    for seed in 0..20 {
        // Whether the unsynced sum survives is drawn; the ledger is the same either way.
        let run = play(&alloc::format!(
            "seed {seed}\nat 1ms tell n1 add 3\nat 20ms tell n1 add 4\nat 40ms tell n1 fold\n\
             at 45ms crash n1\nat 70ms restart n1\nexpect n1 sum 7\n"
        ));
        let disk = &run.world().kernel.node(NodeId(0)).disk;
        assert_eq!(disk.compacted, if disk.written == 3 { 2 } else { 0 }, "seed {seed}");
    }
}
