// Buttons, fields, menus, dialogs, messages. One filled button in a row at most; red only for
// what is violated.

import { css } from "lit";

export const controlStyles = css`
  * {
    box-sizing: border-box;
  }
  h1,
  h2,
  h3,
  p,
  ul,
  ol,
  dl,
  dd,
  fieldset {
    margin: 0;
    padding: 0;
    border: 0;
  }
  ul,
  ol {
    list-style: none;
  }
  button,
  select,
  input,
  textarea {
    font: inherit;
    color: inherit;
    letter-spacing: inherit;
  }
  button {
    cursor: pointer;
    background: none;
    border: 0;
    padding: 0;
  }
  button:disabled {
    cursor: default;
    opacity: 0.45;
  }
  :focus-visible {
    outline: 2px solid var(--hb-focus);
    outline-offset: 2px;
  }
  .icon {
    display: block;
    flex: none;
  }
  .mono {
    font-family: var(--hb-mono, ui-monospace, "SF Mono", Menlo, Consolas, monospace);
    font-variant-ligatures: none;
  }
  .dim {
    color: var(--hb-ink-3);
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .probe {
    position: absolute;
    visibility: hidden;
  }
  .violated-word {
    color: var(--hb-bad);
  }
  .button {
    display: inline-flex;
    align-items: center;
    gap: 10px;
    height: 36px;
    padding: 0 14px;
    border: 1px solid var(--hb-edge);
    border-radius: 8px;
    background: var(--hb-stage);
    font-weight: 560;
    white-space: nowrap;
  }
  .button:hover:not(:disabled) {
    border-color: var(--hb-ink);
  }
  .button.filled {
    background: var(--hb-ink);
    border-color: var(--hb-ink);
    color: var(--hb-bg);
  }
  .button.bad {
    background: var(--hb-bad);
    border-color: var(--hb-bad);
    color: var(--hb-on-bad);
  }
  kbd {
    display: inline-grid;
    place-items: center;
    min-width: 19px;
    height: 20px;
    padding: 0 4px;
    border: 1px solid currentColor;
    border-radius: 4px;
    font: 12px/1 var(--hb-mono, ui-monospace, monospace);
  }
  .icon-button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    flex: none;
    width: 36px;
    height: 36px;
    border: 1px solid var(--hb-edge);
    border-radius: 8px;
    background: var(--hb-stage);
    font-weight: 640;
  }
  .panel-close.panel-close {
    display: none;
  }
  .icon-button:hover:not(:disabled) {
    border-color: var(--hb-ink);
  }
  .icon-button.quiet,
  .icon-button.tiny {
    border-color: transparent;
    background: none;
  }
  .icon-button.tiny {
    width: 24px;
    height: 24px;
    border-radius: 5px;
    color: inherit;
  }
  .icon-button.tiny:hover:not(:disabled) {
    color: var(--hb-ink);
  }
  .plain {
    min-height: 28px;
    color: var(--hb-ink-2);
    font-size: 13px;
  }
  .plain:hover:not(:disabled) {
    color: var(--hb-ink);
    text-decoration: underline;
  }
  .protocol {
    min-height: 28px;
    padding: 0;
    color: inherit;
    text-decoration: underline dotted var(--hb-edge);
    text-underline-offset: 3px;
  }
  .link {
    text-decoration: underline;
    text-underline-offset: 2px;
  }

  .veil {
    position: fixed;
    inset: 0;
    z-index: 40;
  }
  .menu {
    position: fixed;
    z-index: 41;
    display: grid;
    min-width: 280px;
    max-width: min(460px, calc(100vw - 16px));
    max-height: calc(100vh - 16px);
    overflow: auto;
    padding: 6px;
    border: 1px solid var(--hb-edge);
    border-radius: 8px;
    background: var(--hb-stage);
    animation: appear 120ms cubic-bezier(0.2, 0, 0, 1);
    outline: none;
  }
  @keyframes appear {
    from {
      opacity: 0;
    }
  }
  .menu-title {
    padding: 8px 10px;
    font-weight: 640;
  }
  .menu button {
    display: flex;
    align-items: baseline;
    justify-content: space-between;
    gap: 24px;
    min-height: 34px;
    padding: 7px 10px;
    border-radius: 5px;
    text-align: left;
  }
  .menu button:hover,
  .menu button:focus {
    background: var(--hb-sunken);
    outline: none;
  }
  .menu button:focus-visible {
    outline: 2px solid var(--hb-focus);
    outline-offset: -2px;
  }
  .menu .label {
    font-weight: 560;
  }
  .menu .note {
    color: var(--hb-ink-3);
    font: 13px/20px var(--hb-mono, ui-monospace, monospace);
    text-align: right;
  }
  /* What the fault of the entry at hand models: as much room as the longest takes. */
  .menu-about {
    min-height: 92px;
    max-width: 420px;
    margin-top: 4px;
    padding: 8px 10px 0;
    border-top: 1px solid var(--hb-line);
    color: var(--hb-ink-2);
    font-size: 13px;
    line-height: 20px;
  }
  .menu-now {
    max-width: 420px;
    padding: 0 10px 8px;
    color: var(--hb-ink-2);
    font-size: 13px;
    line-height: 20px;
  }
  .beyond {
    display: inline-block;
    margin-left: 6px;
    padding: 0 5px;
    border: 1px dashed var(--hb-ink-2);
    border-radius: 4px;
    color: var(--hb-ink-2);
    font: 560 12px/18px var(--hb-font, system-ui, sans-serif);
    white-space: nowrap;
  }
  .menu.list {
    grid-template-columns: 1fr 1fr;
    align-content: start;
    width: min(800px, calc(100vw - 16px));
    max-width: none;
    max-height: calc(100vh - 64px);
  }
  .menu-heading,
  .menu.list .menu-title {
    grid-column: 1 / -1;
  }
  .menu-heading {
    margin-top: 6px;
    padding: 6px 10px 2px;
    border-top: 1px solid var(--hb-line);
    color: var(--hb-ink-3);
    font-size: 13px;
  }
  .menu.list button {
    display: grid;
    gap: 0;
  }
  .menu.list .note {
    font: 13px/20px var(--hb-font, system-ui, sans-serif);
    text-align: left;
  }

  dialog {
    width: min(520px, calc(100vw - 24px));
    max-height: calc(100vh - 48px);
    padding: 0;
    border: 1px solid var(--hb-edge);
    border-radius: 8px;
    color: var(--hb-ink);
    background: var(--hb-bg);
    overflow: auto;
  }
  dialog::backdrop {
    background: var(--hb-bg);
    opacity: 0.6;
  }
  dialog.palette,
  dialog.protocols,
  dialog.clients {
    width: min(620px, calc(100vw - 24px));
  }
  .dialog-body {
    display: grid;
    gap: 14px;
    padding: 16px 20px 20px;
  }
  .dialog-head {
    display: flex;
    align-items: center;
    justify-content: space-between;
    margin-right: -8px;
  }
  .dialog-body h2,
  .dialog-body h3 {
    font-size: 14px;
    font-weight: 640;
  }
  .dialog-body .lead {
    font-size: 19px;
    line-height: 24px;
    font-weight: 640;
    text-wrap: balance;
  }
  .dialog-tools {
    display: flex;
    flex-wrap: wrap;
    gap: 10px;
  }
  .dialog-body input:not([type="radio"], [type="checkbox"], [type="range"]),
  .dialog-body select {
    width: 100%;
    height: 36px;
    padding: 0 10px;
    border: 1px solid var(--hb-edge);
    border-radius: 8px;
    background: var(--hb-stage);
  }
  .keys {
    display: grid;
    grid-template-columns: max-content 1fr;
    gap: 6px 20px;
  }
  .keys dt {
    font: 13px/20px var(--hb-mono, ui-monospace, monospace);
  }
  .fields {
    display: grid;
    grid-template-columns: max-content minmax(0, 1fr);
    gap: 6px 20px;
  }
  .fields dt {
    color: var(--hb-ink-2);
  }
  .fields dd {
    overflow-wrap: anywhere;
  }
  .switch {
    display: flex;
    align-items: center;
    gap: 10px;
    min-height: 24px;
  }
  .switch input,
  .sides input {
    width: 18px;
    height: 18px;
    margin: 3px;
    accent-color: var(--hb-ink);
  }
  .sides {
    display: grid;
    gap: 4px;
  }
  .sides fieldset {
    display: flex;
    align-items: center;
    gap: 20px;
    min-height: 32px;
  }
  .sides legend {
    float: left;
    width: 44px;
    padding: 0;
    font-weight: 640;
  }
  .sides label {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 24px;
  }
  .intensity,
  .seed {
    display: grid;
    grid-template-columns: auto auto minmax(0, 1fr);
    gap: 4px 10px;
    align-items: center;
  }
  .intensity output {
    min-width: 2ch;
    font-weight: 640;
  }
  .intensity input {
    accent-color: var(--hb-ink);
  }
  .intensity .dim {
    grid-column: 1 / -1;
    font-size: 13px;
  }
  .seed input {
    grid-column: 2 / -1;
  }
  .kinds legend {
    padding: 0 0 4px;
    color: var(--hb-ink-2);
    font-size: 13px;
  }
  .would {
    padding: 8px 10px;
    border: 1px dashed var(--hb-edge);
    border-radius: 5px;
    font-size: 13px;
  }
  pre.would {
    max-height: 40svh;
    margin: 0;
    overflow-y: auto;
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
  .choices {
    display: grid;
    gap: 2px;
    max-height: 50vh;
    overflow: auto;
  }
  .choice {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 20px;
    width: 100%;
    min-height: 34px;
    padding: 6px 10px;
    border-radius: 5px;
    cursor: pointer;
    text-align: left;
  }
  .choice .mono {
    font-size: 13px;
  }
  .choice:hover,
  .choice[aria-selected="true"] {
    background: var(--hb-sunken);
  }
  .choice[aria-selected="true"] {
    box-shadow: inset 3px 0 0 var(--hb-ink);
  }
  .send {
    display: grid;
    grid-template-columns: 90px 1fr 1fr auto;
    gap: 12px;
    align-items: end;
  }
  .send label {
    display: grid;
    gap: 4px;
    font-size: 13px;
    color: var(--hb-ink-2);
  }
  .send label > * {
    color: var(--hb-ink);
  }
  .operations {
    width: 100%;
    border-collapse: collapse;
    font-size: 13px;
  }
  .operations th {
    color: var(--hb-ink-3);
    font-weight: 400;
    text-align: left;
  }
  .operations td,
  .operations th {
    padding: 4px 12px 4px 0;
  }

  .costs-box {
    overflow-x: auto;
  }
  .costs {
    border-collapse: collapse;
    font-size: 13px;
    line-height: 20px;
  }
  .costs th,
  .costs td {
    padding: 4px 0 4px 20px;
    border-bottom: 1px solid var(--hb-line);
    text-align: right;
    white-space: nowrap;
  }
  .costs th[scope="row"] {
    padding-left: 0;
    color: var(--hb-ink-2);
    font-weight: 400;
    text-align: left;
    white-space: normal;
  }
  .costs tr:last-child td {
    padding-top: 12px;
    border-bottom: 0;
  }
  .costs tbody td {
    font-family: var(--hb-mono, ui-monospace, monospace);
  }
  .costs .button,
  .costs .dim {
    font-family: var(--hb-font, system-ui, sans-serif);
  }
  .key-picture {
    width: 284px;
    max-width: 100%;
    margin: 4px 0 12px;
  }

  .toast {
    position: absolute;
    z-index: 30;
    left: 20px;
    bottom: calc(148px + 57px);
    display: flex;
    align-items: center;
    gap: 16px;
    max-width: min(560px, calc(100% - 56px));
    min-height: 32px;
    padding: 0 12px;
    border-radius: 8px;
    background: var(--hb-ink);
    color: var(--hb-bg);
    font-size: 13px;
  }
  .toast[data-empty] {
    visibility: hidden;
  }
  .toast .plain {
    min-height: 32px;
    color: inherit;
    font-weight: 640;
    text-decoration: underline;
    text-underline-offset: 2px;
  }

  @container hb (max-width: 699px) {
    .menu {
      left: 0 !important;
      right: 0;
      top: auto !important;
      bottom: 0;
      max-width: none;
      grid-template-columns: 1fr;
      width: auto !important;
      border-width: 1px 0 0;
      border-radius: 8px 8px 0 0;
      padding-bottom: calc(12px + env(safe-area-inset-bottom));
      max-height: 80svh;
    }
    .menu button {
      min-height: 44px;
    }
    .menu:not(.list) button {
      flex-wrap: wrap;
      gap: 0 16px;
    }
    .entry-about {
      flex-basis: 100%;
      color: var(--hb-ink-2);
      font-size: 13px;
      line-height: 20px;
    }
    .menu-about {
      display: none;
    }
    .send {
      grid-template-columns: 1fr 1fr;
    }
    .toast {
      left: 12px;
      right: 12px;
      max-width: none;
      bottom: calc(160px + 44px + 62px);
    }
  }

  @media (pointer: coarse) {
    .button,
    .icon-button:not(.tiny) {
      height: 44px;
    }
    .icon-button:not(.tiny) {
      width: 44px;
    }
    .icon-button.tiny {
      width: 44px;
      height: 44px;
    }
    .panel-close.panel-close {
      top: 10px;
    }
    .plain,
    .menu button,
    .choice,
    .switch,
    .sides fieldset,
    .sides label {
      min-height: 44px;
    }
    .dialog-body select,
    .dialog-body input:not([type="radio"], [type="checkbox"], [type="range"]) {
      height: 44px;
    }
  }
`;
