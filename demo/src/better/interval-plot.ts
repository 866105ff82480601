import { create } from '../dom.js'

export interface Interval {
  readonly label: string
  readonly value: number
  readonly low: number
  readonly high: number
}

interface PlotOptions {
  readonly caption: string
  /** Both ends of the axis. */
  readonly axis: readonly [from: number, to: number]
  readonly format: (value: number) => string
  /** Bars start here. */
  readonly origin?: number
}

/** Bars with whiskers for their intervals, one line each; what they show stands beside them as text. */
export function intervalPlot(
  intervals: readonly Interval[],
  { caption, axis, format, origin = 0 }: PlotOptions,
): HTMLElement {
  const lines = intervals.map(({ label, value, low, high }) => {
    const range = `${format(low)} to ${format(high)}`
    const picture = svg(12, `interval ${range}`)
    picture.append(
      shape('rect', { class: 'plot-bar', ...span(axis, origin, value), y: 2, height: 8 }),
      shape('path', { class: 'plot-whisker', d: whisker(axis, low, high, 6) }),
      shape('path', { class: 'plot-origin', d: `M${at(axis, origin)} 0V12` }),
    )
    return create(
      'li',
      {},
      create('span', {}, label),
      picture,
      create('span', { class: 'plot-value' }, format(value)),
    )
  })
  return create('figure', { class: 'plot' }, create('figcaption', {}, caption), create('ul', {}, ...lines))
}

/**
 * Many intervals above each other around one origin; those that do not contain it are thick.
 * @param description what a reader who does not see it needs to know.
 */
export function intervalStack(
  intervals: readonly Pick<Interval, 'low' | 'high'>[],
  { axis, description, origin = 0 }: { axis: PlotOptions['axis']; description: string; origin?: number },
): Element {
  const step = 8
  const picture = svg(intervals.length * step, description)
  for (const [row, { low, high }] of intervals.entries()) {
    const apart = low > origin || high < origin
    picture.append(
      shape('path', {
        class: apart ? 'plot-whisker plot-apart' : 'plot-whisker',
        d: whisker(axis, low, high, (row + 0.5) * step, 2),
      }),
    )
  }
  picture.append(
    shape('path', { class: 'plot-origin', d: `M${at(axis, origin)} 0V${intervals.length * step}` }),
  )
  return picture
}

/** The smallest axis with the origin that all intervals fit on; the longest reach no further than +300%. */
export function axisOf(intervals: readonly Pick<Interval, 'low' | 'high'>[]): [number, number] {
  const low = Math.min(-0.05, ...intervals.map((interval) => interval.low))
  const high = Math.max(0.05, ...intervals.map((interval) => interval.high))
  return [Math.max(-1, low * 1.1), Math.min(3, high * 1.1)]
}

function svg(height: number, label: string): Element {
  // Stretched to the space there is, so that nothing in it may be text.
  return shape('svg', {
    class: 'plot-lines',
    viewBox: `0 0 100 ${height}`,
    preserveAspectRatio: 'none',
    role: 'img',
    'aria-label': label,
  })
}

function whisker(axis: PlotOptions['axis'], low: number, high: number, y: number, reach = 3): string {
  const [from, to] = [at(axis, low), at(axis, high)]
  const end = (x: number) => `M${x} ${y - reach}v${2 * reach}`
  return `M${from} ${y}H${to}${end(from)}${end(to)}`
}

function span(axis: PlotOptions['axis'], a: number, b: number): { x: number; width: number } {
  const [from, to] = [at(axis, Math.min(a, b)), at(axis, Math.max(a, b))]
  return { x: from, width: to - from }
}

function at([from, to]: PlotOptions['axis'], value: number): number {
  const share = (value - from) / (to - from)
  return Number((100 * Math.max(0, Math.min(1, share))).toFixed(2))
}

function shape(tag: string, attributes: Record<string, string | number>): Element {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value))
  return element
}
