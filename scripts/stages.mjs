// Runs commands as named stages: says what begins, lets the tool speak for itself, says how
// long it took. A check that fails lets the next ones run; a step that others need does not.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));

/**
 * `check`: nothing later needs it, so its failure is told at the end.
 * @typedef {{ name: string, run: () => void | Promise<void>, check?: boolean }} Stage
 */

/** A failure with its explanation already in plain words: no stack is shown. */
export class Failure extends Error {}

/**
 * Runs a command in the repository, its output going straight to the terminal.
 * @param {string} command @param {string[]} args @param {Record<string, string>} [env]
 */
export function run(command, args, env = {}) {
  const { status, error, signal } = spawnSync(command, args, {
    cwd: ROOT,
    stdio: "inherit",
    env: { ...process.env, ...env },
  });
  if (error) throw new Failure(`cannot start ${command}: ${error.message}`);
  if (status !== 0)
    throw new Failure(
      `${[command, ...args].join(" ")} ended with ${signal ?? `exit code ${status}`}`,
    );
}

/**
 * What a command prints, or undefined when it cannot be started or fails.
 * @param {string} command @param {string[]} args
 */
export function output(command, args) {
  const { status, stdout } = spawnSync(command, args, {
    cwd: ROOT,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return status === 0 ? stdout : undefined;
}

/**
 * Runs a program of an npm package with this Node, without a shell.
 * @param {string} file @param {string[]} args
 */
export function runNode(file, args) {
  run(process.execPath, [file, ...args]);
}

/** @param {number} since */
const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/**
 * What to say of an error: a failure explains itself, anything else is a fault of ours.
 * @param {unknown} error
 */
function explain(error) {
  if (error instanceof Failure) return error.message;
  return error instanceof Error ? error.stack : String(error);
}

/**
 * Runs stages in order and prints a line for each; ends the process with 1 when one failed.
 * @param {Stage[]} stages
 */
export async function runStages(stages) {
  process.chdir(ROOT);
  const begin = performance.now();
  const times = [];
  const failed = [];
  for (const [index, { name, run: body, check }] of stages.entries()) {
    console.log(`\n== ${index + 1}/${stages.length} ${name}`);
    const since = performance.now();
    let verdict = "";
    try {
      await body();
    } catch (error) {
      console.error(explain(error));
      failed.push(name);
      verdict = ", FAILED";
    }
    times.push(`${seconds(since).padStart(8)}  ${name}${verdict}`);
    console.log(`== ${name}: ${seconds(since)}${verdict}`);
    if (verdict && !check) break;
  }
  console.log(`\n${times.join("\n")}\n${seconds(begin).padStart(8)}  all`);
  if (failed.length > 0) {
    console.error(`FAILED: ${failed.join(", ")}`);
    process.exit(1);
  }
}
