// The insides of the panel: the text and its checks.

import { css } from "lit";

export const panelStyles = css`
  .fork {
    border-bottom: 1px solid var(--hb-line);
  }
  .fork .twin {
    margin: 0 16px;
    border: 1px solid var(--hb-line);
    border-radius: 8px;
    overflow: hidden;
  }
  .parting {
    margin: 8px 16px 12px;
    font-size: 13px;
    line-height: 20px;
    color: var(--hb-ink-2);
  }
  .parting .plain {
    padding: 0 2px;
  }
  .panel-head {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 12px;
    min-height: 28px;
  }
  .panel-head h2 {
    font-size: 14px;
    font-weight: 640;
  }
  .panel-tools {
    display: flex;
    gap: 20px;
  }
  .script {
    position: relative;
    display: grid;
    grid-template: auto minmax(0, 1fr) auto / minmax(0, 1fr);
    min-height: 0;
  }
  .script .panel-head {
    padding: 10px 20px 12px;
  }
  .text-scroll {
    overflow: hidden auto;
    outline: none;
    padding-bottom: 12px;
    scrollbar-width: thin;
  }
  .rows,
  .editor {
    font: 13px/20px var(--hb-mono, ui-monospace, "SF Mono", Menlo, Consolas, monospace);
    font-variant-ligatures: none;
  }
  .row {
    position: relative;
    display: flex;
    align-items: baseline;
    gap: 14px;
    padding: 0 14px 0 10px;
    min-height: 20px;
  }
  .number {
    flex: none;
    width: 20px;
    text-align: right;
    color: var(--hb-ink-3);
    font: inherit;
    font-size: 12px;
  }
  /* The target is taller than the line: it reaches into its neighbours' margins. */
  button.number {
    min-width: 24px;
    height: 24px;
    margin: -2px 0 -2px -4px;
  }
  button.number:hover {
    color: var(--hb-ink);
    text-decoration: underline;
  }
  .code {
    flex: 1;
    min-width: 0;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    cursor: text;
  }
  .code b {
    font-weight: 600;
  }
  .row .note {
    flex: none;
    max-width: 55%;
    color: var(--hb-ink-2);
    font: 560 12px/20px var(--hb-font, system-ui, sans-serif);
  }
  .row.after .code {
    color: var(--hb-ink-3);
  }
  .row.skipped .code {
    text-decoration: line-through;
    color: var(--hb-ink-3);
  }
  .row.you {
    background: var(--hb-sunken);
    box-shadow: inset 3px 0 0 var(--hb-ink);
  }
  .row.ghost {
    outline: 1px dashed var(--hb-edge);
    outline-offset: -1px;
  }
  .row.violated {
    background: var(--hb-bad-tint);
    box-shadow: inset 3px 0 0 var(--hb-bad);
  }
  .row.violated .code {
    color: var(--hb-ink);
  }
  .code .pointed {
    text-decoration: underline;
    text-decoration-thickness: 2px;
    text-underline-offset: 3px;
  }
  .playhead {
    position: relative;
    height: 20px;
    padding-left: 8px;
  }
  .playhead::after {
    content: "";
    position: absolute;
    inset: 50% 14px auto 8px;
    border-top: 1px solid var(--hb-ink);
  }
  .playhead span {
    position: relative;
    z-index: 1;
    display: inline-block;
    padding: 0 6px;
    border-radius: 4px;
    background: var(--hb-ink);
    color: var(--hb-bg);
    box-shadow: 0 0 0 4px var(--hb-bg);
    font-size: 12px;
    line-height: 18px;
    font-weight: 600;
  }
  .slot {
    border-bottom: 1px dotted var(--hb-edge);
  }
  .editor {
    position: relative;
    min-height: 100%;
    padding-top: 4px;
  }
  .backdrop .code {
    min-height: 20px;
  }
  .backdrop u {
    text-decoration: underline wavy var(--hb-bad) 1.5px;
    text-underline-offset: 3px;
    text-decoration-skip-ink: none;
  }
  .editor .backdrop .code {
    color: transparent;
  }
  .editor textarea {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    padding: 4px 14px 0 44px;
    border: 0;
    background: none;
    color: var(--hb-ink);
    font: inherit;
    resize: none;
    overflow: hidden;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    outline-offset: -2px;
  }
  /* Over the last lines: nothing moves because something is told. */
  .told {
    position: absolute;
    inset: auto 0 0;
    background: var(--hb-bg);
    pointer-events: none;
    padding: 8px 20px;
    border-top: 1px solid var(--hb-line);
    color: var(--hb-ink-2);
    font-size: 13px;
    line-height: 20px;
  }
  .errors {
    color: var(--hb-ink-2);
    font-size: 13px;
    line-height: 20px;
  }
  .errors:not(:empty) p {
    padding: 4px 20px;
  }
  .errors strong {
    color: var(--hb-ink);
    font-weight: 560;
  }

  .checks {
    max-height: max(184px, calc(100svh - 640px));
    overflow: hidden auto;
    padding: 8px 0 12px;
    border-top: 1px solid var(--hb-line);
    scrollbar-width: thin;
  }
  .checks .panel-head {
    position: sticky;
    z-index: 1;
    top: -8px;
    padding: 4px 20px;
    background: var(--hb-bg);
  }
  .summary {
    color: var(--hb-ink-3);
    font-size: 13px;
  }
  .summary.violated {
    color: var(--hb-bad);
    font-weight: 560;
  }
  .checks li {
    display: flex;
    align-items: center;
    gap: 10px;
    min-height: 26px;
    padding: 2px 20px;
  }
  .checks li > .icon {
    width: 18px;
  }
  .checks .plain {
    flex: none;
    min-height: 0;
    color: inherit;
    font-size: 14px;
    text-decoration: none;
  }
  .checks .formal {
    flex: 1;
    min-width: 0;
    overflow: hidden;
    color: var(--hb-ink-3);
    font-size: 12px;
    text-align: right;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .checks button.formal {
    min-height: 24px;
  }
  .checks li.violated {
    background: var(--hb-bad-tint);
    font-weight: 560;
  }
  .checks li.violated .formal {
    min-height: 24px;
    line-height: 16px;
    white-space: normal;
    color: var(--hb-bad);
  }
  .icon.bad {
    color: var(--hb-bad);
  }
  .icon .on-bad {
    stroke: var(--hb-on-bad);
  }
  .checks .find {
    min-height: 26px;
    padding: 0 20px;
    color: var(--hb-ink-2);
    font-size: 13px;
  }
  .transcript {
    padding: 6px 20px 0;
    color: var(--hb-ink-2);
    font-size: 13px;
  }
  .transcript summary {
    min-height: 24px;
    cursor: pointer;
  }
  .transcript li {
    display: block;
    padding: 2px 0;
  }
`;
