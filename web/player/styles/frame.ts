// The frame of the player: where header, stage, panel and dock stand at each width. Colours
// are the tokens that come with the drawings; none is written here.

import { css } from "lit";

export const frameStyles = css`
  :host {
    display: block;
    container: hb / inline-size;
    color-scheme: light dark;
    color: var(--hb-ink);
    background: var(--hb-bg);
    font: 400 14px/20px var(--hb-font, system-ui, sans-serif);
    font-variant-numeric: tabular-nums;
    -webkit-text-size-adjust: 100%;
  }
  :host([data-dropping]) {
    outline: 3px solid var(--hb-focus);
    outline-offset: -3px;
  }
  :host([hidden]) {
    display: none;
  }
  :host([data-theme="light"]) {
    color-scheme: light;
  }
  :host([data-theme="dark"]) {
    color-scheme: dark;
  }
  :host([lab]) {
    min-height: 100svh;
  }
  .frame {
    position: relative;
    display: grid;
    grid-template:
      "head head" 56px
      "stage panel" minmax(0, 1fr)
      "peek panel" auto
      "dock dock" 148px / minmax(0, 1fr) 396px;
    min-height: 420px;
    outline: none;
  }
  :host([lab]) .frame {
    height: 100svh;
    min-height: 640px;
  }
  :host(:not([lab])) .frame {
    grid-template:
      "stage" minmax(0, 1fr)
      "dock" 148px / minmax(0, 1fr);
    height: 560px;
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
  .stage {
    grid-area: stage;
    position: relative;
    display: grid;
    grid-template: minmax(0, 1fr) auto / minmax(0, 1fr);
    background: var(--hb-stage);
    min-width: 0;
    overflow: hidden;
  }
  .panel {
    grid-area: panel;
    display: grid;
    grid-template: minmax(0, 1fr) auto / minmax(0, 1fr);
    border-left: 1px solid var(--hb-line);
    background: var(--hb-bg);
    min-width: 0;
    min-height: 0;
  }
  .panel:has(.fork) {
    grid-template-rows: auto minmax(140px, 1fr) auto;
    overflow-y: auto;
  }
  .fork .panel-head {
    padding: 10px 16px 8px 20px;
  }
  :host([twin]) .frame.frame {
    grid-template: "stage" minmax(0, 1fr) / minmax(0, 1fr);
    height: 272px;
    min-height: 0;
  }
  :host([twin]) :is(.dock, .peek, .caption-box, .stage-foot, .toast, .rack-box) {
    display: none;
  }
  /* The ring alone decides the size. */
  :host([twin]) .picture.picture {
    margin: 0;
    overflow: hidden;
  }
  .peek {
    grid-area: peek;
    display: none;
  }
  .dock {
    grid-area: dock;
    display: grid;
    grid-template: minmax(0, 1fr) / 296px minmax(0, 1fr);
    border-top: 1px solid var(--hb-line);
    min-width: 0;
  }
  .phone-only {
    display: none !important;
  }

  @container hb (min-width: 1440px) {
    .frame {
      grid-template-columns: minmax(0, 1fr) 440px;
    }
  }

  /* The panel becomes a drawer with the peek in its place. */
  @container hb (max-width: 1099px) {
    :host([lab]) .frame,
    .frame {
      grid-template:
        "head" 56px
        "stage" minmax(0, 1fr)
        "peek" 44px
        "dock" 148px / minmax(0, 1fr);
    }
    .peek {
      display: flex;
    }
    .toast {
      bottom: calc(148px + 44px + 60px);
    }
    .panel {
      position: absolute;
      z-index: 20;
      top: 56px;
      right: 0;
      bottom: 148px;
      width: min(420px, 100%);
      visibility: hidden;
      opacity: 0;
      transition: opacity 120ms cubic-bezier(0.2, 0, 0, 1);
    }
    .panel-open .panel {
      visibility: visible;
      opacity: 1;
    }
    .panel-close.panel-close {
      display: inline-flex;
      position: absolute;
      z-index: 1;
      top: 6px;
      right: 8px;
    }
    :is(.script, .fork) .panel-head {
      padding-right: 52px;
    }
  }

  @container hb (max-width: 699px) {
    :host([lab]) .frame {
      grid-template:
        "head" 48px
        "stage" minmax(0, 1fr)
        "peek" 44px
        "dock" auto / minmax(0, 1fr);
      min-height: 560px;
      padding-bottom: env(safe-area-inset-bottom);
    }
    .head {
      padding: 0 4px 0 16px;
      gap: 8px;
    }
    .wide-only {
      display: none !important;
    }
    .phone-only {
      display: inline-flex !important;
    }
    .dock {
      grid-template: 92px auto / minmax(0, 1fr);
    }
    .panel {
      top: 20%;
      bottom: 0;
      width: 100%;
      border-left: 0;
      border-top: 1px solid var(--hb-edge);
    }
  }

  @media (prefers-reduced-motion: reduce) {
    * {
      animation: none !important;
      transition: none !important;
    }
  }
`;
