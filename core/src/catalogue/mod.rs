//! The scenarios that come with the crate: one text file each, and a table of them. Every
//! claim of their captions is an expectation in the text, and a test plays them all.

/// One scenario of the catalogue.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Entry {
    /// The chapter it stands in.
    pub tab: &'static str,
    /// Its name, kebab-case; its file is `NAME.hb`.
    pub name: &'static str,
    /// Its title.
    pub title: &'static str,
    /// What one understands after it, one sentence.
    pub about: &'static str,
    /// The text.
    pub text: &'static str,
    /// The page opens with it.
    pub hero: bool,
}

/// All of them, in the order in which they are shown.
pub const CATALOGUE: &[Entry] = &[Entry {
    tab: "Consensus",
    name: "leader-dies",
    title: "The leader dies",
    about: "Which writes survive the death of a leader, and who notices.",
    text: include_str!("leader-dies.hb"),
    hero: true,
}];
