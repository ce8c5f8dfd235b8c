// How the sheet of a history looks: header, verdict, picture, what stands beside it. Colours are
// the tokens that come with the drawings; none is written here.

import { css } from "lit";

export const historyStyles = css`
  :host {
    display: block;
    container: sheet / inline-size;
    color: var(--hb-ink);
    background: var(--hb-bg);
    font: 400 14px/20px var(--hb-font, system-ui, sans-serif);
    font-variant-numeric: tabular-nums;
    -webkit-text-size-adjust: 100%;
  }
  :host([hidden]) {
    display: none;
  }
  :host([data-dropping]) {
    outline: 3px solid var(--hb-focus);
    outline-offset: -3px;
  }
  .sheet {
    display: grid;
    grid-template:
      "head head" 56px
      "verdict verdict" auto
      "field side" minmax(0, 1fr) / minmax(0, 1fr) 396px;
    height: 100svh;
    min-height: 560px;
    outline: none;
  }
  .head {
    grid-area: head;
    display: flex;
    align-items: center;
    gap: 12px;
    padding: 0 20px 0 24px;
    border-bottom: 1px solid var(--hb-line);
    min-width: 0;
  }
  .brand {
    display: inline-flex;
    align-items: center;
    min-height: 44px;
    color: inherit;
  }
  h1 {
    flex: 1;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-size: 15px;
    line-height: 20px;
    font-weight: 640;
  }
  h3 {
    font-size: 14px;
    line-height: 20px;
    font-weight: 640;
  }
  .head-tools,
  .tools {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .head-tools .button {
    gap: 4px;
  }
  .big {
    font-size: 26px;
    line-height: 32px;
    font-weight: 660;
    letter-spacing: -0.018em;
    text-wrap: balance;
    overflow-wrap: anywhere;
  }
  .under {
    margin-top: 4px;
    color: var(--hb-ink-2);
    font-size: 15px;
    line-height: 22px;
    overflow-wrap: anywhere;
  }
  .start {
    grid-column: 1 / -1;
    grid-row: 2 / -1;
    display: grid;
    align-content: center;
    justify-items: start;
    gap: 16px;
    width: min(680px, 100% - 48px);
    margin: 0 auto;
    padding-bottom: 12vh;
  }
  .start.drop {
    align-self: center;
    margin-bottom: 12vh;
    padding: 40px 48px;
    border: 2px dashed var(--hb-edge);
    border-radius: 8px;
  }
  .line {
    max-width: 100%;
    margin: 0;
    padding: 8px 12px;
    overflow-x: auto;
    background: var(--hb-sunken);
    border-radius: 5px;
    font: 13px/20px var(--hb-mono, ui-monospace, monospace);
  }
  .verdict {
    grid-area: verdict;
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto;
    gap: 4px 14px;
    padding: 16px 20px 16px 24px;
    border-bottom: 1px solid var(--hb-line);
  }
  .verdict.bad {
    background: var(--hb-bad-tint);
    border-bottom-color: var(--hb-bad);
  }
  .verdict.bad .big,
  .red,
  .icon.bad {
    color: var(--hb-bad);
  }
  .on-bad {
    stroke: var(--hb-on-bad);
  }
  .verdict.unknown {
    border-bottom: 2px dashed var(--hb-edge);
  }
  .mark-of svg {
    width: 26px;
    height: 26px;
    margin-top: 3px;
  }
  .verdict .tools {
    align-self: center;
  }
  .field {
    grid-area: field;
    position: relative;
    min-width: 0;
    min-height: 0;
    overflow: hidden;
    background: var(--hb-stage);
  }
  .canvas-box {
    position: relative;
    height: 100%;
    min-height: 0;
  }
  canvas {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    touch-action: none;
    cursor: default;
  }
  canvas:focus-visible {
    outline-offset: -2px;
  }
  .zoom {
    position: absolute;
    right: 12px;
    bottom: 40px;
    display: flex;
    gap: 4px;
  }
  .side {
    grid-area: side;
    min-height: 0;
    overflow-y: auto;
    border-left: 1px solid var(--hb-line);
  }
  .part {
    display: grid;
    gap: 8px;
    padding: 14px 20px;
    border-bottom: 1px solid var(--hb-line);
  }
  .part h3 {
    overflow-wrap: anywhere;
  }
  .operation {
    align-content: start;
    min-height: 188px;
  }
  .fields {
    display: grid;
    grid-template-columns: 72px minmax(0, 1fr);
    gap: 2px 12px;
  }
  .fields dt {
    color: var(--hb-ink-3);
  }
  .fields dd {
    font-size: 13px;
    overflow-wrap: anywhere;
  }
  .red {
    display: flex;
    gap: 8px;
  }
  .views {
    display: flex;
    gap: 4px;
  }
  .views button {
    min-width: 32px;
    height: 28px;
    border: 1px solid var(--hb-edge);
    border-radius: 5px;
  }
  .views button[aria-pressed="true"],
  .button[aria-pressed="true"] {
    background: var(--hb-sunken);
    border-color: var(--hb-ink);
    box-shadow: inset 0 -3px var(--hb-ink);
  }
  .steps {
    display: grid;
    font-size: 13px;
  }
  .link {
    text-align: left;
    text-decoration: none;
    overflow-wrap: anywhere;
  }
  .steps .link {
    display: flex;
    align-items: baseline;
    gap: 8px;
    width: 100%;
    min-height: 28px;
    padding: 4px 6px;
    border-radius: 5px;
  }
  .link:hover {
    background: var(--hb-sunken);
  }
  .steps .number {
    flex: none;
    min-width: 26px;
    text-align: right;
    color: var(--hb-ink-3);
  }
  .steps .state {
    margin-left: auto;
    text-align: right;
  }
  .steps .state::before {
    content: "→ ";
  }
  .key-list button {
    display: grid;
    grid-template-columns: 20px minmax(0, 1fr) auto;
    align-items: center;
    gap: 8px;
    width: 100%;
    min-height: 32px;
    padding: 4px 8px;
    border-radius: 5px;
    text-align: left;
  }
  .key-list {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(150px, 1fr));
    max-height: 300px;
    overflow-y: auto;
  }
  .key-list button:hover {
    background: var(--hb-sunken);
  }
  .key-list button[aria-pressed="true"] {
    background: var(--hb-sunken);
    box-shadow: inset 3px 0 var(--hb-ink);
  }
  .assumed {
    display: grid;
    gap: 2px;
    color: var(--hb-ink-2);
    font-size: 13px;
  }
  .list summary {
    cursor: pointer;
    min-height: 28px;
  }
  .list summary h3 {
    display: inline;
  }
  .list ol {
    display: grid;
    font-size: 13px;
  }
  .list li .link {
    width: 100%;
    min-height: 28px;
    padding: 4px 6px;
  }
  .pages {
    display: flex;
    align-items: center;
    gap: 12px;
    margin-top: 8px;
  }

  @container sheet (max-width: 899px) {
    .sheet {
      grid-template:
        "head" 56px
        "verdict" auto
        "field" minmax(300px, 52svh)
        "side" auto / minmax(0, 1fr);
      height: auto;
      min-height: 100svh;
    }
    .side {
      border-left: 0;
      border-top: 1px solid var(--hb-line);
      overflow: visible;
    }
    .verdict {
      grid-template-columns: auto minmax(0, 1fr);
      padding: 12px 16px;
    }
    .verdict .tools {
      grid-column: 1 / -1;
      margin-top: 8px;
    }
    .big {
      font-size: 19px;
      line-height: 24px;
    }
    .mark-of svg {
      width: 20px;
      height: 20px;
    }
    .part {
      padding: 14px 16px;
    }
    .start {
      grid-row: 2;
      grid-column: 1;
      padding: 48px 0;
    }
    .start.drop {
      margin: 24px auto;
      padding: 28px 20px;
    }
    .wide-only {
      display: none;
    }
    .field {
      display: grid;
      grid-template: auto minmax(0, 1fr) / minmax(0, 1fr);
    }
    .zoom {
      position: static;
      grid-row: 1;
      padding: 8px 16px;
      border-bottom: 1px solid var(--hb-line);
    }
    .head {
      padding: 0 12px 0 16px;
    }
    .button,
    .icon-button {
      min-height: 44px;
    }
    .icon-button {
      width: 44px;
    }
  }
`;
