// How long a seek takes in a run of a million events, in the wasm module that the page loads.
// `node scripts/seek.mjs [EVENTS]` after `npm run build`; prints milliseconds, judges nothing.
import { loadEngine } from "./engine.mjs";

const EVENTS = Number(process.argv[2] ?? 1_000_000);
const SEEKS = 200;

const HEAD = `protocol raft
nodes 5
seed 7
loss 1%
client c1 every 20ms put x or get x
client c2 every 30ms put y or get y
client c3 every 50ms put z
`;

/** A crash, a restart, a partition and its healing every ten seconds. */
function faults() {
  const lines = [];
  for (let k = 0; k < 120; k += 1) {
    const [node, other] = [(k % 5) + 1, ((k + 1) % 5) + 1];
    const at = 5 + 10 * k;
    lines.push(`at ${at}s crash n${node}`, `at ${at + 2}s restart n${node}`);
    lines.push(`at ${at + 5}s partition n${node} | n${other}`, `at ${at + 8}s heal`);
  }
  return `${lines.join("\n")}\n`;
}

const Engine = await loadEngine();
for (const [name, text] of [
  ["no faults", HEAD],
  ["faults every few seconds", HEAD + faults()],
]) {
  const engine = new Engine(text ?? "");
  const begun = performance.now();
  for (let second = 1; engine.events() < EVENTS; second += 1) {
    while ([1, 3].includes(engine.advance(second * 1_000_000)));
  }
  const played = performance.now() - begun;
  const events = engine.events();
  /** @type {number[]} */
  const times = [];
  for (let k = 0; k < SEEKS; k += 1) {
    const to = Math.floor(engine.head() * Math.abs(Math.sin(k * 12.9898)));
    const from = performance.now();
    engine.seek(to);
    engine.frame();
    times.push(performance.now() - from);
  }
  times.sort((a, b) => a - b);
  const at = (/** @type {number} */ share) =>
    (times[Math.floor(share * (SEEKS - 1))] ?? 0).toFixed(1);
  console.log(
    `${name}: ${events} events, played in ${played.toFixed(0)} ms;`,
    `seek and frame: median ${at(0.5)}, 95 of 100 in ${at(0.95)}, worst ${at(1)} ms`,
  );
  engine.free();
}
