//! Names of anomalies and of consistency models, and which rule out which. The relations are
//! those of Elle's `consistency_model.clj` (see there for the literature), of the models that
//! these anomalies can tell apart.

use alloc::vec::Vec;

/// The shape of a cycle of dependencies (Adya 1999; G-nonadjacent as Elle has it).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// Of write dependencies alone: write cycle.
    G0,
    /// Of write and read dependencies: circular information flow.
    G1c,
    /// With exactly one anti-dependency: read skew.
    GSingle,
    /// With several anti-dependencies, of which no two are neighbours.
    GNonadjacent,
    /// With anti-dependencies that are neighbours, on single items: write skew.
    G2Item,
}

/// Which orders from outside the data a cycle needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Order {
    /// None.
    Data,
    /// That of a process.
    Process,
    /// That of real time.
    RealTime,
}

/// A kind of anomaly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Anomaly {
    /// A transaction's read contradicts its own earlier operations.
    Internal,
    /// A transaction sees its own write before it makes it.
    FutureRead,
    /// Aborted read: somebody saw a write of a transaction that failed.
    G1a,
    /// Intermediate read: somebody saw a write that was not its transaction's last.
    G1b,
    /// Somebody saw a value that nobody wrote.
    GarbageRead,
    /// A list holds an element more than once.
    DuplicateElements,
    /// What was seen of a list fits no single order of appends.
    IncompatibleOrder,
    /// A committed write stands on top of one that failed.
    DirtyUpdate,
    /// Several transactions read the same version and wrote the next.
    LostUpdate,
    /// A cycle of dependencies.
    Cycle(Shape, Order),
}

impl Anomaly {
    /// The name in the literature.
    pub fn name(self) -> &'static str {
        match self {
            Anomaly::Internal => "internal",
            Anomaly::FutureRead => "future-read",
            Anomaly::G1a => "G1a",
            Anomaly::G1b => "G1b",
            Anomaly::GarbageRead => "garbage-read",
            Anomaly::DuplicateElements => "duplicate-elements",
            Anomaly::IncompatibleOrder => "incompatible-order",
            Anomaly::DirtyUpdate => "dirty-update",
            Anomaly::LostUpdate => "lost-update",
            Anomaly::Cycle(shape, order) => {
                let [data, process, real_time] = match shape {
                    Shape::G0 => ["G0", "G0-process", "G0-realtime"],
                    Shape::G1c => ["G1c", "G1c-process", "G1c-realtime"],
                    Shape::GSingle => ["G-single", "G-single-process", "G-single-realtime"],
                    Shape::GNonadjacent => [
                        "G-nonadjacent-item",
                        "G-nonadjacent-item-process",
                        "G-nonadjacent-item-realtime",
                    ],
                    Shape::G2Item => ["G2-item", "G2-item-process", "G2-item-realtime"],
                };
                match order {
                    Order::Data => data,
                    Order::Process => process,
                    Order::RealTime => real_time,
                }
            }
        }
    }

    /// The weakest models that it rules out.
    fn directly(self) -> &'static [Model] {
        use Model::*;
        match self {
            Anomaly::Internal => &[ReadAtomic],
            Anomaly::FutureRead
            | Anomaly::G1a
            | Anomaly::G1b
            | Anomaly::GarbageRead
            | Anomaly::IncompatibleOrder
            | Anomaly::DirtyUpdate => &[ReadCommitted],
            Anomaly::DuplicateElements => &[ReadUncommitted],
            Anomaly::LostUpdate => &[CursorStability],
            Anomaly::Cycle(shape, Order::Data) => match shape {
                Shape::G0 => &[ReadUncommitted],
                Shape::G1c => &[ReadCommitted],
                Shape::GSingle => &[ConsistentView, RepeatableRead],
                Shape::GNonadjacent => &[SnapshotIsolation, RepeatableRead],
                Shape::G2Item => &[RepeatableRead],
            },
            Anomaly::Cycle(shape, Order::Process) => match shape {
                Shape::G0 => &[StrongSessionReadUncommitted],
                Shape::G1c => &[StrongSessionReadCommitted],
                Shape::GSingle | Shape::GNonadjacent => &[StrongSessionSnapshotIsolation],
                Shape::G2Item => &[StrongSessionSerializable],
            },
            Anomaly::Cycle(shape, Order::RealTime) => match shape {
                Shape::G0 => &[StrongReadUncommitted],
                Shape::G1c => &[StrongReadCommitted],
                Shape::GSingle | Shape::GNonadjacent => &[StrongSnapshotIsolation],
                Shape::G2Item => &[StrictSerializable],
            },
        }
    }
}

/// A consistency model; none implies one that stands after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Model {
    /// PL-1.
    ReadUncommitted,
    /// PL-2.
    ReadCommitted,
    /// A transaction that was seen once stays seen (Bailis et al. 2014).
    MonotonicAtomicView,
    /// A transaction is seen wholly or not at all (Cerone et al. 2015).
    ReadAtomic,
    /// PL-CS.
    CursorStability,
    /// PL-2+.
    ConsistentView,
    /// PL-2.99.
    RepeatableRead,
    /// PL-SI; generalized, as snapshots may be old.
    SnapshotIsolation,
    /// PL-3.
    Serializable,
    /// Read uncommitted, in the order of each process.
    StrongSessionReadUncommitted,
    /// Read committed, in the order of each process.
    StrongSessionReadCommitted,
    /// Snapshot isolation, in the order of each process.
    StrongSessionSnapshotIsolation,
    /// Serializable, in the order of each process.
    StrongSessionSerializable,
    /// Read uncommitted, in the order of real time.
    StrongReadUncommitted,
    /// Read committed, in the order of real time.
    StrongReadCommitted,
    /// Snapshot isolation, in the order of real time.
    StrongSnapshotIsolation,
    /// PL-SS: serializable, in the order of real time.
    StrictSerializable,
}

impl Model {
    /// All of them; none implies one that stands after it.
    pub const ALL: [Model; 17] = [
        Model::ReadUncommitted,
        Model::ReadCommitted,
        Model::MonotonicAtomicView,
        Model::ReadAtomic,
        Model::CursorStability,
        Model::ConsistentView,
        Model::RepeatableRead,
        Model::SnapshotIsolation,
        Model::Serializable,
        Model::StrongSessionReadUncommitted,
        Model::StrongSessionReadCommitted,
        Model::StrongSessionSnapshotIsolation,
        Model::StrongSessionSerializable,
        Model::StrongReadUncommitted,
        Model::StrongReadCommitted,
        Model::StrongSnapshotIsolation,
        Model::StrictSerializable,
    ];

    /// The name in the literature.
    pub fn name(self) -> &'static str {
        match self {
            Model::ReadUncommitted => "read uncommitted",
            Model::ReadCommitted => "read committed",
            Model::MonotonicAtomicView => "monotonic atomic view",
            Model::ReadAtomic => "read atomic",
            Model::CursorStability => "cursor stability",
            Model::ConsistentView => "consistent view",
            Model::RepeatableRead => "repeatable read",
            Model::SnapshotIsolation => "snapshot isolation",
            Model::Serializable => "serializable",
            Model::StrongSessionReadUncommitted => "strong session read uncommitted",
            Model::StrongSessionReadCommitted => "strong session read committed",
            Model::StrongSessionSnapshotIsolation => "strong session snapshot isolation",
            Model::StrongSessionSerializable => "strong session serializable",
            Model::StrongReadUncommitted => "strong read uncommitted",
            Model::StrongReadCommitted => "strong read committed",
            Model::StrongSnapshotIsolation => "strong snapshot isolation",
            Model::StrictSerializable => "strict serializable",
        }
    }

    /// The strongest models that it implies.
    pub fn implies(self) -> &'static [Model] {
        use Model::*;
        match self {
            ReadUncommitted => &[],
            ReadCommitted => &[ReadUncommitted],
            MonotonicAtomicView | CursorStability => &[ReadCommitted],
            ReadAtomic => &[MonotonicAtomicView],
            ConsistentView => &[CursorStability],
            RepeatableRead => &[CursorStability, MonotonicAtomicView],
            SnapshotIsolation => &[ConsistentView, ReadAtomic],
            Serializable => &[RepeatableRead, SnapshotIsolation],
            StrongSessionReadUncommitted => &[ReadUncommitted],
            StrongSessionReadCommitted => &[ReadCommitted, StrongSessionReadUncommitted],
            StrongSessionSnapshotIsolation => &[SnapshotIsolation, StrongSessionReadCommitted],
            StrongSessionSerializable => &[Serializable, StrongSessionSnapshotIsolation],
            StrongReadUncommitted => &[StrongSessionReadUncommitted],
            StrongReadCommitted => &[StrongSessionReadCommitted, StrongReadUncommitted],
            StrongSnapshotIsolation => &[StrongSessionSnapshotIsolation, StrongReadCommitted],
            StrictSerializable => &[StrongSnapshotIsolation, StrongSessionSerializable],
        }
    }
}

/// All models that these anomalies rule out, in the order of [`Model`].
pub(super) fn ruled_out(anomalies: impl Iterator<Item = Anomaly>) -> Vec<Model> {
    let mut out: Vec<Model> = Vec::new();
    let direct: Vec<Model> = anomalies.flat_map(|anomaly| anomaly.directly()).copied().collect();
    for model in Model::ALL {
        // Those that it implies stand before it.
        if direct.contains(&model) || model.implies().iter().any(|weaker| out.contains(weaker)) {
            out.push(model);
        }
    }
    out
}

/// The weakest among models that are ruled out: those that imply no other of them. The rest
/// follows from these.
pub fn weakest(ruled_out: &[Model]) -> Vec<Model> {
    let mut weakest = ruled_out.to_vec();
    weakest.retain(|model| {
        let mut implied = model.implies().to_vec();
        while let Some(weaker) = implied.pop() {
            if ruled_out.contains(&weaker) {
                return false;
            }
            implied.extend_from_slice(weaker.implies());
        }
        true
    });
    weakest
}
