// What is otherwise where there is less room, and in forced colours. Comes after all parts.

import { css } from "lit";

export const narrowStyles = css`
  /* Ring over rack. */
  :host([data-shape="phone"]) .picture {
    flex-direction: column;
    justify-content: flex-end;
    align-items: center;
  }

  .touch-hints {
    display: none;
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
    .picture,
    .space-time {
      margin-top: 98px;
    }
    /* In the corner that a ring of nodes leaves free. */
    .touch-hints {
      position: absolute;
      inset: 100px 8px auto auto;
      display: grid;
      justify-items: end;
      color: var(--hb-ink-2);
      font-size: 12px;
      line-height: 16px;
      text-align: right;
      pointer-events: none;
    }
    .touch-hints .plain {
      min-height: 44px;
      padding: 0 4px;
      pointer-events: auto;
    }
    .touch-hints span {
      margin-top: -6px;
      padding: 0 4px;
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
      .space-time {
        margin-top: 62px;
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
