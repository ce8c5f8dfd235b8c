// What a fresh machine with Node and rustup still lacks: the toolchain and targets of
// rust-toolchain.toml, the npm packages, a Chromium for the tests. Each stage looks first and
// does nothing when all is there. Imports nothing but Node itself, for it runs before `npm ci`.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fresh, stamp } from "./stamp.mjs";
import { Failure, output, run, runNode } from "./stages.mjs";

/** @typedef {import("./stages.mjs").Stage} Stage */

function rust() {
  if (output("rustup", ["--version"]) === undefined) {
    throw new Failure(
      "Rust is missing. Install rustup from https://rustup.rs, then run this again.",
    );
  }
  const toml = readFileSync("rust-toolchain.toml", "utf8");
  /** @param {string} key */
  const list = (key) =>
    [
      ...(toml.match(new RegExp(`^${key} = \\[(.*)\\]`, "m"))?.[1] ?? "").matchAll(/"([^"]+)"/g),
    ].map((match) => match[1] ?? "");
  const channel = toml.match(/^channel = "(.+)"/m)?.[1];
  if (!channel) throw new Failure("rust-toolchain.toml names no channel");
  const has = (output("rustup", ["toolchain", "list"]) ?? "")
    .split("\n")
    .some((line) => line.startsWith(`${channel}-`));
  const targets = has
    ? (output("rustup", ["target", "list", "--installed", "--toolchain", channel]) ?? "").split(
        /\s+/,
      )
    : [];
  const components = has
    ? (output("rustup", ["component", "list", "--installed", "--toolchain", channel]) ?? "").split(
        /\s+/,
      )
    : [];
  const missing = [
    ...list("targets").filter((target) => !targets.includes(target)),
    ...list("components").filter(
      (name) => !components.some((component) => component.startsWith(name)),
    ),
  ];
  if (has && missing.length === 0) {
    console.log(`Rust ${channel} with ${list("targets").join(" and ")} is here`);
    return;
  }
  console.log(`installing Rust ${channel}: ${missing.join(", ")}`);
  if (has && missing.join() === "rust-src") {
    // Only the wasm's size depends on it: the build goes on without, and says so.
    const added = output("rustup", ["component", "add", "rust-src", "--toolchain", channel]);
    if (added === undefined) console.warn("rust-src cannot be had here: the wasm gets larger");
    return;
  }
  const options = [
    ...list("targets").flatMap((target) => ["--target", target]),
    ...list("components").flatMap((name) => ["--component", name]),
  ];
  run("rustup", [
    "toolchain",
    "install",
    channel,
    "--profile",
    "minimal",
    "--no-self-update",
    ...options,
  ]);
}

function packages() {
  const mark = stamp(["package-lock.json"]);
  if (fresh("node_modules", mark, ["node_modules/vite/package.json"])) {
    console.log("npm packages are those of package-lock.json");
    return;
  }
  const npm = process.env["npm_execpath"];
  if (npm) run(process.execPath, [npm, "ci"]);
  else run("npm", ["ci"]);
  mkdirSync("node_modules", { recursive: true });
  writeFileSync("node_modules/.stamp", mark);
}

async function chromium() {
  const { findChromium } = await import("./chromium.mjs");
  let found = await findChromium();
  if (!found && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    console.log("no Chromium here; installing Debian's");
    run("apt-get", ["update"]);
    run("apt-get", ["install", "--yes", "--no-install-recommends", "chromium"], {
      DEBIAN_FRONTEND: "noninteractive",
    });
    found = await findChromium();
  }
  if (!found) {
    throw new Failure(
      "The browser tests need a Chromium. Either of these will do, then run this again:\n" +
        "  npx playwright install --with-deps chromium\n" +
        "  your system's package (Debian, Ubuntu: sudo apt-get install chromium)\n" +
        "A Chromium somewhere else: CHROMIUM=/path/to/it npm test",
    );
  }
  console.log(`Chromium: ${found}`);
}

async function firefox() {
  const { findFirefox } = await import("./firefox.mjs");
  let found = findFirefox();
  if (!found && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    console.log("no Firefox here; installing Debian's");
    run("apt-get", ["update"]);
    run("apt-get", ["install", "--yes", "--no-install-recommends", "firefox-esr"], {
      DEBIAN_FRONTEND: "noninteractive",
    });
    found = findFirefox();
  }
  if (!found) {
    throw new Failure(
      "The long tests need a Firefox: your system's package will do (Debian, Ubuntu: sudo apt-get\n" +
        "install firefox-esr), or FIREFOX=/path/to/it npm run test:all",
    );
  }
  console.log(`Firefox: ${found}`);
}

/** @type {Stage[]} */
export const SETUP = [
  { name: "Rust toolchain", run: rust },
  { name: "npm packages", run: packages },
];

/** @type {Stage} */
export const BROWSER_SETUP = { name: "Chromium", run: chromium };

/** @type {Stage} */
export const FIREFOX_SETUP = { name: "Firefox", run: firefox };

/** What the page needs and git does not hold: web/generated/.
 * @type {Stage[]} */
export const GENERATE = [
  { name: "wasm", run: () => run("cargo", ["xtask", "wasm"]) },
  { name: "fonts", run: () => runNode("scripts/fonts.mjs", []) },
];

/** The static site in dist/, and its weight.
 * @type {Stage[]} */
export const SITE = [
  { name: "site", run: () => runNode("node_modules/vite/bin/vite.js", ["build"]) },
  { name: "size", run: () => runNode("scripts/size.mjs", []), check: true },
];
