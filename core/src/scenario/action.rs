//! What can happen at a time or on an event, read from tokens. Never decides when.

use super::ast::*;
use super::cursor::{Cursor, LARGEST, Mention};
use super::diagnose::{Diagnostic, Place, nearest, suggest};
use super::lex::{Sort, Token};
use super::network;
use super::parse::operation;
use super::words::{self, ACTIONS, SELECTORS};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// How far a clock may be off, parts per million.
const DRIFT_MOST_PPM: i32 = 500_000;
/// How fast a wall clock is led to the right time unless said, parts per million.
pub(super) const SLEW_PPM: u32 = 500;

type Read<T> = Result<T, Diagnostic>;

/// An action, up to the end of the line.
pub(super) fn action(cursor: &mut Cursor) -> Read<Action> {
    let (word, place) = cursor.word("an action", "For example: crash n1")?;
    if let Some(client) = words::name(word) {
        cursor.mention(place, Mention::Client(client));
        return Ok(Action::Request(client, operation(cursor)?));
    }
    match word {
        "crash" => Ok(Action::Crash(selector(cursor)?)),
        "kill" => Ok(Action::Kill(selector(cursor)?)),
        "restart" => Ok(Action::Restart(selector(cursor)?)),
        "pause" => {
            let whom = selector(cursor)?;
            Ok(Action::Pause(whom, span_for(cursor)?))
        }
        "suspend" => {
            let whom = selector(cursor)?;
            Ok(Action::Suspend(whom, span_for(cursor)?))
        }
        "resume" => Ok(Action::Resume(selector(cursor)?)),
        "slow" => slow(cursor),
        "wipe" => Ok(Action::Wipe(selector(cursor)?)),
        "disk" => disk(cursor),
        "cut" => {
            let (a, b, both) = cursor.ends()?;
            Ok(Action::Cut { a, b, both })
        }
        "clog" => {
            let (a, b, both) = cursor.ends()?;
            Ok(Action::Clog { a, b, both, span_us: span_for(cursor)? })
        }
        "heal" => heal(cursor),
        "partition" => partition(cursor),
        "drift" => drift(cursor),
        "step" => {
            let whom = selector(cursor)?;
            Ok(Action::Step(whom, by_signed(cursor)?))
        }
        "slew" => slew(cursor),
        "duplicate" if !network::comes(cursor) => {
            Ok(Action::Fate(Fate::Duplicate, message_name(cursor)?))
        }
        "latency" | "loss" | "duplicate" | "reorder" | "bandwidth" | "order" => {
            let (link, law) = network::law(cursor, word)?;
            Ok(Action::Network(link, law))
        }
        "timeout" => Ok(Action::Timeout(selector(cursor)?)),
        "adversary" => adversary(cursor),
        "tell" => tell(cursor),
        "deliver" => Ok(Action::Deliver(message_name(cursor)?)),
        "drop" | "hold" | "delay" => {
            let (fate, message) = fate_of(cursor, word)?;
            Ok(Action::Fate(fate, message))
        }
        "say" => say(cursor),
        _ => {
            let message = format!("no action is called “{word}”.");
            Err(cursor.wrong(place, message, suggest(word, &words::heads(ACTIONS))))
        }
    }
}

/// `leader`, `all`, ..., or names.
fn selector(cursor: &mut Cursor) -> Read<Selector> {
    let mut seen = Vec::new();
    selector_of(cursor, &mut seen)
}

/// A selector none of whose names is among `seen`; they are added to it.
fn selector_of(cursor: &mut Cursor, seen: &mut Vec<Name>) -> Read<Selector> {
    let word = cursor.word_ahead(0);
    if let Some((_, selector)) = SELECTORS.iter().find(|(known, _)| word == Some(known)) {
        cursor.skip();
        return Ok(selector.clone());
    }
    let mut names = Vec::new();
    let is_name = |word: Option<&str>| word.is_some_and(|word| words::name(word).is_some());
    loop {
        // `n1, n2` is as good as `n1 n2`.
        if !names.is_empty() && cursor.comes(Sort::Comma) && is_name(cursor.word_ahead(1)) {
            cursor.skip();
        }
        if !is_name(cursor.word_ahead(0)) {
            break;
        }
        let place = cursor.place();
        let name = cursor.node()?;
        if seen.contains(&name) {
            let message = format!("{name} is named twice.");
            return Err(cursor.wrong(place, message, "Once is enough."));
        }
        seen.push(name);
        names.push(name);
    }
    if names.is_empty() {
        let possible: Vec<&str> = SELECTORS.iter().map(|(word, _)| *word).collect();
        let hint = match word.and_then(|word| nearest(word, &possible)) {
            Some(near) => format!("Did you mean {near}?"),
            None => format!("Possible here: n1, {}.", possible.join(", ")),
        };
        return Err(cursor.wanted("a node", hint));
    }
    Ok(Selector::Names(names))
}

/// `for 300ms`; the `for` may be left out, the time too.
fn span_for(cursor: &mut Cursor) -> Read<Option<u64>> {
    let said = cursor.take_word("for");
    let timed = cursor.word_ahead(0).is_some_and(|w| w.starts_with(|c: char| c.is_ascii_digit()));
    if said || timed { cursor.time("a span of time", 1).map(Some) } else { Ok(None) }
}

/// `adversary`, `adversary within 200ms`, `adversary off`
fn adversary(cursor: &mut Cursor) -> Read<Action> {
    if cursor.take_word("off") {
        return Ok(Action::Adversary(Adversary::Off));
    }
    if cursor.take_word("within") {
        let within_us = cursor.time("a span of time", 1)?;
        return Ok(Action::Adversary(Adversary::Within(within_us)));
    }
    Ok(Action::Adversary(Adversary::Patient))
}

/// `tell leader transfer n3`; what it can be told, the declaration knows.
fn tell(cursor: &mut Cursor) -> Read<Action> {
    let whom = selector(cursor)?;
    let (name, place) = cursor.word("what it is told", "For example: tell leader transfer n3")?;
    let mut order = OrderCall { name: name.to_string(), arguments: Vec::new() };
    while let Some(word) = cursor.word_ahead(0) {
        order.arguments.push(if words::name(word).is_some() {
            OrderWord::Node(cursor.node()?)
        } else {
            OrderWord::Number(cursor.number("a node or a number", 0, u64::MAX)?)
        });
        if cursor.comes(Sort::Comma) {
            cursor.skip();
        }
    }
    cursor.mention(place, Mention::Order(order.clone()));
    Ok(Action::Tell(whom, order))
}

/// `slow n1 by 5ms for 2s`
fn slow(cursor: &mut Cursor) -> Read<Action> {
    let whom = selector(cursor)?;
    cursor.keyword("by", "For example: slow n1 by 5ms for 2s")?;
    let by_us = cursor.time("a span of time", 0)?;
    Ok(Action::Slow(whom, by_us, span_for(cursor)?))
}

/// `disk n1 lies for 2s`
fn disk(cursor: &mut Cursor) -> Read<Action> {
    const POSSIBLE: [&str; 7] = ["lies", "fails", "full", "tears", "slow", "corrupts", "sound"];
    let whom = selector(cursor)?;
    let (word, place) = cursor.word("what is wrong with the disk", "For example: disk n1 lies")?;
    let fault = match word {
        "lies" => DiskFault::Lies,
        "fails" => DiskFault::Fails,
        "full" => DiskFault::Full,
        "tears" => DiskFault::Tears,
        "sound" => DiskFault::Sound,
        "slow" => {
            cursor.keyword("by", "For example: disk n1 slow by 20ms")?;
            DiskFault::Slow(cursor.time("a span of time", 1)?)
        }
        "corrupts" if cursor.take_word("last") => DiskFault::Corrupts(0),
        "corrupts" => DiskFault::Corrupts(cursor.number("the number of a record", 1, LARGEST)?),
        _ => {
            let message = format!("no disk is “{word}”.");
            return Err(cursor.wrong(place, message, suggest(word, &POSSIBLE)));
        }
    };
    let at_once = matches!(fault, DiskFault::Corrupts(_) | DiskFault::Sound);
    let span_us = if at_once { None } else { span_for(cursor)? };
    Ok(Action::Disk(whom, fault, span_us))
}

/// `by -5s` or `by 20ms`, µs.
fn by_signed(cursor: &mut Cursor) -> Read<i64> {
    cursor.keyword("by", "For example: by 20ms, or by -5s")?;
    let place = cursor.place();
    let (back, us) = cursor.signed_time("a span of time")?;
    if us == 0 {
        return Err(cursor.wrong(place, "a clock is moved by more than nothing.", "At least 1us."));
    }
    Ok(if back { -(us as i64) } else { us as i64 })
}

/// `slew n2 by 20ms at 500ppm`; 500 ppm, as the kernel's clock discipline does, unless said.
fn slew(cursor: &mut Cursor) -> Read<Action> {
    let whom = selector(cursor)?;
    let by_us = by_signed(cursor)?;
    if !cursor.take_word("at") {
        return Ok(Action::Slew(whom, by_us, SLEW_PPM));
    }
    let hint = format!("From 1ppm to {DRIFT_MOST_PPM}ppm.");
    let place = cursor.place();
    let (raw, _) = cursor.word("a rate", &hint)?;
    let ppm: Option<u32> = raw.strip_suffix("ppm").and_then(|number| number.parse().ok());
    match ppm {
        Some(ppm) if (1..=DRIFT_MOST_PPM.unsigned_abs()).contains(&ppm) => {
            Ok(Action::Slew(whom, by_us, ppm))
        }
        _ => Err(cursor.wrong(place, format!("“{raw}” is not a rate."), hint)),
    }
}

/// `heal`, or one link: `heal n1--n2`.
fn heal(cursor: &mut Cursor) -> Read<Action> {
    if cursor.done() {
        return Ok(Action::Heal(None));
    }
    if cursor.take_word("core") {
        return Ok(Action::HealCore);
    }
    let place = cursor.place();
    let (a, b, both) = cursor.ends()?;
    if !both {
        let message = "a link heals both ways.";
        return Err(cursor.wrong(place, message, format!("Did you mean heal {a}--{b}?")));
    }
    Ok(Action::Heal(Some((a, b))))
}

fn partition(cursor: &mut Cursor) -> Read<Action> {
    let mut seen = Vec::new();
    let mut groups = Vec::new();
    loop {
        groups.push(selector_of(cursor, &mut seen)?);
        if !cursor.take(Sort::Bar) {
            break;
        }
    }
    if groups.len() < 2 {
        return Err(cursor.wanted("| and another group", "For example: partition n1 n2 | n3"));
    }
    Ok(Action::Partition(groups))
}

fn drift(cursor: &mut Cursor) -> Read<Action> {
    let whom = selector(cursor)?;
    let place = cursor.place();
    let hint = format!("From -{DRIFT_MOST_PPM}ppm to {DRIFT_MOST_PPM}ppm.");
    let (raw, _) = cursor.word("a drift", &hint)?;
    let ppm: Option<i32> = raw.strip_suffix("ppm").and_then(|number| number.parse().ok());
    match ppm {
        Some(ppm) if ppm.unsigned_abs() <= DRIFT_MOST_PPM.unsigned_abs() => {
            Ok(Action::Drift(whom, ppm))
        }
        Some(_) => Err(cursor.wrong(place, format!("{raw} is too much."), hint)),
        None => {
            let message = format!("“{raw}” is not a drift.");
            Err(cursor.wrong(place, message, "For example 500ppm, or -500ppm for slow."))
        }
    }
}

/// What stands behind `drop`, `hold`, `delay` or `duplicate`.
pub(super) fn fate_of(cursor: &mut Cursor, word: &str) -> Read<(Fate, MessageName)> {
    let message = message_name(cursor)?;
    let fate = match word {
        "drop" => Fate::Drop,
        "hold" => Fate::Hold,
        "duplicate" => Fate::Duplicate,
        _ => {
            cursor.keyword("by", "For example: by 50ms")?;
            Fate::Delay(cursor.time("a span of time", 1)?)
        }
    };
    Ok((fate, message))
}

/// `n3->n1 append #4`
pub(super) fn message_name(cursor: &mut Cursor) -> Read<MessageName> {
    let link = cursor.link()?;
    let (kind, place) = cursor.word("a kind of message", "For example: n3->n1 append #4")?;
    cursor.mention(place, Mention::Message(kind.to_string()));
    let place = cursor.place();
    let hint = format!("#1 is the first {kind} that {} sends to {}.", link.from, link.to);
    let Some(token) = cursor.ahead(0).filter(|token| token.sort == Sort::Count) else {
        return Err(cursor.wanted("the count of the message", hint));
    };
    cursor.skip();
    match token.raw.trim_start_matches('#').parse::<u32>() {
        Ok(count) if (1..=LARGEST as u32).contains(&count) => {
            Ok(MessageName { link, kind: kind.to_string(), count })
        }
        _ => Err(cursor.wrong(place, format!("{} counts no message.", token.raw), hint)),
    }
}

/// `say "caption" "under"`
fn say(cursor: &mut Cursor) -> Read<Action> {
    let caption = caption(cursor)?;
    let under = if cursor.comes(Sort::Text) { Some(self::caption(cursor)?) } else { None };
    Ok(Action::Say(caption, under))
}

/// A text whose `{words}` are place-holders.
fn caption(cursor: &mut Cursor) -> Read<String> {
    let token = cursor.text("a caption")?;
    mention_placeholders(cursor, &token);
    Ok(token.content())
}

fn mention_placeholders(cursor: &mut Cursor, token: &Token) {
    let characters = token.characters();
    let mut open = None;
    for (k, (_, c)) in characters.iter().enumerate() {
        match (c, open) {
            ('{', _) => open = Some(k),
            ('}', Some(from)) => {
                let column = characters[from].0;
                let place = Place { column, length: characters[k].0 + 1 - column };
                let field = characters[from + 1..k].iter().map(|(_, c)| *c).collect();
                let event = cursor.event.clone();
                cursor.mention(place, Mention::Placeholder { event, field });
                open = None;
            }
            _ => {}
        }
    }
}
