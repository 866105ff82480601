/** Text as HTML shows it, safe inside elements and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** A self-contained page: its policy lets nothing be loaded from elsewhere, and no script run. */
export function htmlPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="content-security-policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { max-width: 72rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; margin: 1rem 0 }
th, td { padding: .25rem .75rem; text-align: right; border-bottom: 1px solid #8884; font-variant-numeric: tabular-nums }
th:first-child, td:first-child { text-align: left }
small { opacity: .7 }
th, td:not(:first-child) { white-space: nowrap }
.scroll { overflow-x: auto }
.plot { display: grid; grid-template-columns: minmax(4rem, 12rem) minmax(6rem, 34rem) max-content; gap: .35rem .75rem; align-items: center }
.plot span:nth-child(3n + 1) { text-align: right; overflow-wrap: anywhere }
.plot svg { width: 100%; height: 1.2rem; overflow: visible }
.plot rect { fill: #2a8fce; opacity: .75 }
.plot path { stroke: currentColor; fill: none; vector-effect: non-scaling-stroke }
.row { display: flex; gap: .5rem; align-items: start; flex-wrap: wrap; margin: .5rem 0 }
.row small { flex: 0 0 8rem; overflow-wrap: anywhere }
@media (max-width: 48rem) { .row small { flex-basis: 100% } .row figure { width: calc((100% - 2rem) / 5) } }
figure { margin: 0; width: 6rem; font-size: 12px; overflow-wrap: anywhere }
figcaption { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden }
figure img { width: 100%; aspect-ratio: 1; object-fit: contain; background: #fff }
.relevant img { outline: 3px solid #2a8fce }
</style>
<h1>${escapeHtml(title)}</h1>
${body}
</html>
`
}

/** @param cells already HTML. */
export function htmlTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = header.map((cell) => `<th scope="col">${cell}</th>`).join('')
  const lines = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`)
  return `<div class="scroll" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>${lines.join('\n')}</tbody></table></div>`
}

export interface Bar {
  readonly label: string
  readonly value: number
  readonly low: number
  readonly high: number
}

/** Horizontal bars with whiskers for their intervals. The axis starts at 0, or at the lowest whisker where that is below. */
export function htmlBars(bars: readonly Bar[], format: (value: number) => string): string {
  const lowest = Math.min(0, ...bars.map(({ low }) => low))
  const highest = Math.max(0, ...bars.map(({ high }) => high))
  const at = (value: number) => Number((((value - lowest) / (highest - lowest || 1)) * 100).toFixed(2))
  const rows = bars.map(({ label, value, low, high }) => {
    const start = Math.min(at(0), at(value))
    const length = Math.abs(at(value) - at(0)).toFixed(2)
    const whisker = `M${at(low)} 10H${at(high)}M${at(low)} 5v10M${at(high)} 5v10`
    return `<span>${escapeHtml(label)}</span><svg viewBox="0 0 100 20" preserveAspectRatio="none" aria-hidden="true"><rect x="${start}" y="3" width="${length}" height="14"/><path d="M${at(0)} 0v20${whisker}"/></svg><span>${escapeHtml(format(value))}</span>`
  })
  return `<div class="plot">${rows.join('\n')}</div>`
}
