//! Reading texts, and saying what is wrong with them. Never plays one.

use happens_before::run::Run;
use happens_before::scenario::Diagnostic;
use std::io::Read;
use std::path::Path;

/// What stands for standard input instead of a path.
const STANDARD_INPUT: &str = "-";

/// The text of a file, or of standard input; a complaint on standard error if there is none.
pub fn read(path: &Path) -> Option<String> {
    let bytes = if path.as_os_str() == STANDARD_INPUT {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(path)
    };
    let text = bytes.map_err(|error| error.to_string()).and_then(|bytes| {
        String::from_utf8(bytes).map_err(|error| {
            let good = error.utf8_error().valid_up_to();
            let line = error.as_bytes()[..good].iter().filter(|&&it| it == b'\n').count() + 1;
            format!("line {line}: this is no text in UTF-8")
        })
    });
    text.map_err(|why| eprintln!("error: cannot read {}: {why}", path.display())).ok()
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
