//! What a failing test prints, and the files that it leaves.

use crate::play::Found;
use happens_before::run::seconds;
use std::fmt::{self, Display};
use std::path::{Path, PathBuf};

/// Where the page is, unless `HAPPENS_BEFORE_PAGE` says otherwise.
const PAGE: &str = "https://happens-before.github.io/happens-before/";

/// A seed that fails, and how to see it.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The test's name.
    pub name: String,
    /// The seed.
    pub seed: u64,
    /// Runs played up to this one.
    pub runs: u64,
    /// The violated check in plain words.
    pub check: String,
    /// What is wrong, with the values involved.
    pub statement: String,
    /// When, virtual µs, in the shrunk run.
    pub time_us: u64,
    /// Only the search of the whole history found it.
    pub searched: bool,
    /// The whole text that failed.
    pub text: String,
    /// The shortest text found that fails in the same way.
    pub shrunk: String,
    /// Opens the shrunk run in the page; only protocols of the catalogue run there.
    pub link: Option<String>,
    /// The recording of the shrunk run, which the page plays.
    pub trace: Result<PathBuf, String>,
    /// Plays just this seed again.
    pub replay: String,
}

impl Failure {
    pub(crate) fn new(name: &str, seed: u64, runs: u64, text: String, found: Found) -> Failure {
        Failure {
            name: name.to_string(),
            seed,
            runs,
            check: found.check,
            statement: found.statement,
            time_us: found.time_us,
            searched: found.searched,
            shrunk: text.clone(),
            text,
            link: None,
            trace: Err("nothing was recorded".to_string()),
            replay: replay(seed),
        }
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Failure { name, seed, runs, check, statement, .. } = self;
        writeln!(f, "“{name}” fails with seed {seed}, run {runs}.\n")?;
        writeln!(f, "{check}: violated at {}.", seconds(self.time_us))?;
        writeln!(f, "{statement}\n")?;
        let shorter = self.shrunk != self.text;
        let whole = if shorter { "The shortest text that fails in this way" } else { "The text" };
        writeln!(f, "{whole}:\n")?;
        for line in self.shrunk.lines() {
            writeln!(f, "    {line}")?;
        }
        writeln!(f)?;
        if let Some(link) = &self.link {
            writeln!(f, "Watch it:  {link}")?;
        }
        match &self.trace {
            Ok(path) => writeln!(f, "Recorded:  {} (drop it on {})", path.display(), page())?,
            Err(why) => writeln!(f, "Recorded:  not, {why}")?,
        }
        writeln!(f, "Replay:    {}", self.replay)
    }
}

/// The command that plays one seed of the running test again.
fn replay(seed: u64) -> String {
    let package = std::env::var("CARGO_PKG_NAME").map_or(String::new(), |p| format!(" -p {p}"));
    let thread = std::thread::current();
    let test = match thread.name() {
        Some(name) if name != "main" => format!(" {name}"),
        _ => String::new(),
    };
    format!("HAPPENS_BEFORE_SEED={seed} cargo test{package}{test}")
}

fn page() -> String {
    std::env::var("HAPPENS_BEFORE_PAGE").unwrap_or_else(|_| PAGE.to_string())
}

/// The address of a run: the text, packed as the page packs it, and the moment.
pub fn link(text: &str, time_us: u64) -> String {
    let packed = base64_url(&miniz_oxide::deflate::compress_to_vec(text.as_bytes(), 9));
    format!("{}#1={packed}&t={time_us}", page())
}

fn base64_url(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0u32, |word, &byte| word << 8 | u32::from(byte));
        let word = word << (8 * (3 - chunk.len()));
        for place in 0..=chunk.len() {
            let six = word >> (18 - 6 * place) & 63;
            out.push(char::from(LETTERS[six as usize]));
        }
    }
    out
}

/// The file for a failing seed, in the build's own folder.
pub fn trace_path(name: &str, seed: u64) -> PathBuf {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let name: String = name.chars().map(plain).collect();
    target().join("happens-before").join(format!("{name}-{seed}.jsonl"))
}

/// `target`: a test's program stands in `target/debug/deps`.
fn target() -> PathBuf {
    let program = std::env::current_exe().unwrap_or_default();
    match program.parent() {
        Some(folder) if folder.ends_with("deps") => {
            folder.ancestors().nth(2).map_or_else(|| "target".into(), Path::to_path_buf)
        }
        _ => "target".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard_without_padding() {
        let cases = [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg")];
        for (bytes, letters) in cases {
            assert_eq!(base64_url(bytes.as_bytes()), letters);
        }
        assert_eq!(base64_url(&[0xfb, 0xff]), "-_8");
    }
}
