// The insides of the dock, and the one-line peek into the text.

import { css } from "lit";

export const dockStyles = css`
  .transport {
    position: relative;
    display: grid;
    grid-template: 52px 40px / auto auto auto 1fr;
    column-gap: 8px;
    align-items: center;
    align-content: start;
    padding: 14px 0 0 24px;
  }
  .round {
    display: grid;
    place-items: center;
    width: 36px;
    height: 36px;
    border: 1px solid var(--hb-edge);
    border-radius: 50%;
    background: var(--hb-stage);
  }
  .round:hover {
    border-color: var(--hb-ink);
  }
  .round.main {
    width: 48px;
    height: 48px;
    border-color: var(--hb-ink);
    background: var(--hb-ink);
    color: var(--hb-bg);
  }
  .reading {
    position: relative;
    padding-left: 8px;
  }
  .clock {
    font: 600 21px/28px var(--hb-mono, ui-monospace, monospace);
    white-space: nowrap;
  }
  .clock .unit {
    margin-left: 8px;
    color: var(--hb-ink-3);
    font-size: 14px;
  }
  .clock-note {
    position: absolute;
    left: 9px;
    top: 26px;
    color: var(--hb-ink-2);
    font-size: 12px;
    line-height: 16px;
    white-space: nowrap;
  }
  .pace {
    position: relative;
    grid-column: 1 / -1;
    justify-self: start;
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 28px;
    font-size: 13px;
    white-space: nowrap;
  }
  .pace-name {
    color: var(--hb-ink-2);
  }
  .pace-value {
    font-weight: 560;
  }
  .pace:focus-within {
    outline: 2px solid var(--hb-focus);
    outline-offset: 2px;
    border-radius: 4px;
  }
  /* The words are ours, the list is the system's: it lies over them, unseen. */
  .pace select {
    position: absolute;
    inset: 0;
    width: 100%;
    opacity: 0;
    cursor: pointer;
  }
  .verdict-peek {
    display: none;
  }
  .timeline {
    position: relative;
    min-width: 0;
    cursor: ew-resize;
    touch-action: none;
    outline-offset: -2px;
  }
  .timeline canvas {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
  }

  .peek {
    align-items: center;
    gap: 12px;
    min-width: 0;
    padding: 0 20px;
    border-top: 1px solid var(--hb-line);
    background: var(--hb-sunken);
    font-size: 13px;
    text-align: left;
  }
  .peek-line {
    flex: 1;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .peek .note {
    color: var(--hb-ink-2);
    white-space: nowrap;
  }
  .peek-text {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    font-weight: 560;
  }
`;
