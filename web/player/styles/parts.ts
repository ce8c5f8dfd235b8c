// The insides of header, stage, panel and dock.

import { css } from "lit";

export const partStyles = css`
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

  /* Ring over rack. */
  :host([data-shape="phone"]) .picture {
    flex-direction: column;
    justify-content: flex-end;
    align-items: center;
  }

  @container hb (max-width: 859px) {
    h1 {
      margin-left: 6px;
    }
    .made-of {
      display: none;
    }
  }
  @container hb (max-width: 699px) {
    /* The name of the product stands small over the title of the run. */
    .brand span {
      position: absolute;
      left: 74px;
      top: 5px;
      color: var(--hb-ink-2);
      font-size: 12px;
      font-weight: 560;
      line-height: 16px;
    }
    h1,
    .title {
      font-size: 15px;
    }
    .title {
      min-height: 48px;
      padding-top: 16px;
    }
    .head-tools {
      gap: 0;
    }
    .head .share,
    .head .icon-button {
      border-color: transparent;
      background: none;
    }
    .caption-box {
      inset: 10px 16px auto;
      padding-right: 0;
    }
    .caption {
      font-size: 19px;
      line-height: 24px;
      max-width: 17em;
    }
    .under {
      margin-top: 2px;
      font-size: 13px;
      line-height: 18px;
    }
    .story,
    .help-line {
      display: none;
    }
    .picture {
      margin-top: 98px;
    }
    .stage-foot {
      padding: 8px 0 8px;
    }
    .actions {
      margin: -4px 0;
      min-height: 52px;
      padding: 4px 16px;
    }
    .actions .button {
      height: 44px;
    }
    .actions kbd {
      display: none;
    }
    .peek {
      padding: 0 16px;
    }
    .transport {
      grid-row: 2;
      grid-template: 60px / auto auto auto minmax(0, 1fr) auto;
      padding: 0 14px 8px;
    }
    .round {
      width: 44px;
      height: 44px;
    }
    .round.main {
      width: 52px;
      height: 52px;
    }
    .reading {
      grid-area: 1 / 4;
      align-self: start;
      padding: 7px 0 0 10px;
    }
    .clock {
      line-height: 24px;
    }
    .clock-note {
      display: none;
    }
    .pace {
      grid-area: 1 / 4;
      align-self: end;
      padding: 0 0 4px 10px;
      font-size: 12px;
      min-width: 0;
    }
    .pace-name,
    .pace .icon {
      display: none;
    }
    .pace-value {
      font-weight: 400;
      color: var(--hb-ink-2);
    }
    .verdict-peek {
      grid-area: 1 / 5;
      display: inline-flex;
      align-items: center;
      gap: 6px;
      white-space: nowrap;
    }
  }

  /* A short phone: the rack is the second page of the stage. */
  @container hb (max-width: 699px) {
    @media (max-height: 759px) {
      :host([data-shape="phone"]) .picture {
        flex-direction: row;
        justify-content: flex-start;
        overflow: auto hidden;
        scroll-snap-type: x mandatory;
        scrollbar-width: none;
      }
      .ring-box,
      .rack-box {
        display: grid;
        justify-items: center;
        align-self: center;
        width: 100%;
        scroll-snap-align: start;
      }
      .moving {
        inset: 0 auto auto 50%;
        transform: translateX(-50%);
      }
      .pages {
        position: absolute;
        z-index: 1;
        inset: auto 0 62px;
        display: flex;
        justify-content: center;
        gap: 6px;
        pointer-events: none;
      }
      .pages i {
        width: 6px;
        height: 6px;
        border: 1px solid var(--hb-ink-2);
        border-radius: 50%;
      }
      .pages[data-page="0"] i:first-child,
      .pages[data-page="1"] i:last-child {
        background: var(--hb-ink-2);
      }
    }
  }

  @media (max-height: 760px) {
    @container hb (min-width: 700px) {
      .picture,
      :host([data-shape="wide"]) .picture {
        margin: 62px 0 -8px;
      }
      .caption-box {
        inset: 10px 28px auto;
      }
      .help-line {
        margin-bottom: 4px;
      }
      .stage-foot {
        padding: 4px 28px 12px;
      }
    }
  }

  @media (forced-colors: active) {
    .round.main,
    .button.filled,
    .playhead span {
      forced-color-adjust: none;
      background: CanvasText;
      color: Canvas;
    }
    .row.you,
    .row.violated {
      border-left: 3px solid CanvasText;
    }
  }
`;
