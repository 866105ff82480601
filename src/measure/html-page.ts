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
svg text { fill: currentColor; font: 13px system-ui, sans-serif }
.row { display: flex; gap: .5rem; align-items: end; flex-wrap: wrap; margin: .25rem 0 }
figure { margin: 0; width: 6rem; font-size: 12px; overflow-wrap: anywhere }
figure img { width: 100%; aspect-ratio: 1; object-fit: contain; background: #fff }
.relevant img { outline: 3px solid #0072b2 }
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
  return `<table><thead><tr>${head}</tr></thead><tbody>${lines.join('\n')}</tbody></table>`
}

export interface Bar {
  readonly label: string
  readonly value: number
  readonly low: number
  readonly high: number
}

/** Horizontal bars with whiskers for their intervals, as SVG. The axis starts at 0 or at the lowest whisker below. */
export function htmlBars(bars: readonly Bar[], format: (value: number) => string): string {
  const [left, width, step] = [220, 480, 28]
  const lowest = Math.min(0, ...bars.map(({ low }) => low))
  const highest = Math.max(0, ...bars.map(({ high }) => high))
  const at = (value: number) => (left + ((value - lowest) / (highest - lowest || 1)) * width).toFixed(1)
  const lines = bars.map(({ label, value, low, high }, index) => {
    const top = index * step
    const middle = top + step / 2
    const start = Math.min(Number(at(0)), Number(at(value)))
    const length = Math.abs(Number(at(value)) - Number(at(0))).toFixed(1)
    return `<text x="${left - 8}" y="${middle + 5}" text-anchor="end">${escapeHtml(label)}</text>
<rect x="${start}" y="${top + 5}" width="${length}" height="${step - 10}" fill="#0072b2" opacity=".6"/>
<path d="M${at(low)} ${middle}H${at(high)}M${at(low)} ${middle - 5}v10M${at(high)} ${middle - 5}v10" stroke="currentColor"/>
<text x="${left + width + 10}" y="${middle + 5}">${escapeHtml(format(value))}</text>`
  })
  const height = bars.length * step
  const description = bars.map(({ label, value }) => `${label}: ${format(value)}`).join(', ')
  return `<svg viewBox="0 0 ${left + width + 100} ${height}" width="100%" role="img" aria-label="${escapeHtml(description)}">${lines.join('\n')}</svg>`
}
