//! Standard output. Whoever reads it may stop: then the command stops, too, without a word.

use std::fmt::Arguments;
use std::io::{ErrorKind, Write};
use std::process::exit;

/// Writes; ends the process when nobody reads any more.
pub fn write(text: Arguments) {
    if let Err(error) = std::io::stdout().lock().write_fmt(text) {
        if error.kind() != ErrorKind::BrokenPipe {
            eprintln!("error: cannot write: {error}");
            exit(3);
        }
        exit(0);
    }
}

/// Writes a line.
macro_rules! out_line {
    ($($part:tt)*) => {
        $crate::output::write(format_args!("{}\n", format_args!($($part)*)))
    };
}

/// Writes.
macro_rules! out {
    ($($part:tt)*) => {
        $crate::output::write(format_args!($($part)*))
    };
}

pub(crate) use {out, out_line};
