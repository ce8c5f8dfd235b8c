// `npm test`: sets up what is missing and runs every check that fits into a quarter of an hour.
// `npm run test:all` adds what is long. `npm test -- WORD...` runs only the checks whose name
// contains one of the words (and the set-up).
import { BROWSER_SETUP, FIREFOX_SETUP, GENERATE, SETUP, SITE } from "./setup.mjs";
import { run, runNode, runStages } from "./stages.mjs";

/** @typedef {import("./stages.mjs").Stage} Stage */

/** @param {string} name @param {string[]} args @param {Record<string, string>} [env] @returns {Stage} */
const cargo = (name, args, env) => ({ name, run: () => run("cargo", args, env), check: true });
/** @param {string} name @param {string} file @param {string[]} args @returns {Stage} */
const node = (name, file, args) => ({
  name,
  run: () => runNode(`node_modules/${file}`, args),
  check: true,
});

/** What the formatter looks at; `npm run format` mends it. */
const SOURCES = ["web", "scripts", "tests", "*.ts"];

const CHECKS = [
  cargo("Rust format", ["fmt", "--all", "--check"]),
  cargo("Rust lint", ["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"]),
  cargo("Rust tests", ["test", "--workspace", "--no-fail-fast"]),
  cargo("Rust documentation", ["doc", "--workspace", "--no-deps"], {
    RUSTDOCFLAGS: "--deny warnings",
  }),
  cargo(
    "core without std",
    ["build", "--package", "happens-before", "--target", "thumbv7em-none-eabi"],
    // Nobody runs it.
    { CARGO_PROFILE_DEV_OPT_LEVEL: "0", CARGO_PROFILE_DEV_DEBUG: "0" },
  ),
  ...GENERATE,
  node("TypeScript types: page", "typescript/bin/tsc", ["--project", "tsconfig.json"]),
  node("TypeScript types: tools and tests", "typescript/bin/tsc", [
    "--project",
    "tsconfig.node.json",
  ]),
  node("TypeScript format", "prettier/bin/prettier.cjs", ["--check", ...SOURCES]),
  node("TypeScript lint", "oxlint/bin/oxlint", ["--type-aware", "--deny-warnings"]),
  node("unit tests", "vitest/vitest.mjs", ["run"]),
  ...SITE,
  node("browser tests", "@playwright/test/cli.js", ["test"]),
];

/** @param {string} name @param {...string} args @returns {Stage} */
const sweep = (name, ...args) =>
  cargo(
    name,
    "run --quiet --release --package happens-before-cli -- sweep".split(" ").concat(args),
  );

/** Protocols whose runs are short. */
const ROOMS = [
  "abd",
  "lock",
  "redlock",
  "rpc",
  "gossip",
  "detector",
  "broadcast",
  "mutex",
  "snapshot",
  "clocks",
  "lww",
  "dynamo",
  "ntp",
  "commit-wait",
];

const LONG = [
  // What is marked as long: exhaustive exploration, Raft's features mixed, members that come and go,
  // a million broken files.
  cargo("long tests", [
    "test",
    "--release",
    "--package",
    "happens-before",
    "--package",
    "happens-before-histories",
    "--lib",
    "--",
    "--ignored",
  ]),
  cargo("long tests across rooms", [
    "test",
    "--package",
    "happens-before-tests",
    "--",
    "--ignored",
  ]),
  cargo("guests under chaos", ["test", "--package", "happens-before-tests", "guests"], {
    HAPPENS_BEFORE_SEEDS: "0..2000",
  }),
  {
    name: "catalogue in Firefox",
    run: () => runNode("tests/firefox/digests.mjs", []),
    check: true,
  },
  ...["raft", "paxos", "multipaxos", "primary-backup", "kafka"].map((name) =>
    sweep(`sweep of ${name}`, "--protocol", name, "--seeds", "0..5000"),
  ),
  ...ROOMS.map((name) => sweep(`sweep of ${name}`, "--protocol", name, "--seeds", "0..2000")),
  sweep("liveness", "--live", "--seeds", "0..2000"),
  sweep("chaos over the catalogue", "--catalogue", "--seeds", "0..20000"),
  sweep("chaos under any rules", "--catalogue", "--any-rules", "--seeds", "0..5000"),
];

const words = process.argv.slice(2).filter((argument) => argument !== "--all");
const all = process.argv.includes("--all") ? [...CHECKS, ...LONG] : CHECKS;
const chosen =
  words.length === 0
    ? all
    : all.filter(({ name }) =>
        words.some((word) => name.toLowerCase().includes(word.toLowerCase())),
      );
if (chosen.length === 0) {
  console.error(`no check is called so; there are: ${all.map(({ name }) => name).join(", ")}`);
  process.exit(1);
}
const browser = chosen.some(({ name }) => name === "browser tests") ? [BROWSER_SETUP] : [];
const firefox = chosen.some(({ name }) => name.includes("Firefox")) ? [FIREFOX_SETUP] : [];
await runStages([...SETUP, ...browser, ...firefox, ...chosen]);
