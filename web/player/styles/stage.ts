// The insides of header and stage.

import { css } from "lit";

export const stageStyles = css`
  .brand {
    display: flex;
    align-items: center;
    gap: 10px;
    min-height: 36px;
    color: inherit;
    text-decoration: none;
    font-weight: 640;
    font-size: 15px;
    white-space: nowrap;
  }
  h1 {
    margin-left: 22px;
    font-size: 15px;
    font-weight: 640;
    min-width: 0;
  }
  .title {
    display: flex;
    align-items: center;
    gap: 8px;
    max-width: 100%;
    min-height: 36px;
    font-weight: 640;
  }
  .title span {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .made-of {
    display: flex;
    align-items: center;
    gap: 2px;
    color: var(--hb-ink-3);
    font-size: 13px;
    white-space: nowrap;
    min-width: 0;
  }
  .made-of span {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .head-tools {
    display: flex;
    gap: 12px;
    margin-left: auto;
    flex: none;
  }
  .head-tools .share {
    gap: 0.3em;
  }

  .stage.violated::after {
    content: "";
    position: absolute;
    inset: 0;
    border: 3px solid var(--hb-bad);
    pointer-events: none;
  }
  .still-note {
    padding: 12px 28px;
    border-bottom: 1px solid var(--hb-line);
    font-weight: 560;
  }
  .loading {
    position: absolute;
    z-index: 2;
    inset: 0 0 auto;
    padding: 6px 28px;
    border-top: 2px solid var(--hb-ink);
    color: var(--hb-ink-3);
    font-size: 13px;
  }
  .caption-box {
    position: absolute;
    z-index: 1;
    inset: 18px 28px auto;
    pointer-events: none;
  }
  .caption {
    font-size: 26px;
    line-height: 32px;
    font-weight: 660;
    letter-spacing: -0.018em;
    text-wrap: balance;
    /* The story's position stands at the right. */
    max-width: min(27em, calc(100% - 112px));
  }
  .under {
    margin-top: 6px;
    font-size: 15px;
    line-height: 22px;
    color: var(--hb-ink-2);
    max-width: 54em;
    text-wrap: pretty;
  }
  /* What appears while the run plays; after a jump in time nothing does. */
  .caption,
  .under,
  .row.fresh,
  .hb-cell {
    animation: appear 160ms cubic-bezier(0.2, 0, 0, 1);
  }
  .hb-crown,
  .hb-accused {
    transform-box: fill-box;
    transform-origin: center;
    animation: ring 240ms cubic-bezier(0.2, 0, 0, 1);
  }
  @keyframes ring {
    from {
      opacity: 0;
      transform: scale(1.25);
    }
  }
  :host([data-still]) :is(.caption, .under, .hb-cell, .hb-crown, .hb-accused) {
    animation: none;
  }
  .story {
    position: absolute;
    top: 5px;
    right: -6px;
    display: flex;
    align-items: center;
    gap: 2px;
    color: var(--hb-ink-3);
    font-size: 13px;
    pointer-events: auto;
  }
  .picture {
    position: relative;
    display: flex;
    justify-content: center;
    align-items: flex-end;
    margin-top: 96px;
    min-width: 0;
    min-height: 0;
  }
  /* The drawing reaches a little under the help line: there stand the clients' words. */
  :host([data-shape="wide"]) .picture {
    margin: 108px 0 -12px;
  }
  .picture,
  .space-time {
    grid-area: 1 / 1;
  }
  .space-time {
    position: relative;
    margin-top: 96px;
    min-width: 0;
    min-height: 0;
    background: var(--hb-stage);
  }
  .space-time[hidden],
  .help-line[hidden],
  .touch-hints[hidden] {
    display: none;
  }
  .views {
    display: flex;
  }
  .views button {
    height: 36px;
    padding: 0 14px;
    border: 1px solid var(--hb-edge);
    background: var(--hb-stage);
    color: var(--hb-ink-2);
    font-weight: 560;
    font-size: 13px;
    white-space: nowrap;
  }
  .views button:first-child {
    border-radius: 8px 0 0 8px;
    border-right: 0;
  }
  .views button:last-child {
    border-radius: 0 8px 8px 0;
    border-left: 0;
  }
  .views button:hover {
    color: var(--hb-ink);
  }
  .views button[aria-pressed="true"] {
    background: var(--hb-ink);
    border-color: var(--hb-ink);
    color: var(--hb-bg);
  }
  .ring-box,
  .rack-box {
    position: relative;
    flex: none;
  }
  .ring-box {
    touch-action: pan-y;
  }
  .picture[data-armed="true"] .ring-box {
    touch-action: none;
    cursor: crosshair;
  }
  :host([data-shape="wide"]) .rack-box {
    margin-left: calc(8px * var(--hb-scale, 1));
  }
  .picture.small [data-key="key"] {
    display: none;
  }
  .pages {
    display: none;
  }
  .ring-box[data-under="wall"],
  .ring-box[data-under="node"],
  .ring-box[data-under="message"],
  .ring-box[data-under="link"] {
    cursor: pointer;
  }
  .ring,
  .rack {
    display: block;
    overflow: visible;
    user-select: none;
  }
  .moving {
    position: absolute;
    inset: 0;
    pointer-events: none;
  }
  .node {
    outline: none;
    cursor: pointer;
  }
  .node .target {
    fill: transparent;
  }
  .node .focus {
    fill: none;
    stroke: none;
  }
  .node:focus-visible .focus {
    stroke: var(--hb-focus);
    stroke-width: 2px;
  }
  .node.pointed .focus {
    stroke: var(--hb-ink);
    stroke-width: 1px;
  }
  .ring-box[data-under="wall-end"],
  .hb-reach {
    cursor: grab;
  }
  .moving-wall [data-key="walls"] {
    visibility: hidden;
  }
  .cut-tool {
    pointer-events: none;
  }
  .cut-body {
    fill: var(--hb-stage);
    stroke: var(--hb-ink);
    stroke-width: 1.5px;
  }
  .cut-hatch {
    fill: none;
    stroke: var(--hb-ink-2);
    stroke-width: 1.25px;
  }
  .cut-side {
    fill: none;
    stroke: var(--hb-ink);
    stroke-width: 2px;
    stroke-dasharray: 5 4;
  }
  .cut-count {
    fill: var(--hb-ink-2);
    font: 560 13px var(--hb-font, system-ui, sans-serif);
    text-anchor: end;
    paint-order: stroke;
    stroke: var(--hb-stage);
    stroke-width: 10px;
    stroke-linejoin: round;
  }
  .cut-count.most {
    fill: var(--hb-ink);
    font-weight: 640;
  }
  .picture[inert] {
    visibility: hidden;
  }
  .starts {
    position: absolute;
    inset: 96px 28px auto;
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(260px, 1fr));
    gap: 12px;
  }
  .starts button {
    display: grid;
    gap: 4px;
    padding: 14px 16px;
    border: 1px solid var(--hb-edge);
    border-radius: 8px;
    background: var(--hb-stage);
    text-align: left;
  }
  .starts button:hover {
    border-color: var(--hb-ink);
  }
  .starts span {
    color: var(--hb-ink-2);
    font-size: 13px;
  }
  .stage-foot {
    padding: 0 28px 20px;
    min-width: 0;
  }
  .help-line {
    min-height: 20px;
    margin-bottom: 8px;
    color: var(--hb-ink-2);
    font-size: 13px;
    line-height: 20px;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .actions {
    display: flex;
    gap: 10px;
    min-height: 36px;
    margin: -4px;
    padding: 4px;
    overflow: auto hidden;
    scrollbar-width: none;
  }
`;
