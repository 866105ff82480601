import { describe, expect, test } from 'vitest'
import {
  CLICK_MODEL,
  clickProbability,
  type ShownLists,
  trueRates,
} from '../../../demo/src/better/click-model.js'
import { CONTROL, type Run, TREATMENT } from '../../../demo/src/better/experiment.js'
import { clicksOf, experimentVerdict, sampleSizeText } from '../../../demo/src/better/experiment-verdict.js'
import { simulateVisitors } from '../../../demo/src/better/simulate-visitors.js'
import { readExperiment } from '../../../src/measure/experiment/read-experiment.js'

const [good, poor]: ShownLists[] = [
  [
    [true, true, false, true, false],
    [true, false, true, true, true],
    [false, true, false, false, true],
  ],
  [
    [false, false, true, false, false],
    [true, false, false, false, false],
    [false, false, false, true, false],
  ],
] as const

function run(control: ShownLists, treatment: ShownLists, visitors: number, seed = 1): Run {
  const variants = new Map([
    [CONTROL, control],
    [TREATMENT, treatment],
  ])
  const events = simulateVisitors({ variants, visitors, seed }, CLICK_MODEL)
  return {
    reading: readExperiment(events, { control: CONTROL }),
    truth: { control: trueRates(control, CLICK_MODEL), treatment: trueRates(treatment, CLICK_MODEL) },
  }
}

describe('simulated visitors', () => {
  test('click and buy as often as the model says', () => {
    const { reading, truth } = run(poor, good, 60_000)
    for (const [index, rates] of [truth.control, truth.treatment].entries()) {
      const { clickThrough, conversion } = reading.variants[index] ?? {}
      for (const [read, expected] of [
        [clickThrough, rates.clickThrough],
        [conversion, rates.conversion],
      ] as const) {
        const deviations = ((read?.rate ?? Number.NaN) - expected) / (read?.standardError ?? Number.NaN)
        console.log(`${expected.toFixed(4)}: ${deviations.toFixed(2)} standard errors away`)
        expect(Math.abs(deviations)).toBeLessThan(4)
      }
    }
    expect(reading.sampleRatio.asIntended).toBe(true)
    expect(reading.eventsWithoutExposure + reading.visitorsOfSeveral).toBe(0)
  })

  test('are the same under the same seed, and others under another', () => {
    expect(run(poor, good, 300, 5)).toEqual(run(poor, good, 300, 5))
    expect(run(poor, good, 300, 5)).not.toEqual(run(poor, good, 300, 6))
  })

  test('look less at later places', () => {
    const chances = [1, 2, 3, 4, 5].map((position) =>
      clickProbability(CLICK_MODEL, { position, sameShelf: true, eagerness: 1 }),
    )
    expect(chances).toEqual(chances.toSorted((a, b) => b - a))
    expect(chances[1]).toBeCloseTo((chances[0] as number) / 2, 12)
  })

  test('who all see the same raise a false alarm in about one of twenty experiments', () => {
    const experiments = 400
    let alarms = 0
    for (let seed = 1; seed <= experiments; seed++) {
      const clicks = clicksOf(run(good, good, 500, seed).reading)
      if ((clicks?.pValue ?? 1) < 0.05) alarms++
    }
    console.log(`${alarms} false alarms in ${experiments}`)
    // Four standard errors around 5 %.
    expect(alarms / experiments).toBeLessThan(0.05 + 4 * Math.sqrt((0.05 * 0.95) / experiments))
    expect(alarms / experiments).toBeGreaterThan(0.05 - 4 * Math.sqrt((0.05 * 0.95) / experiments))
  })
})

describe('what is said of an experiment', () => {
  const ab = { control: 'colours', treatment: 'encoder' } as const
  const aa = { control: 'encoder', treatment: 'encoder' } as const

  test('that finds something', () => {
    expect(experimentVerdict(run(poor, good, 20_000), ab)).toMatch(/^Found: \+/)
  })

  test('whose visitors are too few', () => {
    expect(experimentVerdict(run(poor, poor.with(0, good[0] ?? []), 200), ab)).toMatch(/^Not shown: /)
  })

  test('without a difference', () => {
    const verdicts = Array.from({ length: 60 }, (_, seed) =>
      experimentVerdict(run(good, good, 400, seed), aa),
    )
    expect(verdicts.filter((text) => text.startsWith('No difference to be seen')).length).toBeGreaterThan(45)
    expect(verdicts.some((text) => text.startsWith('False alarm'))).toBe(true)
    expect(verdicts.join()).not.toContain('Found')
  })

  test('without a click', () => {
    const nobody = run(poor, good, 200)
    const silent = nobody.reading.variants.map((variant) => ({
      ...variant,
      clickThrough: { ...variant.clickThrough, againstControl: null },
    }))
    const text = experimentVerdict({ ...nobody, reading: { ...nobody.reading, variants: silent } }, ab)
    expect(text).toContain('Too little')
  })

  test('whose halves are none', () => {
    const result = run(poor, good, 200)
    const sampleRatio = { pValue: 1e-6, asIntended: false }
    expect(experimentVerdict({ ...result, reading: { ...result.reading, sampleRatio } }, ab)).toContain(
      'not divided as intended',
    )
  })

  test('beforehand: fewer visitors find a larger lift', () => {
    const result = run(poor, good, 4000)
    expect(sampleSizeText(result, 0.05)).toContain('too few')
    expect(sampleSizeText(result, 2)).toContain('that is enough')
  })
})
