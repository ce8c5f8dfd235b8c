//! Writes SVG text: numbers in tenths, escaped text, the few elements that the drawing uses.
//! Never knows what it draws. Numbers do not go through `core::fmt`: formatting floats
//! would cost more bytes in the page than the whole drawing.

use alloc::string::String;
use core::fmt::Write;

/// Where text is anchored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A growing piece of SVG.
#[derive(Default)]
pub(super) struct Pen {
    /// What has been written.
    pub out: String,
}

impl Pen {
    /// Writes markup as it is.
    #[inline(never)]
    pub fn raw(&mut self, markup: &str) -> &mut Self {
        self.out.push_str(markup);
        self
    }

    /// Writes a whole number.
    #[inline(never)]
    pub fn int(&mut self, n: u64) -> &mut Self {
        // Writing to a String cannot fail.
        let _ = write!(self.out, "{n}");
        self
    }

    /// Writes a coordinate in tenths, without a trailing zero.
    #[inline(never)]
    pub fn num(&mut self, x: f64) -> &mut Self {
        let tenths = if x < 0.0 { x * 10.0 - 0.5 } else { x * 10.0 + 0.5 } as i64;
        if tenths < 0 {
            self.raw("-");
        }
        let size = tenths.unsigned_abs();
        self.int(size / 10);
        if !size.is_multiple_of(10) {
            self.raw(".").int(size % 10);
        }
        self
    }

    /// Writes a point as "x y".
    #[inline(never)]
    pub fn point(&mut self, (x, y): (f64, f64)) -> &mut Self {
        self.num(x).raw(" ").num(y)
    }

    /// Writes text with the five characters of XML escaped; control characters
    /// become a space.
    #[inline(never)]
    pub fn text(&mut self, text: &str) -> &mut Self {
        // Only single bytes are replaced, so every cut is at the edge of a character.
        let mut rest = 0;
        for (i, byte) in text.bytes().enumerate() {
            let instead = match byte {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' => "&quot;",
                b'\'' => "&#39;",
                0..=31 => " ",
                _ => continue,
            };
            self.raw(text.get(rest..i).unwrap_or_default()).raw(instead);
            rest = i + 1;
        }
        self.raw(text.get(rest..).unwrap_or_default());
        self
    }

    /// Writes ` name="number"`.
    #[inline(never)]
    pub fn attribute(&mut self, name: &str, value: f64) -> &mut Self {
        self.raw(" ").raw(name).raw("=\"").num(value).raw("\"")
    }

    /// Opens an element with a class, without closing its tag.
    #[inline(never)]
    pub fn open(&mut self, element: &str, class: &str) -> &mut Self {
        self.raw("<").raw(element).raw(" class=\"").raw(class).raw("\"")
    }

    /// A circle.
    #[inline(never)]
    pub fn circle(&mut self, class: &str, (x, y): (f64, f64), r: f64) -> &mut Self {
        self.open("circle", class).attribute("cx", x).attribute("cy", y).attribute("r", r).raw("/>")
    }

    /// A rectangle by its centre, with round corners.
    #[inline(never)]
    pub fn rect(
        &mut self,
        class: &str,
        (x, y): (f64, f64),
        (width, height): (f64, f64),
        radius: f64,
    ) -> &mut Self {
        self.open("rect", class)
            .attribute("x", x - width / 2.0)
            .attribute("y", y - height / 2.0)
            .attribute("width", width)
            .attribute("height", height)
            .attribute("rx", radius)
            .raw("/>")
    }

    /// A path from finished path data.
    #[inline(never)]
    pub fn path(&mut self, class: &str, d: &str) -> &mut Self {
        self.open("path", class).raw(" d=\"").raw(d).raw("\"/>")
    }

    /// One line of text; `y` is the base line.
    #[inline(never)]
    pub fn label(
        &mut self,
        class: &str,
        (x, y): (f64, f64),
        size: f64,
        anchor: Anchor,
        text: &str,
    ) -> &mut Self {
        self.open_label(class, (x, y), size, anchor).text(text).raw("</text>")
    }

    /// The start of a line of text, for what needs more than one style in it.
    #[inline(never)]
    pub fn open_label(
        &mut self,
        class: &str,
        (x, y): (f64, f64),
        size: f64,
        anchor: Anchor,
    ) -> &mut Self {
        self.open("text", class).attribute("x", x).attribute("y", y).attribute("font-size", size);
        match anchor {
            Anchor::Start => {}
            Anchor::Middle => {
                self.raw(" text-anchor=\"middle\"");
            }
            Anchor::End => {
                self.raw(" text-anchor=\"end\"");
            }
        }
        self.raw(">")
    }

    /// Adds a straight stroke to path data.
    #[inline(never)]
    pub fn stroke(&mut self, from: (f64, f64), to: (f64, f64)) -> &mut Self {
        self.raw("M").point(from).raw("L").point(to)
    }

    /// Takes what has been written.
    pub fn take(&mut self) -> String {
        core::mem::take(&mut self.out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(x: f64) -> String {
        Pen::default().num(x).take()
    }

    #[test]
    fn numbers_are_written_in_tenths() {
        assert_eq!(written(0.0), "0");
        assert_eq!(written(-0.04), "0");
        assert_eq!(written(-0.06), "-0.1");
        assert_eq!(written(12.0), "12");
        assert_eq!(written(-12.34), "-12.3");
        assert_eq!(written(0.96), "1");
    }

    #[test]
    fn text_is_escaped() {
        let written = Pen::default().text("<b> & \"x\" 'y' \u{1}z").take();
        assert_eq!(written, "&lt;b&gt; &amp; &quot;x&quot; &#39;y&#39;  z");
    }
}
