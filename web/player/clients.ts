// Client commands: a small form that writes one line, and the operations with their answers.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import type { OperationView } from "./interface.js";
import { clockText } from "./format.js";
import type { Host } from "./host.js";

const SHOWN = 40;

/** The dialog's body; `client` is preset. */
export function clientsTemplate(host: Host, client: string): TemplateResult {
  const description = host.view?.description;
  const declaration = host.session?.ask((engine) => engine.declaration());
  const clients = description?.nodes.slice(description.servers) ?? [];
  const operations = host.session?.ask((engine) => engine.operations()) ?? [];
  if (clients.length === 0) {
    return html`<p>This run has no clients. A line such as <code>client c1</code> adds one.</p>`;
  }
  return html`<form class="send" @submit=${(event: SubmitEvent) => send(host, event)}>
      <label
        >Client
        <select name="client" autofocus>
          ${clients.map((name) => html`<option ?selected=${name === client}>${name}</option>`)}
        </select>
      </label>
      <label
        >Operation
        <select name="operation">
          ${declaration?.operations.map((operation) => html`<option value=${operation.name}>${operation.name} ${operation.arguments.map((word) => word.toLowerCase()).join(" ")}</option>`)}
        </select>
      </label>
      <label
        >Arguments
        <input name="arguments" class="mono" value="x 100" autocomplete="off" spellcheck="false" />
      </label>
      <button class="button filled">Send</button>
    </form>
    <h3>Operations and answers</h3>
    ${
      operations.length === 0
        ? html`<p>No client has asked anything yet.</p>`
        : html`<table class="operations">
            <thead>
              <tr>
                <th>Client</th>
                <th>Asked</th>
                <th>Request</th>
                <th>Answer</th>
              </tr>
            </thead>
            <tbody>
              ${operations.slice(-SHOWN).toReversed().map(rowOf)}
            </tbody>
          </table>`
    }
    ${operations.length > SHOWN ? html`<p class="dim">The last ${SHOWN} of ${operations.length}.</p>` : nothing}`;
}

function rowOf(operation: OperationView): TemplateResult {
  const answer =
    operation.state === "ok"
      ? operation.answer
      : operation.state === "open"
        ? "waiting"
        : "gave up, may still happen";
  const took =
    operation.returned === undefined
      ? ""
      : ` after ${Math.round((operation.returned - operation.invoked) / 1000)} ms`;
  return html`<tr class=${operation.state === "ok" ? "" : "dim"}>
    <td>${operation.client}</td>
    <td class="mono">${clockText(operation.invoked)}</td>
    <td class="mono">${operation.request}</td>
    <td><span class="mono">${answer}</span><span class="dim">${took}</span></td>
  </tr>`;
}

function send(host: Host, event: SubmitEvent): void {
  event.preventDefault();
  if (!(event.currentTarget instanceof HTMLFormElement)) return;
  const data = new FormData(event.currentTarget);
  const word = (name: string): string => {
    const value = data.get(name);
    return typeof value === "string" ? value.trim() : "";
  };
  host.overlays.closeDialog();
  host.perform(`${word("client")} ${word("operation")} ${word("arguments")}`.trim());
}
