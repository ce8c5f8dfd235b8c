//! What the page needs of `core` that never changes while it plays, as files of the page's own,
//! so that no wasm carries it: `catalogue.json` (the scenarios that come along) and `hero.json` (the
//! one that plays first), `signs.json` (the drawings of messages and marks), `spacetime.json`
//! (the measures of the space-time diagram), `picture.css` (the style of the drawings).

use happens_before::catalogue;
use happens_before::picture::{signs, spacetime, style};
use std::fs;
use std::path::Path;

/// The scenarios, from the root.
pub const CATALOGUE: &str = "web/generated/catalogue.json";

/// Writes the files that do not say that already.
pub fn write(out: &Path) -> Result<(), String> {
    let json = |text: serde_json::Result<String>| text.map_err(|error| error.to_string());
    write_one(&out.join("catalogue.json"), &json(serde_json::to_string(catalogue::CATALOGUE))?)?;
    let hero = catalogue::CATALOGUE.iter().find(|entry| entry.hero);
    write_one(&out.join("hero.json"), &json(serde_json::to_string(&hero))?)?;
    write_one(&out.join("signs.json"), &json(serde_json::to_string(signs()))?)?;
    let measures = json(serde_json::to_string(&spacetime::MEASURES))?;
    write_one(&out.join("spacetime.json"), &measures)?;
    write_one(&out.join("picture.css"), &style())
}

/// Writes a file, unless it says that already.
pub fn write_one(file: &Path, text: &str) -> Result<(), String> {
    if fs::read_to_string(file).is_ok_and(|old| old == text) {
        return Ok(());
    }
    fs::write(file, text).map_err(|error| format!("cannot write {}: {error}", file.display()))
}
