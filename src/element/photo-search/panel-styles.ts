/** The photo search. Cards have the element's own styles; colours derive from the text colour, as there. */
export const panelCss = /* css */ `
.photo-dialog {
  inline-size: min(72rem, 100vw - 2rem); max-inline-size: none; block-size: min(50rem, 100dvh - 2rem); max-block-size: none;
  margin: auto; padding: 0; border: 0; border-radius: calc(var(--_radius) * 2); overflow: auto; overscroll-behavior: contain;
  background: var(--si-panel, var(--_page, Canvas)); color: var(--si-text, inherit); font: inherit; line-height: 1.45;
  box-shadow: 0 1.5rem 4rem rgb(0 0 0 / 0.35);
}
.photo-dialog::backdrop { background: rgb(0 0 0 / 0.55) }
@media (max-width: 44rem), (max-height: 30rem) {
  .photo-dialog { inline-size: 100vw; block-size: 100dvh; border-radius: 0 }
}

.panel {
  position: relative; display: flex; flex-direction: column; min-block-size: 100%; container-type: inline-size;
  color: var(--_text); --_pad: 0rem;
}
.panel :where(button, select, input) { font: inherit; color: inherit }
.panel :where(button) { cursor: pointer }
.panel .needless { display: none }
.panel-bar {
  display: flex; align-items: center; gap: 0.5rem; min-block-size: 3.75rem; padding: 0.5rem var(--_pad);
}
.photo-dialog .panel { --_pad: 1rem }
.photo-dialog .panel-bar {
  position: sticky; inset-block-start: 0; z-index: 2; background: var(--si-panel, var(--_page, Canvas));
}
.panel-title {
  flex: 1; margin: 0; font: inherit; font-size: 1.125rem; font-weight: 600; line-height: 1.25; letter-spacing: -0.01em;
  overflow-wrap: anywhere;
}
.round {
  display: grid; flex: none; place-items: center; inline-size: 2.75rem; block-size: 2.75rem; margin: 0; padding: 0;
  border: 0; border-radius: 50%; background: none;
}
.round:first-child { margin-inline-start: -0.625rem }
.round:last-child { margin-inline-end: -0.625rem }
.panel-bar > .round:first-child:dir(rtl) svg { transform: scaleX(-1) }
.pill, .text-button { display: inline-flex; align-items: center; gap: 0.5rem; min-block-size: 2.75rem; margin: 0; background: none }
.pill { padding: 0.25rem 1rem; border: 1px solid var(--_line); border-radius: 1.375rem; font-size: 0.875rem }
.text-button {
  padding: 0 0.25rem; border: 0; font-size: 0.875rem; text-decoration: underline; text-decoration-thickness: 1px;
  text-underline-offset: 0.2em;
}
.problem {
  display: flex; flex-wrap: wrap; align-items: center; column-gap: 0.75rem; margin: 0; padding: 0.75rem 1rem;
  border-inline-start: 3px solid var(--_accent); border-radius: 0.25rem; background: var(--_surface); text-align: start;
}

.start { display: flex; flex: 1; flex-direction: column; gap: 1.75rem; padding: 0.25rem var(--_pad) 2rem }
.drop {
  display: flex; flex: 1; flex-direction: column; align-items: center; justify-content: center; gap: 1.25rem;
  min-block-size: 15rem; padding: 2rem 1rem 1.5rem; border: 1.5px dashed var(--_line); border-radius: calc(var(--_radius) * 2);
  text-align: center;
}
.choices { display: flex; flex-wrap: wrap; justify-content: center; gap: 0.75rem; inline-size: 100% }
.choice {
  display: flex; flex: 0 1 15rem; align-items: center; justify-content: center; gap: 0.625rem; min-block-size: 3.25rem;
  margin: 0; padding: 0.5rem 1.25rem; border: 1px solid var(--_line); border-radius: 1.625rem; background: none;
}
.choice.primary { border-color: transparent; background: var(--_text); color: inherit }
.choice.primary > * { color: var(--si-panel, var(--_page, Canvas)) }
.hint, .privacy { margin: 0; color: var(--_muted); font-size: 0.875rem; text-wrap: balance }
.privacy { display: flex; align-items: center; gap: 0.375rem }
.privacy svg { flex: none; inline-size: 1.125rem }
@media (pointer: coarse) { .hint { display: none } }
.row-title { margin: 0 0 0.75rem; font: inherit; font-size: 0.9375rem; font-weight: 600 }
.thumbnails { display: flex; flex-wrap: wrap; gap: 0.75rem; margin: 0; padding: 0; list-style: none }
.thumbnail {
  display: block; inline-size: 6.5rem; margin: 0; padding: 0; border: 0; border-radius: var(--_radius); background: none;
  font-size: 0.8125rem; line-height: 1.3; text-align: center;
}
.thumbnail > :is(img, canvas) {
  display: block; inline-size: 100%; aspect-ratio: 1; margin-block-end: 0.375rem; object-fit: cover;
  border-radius: var(--_radius); background: var(--_surface);
}
.recent .thumbnail { inline-size: 4.5rem }
.recent .thumbnail > :is(img, canvas) { margin: 0 }

.camera { display: flex; flex: 1; flex-direction: column; min-block-size: 0; background: #000; color: #fff }
.viewfinder { position: relative; flex: 1; display: grid; place-items: center; min-block-size: 12rem }
.viewfinder video { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; object-fit: contain }
.viewfinder video.mirrored { transform: scaleX(-1) }
.camera-note { margin: 0; padding: 1rem }
.camera-controls {
  display: grid; grid-template-columns: minmax(0, 1fr) auto minmax(0, 1fr); align-items: center; gap: 1rem;
  padding: 1rem var(--_pad) calc(1rem + env(safe-area-inset-bottom));
}
.camera-controls .shutter { grid-column: 2 }
.camera-controls .round { grid-column: 3; justify-self: end; margin: 0; border: 1px solid rgb(255 255 255 / 0.5) }
.camera-controls .text-button { grid-column: 1; grid-row: 1; justify-self: start; text-align: start }
.shutter {
  inline-size: 4.25rem; block-size: 4.25rem; padding: 4px; border: 4px solid #fff; border-radius: 50%;
  background: #fff content-box; outline-offset: 3px;
}
.shutter:disabled { opacity: 0.4; cursor: default }
.camera :focus-visible { outline-color: #fff }

.search { display: grid; gap: 1.25rem; padding: 0 var(--_pad) 2rem; --_photo: 42vh }
.photo-side { display: flex; flex-direction: column; align-items: center; gap: 0.75rem; min-inline-size: 0 }
.result-side { min-inline-size: 0 }
.tools { display: flex; flex-wrap: wrap; justify-content: center; gap: 0.5rem }
.frame {
  position: relative; inline-size: min(100% - 1rem, var(--_photo) * var(--_ratio, 1)); min-inline-size: 4rem;
  aspect-ratio: var(--_ratio, 1); max-block-size: 80vh; margin-block: 0.5rem; direction: ltr; touch-action: none;
  user-select: none; -webkit-user-select: none; cursor: crosshair;
}
.picture { position: absolute; inset: 0; display: grid; place-items: center; border-radius: var(--_radius); overflow: hidden; background: var(--_surface) }
.picture > :is(img, canvas) { inline-size: 100%; block-size: 100%; object-fit: fill; pointer-events: none }
.frame.loading > :is(.box, .handle, .shade) { visibility: hidden }
.shade { position: absolute; inset: 0; overflow: hidden; border-radius: var(--_radius); pointer-events: none }
.hole, .box {
  position: absolute; left: calc(100% * var(--_x)); top: calc(100% * var(--_y)); inline-size: calc(100% * var(--_width));
  block-size: calc(100% * var(--_height));
}
.hole { border-radius: 0.5rem; box-shadow: 0 0 0 100vmax rgb(0 0 0 / 0.5) }
.box { border-radius: 0.5rem; outline: 1px solid rgb(0 0 0 / 0.4); border: 1.5px solid rgb(255 255 255 / 0.85); cursor: move }
.handle { position: absolute; inline-size: 2.75rem; block-size: 2.75rem; margin: -1.375rem }
.handle::before {
  content: ''; position: absolute; inset: calc(50% - 0.1875rem) -0.0625rem -0.0625rem calc(50% - 0.1875rem);
  inline-size: 1.25rem; block-size: 1.25rem; border: solid #fff; border-width: 4px 0 0 4px; border-start-start-radius: 0.625rem;
  filter: drop-shadow(0 0 1.5px rgb(0 0 0 / 0.8));
}
.handle:is(.cornerTopLeft, .cornerBottomLeft) { left: calc(100% * var(--_x)) }
.handle:is(.cornerTopRight, .cornerBottomRight) { left: calc(100% * (var(--_x) + var(--_width))) }
.handle:is(.cornerTopLeft, .cornerTopRight) { top: calc(100% * var(--_y)) }
.handle:is(.cornerBottomLeft, .cornerBottomRight) { top: calc(100% * (var(--_y) + var(--_height))) }
.handle.cornerTopRight { transform: scaleX(-1) }
.handle.cornerBottomLeft { transform: scaleY(-1) }
.handle.cornerBottomRight { transform: scale(-1) }
.handle:is(.cornerTopLeft, .cornerBottomRight) { cursor: nwse-resize }
.handle:is(.cornerTopRight, .cornerBottomLeft) { cursor: nesw-resize }

.subject { display: flex; align-items: center; gap: 0.875rem; margin-block-end: 1rem }
.subject > img { inline-size: 4.5rem; aspect-ratio: 1; object-fit: cover; border-radius: var(--_radius); background: var(--_surface) }
.subject .text-button { margin-inline-start: -0.25rem }
.subject-title { margin: 0; font: inherit; font-weight: 600; outline: none; overflow-wrap: anywhere }
.load { margin-block-end: 1.25rem; padding: 0.75rem 1rem; border-radius: var(--_radius); background: var(--_surface); font-size: 0.875rem }
.load-line { display: flex; flex-wrap: wrap; align-items: center; column-gap: 0.75rem; min-block-size: 2.25rem }
.load-amount { color: var(--_muted); font-variant-numeric: tabular-nums }
.load-line .text-button { min-block-size: 2.25rem; margin-inline-start: auto }
.load-bar { block-size: 4px; border-radius: 2px; overflow: hidden; background: var(--_surface) }
.load-bar > span { display: block; block-size: 100%; inline-size: calc(100% * var(--_progress, 0)); border-radius: inherit; background: var(--_accent) }
.load-bar.unknown > span { inline-size: 30% }
.filters { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem 0.75rem; margin-block-end: 1.25rem; font-size: 0.875rem }
.field {
  min-block-size: 2.75rem; max-inline-size: 100%; padding: 0 0.75rem; border: 1px solid var(--_line); border-radius: var(--_radius);
  background: transparent; font-size: 0.875rem;
}
.field option { background: Canvas; color: CanvasText }
.price-field { inline-size: 7.5rem }
.price-field::placeholder { color: var(--_muted); opacity: 1 }
.check { display: flex; align-items: center; gap: 0.5rem; min-block-size: 2.75rem }
.check input { inline-size: 1.25rem; block-size: 1.25rem; margin: 0; accent-color: var(--_accent) }

.results { display: flex; flex-direction: column; gap: 1.75rem }
.results.stale > .band { opacity: 0.5 }
.verdict { margin: 0; font-weight: 600 }
.tips { margin: -1.25rem 0 0; padding: 0; list-style: none; color: var(--_muted) }
.tips > li { padding-block: 0.25rem; padding-inline-start: 1rem; border-inline-start: 2px solid var(--_line) }
.band-title { margin: 0 0 0.75rem; font: inherit; font-size: 0.9375rem; font-weight: 600 }
.grid {
  display: grid; grid-template-columns: repeat(auto-fill, minmax(min(9rem, 45cqi), 1fr)); gap: 1.25rem var(--_gap); margin: 0;
  padding: 0; list-style: none;
}
.grid .item { display: flex; flex-direction: column; align-items: start; justify-content: space-between }
.grid .text { min-block-size: 0 }
.grid .card { flex: 1 }
.more-like {
  min-block-size: 2.5rem; margin: 0; padding: 0; border: 0; background: none; color: var(--_muted); font-size: 0.8125rem; text-align: start;
  text-decoration: underline; text-decoration-thickness: 1px; text-decoration-color: var(--_line); text-underline-offset: 0.25em;
}
.results > .pill { align-self: center }
.drop-hint {
  position: absolute; inset: 0.75rem; z-index: 3; display: none; place-items: center; margin: 0;
  border: 2px dashed var(--_accent); border-radius: calc(var(--_radius) * 2); font-size: 1.25rem; font-weight: 600;
  background: color-mix(in srgb, var(--si-panel, var(--_page, Canvas)) 88%, transparent);
}
.panel.dropping .drop-hint { display: grid }

@container (min-width: 46rem) {
  .photo-dialog :is(.panel-bar, .start, .search) { --_pad: 1.75rem }
  .search { grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); gap: 2.5rem; --_photo: 30rem; align-items: start }
  .photo-side { position: sticky; inset-block-start: 3.75rem }
  .grid { grid-template-columns: repeat(auto-fill, minmax(10rem, 1fr)) }
}
@container (max-width: 45.99rem) {
  .search.more .photo-side { display: none }
  /* One line that scrolls, to the edges of the panel. */
  .filters {
    flex-wrap: nowrap; margin-inline: calc(-1 * var(--_pad)); padding: 0.25rem var(--_pad); overflow-x: auto;
    scrollbar-width: none;
  }
  .filters > * { flex: none }
}
.panel :is(button, a, select, input, .box, .handle):focus-visible { outline: 2px solid var(--_accent); outline-offset: 2px }
.panel :is(.box, .handle):focus-visible { outline: 3px solid #fff; outline-offset: -6px; box-shadow: 0 0 0 2px #000, inset 0 0 0 2px #000 }
.panel .handle:focus-visible { outline-offset: -0.625rem; border-radius: 50%; box-shadow: none }
.panel .camera button:focus-visible { outline-color: #fff }
@media (hover: hover) {
  .round:hover, .pill:hover, .choice:not(.primary):hover { background: var(--_surface) }
  .choice.primary:hover { opacity: 0.88 }
  .more-like:hover { color: var(--_text) }
}
@media (prefers-reduced-motion: no-preference) {
  .photo-dialog[open] { animation: arrive 0.18s ease-out }
  .results.stale > .band { transition: opacity 0.15s 0.25s }
  .load-bar > span { transition: inline-size 0.2s }
  .load-bar.unknown > span { animation: wander 1.4s ease-in-out infinite alternate }
  .skeleton-grid > * { animation: breathe 1.6s ease-in-out infinite alternate }
  @keyframes arrive { from { opacity: 0; transform: translateY(0.75rem) } }
  @keyframes wander { to { transform: translateX(233%) } }
  @keyframes breathe { to { opacity: 0.55 } }
}
/* What has loaded in a moment needs no announcement. */
.load { animation: appear 0.01s 0.3s both }
@keyframes appear { from { visibility: hidden } }
@media (forced-colors: active) {
  .photo-dialog { border: 1px solid CanvasText }
  .choice.primary { border-color: ButtonText }
  .choice.primary > * { color: ButtonText }
  /* On a photo, light with a dark edge is seen everywhere; a system colour may not be. */
  .frame > * { forced-color-adjust: none }
  .load-bar { border: 1px solid CanvasText }
  .load-bar > span { forced-color-adjust: none; background: Highlight }
}
`
