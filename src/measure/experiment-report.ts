import type { Comparison } from './compare-rates.js'
import { escapeHtml, htmlBars, htmlPage, htmlTable } from './html-page.js'
import type { ExperimentReading, RateReading } from './read-experiment.js'
import { formatLift, formatPValue, textTable } from './text-table.js'

const rates = [
  { kind: 'clickThrough', title: 'Click-through (clicks per list)' },
  { kind: 'conversion', title: 'Conversion (share of visitors)' },
] as const

/** The experiment as tables for a terminal. */
export function experimentText(reading: ExperimentReading): string {
  const tables = rates.map(({ kind, title }) => textTable(header(title, reading), rows(reading, kind)))
  return [`Experiment ${reading.experiment}`, ...tables, ...remarks(reading)].join('\n\n')
}

/**
 * The experiment as one HTML page.
 * @param note said at the top, such as that the data are simulated.
 */
export function experimentHtml(reading: ExperimentReading, note?: string): string {
  const parts = rates.flatMap(({ kind, title }) => {
    const bars = reading.variants.flatMap(({ name, [kind]: { againstControl } }) =>
      againstControl
        ? [{ label: name, value: againstControl.lift, low: againstControl.low, high: againstControl.high }]
        : [],
    )
    return [
      `<h2>${escapeHtml(title)}</h2>`,
      htmlTable(
        header('variant', reading).map(escapeHtml),
        rows(reading, kind).map((cells) => cells.map(escapeHtml)),
      ),
      bars.length > 0 ? htmlBars(bars, formatLift) : '',
    ]
  })
  const body = [
    note === undefined ? '' : `<p><strong>${escapeHtml(note)}</strong></p>`,
    ...remarks(reading).map((remark) => `<p>${escapeHtml(remark)}</p>`),
    ...parts,
  ]
  return htmlPage(`Experiment ${reading.experiment}`, body.join('\n'))
}

function header(first: string, { control, level }: ExperimentReading): string[] {
  const interval = `${Number((100 * level).toFixed(1))} % interval`
  return [first, 'visitors', 'rate', `lift against ${control}`, interval, 'p-value']
}

function rows({ variants }: ExperimentReading, kind: 'clickThrough' | 'conversion'): string[][] {
  return variants.map((variant) => {
    const { rate, againstControl }: RateReading = variant[kind]
    return [
      variant.name,
      String(variant.visitors),
      `${(100 * rate).toFixed(2)} %`,
      ...comparisonCells(againstControl),
    ]
  })
}

function comparisonCells(comparison: Comparison | null): string[] {
  if (!comparison) return ['', '', '']
  const { lift, low, high, pValue } = comparison
  return [formatLift(lift), `${formatLift(low)} to ${formatLift(high)}`, formatPValue(pValue)]
}

function remarks({ sampleRatio, visitorsOfSeveral, eventsWithoutExposure }: ExperimentReading): string[] {
  const ratio = sampleRatio.asIntended
    ? `The visitors are divided as intended (p-value ${formatPValue(sampleRatio.pValue)}).`
    : `The visitors are NOT divided as intended (p-value ${formatPValue(sampleRatio.pValue)}): find out why before you read on.`
  return [
    ratio,
    ...(visitorsOfSeveral > 0
      ? [`${visitorsOfSeveral} visitors who saw several variants are left out.`]
      : []),
    ...(eventsWithoutExposure > 0
      ? [`${eventsWithoutExposure} clicks and conversions of visitors who were shown no list are left out.`]
      : []),
  ]
}
