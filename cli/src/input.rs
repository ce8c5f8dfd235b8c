//! Reading texts, and saying what is wrong with them. Never plays one.

use happens_before::run::Run;
use happens_before::scenario::Diagnostic;
use std::io::Read;
use std::path::Path;

/// What stands for standard input instead of a path.
const STANDARD_INPUT: &str = "-";

/// The text of a file, or of standard input; a complaint on standard error if there is none.
pub fn read(path: &Path) -> Option<String> {
    let text = if path.as_os_str() == STANDARD_INPUT {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(path)
    };
    match text {
        Ok(text) => Some(text),
        Err(error) => {
            eprintln!("error: cannot read {}: {error}", path.display());
            None
        }
    }
}

/// A run of a file, or complaints on standard error.
pub fn load(path: &Path) -> Option<Run> {
    let text = read(path)?;
    match Run::new(&text) {
        Ok(run) => Some(run),
        Err(wrong) => {
            complain(&wrong, &text, &path.display().to_string());
            None
        }
    }
}

/// Everything that is wrong with a text, as a compiler prints it.
pub fn complain(wrong: &[Diagnostic], text: &str, file_name: &str) {
    for diagnostic in wrong {
        eprintln!("{}", diagnostic.render(text, file_name));
    }
}
