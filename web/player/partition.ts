// Drawing a partition: a straight line dragged across the ring, and the list of nodes that
// does the same by keyboard, by screen reader and on a phone. Writes nothing by itself.

import { html } from "lit";
import type { TemplateResult } from "lit";
import type { Picture } from "./interface.js";
import { across, distance, divide } from "./geometry.js";
import type { Point, Segment } from "./geometry.js";
import type { Host } from "./host.js";

const SVG = "http://www.w3.org/2000/svg";
/** A drag shorter than this is a press. */
export const SHORTEST_DRAG_PX = 24;
const WALL_PX = 12;
const HATCH_GAP_PX = 7;
/** 12 px across the wall at 35° are 17 px along it. */
const HATCH_RUN_PX = 17;
/** What a line says that has all nodes on one side. */
export const DRAW_BETWEEN = "Draw between the nodes.";

/** The text of a partition into these groups. */
export function partitionAction(smaller: readonly string[], larger: readonly string[]): string {
  return `partition ${smaller.join(" ")} | ${larger.join(" ")}`;
}

/** What a line would do. */
export interface Cut {
  readonly line: Segment;
  readonly smaller: readonly string[];
  readonly larger: readonly string[];
  /** Empty when all nodes stand on one side. */
  readonly action: string;
}

/** The cut that a drag from one point to another means. */
export function cutBetween(picture: Picture, from: Point, to: Point): Cut {
  const line = across({ from, to }, picture.ring.width, picture.ring.height);
  const servers = picture.nodes.filter((node) => node.server);
  const [smaller, larger] = divide(line, servers);
  const action = smaller.length === 0 ? "" : partitionAction(smaller, larger);
  return { line, smaller, larger, action };
}

/** Who stands on which side of the wall that is there; the smaller side first. */
export function sidesOf(picture: Picture, line: Segment): [string[], string[]] {
  return divide(
    line,
    picture.nodes.filter((node) => node.server),
  );
}

/** Whether a drag is long enough to mean a line. */
export function isDrag(from: Point, to: Point): boolean {
  return distance(from, to) >= SHORTEST_DRAG_PX;
}

/** Draws a cut that is being made into the ring, over everything. */
export function drawCut(ring: SVGSVGElement, picture: Picture, cut: Cut): void {
  clearCut(ring);
  const layer = document.createElementNS(SVG, "g");
  layer.classList.add("cut-tool");
  const { from, to } = cut.line;
  layer.append(wall(from, to));
  for (const node of picture.nodes) {
    if (!cut.smaller.includes(node.name)) continue;
    layer.append(element("circle", "cut-side", { cx: node.x, cy: node.y, r: node.r + 15 }));
  }
  const total = cut.smaller.length + cut.larger.length;
  const end = from.x > to.x ? from : to;
  const x = Math.min(picture.ring.width - 8, end.x - 4);
  const y = Math.min(picture.ring.height - 40, Math.max(34, end.y));
  const upperIsLarger = isAbove(cut, picture);
  const counts = [cut.larger.length, cut.smaller.length].map((count) => `${count} of ${total}`);
  if (!upperIsLarger) counts.reverse();
  counts.forEach((text, k) => {
    const label = element("text", k === (upperIsLarger ? 0 : 1) ? "cut-count most" : "cut-count", {
      x,
      y: k === 0 ? y - 16 : y + 28,
    });
    label.textContent = text;
    layer.append(label);
  });
  ring.append(layer);
}

/** A wall as the core draws it: ink outline, hatching at 35° to it. */
function wall(from: Point, to: Point): SVGElement {
  const length = distance(from, to);
  const angle = (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI;
  const half = WALL_PX / 2;
  let hatch = "";
  for (let x = 0; x < length - HATCH_RUN_PX; x += HATCH_GAP_PX) {
    hatch += `M${x.toFixed(1)} ${half}L${(x + HATCH_RUN_PX).toFixed(1)} ${-half}`;
  }
  const g = document.createElementNS(SVG, "g");
  g.setAttribute("transform", `translate(${from.x} ${from.y}) rotate(${angle})`);
  const body = element("rect", "cut-body", { x: 0, y: -half, width: length, height: WALL_PX });
  const lines = document.createElementNS(SVG, "path");
  lines.setAttribute("class", "cut-hatch");
  lines.setAttribute("d", hatch);
  g.append(body, lines);
  return g;
}

/** Takes the drawing of the tool away. */
export function clearCut(ring: SVGSVGElement): void {
  ring.querySelector(":scope > .cut-tool")?.remove();
}

/** Whether the larger side lies above the line, at its middle. */
function isAbove(cut: Cut, picture: Picture): boolean {
  const height = (names: readonly string[]): number => {
    const nodes = picture.nodes.filter((node) => names.includes(node.name));
    return nodes.reduce((sum, node) => sum + node.y, 0) / Math.max(1, nodes.length);
  };
  return cut.smaller.length === 0 || height(cut.larger) <= height(cut.smaller);
}

function element(
  tag: "rect" | "circle" | "text",
  name: string,
  numbers: Record<string, number>,
): SVGElement {
  const made = document.createElementNS(SVG, tag);
  made.setAttribute("class", name);
  for (const [attribute, value] of Object.entries(numbers))
    made.setAttribute(attribute, String(value));
  return made;
}

/** The list of nodes: each on this side or on that side. */
export class SideList {
  #here = new Set<string>();

  /** Starts with those on one side of the wall; without one, with the leader and one more
   * against the rest. */
  preset(servers: readonly string[], leader: string, parted: readonly string[] = []): void {
    if (parted.length > 0) {
      this.#here = new Set(parted);
      return;
    }
    const first = servers.includes(leader) ? leader : (servers[0] ?? "");
    const at = servers.indexOf(first);
    const second = servers.length > 2 ? servers[(at + 1) % servers.length] : undefined;
    this.#here = new Set(second === undefined ? [first] : [first, second]);
  }

  template(host: Host, servers: readonly string[]): TemplateResult {
    const here = servers.filter((name) => this.#here.has(name));
    const there = servers.filter((name) => !this.#here.has(name));
    const possible = here.length > 0 && there.length > 0;
    const [smaller, larger] = here.length <= there.length ? [here, there] : [there, here];
    const action = partitionAction(smaller, larger);
    const choose = (name: string, side: boolean) => (): void => {
      if (side) this.#here.add(name);
      else this.#here.delete(name);
      host.requestUpdate();
    };
    return html`<div class="sides">
        ${servers.map(
          (name) =>
            html`<fieldset>
              <legend>${name}</legend>
              <label
                ><input
                  type="radio"
                  name="side-${name}"
                  .checked=${this.#here.has(name)}
                  @change=${choose(name, true)}
                />this side</label
              >
              <label
                ><input
                  type="radio"
                  name="side-${name}"
                  .checked=${!this.#here.has(name)}
                  @change=${choose(name, false)}
                />that side</label
              >
            </fieldset>`,
        )}
      </div>
      <p class="mono would">${possible ? action : "All nodes are on one side."}</p>
      <div class="dialog-tools">
        <button
          class="button filled"
          ?disabled=${!possible}
          @click=${() => {
            host.overlays.closeDialog();
            host.perform(action);
          }}
        >
          Cut: ${here.length} of ${servers.length} against ${there.length}
        </button>
        <button class="button" @click=${() => host.armCut()}>Draw the line instead</button>
      </div>`;
  }
}
