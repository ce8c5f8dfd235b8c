//! The drawing as a whole: nodes within it and apart, groups, labels, packing.

use super::layout::{Layout, Outline};
use super::*;
use crate::declare::{Family, Sign};
use crate::view::{
    Accused, Ail, Cell, Flight, Ghost, Gone, MessageView, NodeView, Safety, StageView, Status,
    TimerView, Votes,
};
use alloc::format;
use alloc::string::ToString;
use alloc::vec;

fn node(name: &str, family: Family) -> NodeView {
    NodeView {
        name: name.into(),
        status: Status::Up,
        ails: Vec::new(),
        family,
        role: String::new(),
        epoch: u64::from(family != Family::Client),
        epoch_label: if family == Family::Client { String::new() } else { "term 1".into() },
        timer: None,
        votes: None,
        cells: Vec::new(),
        first: 1,
        state: String::new(),
        waiting_since_us: None,
        answer: String::new(),
    }
}

fn stage(servers: usize, clients: usize) -> StageView {
    let mut nodes: Vec<NodeView> =
        (1..=servers).map(|i| node(&format!("n{i}"), Family::Follows)).collect();
    nodes.extend((1..=clients).map(|i| node(&format!("c{i}"), Family::Client)));
    StageView {
        time_us: 660_000,
        nodes,
        rack: "Logs".into(),
        rack_note: String::new(),
        committed: 0,
        groups: Vec::new(),
        cuts: Vec::new(),
        clogs: Vec::new(),
        laws: Vec::new(),
        messages: Vec::new(),
        ghosts: Vec::new(),
        accused: None,
    }
}

fn message(from: u16, to: u16) -> MessageView {
    MessageView {
        id: 7,
        from,
        to,
        kind: 0,
        sign: Sign::Carry,
        epoch: 2,
        number: 5,
        sent_us: 1000,
        planned_us: 3000,
        until_us: 3000,
        flight: Flight::Arrives,
        name: String::new(),
    }
}

const SHAPES: [Shape; 2] = [Shape::Wide, Shape::Phone];

#[test]
fn nodes_stand_apart_and_inside_for_any_number() {
    let counts = (1..=100).map(|n| (n, 3)).chain([(1000, 2), (5, 0), (5, 7), (3, 9), (5, 40)]);
    for ((servers, clients), shape) in counts.flat_map(|c| SHAPES.map(|s| (c, s))) {
        let layout = Layout::new(&stage(servers, clients), shape);
        for (i, a) in layout.spots.iter().enumerate() {
            let (x, y) = a.at;
            let r = if a.outline == Outline::Circle { a.outer() } else { a.r };
            assert!(x - r >= 0.0 && x + r <= layout.ring.width, "{servers} {shape:?} n{i} x");
            assert!(y - r >= 0.0 && y + r <= layout.floor, "{servers} {shape:?} n{i} y");
            for b in &layout.spots[..i] {
                let apart = plane::distance(a.at, b.at);
                let need = match (a.outline, b.outline) {
                    (Outline::Circle, _) | (_, Outline::Circle) => a.outer() + b.outer() - 0.5,
                    _ => (a.r + b.r) * 1.1,
                };
                assert!(apart >= need, "{servers}+{clients} {shape:?}: {apart} < {need}");
            }
        }
    }
}

#[test]
fn node_one_stands_at_twelve_and_the_rest_clockwise() {
    let layout = Layout::new(&stage(5, 1), Shape::Wide);
    assert_eq!(layout.spots[0].at, (318.0, 58.0));
    assert!(layout.spots[1].at.0 > 318.0 && layout.spots[4].at.0 < 318.0);
    assert_eq!(layout.spots[5].at, (54.0, 338.0));
}

#[test]
fn a_message_keeps_right_and_stops_before_the_ring() {
    let view = stage(5, 0);
    for shape in SHAPES {
        let layout = Layout::new(&view, shape);
        for (from, to) in (0..5).flat_map(|a| (0..5).map(move |b| (a, b))).filter(|(a, b)| a != b) {
            let way = route::message(&layout, from, to);
            for (end, spot) in [(way[0], &layout.spots[from]), (way[2], &layout.spots[to])] {
                let apart = plane::distance(end, spot.at) - spot.outer();
                assert!((apart - 8.0).abs() < 1e-6, "{apart}");
            }
            let d = plane::direction(layout.spots[from].at, layout.spots[to].at);
            let right = plane::right_of(d);
            let off = (way[1].0 - layout.spots[from].at.0) * right.0
                + (way[1].1 - layout.spots[from].at.1) * right.1;
            assert!((off - 11.0).abs() < 1e-6);
        }
    }
}

#[test]
fn a_way_bows_around_a_third_node() {
    // In a ring of nine the way from n1 to n3 would run under n2.
    let layout = Layout::new(&stage(9, 0), Shape::Wide);
    let free = |way: &route::Curve, other: usize| {
        (0..=40)
            .map(|k| route::point_at(way, f64::from(k) / 40.0))
            .map(|p| plane::distance(p, layout.spots[other].at) - layout.spots[other].outer())
            .fold(f64::MAX, f64::min)
    };
    assert!(free(&route::link(&layout, 0, 2), 1) >= 15.0);
    // The client at the bottom left, n4 between it and n3; the drawing ends below n4.
    let layout = Layout::new(&stage(5, 1), Shape::Wide);
    let way = route::link(&layout, 5, 2);
    let low = (0..=40).map(|k| route::point_at(&way, f64::from(k) / 40.0).1).fold(0.0, f64::max);
    assert!(low > layout.spots[3].at.1 + layout.spots[3].outer() && low <= layout.floor, "{low}");
    let itself = route::message(&layout, 0, 0);
    assert!(itself.iter().all(|p| p.0.is_finite() && p.1.is_finite()));
}

#[test]
fn labels_say_role_epoch_and_status() {
    let mut leader = node("n3", Family::Leads);
    leader.role = "leader".into();
    assert_eq!(words::node(&leader), "n3, leader of term 1, running");
    leader.status = Status::Paused;
    assert_eq!(words::node(&leader), "n3, leader of term 1, paused");
    leader.status = Status::Down;
    assert_eq!(words::node(&leader), "n3, down");
    assert_eq!(words::node(&node("n1", Family::Follows)), "n1, term 1, running");
    let mut seeker = node("n2", Family::Seeks);
    seeker.role = "candidate".into();
    seeker.votes = Some(Votes { have: 2, need: 3, of: 5 });
    assert_eq!(words::node(&seeker), "n2, candidate of term 1, 2 of 3 votes needed, running");
    let mut client = node("c1", Family::Client);
    client.state = "put x 4".into();
    client.answer = "ok".into();
    assert_eq!(words::node(&client), "c1, client, put x 4 → ok, running");
    client.waiting_since_us = Some(1);
    assert_eq!(words::node(&client), "c1, client, put x 4, waiting, running");
}

#[test]
fn the_frame_is_packed_as_its_strides_say() {
    let mut view = stage(3, 1);
    view.messages = vec![message(0, 1), message(1, 3), message(9, 1)];
    view.messages[1].flight = Flight::Lost;
    view.nodes[1].timer = Some(TimerView { since_us: 10, due_us: 90 });
    view.nodes[2].timer = view.nodes[1].timer;
    view.nodes[2].family = Family::Leads;
    let frame = frame(&view, Shape::Wide);
    assert_eq!(frame[..FRAME_HEADER], [2.0, 1.0], "what names no node is left out");
    assert_eq!(frame.len(), FRAME_HEADER + 2 * MESSAGE_STRIDE + TIMER_STRIDE);
    assert_eq!(frame[2..6], [7.0, 3.0, 2.0, 5.0]);
    assert_eq!(frame[12..16], [1000.0, 3000.0, 3000.0, 0.0]);
    assert_eq!(frame[2 + 2 * MESSAGE_STRIDE - 1], 1.0);
    let timer = &frame[FRAME_HEADER + 2 * MESSAGE_STRIDE..];
    assert_eq!((timer[0], timer[3], timer[4], timer[5]), (1.0, 47.0, 10.0, 90.0));
}

#[test]
fn every_group_is_there_once_and_names_are_escaped() {
    let mut view = stage(3, 1);
    view.nodes[0].name = "<n&1>".into();
    view.nodes[3].state = "put x \"<\"".into();
    view.nodes[1].cells = vec![Cell { epoch: 1, safety: Safety::Committed, label: "x = 3".into() }];
    view.committed = 1;
    view.groups = vec![vec![0], vec![1, 2]];
    view.accused = Some(Accused { nodes: vec![0], cells: vec![(1, 1)], arrows: vec![(0, 1)] });
    view.messages = vec![message(3, 0)];
    let declaration = declaration();
    let svg = poster(&view, &declaration, Shape::Wide);
    for key in ["links", "walls", "accused", "node:n2", "node:c1", "head", "row:n2", "key"] {
        assert_eq!(svg.matches(&format!("data-key=\"{key}\"")).count(), 1, "{key}");
    }
    assert!(svg.contains("data-key=\"node:&lt;n&amp;1&gt;\""));
    assert!(!svg.contains("<n&") && !svg.contains("\"<\""));
    assert!(!svg.contains('#'), "colours come from classes only");
    let file = document(&view, &declaration, Shape::Wide, "A & B");
    assert!(file.contains("A &amp; B") && file.contains("prefers-color-scheme"));
}

fn declaration() -> Declaration {
    const KINDS: &[crate::declare::MessageKind] = &[
        crate::declare::MessageKind { name: "vote", sign: Sign::Ask, label: "vote?" },
        crate::declare::MessageKind { name: "append", sign: Sign::Carry, label: "entry" },
        crate::declare::MessageKind { name: "retry", sign: Sign::Carry, label: "entry" },
    ];
    Declaration {
        name: "test",
        title: "Test",
        version: 1,
        source: "",
        epoch: "term",
        rack: "Logs",
        cells: crate::declare::LOG_CELLS,
        roles: &[],
        services: &[],
        nodes: (1, 9),
        states: &[],
        messages: KINDS,
        events: &[],
        parameters: &[],
        operations: &[],
        orders: &[],
        bugs: &[],
        checks: &[],
        promises: &[],
        starting_log: false,
        faults: crate::declare::FaultModel { beyond: &[], live_while: "" },
    }
}

#[test]
fn the_key_names_each_sign_once() {
    let groups = groups(&stage(3, 0), &declaration(), Shape::Wide);
    let key = groups.iter().find(|g| g.key == "key").map_or("", |g| g.svg.as_str());
    assert_eq!(key.matches(">entry<").count(), 1);
    assert_eq!(key.matches(">vote?<").count(), 1);
}

#[test]
fn what_is_wrong_is_drawn_said_and_in_the_key() {
    let ail = |fault, words: &str| Ail { fault, words: words.to_string() };
    let mut view = stage(5, 1);
    let svg = |view: &StageView, key: &str| {
        let groups = groups(view, &declaration(), Shape::Wide);
        groups.into_iter().find(|group| group.key == key).map(|g| (g.svg, g.label)).unwrap()
    };
    let sound = svg(&view, "node:n2").0;
    let key = svg(&view, "key").0;
    view.nodes[1].ails = vec![ail("disk full", "disk full"), ail("slow", "slow by 5ms")];
    view.nodes[2].status = Status::Paused;
    let paused = svg(&view, "node:n3").0;
    view.nodes[2].ails = vec![ail("suspend", "suspended")];
    let (drawn, said) = svg(&view, "node:n2");
    assert!(drawn.len() > sound.len() && drawn.contains("disk full"));
    assert!(said.ends_with("running, disk full, slow by 5ms"), "{said}");
    assert_ne!(svg(&view, "node:n3").0, paused, "suspended is not paused");
    let told = svg(&view, "key").0;
    for word in ["suspended", "slow"] {
        assert!(told.contains(word) && !key.contains(word), "{word}");
    }
}

#[test]
fn messages_queue_at_the_end_of_a_clogged_link() {
    let mut view = stage(3, 0);
    view.clogs = vec![(0, 1)];
    let waits = |id| MessageView { id, flight: Flight::Waits, ..message(0, 1) };
    view.messages = vec![waits(7), waits(5)];
    let numbers = frame(&view, Shape::Wide);
    let flights: Vec<f64> =
        (0..2).map(|k| numbers[FRAME_HEADER + k * MESSAGE_STRIDE + 13]).collect();
    assert_eq!(flights, [4.0, 3.0], "the one sent first stands first");
}

fn group(view: &StageView, key: &str) -> Group {
    let groups = groups(view, &declaration(), Shape::Wide);
    groups.into_iter().find(|group| group.key == key).expect("every key is there")
}

#[test]
fn what_is_gone_is_drawn_said_and_in_the_key_while_it_is_seen() {
    let ghost = |index, gone| Ghost { node: 1, index, epoch: 1, label: "x = 3".into(), gone };
    let cell = |epoch| Cell { epoch, safety: Safety::OnDisk, label: "x = 3".into() };
    let mut view = stage(3, 0);
    view.nodes[1].cells = vec![cell(1), cell(2)];
    let (bare, key) = (group(&view, "row:n2"), group(&view, "key").svg);
    view.ghosts = vec![ghost(3, Gone::Lost)];
    let lost = group(&view, "row:n2");
    assert!(lost.svg.contains("hb-lost") && lost.label.ends_with("entries 1 to 2, 3 lost"));
    view.ghosts = vec![ghost(2, Gone::Overwritten), ghost(3, Gone::Overwritten)];
    let struck = group(&view, "row:n2");
    assert_eq!(struck.svg.matches("hb-strike").count(), 2, "in the cell that came, and alone");
    assert_eq!(struck.svg.matches("hb-struck").count(), 1);
    assert!(struck.label.ends_with(", 2 3 overwritten"), "{}", struck.label);
    assert!(group(&view, "row:n1").svg == group(&stage(3, 0), "row:n1").svg, "nobody else's");
    let told = group(&view, "key").svg;
    assert!(told.contains("overwritten") && !told.contains("lost in crash"));
    assert!(!key.contains("overwritten") && told.starts_with(&key[..key.len() - 4]), "none moves");
    assert!(!bare.svg.contains("hb-strike"));
}

#[test]
fn the_log_of_a_node_that_is_down_has_no_colour() {
    let mut view = stage(3, 0);
    view.nodes[1].cells = vec![Cell { epoch: 2, safety: Safety::OnDisk, label: "x = 3".into() }];
    assert!(group(&view, "row:n2").svg.contains("hb-e2"));
    view.nodes[1].status = Status::Down;
    view.nodes[1].epoch = 0;
    let down = group(&view, "row:n2");
    assert!(!down.svg.contains("hb-e2") && down.svg.contains(">on disk<"));
    assert!(down.label.ends_with("as its disk has them"), "{}", down.label);
}
