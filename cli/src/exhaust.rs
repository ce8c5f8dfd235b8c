//! `explore FILE`: every order in which things can happen, within bounds. What a step is and
//! what is one state is decided in the library; here are the words.

use crate::input;
use crate::output::{out, out_line};
use crate::status::Status;
use happens_before::explore::exhaust::{
    Bounds, Count, NoSearch, Outcome, Search, Unfit, begin, retell,
};
use happens_before::protocols::DECLARATIONS;
use happens_before::scenario::parse;
use serde::Serialize;
use std::path::Path;

/// It tells how far it is after looking at so many states.
const TELL_EVERY: u64 = 1_000_000;

/// Bounds of an exhaustive search. A step that would pass one is not taken.
#[derive(clap::Args)]
#[command(next_help_heading = "Exhaustive search")]
pub struct Limits {
    /// Play the scenario up to this time, and explore from there: 900ms. Links are whole from
    /// then on, clocks stand, clients are not played.
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Terms (ballots, epochs) beyond the highest at the start [default: 2]
    #[arg(long, alias = "epochs", value_name = "NUMBER")]
    terms: Option<u64>,
    /// Client requests: entries that get into a log [default: 1]
    #[arg(long, alias = "entries", value_name = "NUMBER")]
    requests: Option<u8>,
    /// Further arrivals of requests that have arrived before [default: 0]
    #[arg(long, value_name = "NUMBER")]
    retries: Option<u8>,
    /// Election timers that run out [default: 2]
    #[arg(long, value_name = "NUMBER")]
    campaigns: Option<u8>,
    /// Other timers of servers that run out: heartbeats [default: 0]
    #[arg(long, value_name = "NUMBER")]
    beats: Option<u8>,
    /// Power cuts [default: 0]
    #[arg(long, value_name = "NUMBER")]
    crashes: Option<u8>,
    /// Messages that arrive and stay in flight [default: 0]
    #[arg(long, value_name = "NUMBER")]
    duplicates: Option<u8>,
    /// A sync is a step of its own, and a power cut may come before it
    #[arg(long)]
    split_sync: bool,
    /// Steps from the start [default: no bound]
    #[arg(long, value_name = "NUMBER")]
    depth: Option<u32>,
    /// States: beyond that the search is cut off [default: 20000000]
    #[arg(long, value_name = "NUMBER")]
    states: Option<u64>,
    /// Tell states apart that differ by the names of servers
    #[arg(long)]
    no_symmetry: bool,
    /// Keep messages in flight that can change nothing any more
    #[arg(long)]
    keep_inert: bool,
    /// The result as JSON
    #[arg(long)]
    json: bool,
}

/// The result, for scripts.
#[derive(Serialize)]
struct Report {
    verdict: &'static str,
    states: u64,
    /// States that differ by names counted one by one.
    unreduced: u64,
    steps: u64,
    depth: u32,
    waiting: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    check: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    statement: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    way: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

impl Limits {
    /// Whether the command line has any of them.
    pub fn are_given(&self) -> bool {
        self.from.is_some() || self.bounds() != Bounds::default()
    }

    fn bounds(&self) -> Bounds {
        let usual = Bounds::default();
        Bounds {
            epochs: self.terms.unwrap_or(usual.epochs),
            requests: self.requests.unwrap_or(usual.requests),
            retries: self.retries.unwrap_or(usual.retries),
            campaigns: self.campaigns.unwrap_or(usual.campaigns),
            beats: self.beats.unwrap_or(usual.beats),
            crashes: self.crashes.unwrap_or(usual.crashes),
            duplicates: self.duplicates.unwrap_or(usual.duplicates),
            split_sync: self.split_sync,
            depth: self.depth.unwrap_or(usual.depth),
            states: self.states.unwrap_or(usual.states),
            symmetry: !self.no_symmetry,
            drop_inert: !self.keep_inert,
        }
    }

    /// The time at which to begin, as a text says times.
    fn start_us(&self) -> Option<u64> {
        let Some(time) = &self.from else { return Some(0) };
        let protocol = DECLARATIONS.first()?.name;
        parse(&format!("protocol {protocol}\nend {time}\n"), DECLARATIONS).ok()?.end_us()
    }
}

/// Explores, and says what came of it.
pub fn run(file: &Path, check: Option<&str>, limits: &Limits) -> Status {
    let Some(text) = input::read(file) else { return Status::Unreadable };
    let Some(from_us) = limits.start_us() else {
        eprintln!("error: --from wants a time: 900ms, 1.5s.");
        return Status::Unreadable;
    };
    let mut search = match begin(&text, from_us, &limits.bounds(), check) {
        Ok(search) => search,
        Err(why) => return refuse(&why, &text, file),
    };
    while *search.outcome() == Outcome::Searching {
        search.advance(TELL_EVERY);
        let Count { states, waiting, depth, .. } = search.count();
        if *search.outcome() == Outcome::Searching {
            eprintln!("{states} states, {waiting} waiting, depth {depth}");
        }
    }
    let small = match search.outcome() {
        Outcome::Violated(way) => retell(&text, from_us, way),
        _ => None,
    };
    tell(search.as_ref(), &text, small, limits.json)
}

fn refuse(why: &NoSearch, text: &str, file: &Path) -> Status {
    match why {
        NoSearch::Unreadable(wrong) => {
            input::complain(wrong, text, &file.display().to_string());
        }
        NoSearch::NoCheck => eprintln!("error: no check is called so."),
        NoSearch::Unfit(Unfit(why)) => eprintln!("error: {why}"),
    }
    Status::Unreadable
}

fn tell(search: &dyn Search, text: &str, small: Option<String>, json: bool) -> Status {
    let count = search.count();
    let (status, verdict, way) = match search.outcome() {
        Outcome::Clean => (Status::Holds, "clean", None),
        Outcome::Violated(way) => (Status::Violated, "violated", Some(way)),
        Outcome::CutOff | Outcome::Searching => (Status::Unknown, "cut off", None),
    };
    let declared = parse(text, DECLARATIONS)
        .ok()
        .and_then(|scenario| DECLARATIONS.iter().find(|known| known.name == scenario.protocol()));
    let check = way.and_then(|way| Some(declared?.checks[usize::from(way.check)].plain));
    if json {
        let report = Report {
            verdict,
            states: count.states,
            unreduced: count.unreduced,
            steps: count.steps,
            depth: count.depth,
            waiting: count.waiting,
            check,
            statement: way.map(|way| way.statement.clone()),
            way: way.map_or(Vec::new(), |way| way.steps.clone()),
            text: small,
        };
        return match serde_json::to_string(&report) {
            Ok(line) => {
                out_line!("{line}");
                status
            }
            Err(_) => Status::Unreadable,
        };
    }
    let numbers = format!(
        "{} states ({} with every name), {} steps, depth {}",
        count.states, count.unreduced, count.steps, count.depth
    );
    match search.outcome() {
        Outcome::Clean => eprintln!("clean: every state within the bounds holds\n{numbers}"),
        Outcome::Violated(way) => {
            eprintln!("“{}” is violated: {}\n{numbers}", check.unwrap_or(""), way.statement);
            for (place, step) in way.steps.iter().enumerate() {
                eprintln!("{:3}. {step}", place + 1);
            }
            match small {
                Some(text) => out!("{text}"),
                None => eprintln!("no text says these steps"),
            }
        }
        _ => eprintln!("CUT OFF: {} states wait to be looked at\n{numbers}", count.waiting),
    }
    status
}
