//! Laws of the network (`latency`, `loss`, ...), at the start or at a time, and the `chaos`
//! line, read from tokens. Never decides what they do.

use super::ast::*;
use super::cursor::Cursor;
use super::diagnose::{Diagnostic, suggest};
use super::lex::Sort;
use super::words::{self, CHAOS};
use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;

/// The fastest link that a text can name, bytes a second.
const BANDWIDTH_MOST: u64 = 1_000_000_000_000;

type Read<T> = Result<T, Diagnostic>;

/// Whether a law of duplication stands here and not the name of one message: what stands
/// behind the link tells.
pub(super) fn comes(cursor: &Cursor) -> bool {
    !cursor.link_comes() || cursor.word_ahead(3).is_some_and(|word| word.ends_with('%'))
}

/// What stands behind `latency`, `loss`, `duplicate`, `reorder`, `bandwidth` or `order`.
pub(super) fn law(cursor: &mut Cursor, word: &str) -> Read<(Option<Link>, Law)> {
    let link = if cursor.link_comes() { Some(cursor.link()?) } else { None };
    let law = match word {
        "latency" => Law::Latency(cursor.range("a latency", 1)?, spread(cursor)?),
        "loss" => Law::Loss(cursor.percent()?),
        "duplicate" => Law::Duplicate(cursor.percent()?),
        "reorder" => Law::Reorder(cursor.percent()?),
        "bandwidth" => Law::Bandwidth(bandwidth(cursor)?),
        _ => Law::Fifo(order(cursor)?),
    };
    Ok((link, law))
}

fn spread(cursor: &mut Cursor) -> Read<Spread> {
    if cursor.done() || cursor.take_word("uniform") {
        return Ok(Spread::Uniform);
    }
    if cursor.take_word("normal") {
        return Ok(Spread::Normal);
    }
    if cursor.take_word("heavy") {
        return Ok(Spread::Heavy);
    }
    Err(cursor.wanted("how the latency is spread", "Possible here: uniform, normal, heavy."))
}

fn order(cursor: &mut Cursor) -> Read<bool> {
    if cursor.take_word("fifo") {
        return Ok(true);
    }
    if cursor.take_word("datagram") {
        return Ok(false);
    }
    Err(cursor.wanted("an order", "Possible here: fifo, datagram."))
}

/// `100KB/s`, `5000B/s`, `none`.
fn bandwidth(cursor: &mut Cursor) -> Read<u64> {
    const HINT: &str = "For example 500B/s, 100KB/s, 10MB/s, or none.";
    if cursor.take_word("none") {
        return Ok(0);
    }
    let place = cursor.place();
    let (raw, _) = cursor.word("a bandwidth", HINT)?;
    let digits = raw.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = raw.split_at_checked(digits).unwrap_or((raw, ""));
    let unit = match unit {
        "B/s" => 1,
        "KB/s" => 1_000,
        "MB/s" => 1_000_000,
        _ => return Err(cursor.wrong(place, format!("“{raw}” is not a bandwidth."), HINT)),
    };
    let bytes = number.parse::<u64>().ok().and_then(|number| number.checked_mul(unit));
    match bytes {
        Some(bytes) if (1..=BANDWIDTH_MOST).contains(&bytes) => Ok(bytes),
        _ => Err(cursor.wrong(place, format!("{raw} is no possible bandwidth."), HINT)),
    }
}

/// What stands behind `chaos`, in any order.
pub(super) fn chaos(cursor: &mut Cursor) -> Read<Chaos> {
    let mut chaos = Chaos {
        seed: None,
        intensity: 0,
        kinds: Vec::new(),
        keep_majority: false,
        beyond_model: false,
        from_us: 0,
        until_us: None,
    };
    while !cursor.done() {
        let place = cursor.place();
        let (word, _) = cursor.word("a kind of fault", "For example: chaos intensity=5 crash")?;
        let Some((_, kind)) = CHAOS.iter().find(|(known, _)| *known == word) else {
            match word {
                "keep-majority" => chaos.keep_majority = true,
                "beyond-model" => chaos.beyond_model = true,
                "from" => chaos.from_us = cursor.time("a time", 0)?,
                "until" => chaos.until_us = Some(cursor.time("a time", 1)?),
                "seed" | "intensity" => {
                    if !cursor.take(Sort::Equals) {
                        let hint = format!("For example: {word}=5");
                        return Err(cursor.wanted("an equals sign", hint));
                    }
                    if word == "seed" {
                        chaos.seed = Some(cursor.number("a seed", 0, u64::MAX)?);
                    } else {
                        chaos.intensity = cursor.number("an intensity", 1, 10)? as u8;
                    }
                }
                _ => {
                    let mut known: Vec<&str> = CHAOS.iter().map(|(word, _)| *word).collect();
                    known.extend(["seed", "intensity", "keep-majority", "beyond-model"]);
                    known.extend(["from", "until"]);
                    let message = format!("chaos knows no “{word}”.");
                    return Err(cursor.wrong(place, message, suggest(word, &known)));
                }
            }
            continue;
        };
        if chaos.kinds.contains(kind) {
            let message = format!("“{word}” is named twice.");
            return Err(cursor.wrong(place, message, "Once is enough."));
        }
        chaos.kinds.push(*kind);
    }
    if chaos.intensity == 0 {
        let hint = words::form_of(words::STATEMENTS, "chaos").to_string();
        return Err(cursor.wanted("an intensity", format!("For example: {hint}")));
    }
    chaos.kinds.sort_unstable();
    Ok(chaos)
}
