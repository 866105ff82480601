import type { RateReading, VariantReading } from '../../../src/measure/experiment/read-experiment.js'
import { create } from '../dom.js'
import { formatCount, formatLift } from '../format.js'
import { type Design, type Run, TREATMENT } from './experiment.js'
import { intervalText, sampleSizeText } from './experiment-verdict.js'
import { axisOf, intervalPlot } from './interval-plot.js'
import { METHOD_TEXTS } from './methods.js'
import { dataTable, numberCell } from './table.js'
import { pValueText } from './verdict.js'

const RATES = [
  { kind: 'clickThrough', title: 'Click-through' },
  { kind: 'conversion', title: 'Conversion' },
] as const

/** An experiment as `similar-items experiment` reads it. */
export function experimentReadout(run: Run, design: Design, smallestLift: number): HTMLElement {
  const { reading } = run
  const treatment = reading.variants.find(({ name }) => name === TREATMENT)
  const bars = RATES.flatMap(({ kind, title }) => {
    const comparison = treatment?.[kind].againstControl
    return comparison
      ? [{ label: title, value: comparison.lift, low: comparison.low, high: comparison.high }]
      : []
  })
  return create(
    'div',
    { class: 'readout' },
    bars.length > 0 &&
      intervalPlot(bars, {
        caption: 'Simulated lift of B over A, with 95% intervals',
        axis: axisOf(bars),
        format: formatLift,
      }),
    dataTable(
      'Simulated click-through (clicks per list) and conversion (visitors who buy)',
      ['Variant', 'Visitors', 'Click-through', 'Conversion'],
      reading.variants.map((variant) => row(variant, design)),
    ),
    create(
      'ul',
      { class: 'findings' },
      create('li', {}, sampleRatioText(run)),
      create('li', {}, sampleSizeText(run, smallestLift)),
    ),
  )
}

function row(variant: VariantReading, { control, treatment }: Design): (string | Node)[] {
  const { name, visitors, clickThrough, conversion } = variant
  const method = METHOD_TEXTS[name === TREATMENT ? treatment : control].title
  return [`${name}: ${method}`, visitors.toLocaleString('en'), rateCell(clickThrough), rateCell(conversion)]
}

/** A rate and, for the treatment, what it is against the control. */
function rateCell({ rate, againstControl }: RateReading): string | Node {
  const percentage = `${(100 * rate).toFixed(2)}%`
  if (!againstControl) return percentage
  const { lift, pValue } = againstControl
  return numberCell(percentage, `${formatLift(lift)}: ${intervalText(againstControl)}, ${pValueText(pValue)}`)
}

function sampleRatioText({ reading }: Run): string {
  const { pValue, asIntended } = reading.sampleRatio
  const halves = reading.variants.map(({ visitors }) => formatCount(visitors, 'visitor')).join(' and ')
  return asIntended
    ? `Sample ratio: ${halves} are halves as intended (${pValueText(pValue)}).`
    : `Sample ratio: ${halves} are not halves (${pValueText(pValue)}). Something is wrong with the experiment.`
}
