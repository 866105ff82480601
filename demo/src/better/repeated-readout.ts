import type { Comparison } from '../../../src/measure/experiment/compare-rates.js'
import { create } from '../dom.js'
import { formatCount, formatLift } from '../format.js'
import type { Design } from './experiment.js'
import { axisOf, intervalStack } from './interval-plot.js'

/** The same experiment many times over: what chance alone does to the answer. */
export function repeatedReadout(
  found: readonly (Comparison | null)[],
  { control, treatment }: Design,
  visitors: number,
): HTMLElement {
  const intervals = found.filter((comparison) => comparison !== null)
  const apart = intervals.filter(({ low, high }) => low > 0 || high < 0).length
  const lifts = intervals.map(({ lift }) => lift)
  const range = `${formatLift(Math.min(...lifts))} to ${formatLift(Math.max(...lifts))}`
  const text =
    `${formatCount(found.length, 'experiment')} with other visitors, ${formatCount(visitors, 'visitor')} each: lifts of ` +
    `clicks from ${range}. ${apart} ${apart === 1 ? 'interval does' : 'intervals do'} not contain 0.`
  const meaning =
    control === treatment
      ? 'There is nothing to be found: each of these is a false alarm, and one in twenty is to be expected.'
      : missedText(found.length - apart)
  const [from, to] = axisOf(intervals)
  return create(
    'figure',
    { class: 'plot repeated' },
    create('figcaption', {}, `${text} ${meaning}`),
    intervalStack(intervals, { axis: [from, to], description: `Simulated 95% intervals. ${text}` }),
    create(
      'p',
      { class: 'plot-axis', 'aria-hidden': 'true' },
      create('span', {}, formatLift(from)),
      create('span', {}, 'thick: does not contain 0'),
      create('span', {}, formatLift(to)),
    ),
  )
}

function missedText(missed: number): string {
  const outcome = missed === 0 ? 'no experiment missed it' : `${formatCount(missed, 'experiment')} missed it`
  return `There is something to be found, and ${outcome}.`
}
