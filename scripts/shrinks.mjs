// `node scripts/shrinks.mjs [BUG...]`: for each mistake of Raft that random search finds, how
// long the search and the shrinking of its first failing run take here, as a table.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { run } from "./stages.mjs";

/** From the first seed that is known to fail, to spare the search. */
const BUGS = Object.entries({
  "half-is-enough": 0,
  "drop-vote": 0,
  "truncate-always": 0,
  "ack-before-sync": 0,
  "leader-rewrites": 0,
  "vote-for-anyone": 3,
  "apply-twice": 3,
  "ignore-prev-term": 4,
  "forget-term": 32,
  "count-votes-twice": 220,
  "longest-log-wins": 88,
  "commit-beyond-match": 60,
  "forget-vote": 66,
  "commit-earlier-term": 697,
  "sync-again": 15,
  "rot-is-torn": 1148,
});

run("cargo", ["build", "--quiet", "--release", "--package", "happens-before-cli"]);
const command = `${process.env["CARGO_TARGET_DIR"] ?? "target"}/release/happens-before`;

/** @param {string} bug @param {number} seed */
async function shrunk(bug, seed) {
  const child = spawn(command, ["explore", "--bug", bug, "--seeds", `${seed}..${seed + 1000}`]);
  let told = "";
  let begun = performance.now();
  child.stderr.on("data", (/** @type {Buffer} */ data) => {
    told += String(data);
    if (String(data).includes("shrinking")) begun = performance.now();
  });
  child.stdout.resume();
  await once(child, "close");
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  const found = /seed (\d+) fails/.exec(told)?.[1] ?? "none";
  const check = /“(.*)” is violated/.exec(told)?.[1] ?? "";
  const [, before, after, faults] = /(\d+) lines became (\d+), (\d+)/.exec(told) ?? [];
  return `| ${bug} | ${found} | ${check} | ${before} | ${after} | ${faults} | ${seconds} s |`;
}

console.log("| bug | seed | violated | lines | shrunk to | of them faults | time |");
console.log("|---|---|---|---|---|---|---|");
const wanted = process.argv.slice(2);
for (const [bug, seed] of BUGS) {
  if (wanted.length === 0 || wanted.includes(bug)) console.log(await shrunk(bug, seed));
}
