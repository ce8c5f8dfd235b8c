//! For a property that only the test knows: lines are taken out as long as the rest of the text
//! still fails. What a protocol declares as a check is shrunk by `explore::Shrink`, which also
//! changes what lines say; this never does.

/// Texts that may be tried.
const TRIES: u32 = 2_000;

/// Takes out lines, many at once at first, while `fails` says that the rest still fails.
pub fn shrink(text: &str, fails: &mut dyn FnMut(&str) -> bool) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let mut chunk = lines.len().div_ceil(2);
    let mut tries = 0;
    while chunk > 0 && tries < TRIES {
        let mut from = 0;
        let mut shorter = false;
        while from < lines.len() && tries < TRIES {
            let to = (from + chunk).min(lines.len());
            let rest: Vec<&str> = lines[..from].iter().chain(&lines[to..]).copied().collect();
            tries += 1;
            if fails(&(rest.join("\n") + "\n")) {
                lines = rest;
                shorter = true;
            } else {
                from = to;
            }
        }
        if !(shorter && chunk == 1) {
            chunk /= 2;
        }
    }
    lines.join("\n") + "\n"
}
