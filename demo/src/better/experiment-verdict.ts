import type { Comparison } from '../../../src/measure/experiment/compare-rates.js'
import { sampleSizePerVariant } from '../../../src/measure/experiment/sample-size.js'
import { formatCount, formatLift, formatShare } from '../format.js'
import { type Design, type Run, TREATMENT } from './experiment.js'
import { pValueText } from './verdict.js'

const significance = 0.05

/** What one may say of the clicks after an experiment. */
export function experimentVerdict({ reading, truth }: Run, { control, treatment }: Design): string {
  if (!reading.sampleRatio.asIntended) {
    return 'The visitors are not divided as intended. Find out why before you read on.'
  }
  const clicks = clicksOf(reading)
  if (!clicks) return 'Too little was clicked to compare anything.'
  const found = `${formatLift(clicks.lift)} clicks (${intervalText(clicks)}, ${pValueText(clicks.pValue)})`
  const significant = clicks.pValue < significance
  if (control === treatment) {
    return significant
      ? `False alarm: ${found}, although both halves saw the same lists. One A/A test in twenty looks like this.`
      : `No difference to be seen, and there is none: both halves saw the same lists. ${found}.`
  }
  const real = formatLift(truth.treatment.clickThrough / truth.control.clickThrough - 1)
  return significant
    ? `Found: ${found}. The true lift in this simulation is ${real}.`
    : `Not shown: ${found}. There is a true lift of ${real} in this simulation, but these visitors are too few to tell it from chance.`
}

/** How many visitors one should have asked for beforehand. */
export function sampleSizeText({ reading, truth }: Run, lift: number): string {
  const baseRate = truth.control.conversion
  const needed = sampleSizePerVariant({ baseRate, lift })
  const had = Math.min(...reading.variants.map(({ visitors }) => visitors))
  const enough = had >= needed ? 'that is enough' : 'that is too few'
  return (
    `Today ${formatShare(baseRate)} of the visitors buy. To find a lift of ${formatShare(lift)} in that, in 80% of all ` +
    `experiments, takes ${formatCount(needed, 'visitor')} per variant. This run has ${formatCount(had, 'visitor')}: ${enough}.`
  )
}

/** The comparison of the click-through rates; null where there is too little to compare. */
export function clicksOf(reading: Run['reading']): Comparison | null {
  return reading.variants.find(({ name }) => name === TREATMENT)?.clickThrough.againstControl ?? null
}

export function intervalText({ low, high }: Comparison): string {
  return `${formatLift(low)} to ${formatLift(high)}`
}
