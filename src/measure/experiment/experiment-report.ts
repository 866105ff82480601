import { escapeHtml, htmlBars, htmlPage, htmlTable } from '../report/html-page.js'
import { formatLift, formatPValue, textTable } from '../report/text-table.js'
import type { Comparison } from './compare-rates.js'
import type { ExperimentReading, RateReading, SampleSize } from './read-experiment.js'
import type { Sought } from './sample-size.js'

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

/** What an experiment that is still to come needs. @param visitors per variant. */
export function sampleSizeText(visitors: number, baseRate: number, sought: Sought): string {
  const rates = `from ${percent(baseRate)} to ${percent(baseRate * (1 + sought.lift))}`
  return `${aim(sought)} it takes ${visitors} visitors per variant (${rates}). Read the result once, when they are there.`
}

function aim({ lift, power = 0.8, significance = 0.05 }: Sought): string {
  return `To find a lift of ${formatLift(lift)} in ${percent(power)} of experiments, and one where there is none in ${percent(significance)},`
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(4))} %`
}

function sampleSizeRemark({ sought, clickThrough, conversion }: SampleSize, smallest: number): string {
  const needed = [
    ...(clickThrough === null ? [] : [`${clickThrough} visitors per variant for click-through`]),
    ...(conversion === null ? [] : [`${conversion} for conversion`]),
  ]
  if (needed.length === 0) return 'The control has nothing to compute a sample size from.'
  return `${aim(sought)} it takes ${needed.join(', ')}. The smallest variant has ${smallest}.`
}

function remarks(reading: ExperimentReading): string[] {
  const { variants, sampleRatio, sampleSize, visitorsOfSeveral, eventsWithoutExposure } = reading
  const { eventsBeforeExposure, conversionsWithoutTime, duplicates } = reading
  const ratio = sampleRatio.asIntended
    ? `The visitors are divided as intended (p-value ${formatPValue(sampleRatio.pValue)}).`
    : `The visitors are NOT divided as intended (p-value ${formatPValue(sampleRatio.pValue)}): find out why before you read on.`
  return [
    ratio,
    ...(sampleSize
      ? [sampleSizeRemark(sampleSize, Math.min(...variants.map(({ visitors }) => visitors)))]
      : []),
    ...(visitorsOfSeveral > 0
      ? [`${visitorsOfSeveral} visitors who saw several variants are left out.`]
      : []),
    ...(eventsWithoutExposure > 0
      ? [`${eventsWithoutExposure} clicks and conversions of visitors who were shown no list are left out.`]
      : []),
    ...(eventsBeforeExposure > 0
      ? [`${eventsBeforeExposure} clicks and conversions before the visitor's first list are left out.`]
      : []),
    ...(conversionsWithoutTime > 0
      ? [
          `${conversionsWithoutTime} conversions may have come before the visitor's first list: they or it have no time.`,
        ]
      : []),
    ...(duplicates > 0 ? [`${duplicates} events were delivered more than once and count once.`] : []),
  ]
}
