// Writes web/generated/fonts/{sans,mono}.woff2: the two variable fonts, cut down to the
// characters, weights and features that the page uses. Skips the work when nothing changed.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import subsetFont from "subset-font";
import { fresh, stamp } from "./stamp.mjs";

const OUT = "web/generated/fonts";

// Basic Latin, the signs that captions and times use, and common accents. A sign that the
// font lacks is drawn from the reader's own fonts.
const CHARACTERS =
  Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join("") +
  "\u00a0–—·×→←↑↓≤≥≠−…“”‘’‹›«»✓µ°§±²½©" +
  "ÀÁÂÃÄÅÆÇÈÉÊËÍÎÏÑÓÔÕÖØÚÛÜßàáâãäåæçèéêëíîïñóôõöøúûüÿ";

const FONTS = [
  {
    name: "sans",
    source: "node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
    weights: { min: 400, max: 660 },
    features: ["kern", "mark", "ccmp", "tnum"],
  },
  {
    name: "mono",
    source:
      "node_modules/@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2",
    weights: { min: 400, max: 600 },
    // No "calt": it would draw "->" as one arrow, and the text is meant to be typed.
    features: ["mark", "ccmp"],
  },
];

const inputs = ["scripts/fonts.mjs", ...FONTS.map((font) => font.source)];
const outputs = FONTS.map((font) => `${OUT}/${font.name}.woff2`);
const mark = stamp(inputs);
if (fresh(OUT, mark, outputs)) {
  console.log("fonts: unchanged");
} else {
  mkdirSync(OUT, { recursive: true });
  for (const { name, source, weights, features } of FONTS) {
    const woff2 = await subsetFont(readFileSync(source), CHARACTERS, {
      targetFormat: "woff2",
      variationAxes: { wght: weights },
      keepFeatures: features,
      noHinting: true,
    });
    writeFileSync(`${OUT}/${name}.woff2`, woff2);
    console.log(`fonts: ${name}.woff2, ${(woff2.length / 1000).toFixed(1)} kB`);
  }
  writeFileSync(`${OUT}/.stamp`, mark);
}
