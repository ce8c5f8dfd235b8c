//! Colours and strokes of the drawing as one style sheet: the tokens of light and dark, and
//! a class for each part. The page, the poster and every picture in a file include it.
//! Colours stand here and nowhere else; nothing here has a meaning that only colour carries.

use super::pen::Pen;
use alloc::string::String;

/// Names of the tokens, then their light and their dark values.
const TOKENS: [(&str, &str, &str); 32] = [
    ("bg", "#FAF8F4", "#0F1217"),
    ("stage", "#FFFFFF", "#14171D"),
    ("sunken", "#F2EFE9", "#0A0C10"),
    ("ink", "#17181D", "#F3F0E9"),
    ("ink-2", "#4D4B53", "#BDBAB3"),
    ("ink-3", "#6B6872", "#96949A"),
    ("edge", "#8B857A", "#6C7480"),
    ("line", "#E0DBD1", "#2A2F39"),
    ("bad", "#D0161D", "#FF6B63"),
    ("bad-tint", "#FDECEA", "#331619"),
    ("on-bad", "#FFFFFF", "#14151A"),
    ("focus", "#1F4FB8", "#8DB4FF"),
    ("e1-fill", "#1F4FB8", "#8DB4FF"),
    ("e1-on", "#FFFFFF", "#14151A"),
    ("e1-line", "#1F4FB8", "#8DB4FF"),
    ("e1-tint", "#DBE3F4", "#2F3A4F"),
    ("e2-fill", "#F4A91F", "#FFC23D"),
    ("e2-on", "#14151A", "#14151A"),
    ("e2-line", "#8F5B00", "#FFC23D"),
    ("e2-tint", "#FDF1DB", "#483D24"),
    ("e3-fill", "#9467F0", "#9D6FF2"),
    ("e3-on", "#14151A", "#14151A"),
    ("e3-line", "#6A3BCF", "#9D6FF2"),
    ("e3-tint", "#EEE7FD", "#322A4C"),
    ("e4-fill", "#45D0B0", "#6FF0CB"),
    ("e4-on", "#14151A", "#14151A"),
    ("e4-line", "#0A7560", "#6FF0CB"),
    ("e4-tint", "#E1F7F2", "#284743"),
    ("e5-fill", "#74295A", "#BE7496"),
    ("e5-on", "#FFFFFF", "#14151A"),
    ("e5-line", "#74295A", "#BE7496"),
    ("e5-tint", "#E9DDE5", "#392B38"),
];

/// Everything but the tokens. `--hb-f`, `-o`, `-l`, `-t` are fill, on, line and tint of the
/// epoch of the group that a part stands in.
const CLASSES: &str = r#"
.hb-e0{--hb-f:var(--hb-ink-3);--hb-o:var(--hb-stage);--hb-l:var(--hb-edge);--hb-t:var(--hb-sunken)}
.hb-ei{--hb-f:var(--hb-ink);--hb-o:var(--hb-stage);--hb-l:var(--hb-ink);--hb-t:var(--hb-sunken)}
.hb-picture{display:block;overflow:visible;font-variant-numeric:tabular-nums}
.hb-picture text{pointer-events:none;user-select:none}
.hb-ff{fill:var(--hb-f)}.hb-fo{fill:var(--hb-o)}.hb-fl{fill:var(--hb-l)}.hb-ft{fill:var(--hb-t)}
.hb-fs{fill:var(--hb-stage)}.hb-fi{fill:var(--hb-ink)}.hb-f2{fill:var(--hb-ink-2)}.hb-f3{fill:var(--hb-ink-3)}
.hb-fe{fill:var(--hb-edge)}.hb-fb{fill:var(--hb-bad)}.hb-fc{fill:var(--hb-on-bad)}.hb-fn{fill:none}
.hb-sf{stroke:var(--hb-f)}.hb-so{stroke:var(--hb-o)}.hb-sl{stroke:var(--hb-l)}.hb-ss{stroke:var(--hb-stage)}
.hb-si{stroke:var(--hb-ink)}.hb-se{stroke:var(--hb-edge)}.hb-sb{stroke:var(--hb-bad)}.hb-sc{stroke:var(--hb-on-bad)}
.hb-picture path{stroke-linecap:round;stroke-linejoin:round}
.hb-name,.hb-sub,.hb-role,.hb-count,.hb-title,.hb-note{font-family:var(--hb-font,system-ui,sans-serif)}
.hb-name{font-weight:680}.hb-role,.hb-count,.hb-title{font-weight:640}
.hb-no,.hb-run{font-family:var(--hb-mono,ui-monospace,"SF Mono",Menlo,Consolas,monospace);font-variant-ligatures:none}
.hb-no{font-weight:650}.hb-note{font-weight:400}
.hb-halo{paint-order:stroke;stroke:var(--hb-stage);stroke-width:10px;stroke-linejoin:round}
.hb-link,.hb-cut,.hb-way,.hb-bar,.hb-tail,.hb-track,.hb-arc,.hb-crown,.hb-accused,.hb-arrow,.hb-mark,.hb-rule,.hb-base,.hb-border,.hb-hatch,.hb-need{fill:none}
.hb-link{stroke:var(--hb-line);stroke-width:1.25px}
.hb-own{fill:none;stroke:var(--hb-ink-3);stroke-width:2px;stroke-dasharray:8 4}
.hb-cut{stroke:var(--hb-edge);stroke-width:1.25px;stroke-dasharray:2 6}
.hb-bar{stroke:var(--hb-ink);stroke-width:3px}.hb-picture .hb-bar{stroke-linecap:butt}
.hb-way{stroke:var(--hb-ink-3);stroke-width:1.5px}
.hb-tail{stroke:var(--hb-l);stroke-width:2px;opacity:.38}.hb-picture .hb-tail{stroke-linecap:butt}
.hb-track{stroke:var(--hb-line);stroke-width:3px}
.hb-arc{stroke:var(--hb-ink-3);stroke-width:3px}.hb-soon{stroke:var(--hb-ink);stroke-width:5px}
.hb-node{stroke:var(--hb-l);stroke-width:2px;transition:fill .16s cubic-bezier(.2,0,0,1),stroke .16s cubic-bezier(.2,0,0,1)}
.hb-rests{fill:var(--hb-t)}
.hb-seeks{fill:var(--hb-stage);stroke-width:3px;stroke-dasharray:7 5}
.hb-leads{fill:var(--hb-f)}
.hb-ink{fill:var(--hb-stage);stroke:var(--hb-ink)}
.hb-store{fill:var(--hb-stage);stroke:var(--hb-ink)}
.hb-off{fill:var(--hb-stage);stroke:var(--hb-ink-3);stroke-width:1.5px;stroke-dasharray:2 5;stroke-linecap:round}
.hb-crown{stroke:var(--hb-l);stroke-width:2px}
.hb-base{stroke:var(--hb-ink);stroke-width:2px}
.hb-hatch{stroke-width:1.25px}
.hb-wall{fill:var(--hb-stage);stroke:var(--hb-ink);stroke-width:1.5px}
.hb-grip{fill:var(--hb-stage);stroke:var(--hb-ink);stroke-width:1.5px}.hb-reach{fill:transparent}
.hb-border{stroke:var(--hb-ink);stroke-width:2px;stroke-dasharray:.1 5}
.hb-vote{stroke:var(--hb-l);stroke-width:1.5px}
.hb-need{stroke:var(--hb-ink);stroke-width:1.5px}
.hb-accused,.hb-arrow{stroke:var(--hb-bad);stroke-width:2px}.hb-arrow{stroke-width:2.6px}
.hb-thin{stroke-width:2px}.hb-soon.hb-thin{stroke-width:3px}.hb-accused.hb-thin{stroke-width:1.5px}
.hb-dot{stroke:var(--hb-l);stroke-width:2px}.hb-dot.hb-seeks{stroke-dasharray:3 2.3}.hb-dot.hb-off{stroke-dasharray:1 3}
.hb-cell,.hb-cell rect{stroke:var(--hb-l);stroke-width:2.2px}
.hb-written{fill:none;stroke-dasharray:3.4 2.6}.hb-cell .hb-written{fill:none}
.hb-disk{fill:var(--hb-t)}.hb-committed{fill:var(--hb-f)}
.hb-kept{stroke-width:1.5px}
.hb-lost{fill:none;stroke:var(--hb-ink-3);stroke-width:1.5px;stroke-dasharray:2 3}
.hb-struck{fill:var(--hb-stage)}.hb-strike{fill:none;stroke:var(--hb-ink);stroke-width:2px}
.hb-empty{fill:var(--hb-line)}
.hb-snapshot{fill:var(--hb-sunken);stroke:var(--hb-edge);stroke-width:1.5px}
.hb-mark{stroke:var(--hb-ink);stroke-width:1.5px}
.hb-rule{stroke:var(--hb-line);stroke-width:1px}
[data-still] .hb-node,:host([data-still]) .hb-node{transition:none}
@media (prefers-reduced-motion:reduce){.hb-node{transition:none}}
"#;

/// System colours: no fills, so what is safe for good gets a heavier outline.
const FORCED: &str = "@media (forced-colors:active){.hb-picture text{forced-color-adjust:none}.hb-cell.hb-committed,.hb-cell .hb-committed{stroke-width:4px}:root,:host{";

fn tokens(pen: &mut Pen, selector: &str, dark: bool) {
    pen.raw(selector).raw("{");
    for (name, light_value, dark_value) in TOKENS {
        pen.raw("--hb-").raw(name).raw(":").raw(if dark { dark_value } else { light_value });
        pen.raw(";");
    }
    pen.raw("}");
}

/// The whole style sheet. Classes and variables begin with `hb-`; a host overrides a token
/// by setting it on the element.
pub fn style() -> String {
    let mut pen = Pen::default();
    tokens(&mut pen, ":root,:host", false);
    pen.raw("@media (prefers-color-scheme:dark){");
    tokens(&mut pen, ":root,:host", true);
    pen.raw("}");
    tokens(&mut pen, "[data-theme=light],:host([data-theme=light])", false);
    tokens(&mut pen, "[data-theme=dark],:host([data-theme=dark])", true);
    for e in 1..=5 {
        pen.raw(".hb-e").int(e).raw("{");
        for (short, long) in [("f", "fill"), ("o", "on"), ("l", "line"), ("t", "tint")] {
            pen.raw("--hb-").raw(short).raw(":var(--hb-e").int(e).raw("-").raw(long).raw(");");
        }
        pen.raw("}");
    }
    pen.raw(CLASSES).raw(FORCED);
    for (name, _, _) in TOKENS {
        let ground = matches!(name, "bg" | "stage" | "sunken" | "bad-tint" | "on-bad");
        let area = name.ends_with("-fill") || name.ends_with("-tint");
        pen.raw("--hb-").raw(name).raw(match name {
            _ if ground || area => ":Canvas;",
            "line" => ":GrayText;",
            _ => ":CanvasText;",
        });
    }
    pen.raw("}}").take()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn light_and_dark_name_the_same_tokens() {
        let sheet = style();
        for (name, light, dark) in TOKENS {
            assert!(sheet.contains(&[name, ":", light].concat()));
            assert!(sheet.contains(&[name, ":", dark].concat()));
        }
        assert_eq!(sheet.matches('{').count(), sheet.matches('}').count());
    }
}
