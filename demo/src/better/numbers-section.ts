import type { Estimate } from '../../../src/measure/statistics/resampling.js'
import { type Comparison, METHODS } from '../../data/comparison.js'
import { create } from '../dom.js'
import { formatShare } from '../format.js'
import { intervalPlot } from './interval-plot.js'
import { METHOD_TEXTS } from './methods.js'
import { dataTable, numberCell } from './table.js'
import { differenceText, tuningText } from './verdict.js'

const MEANINGS: readonly (readonly [metric: string, meaning: string])[] = [
  [
    'nDCG@5',
    'how good the first five are as an order: 1 is the best possible, and earlier places count more',
  ],
  ['P@1', 'how often the first one is from the same shelf'],
  ['P@3', 'which share of the first three is'],
]

/** The same comparison over all products, in numbers with their uncertainty. */
export function numbersSection(comparison: Comparison): HTMLElement {
  const { queries, shelves, metrics, level, estimates, tuning } = comparison
  const [metric = ''] = metrics
  const rows = METHODS.map((method) => [
    METHOD_TEXTS[method].title,
    ...metrics.map((name) => estimateCell(estimates[method][name] as Estimate)),
  ])
  const bars = METHODS.map((method) => {
    const { mean, low, high } = estimates[method][metric] as Estimate
    return { label: METHOD_TEXTS[method].title, value: mean, low, high }
  })
  return create(
    'section',
    { class: 'part', 'aria-labelledby': 'count' },
    create('h2', { id: 'count' }, `All ${queries} products, counted`),
    create(
      'p',
      { class: 'part-lead' },
      `Each product once looks for the others of its shelf (${shelves} shelves). It is a small catalogue: mind the intervals, and do not take these numbers for those of your shop.`,
    ),
    create(
      'div',
      { class: 'numbers' },
      intervalPlot(bars, { caption: `${metric}, from 0 to 1`, axis: [0, 1], format: decimals }),
      dataTable(
        `${metrics.join(', ')} with ${formatShare(level)} bootstrap intervals, ${queries} queries`,
        ['Method', ...metrics],
        rows,
      ),
    ),
    create(
      'ul',
      { class: 'findings' },
      create(
        'li',
        {},
        differenceText('The encoder', 'comparing colours', comparison.encoderOverColours, level),
      ),
      create(
        'li',
        {},
        differenceText('The tuned encoder', 'the untuned one', comparison.tunedOverEncoder, level),
      ),
    ),
    create('p', { class: 'small-print' }, tuningText(tuning)),
    create(
      'dl',
      { class: 'meanings' },
      ...MEANINGS.flatMap(([name, meaning]) => [create('dt', {}, name), create('dd', {}, meaning)]),
    ),
    create(
      'p',
      { class: 'small-print' },
      'Computed by this project’s own encoder and by the code behind ',
      create('code', {}, 'similar-items evaluate'),
      ' while this demo was built. A shelf is a coarse judge of likeness: what looks alike may stand on another one.',
    ),
  )
}

function estimateCell({ mean, low, high }: Estimate): Node {
  return numberCell(decimals(mean), `${decimals(low)}–${decimals(high)}`)
}

const decimals = (value: number) => value.toFixed(3)
