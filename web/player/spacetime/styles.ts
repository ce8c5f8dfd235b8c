// The parts around the diagram.

import { css } from "lit";

export const spaceTimeStyles = css`
  .spacetime-view {
    display: grid;
    grid-template: minmax(0, 1fr) auto / minmax(0, 1fr);
    height: 100%;
    min-height: 0;
  }
  .spacetime-field {
    position: relative;
    min-width: 0;
    min-height: 0;
    overflow: hidden;
  }
  .spacetime-field canvas {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    outline: none;
    cursor: grab;
    touch-action: none;
    user-select: none;
  }
  :host(:not([lab])) .spacetime-field canvas {
    touch-action: pan-y;
  }
  .spacetime-field canvas:focus-visible {
    outline: 2px solid var(--hb-focus);
    outline-offset: -3px;
  }
  .spacetime-field canvas[data-under="event"],
  .spacetime-field canvas[data-under="name"] {
    cursor: pointer;
  }
  .spacetime-field canvas[data-under="time"] {
    cursor: ew-resize;
  }
  .spacetime-field canvas[data-dragging] {
    cursor: grabbing;
  }
  .spacetime-bar {
    padding: 2px 28px 12px;
  }
  /* Two lines are always kept free, so that nothing moves when something is chosen. */
  .spacetime-said {
    height: 36px;
    margin-bottom: 4px;
    overflow: auto;
    color: var(--hb-ink);
    font-size: 13px;
    line-height: 18px;
    text-wrap: pretty;
  }
  .spacetime-tools {
    display: flex;
    align-items: center;
    gap: 6px;
  }
  .spacetime-tools .gap {
    flex: 1;
  }
  .spacetime-tools button,
  .spacetime-tools select {
    height: 28px;
    min-width: 28px;
    padding: 0 8px;
    border: 1px solid var(--hb-edge);
    border-radius: 6px;
    background: var(--hb-stage);
    color: var(--hb-ink);
    font: 560 13px/1 var(--hb-font, system-ui, sans-serif);
    white-space: nowrap;
  }
  .spacetime-tools button:hover:not(:disabled) {
    border-color: var(--hb-ink);
  }
  .spacetime-tools button[aria-pressed="true"] {
    background: var(--hb-ink);
    border-color: var(--hb-ink);
    color: var(--hb-bg);
  }
  .spacetime-tools .pair {
    display: flex;
  }
  .spacetime-tools .pair button + button {
    margin-left: -1px;
    border-radius: 0 6px 6px 0;
  }
  .spacetime-tools .pair button:first-child {
    border-radius: 6px 0 0 6px;
  }

  @container hb (max-width: 699px) {
    .spacetime-bar {
      padding: 0 12px 2px;
    }
    .spacetime-said {
      height: 54px;
    }
    .spacetime-tools {
      overflow: auto hidden;
      scrollbar-width: none;
    }
    .spacetime-tools button,
    .spacetime-tools select {
      height: 44px;
      min-width: 44px;
    }
  }
`;
