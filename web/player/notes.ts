// What a fault models in the real world and whether the protocol tolerates it, in a sentence or
// two. The words come from the core; here they are only put together.

import type { Host } from "./host.js";

/** What is known of a fault. */
export interface FaultNote {
  /** Empty for what is no fault. */
  readonly models: string;
  /** Why the protocol does not tolerate it; empty when it does. */
  readonly beyond: string;
}

/** What it models and whether the protocol tolerates it; empty for what is no fault. */
export function aboutFault(host: Host, { models, beyond }: FaultNote): string {
  if (models === "") return "";
  const verdict = beyond === "" ? `${protocolOf(host)} tolerates it.` : warning(host, beyond);
  return `${models} ${verdict}`;
}

/** What an action models that is written or drawn by chaos: "crash n3: Power is gone …". */
export function aboutAction(host: Host, action: string): string {
  const session = host.session;
  const note = session?.complete ? session.ask((engine) => engine.note(action)) : undefined;
  return note ? `${action}: ${aboutFault(host, note)}` : "";
}

/** What is wrong with a node and what that models; empty when nothing is. */
export function aboutNode(host: Host, node: string): string {
  const session = host.session;
  const ails = session?.complete ? session.ask((engine) => engine.ails(node)) : undefined;
  return (ails ?? []).map((ail) => `${node}, ${ail.words}: ${aboutFault(host, ail)}`).join(" ");
}

/** The same in fewer words, where a badge says that it is not tolerated. */
export function briefly(host: Host, { models, beyond }: FaultNote): string {
  return beyond === "" ? models : `${models} ${warning(host, beyond)}`;
}

/** Said when a fault leaves what the protocol promises. */
export function warning(host: Host, beyond: string): string {
  return `${protocolOf(host)} does not tolerate this: ${beyond}`;
}

function protocolOf(host: Host): string {
  return host.view?.description.protocol.title ?? "The protocol";
}
