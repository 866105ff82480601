/**
 * Colours derive from the text colour that the page gives the element, so light, dark and forced palettes follow the
 * page itself and not only what the system prefers.
 */
export const elementCss = /* css */ `
:host {
  display: block;
  min-inline-size: 0;
  --_gap: var(--si-gap, clamp(0.75rem, 2cqi, 1.25rem));
  --_radius: var(--si-radius, 0.5rem);
  --_text: var(--si-text, currentColor);
  --_muted: var(--si-muted, color-mix(in srgb, var(--_text) 70%, transparent));
  --_surface: var(--si-surface, color-mix(in srgb, var(--_text) 6%, transparent));
  --_line: color-mix(in srgb, var(--_text) 22%, transparent);
  --_accent: var(--si-accent, var(--_text));
  --_focus: 0.25rem;
}
:host([hidden]) { display: none }
*, ::before, ::after { box-sizing: border-box }
[hidden] { display: none !important }

.stage { display: grid; grid-template-columns: minmax(0, 1fr); container-type: inline-size; color: var(--_text) }
.stage > * { grid-area: 1 / 1; min-inline-size: 0 }
section { --_shown: var(--si-columns, 1.25) }
section.reserved { visibility: hidden }
@container (min-width: 16rem) { section { --_shown: var(--si-columns, 2.25) } }
@container (min-width: 30rem) { section { --_shown: var(--si-columns, 3.25) } }
@container (min-width: 44rem) { section { --_shown: var(--si-columns, 4) } }
@container (min-width: 62rem) { section { --_shown: var(--si-columns, 5) } }
@container (min-width: 88rem) { section { --_shown: var(--si-columns, 6) } }

header { display: flex; align-items: center; gap: 0.5rem; min-block-size: 2.75rem }
.heading { flex: 1; min-inline-size: 0 }
.heading > slot > * {
  margin: 0; font: inherit; font-size: 1.25rem; font-weight: 600; line-height: 1.3; letter-spacing: -0.01em;
  text-wrap: balance;
}
.controls { display: flex; flex: none; gap: 0.5rem }
.photo-button {
  display: flex; flex: none; align-items: center; gap: 0.5rem; min-inline-size: 2.75rem; block-size: 2.75rem; margin: 0;
  padding: 0 0.6875rem; border: 1px solid var(--_line); border-radius: 1.375rem; background: none; color: inherit;
  font: inherit; font-size: 0.875rem; cursor: pointer;
}
.photo-button > span { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
@container (min-width: 40rem) { .photo-button > span { position: static; inline-size: auto; block-size: auto; clip-path: none; padding-inline-end: 0.25rem } }
.controls.needless { visibility: hidden }
.control {
  display: grid; place-items: center; inline-size: 2.75rem; block-size: 2.75rem; margin: 0; padding: 0;
  border: 1px solid var(--_line); border-radius: 50%; background: none; color: inherit; cursor: pointer;
}
.control[aria-disabled='true'] { opacity: 0.35; cursor: default }
.controls.rtl svg { transform: scaleX(-1) }
svg { inline-size: 1.25rem; fill: none; stroke: currentColor; stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round }

.progress { block-size: 2px; margin-block: 0.375rem 0.5rem; border-radius: 1px; overflow: hidden; background: var(--_surface) }
.progress.done { visibility: hidden }
.progress > span {
  display: block; block-size: 100%; border-radius: inherit; background: color-mix(in srgb, var(--_accent) 50%, transparent);
  inline-size: calc(100% * var(--_progress, 0)); min-inline-size: 8%;
}

.shelf { display: grid; grid-template-columns: minmax(0, 1fr) }
.shelf > * { grid-area: 1 / 1 }
.list {
  display: grid; grid-auto-flow: column; gap: var(--_gap); align-items: start; justify-content: start;
  grid-auto-columns: var(--si-card-width, calc((100cqi - (var(--_shown) - 1) * var(--_gap)) / var(--_shown)));
  margin: calc(-1 * var(--_focus)); padding: var(--_focus); scroll-padding-inline: var(--_focus);
  list-style: none; overflow-x: auto; overscroll-behavior-x: contain;
  scrollbar-width: none;
}
.list::-webkit-scrollbar { display: none }
.list.scrolled { scroll-snap-type: x mandatory }
.list.stale { opacity: 0.5 }
.skeleton { overflow: hidden; visibility: hidden }
.skeleton.visible { visibility: inherit }
.item { scroll-snap-align: start; min-inline-size: 0 }

.card {
  display: block; inline-size: 100%; margin: 0; padding: 0; border: 0; border-radius: var(--_radius); background: none;
  color: inherit; font: inherit; text-align: start; text-decoration: none; cursor: pointer; position: relative;
}
.skeleton .card { cursor: default }
.image {
  display: grid; place-items: center; position: relative; aspect-ratio: var(--si-image-ratio, 1); overflow: hidden;
  border-radius: var(--_radius); background: var(--_surface); color: var(--_muted);
}
.image > img {
  position: absolute; inset: 0; inline-size: 100%; block-size: 100%; object-fit: var(--si-image-fit, cover);
}
.image > svg { inline-size: 2rem; stroke-width: 1; opacity: 0.6 }
.note {
  position: absolute; inset-block-start: 0.5rem; inset-inline-start: 0.5rem; max-inline-size: calc(100% - 1rem);
  padding: 0.125rem 0.5rem; border-radius: 1rem; background: Canvas; color: CanvasText; font-size: 0.75rem;
  line-height: 1.5;
}
.text {
  display: block; padding-block-start: 0.625rem; font-size: 0.875rem; line-height: 1.4;
  min-block-size: calc(0.625rem + var(--si-card-lines, 4) * 1.4em);
}
.brand { display: block; overflow: hidden; color: var(--_muted); white-space: nowrap; text-overflow: ellipsis }
.title {
  display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; overflow-wrap: anywhere;
}
.price { display: flex; flex-wrap: wrap; column-gap: 0.5em; font-weight: 600; font-variant-numeric: tabular-nums }
.price s { color: var(--_muted); font-weight: 400 }
.bar { display: block; block-size: 0.75em; margin-block: 0.325em; border-radius: 0.25em; background: var(--_surface) }
.bar.short { inline-size: 40% }
.bar.long { inline-size: 85% }
.hidden { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }

:is(.card, .control, .photo-button):focus-visible { outline: 2px solid var(--_accent); outline-offset: 2px }
@media (hover: hover) {
  .card:hover .title { text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: 0.2em }
  .control:not([aria-disabled='true']):hover, .photo-button:hover { background: var(--_surface) }
}
@media (prefers-reduced-motion: no-preference) {
  .list { scroll-behavior: smooth }
  .list.scrolled { scroll-snap-type: x mandatory }
.list.stale { transition: opacity 0.2s 0.2s }
  .progress > span { transition: inline-size 0.3s }
  .skeleton.visible.busy { animation: breathe 1.6s ease-in-out infinite alternate }
  @keyframes breathe { to { opacity: 0.55 } }
}
@media (forced-colors: active) {
  .image, .bar { border: 1px solid GrayText }
  .note { border: 1px solid CanvasText }
  .progress { background: Canvas }
  .progress > span { forced-color-adjust: none; background: Highlight }
  .control[aria-disabled='true'] { color: GrayText; border-color: GrayText; opacity: 1 }
}
`
