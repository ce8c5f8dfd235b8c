//! The scenarios that come with the crate: one text file each, listed here. Stories for
//! people, and at the same time tests: each says what must hold of it. Never code, only texts.

#[cfg(test)]
mod tests;

/// One scenario of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Entry {
    /// Under which heading it is offered.
    pub tab: &'static str,
    /// In links and on command lines; also the name of its file.
    pub name: &'static str,
    /// What a person reads first.
    pub title: &'static str,
    /// What one understands after it, in one sentence.
    pub about: &'static str,
    /// The scenario.
    pub text: &'static str,
    /// The one that plays when nothing was asked for; there is exactly one.
    pub hero: bool,
}

/// Where the texts stand, seen from the root of the repository.
pub const FOLDER: &str = "core/src/catalogue";

macro_rules! entry {
    ($tab:literal, $name:literal, $title:literal, $about:literal) => {
        Entry {
            tab: $tab,
            name: $name,
            title: $title,
            about: $about,
            text: include_str!(concat!($name, ".hb")),
            hero: false,
        }
    };
}

/// All of them, in the order in which they are offered.
pub const CATALOGUE: &[Entry] = &[Entry {
    hero: true,
    ..entry!(
        "Raft",
        "leader-dies",
        "A leader dies",
        "How four machines replace a leader that falls silent, and why no write is lost."
    )
}];

/// The scenario of this name.
pub fn find(name: &str) -> Option<&'static Entry> {
    CATALOGUE.iter().find(|entry| entry.name == name)
}
