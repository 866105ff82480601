import { expect, test } from 'vitest'
import { compareRates, Rate } from '../../../src/measure/experiment/compare-rates.js'
import {
  type ExperimentEvent,
  parseExperimentEvents,
} from '../../../src/measure/experiment/experiment-events.js'
import { readExperiment } from '../../../src/measure/experiment/read-experiment.js'
import { sampleSizeForRate, sampleSizePerVariant } from '../../../src/measure/experiment/sample-size.js'
import { type SeededRandom, seededRandom } from '../../../src/measure/statistics/seeded-random.js'

const event = (variant: string, visitor: string, type: ExperimentEvent['type']): ExperimentEvent => ({
  experiment: 'tuned',
  variant,
  visitor,
  type,
})

/** `visitors` visitors with one list each, of whom the first `clickers` click and the first `buyers` buy. */
function plainEvents(variant: string, visitors: number, clickers: number, buyers: number): ExperimentEvent[] {
  return Array.from({ length: visitors }, (_, index) => {
    const visitor = `${variant}-${index}`
    return [
      event(variant, visitor, 'exposure'),
      ...(index < clickers ? [event(variant, visitor, 'click')] : []),
      ...(index < buyers
        ? [event(variant, visitor, 'conversion'), event(variant, visitor, 'conversion')]
        : []),
    ]
  }).flat()
}

test('counts, rates, lift and p-value of two shares, by hand', () => {
  const events = [...plainEvents('a', 1000, 100, 20), ...plainEvents('b', 1000, 130, 20)]
  const { variants, control, sampleRatio } = readExperiment(events.reverse())
  const [a, b] = variants
  expect(control).toBe('a')
  expect(a).toMatchObject({ name: 'a', visitors: 1000, exposures: 1000, clicks: 100 })
  expect(b?.clickThrough.rate).toBe(0.13)
  expect(b?.conversion).toMatchObject({ rate: 0.02, againstControl: { lift: 0, pValue: 1 } })
  expect(a?.clickThrough.againstControl).toBeNull()
  expect(a?.clickThrough.standardError).toBeCloseTo(Math.sqrt((0.1 * 0.9) / 999), 12)
  // z = 0.03 / sqrt((0.1 * 0.9 + 0.13 * 0.87) / 999) = 2.1025, two-sided.
  expect(b?.clickThrough.againstControl?.lift).toBeCloseTo(0.3, 12)
  expect(b?.clickThrough.againstControl?.pValue).toBeCloseTo(0.0355, 3)
  expect(sampleRatio).toEqual({ pValue: 1, asIntended: true })
})

test('lists of one visitor are not independent: the delta method sees it', () => {
  // A hundred visitors with ten lists each: half of them click on every list, half on none.
  const allOrNothing = new Rate()
  const independent = new Rate()
  for (let visitor = 0; visitor < 100; visitor++) allOrNothing.add(visitor % 2 === 0 ? 10 : 0, 10)
  for (let list = 0; list < 1000; list++) independent.add(list % 2, 1)
  expect(allOrNothing.value).toBe(independent.value)
  expect(allOrNothing.variance / independent.variance).toBeCloseTo((10 * 999) / 990, 2)
})

test('visitors of two variants and events without a list are left out and counted', () => {
  const events = [
    ...plainEvents('a', 10, 5, 1),
    ...plainEvents('b', 10, 5, 1),
    event('a', 'both', 'exposure'),
    event('b', 'both', 'exposure'),
    event('b', 'both', 'click'),
    event('b', 'nobody', 'click'),
  ]
  const reading = readExperiment(events)
  expect(reading).toMatchObject({ visitorsOfSeveral: 1, eventsWithoutExposure: 1 })
  expect(reading.variants.map(({ visitors, clicks }) => [visitors, clicks])).toEqual([
    [10, 5],
    [10, 5],
  ])
})

test('a sample ratio that was not intended is found, one that was passes', () => {
  const events = [...plainEvents('a', 9000, 10, 0), ...plainEvents('b', 1000, 10, 0)]
  expect(readExperiment(events).sampleRatio.asIntended).toBe(false)
  const variants = [
    { name: 'a', share: 9 },
    { name: 'b', share: 1 },
  ]
  expect(readExperiment(events, { variants }).sampleRatio).toEqual({ pValue: 1, asIntended: true })
})

test.each<[string, () => unknown, string]>([
  ['no events', () => readExperiment([]), 'no events'],
  [
    'two experiments',
    () => readExperiment([event('a', '1', 'exposure'), { ...event('a', '1', 'click'), experiment: 'x' }]),
    'tuned, x',
  ],
  ['clicks only', () => readExperiment([event('a', '1', 'click')]), 'no list'],
  ['an unknown control', () => readExperiment(plainEvents('a', 3, 1, 0), { control: 'z' }), '"z"'],
  [
    'a variant that was not assigned',
    () => readExperiment(plainEvents('a', 3, 1, 0), { variants: [{ name: 'b' }] }),
    '"a"',
  ],
  [
    'an unknown type',
    () => parseExperimentEvents([{ ...event('a', '1', 'click'), type: 'view' }]),
    'record 1',
  ],
  [
    'no visitor',
    () => parseExperimentEvents([event('a', '1', 'click'), event('a', '', 'click')]),
    'record 2',
  ],
])('%s: an error that says so', (_, read, message) => {
  expect(read).toThrow(message)
})

test('the sample size of a published example', () => {
  // The manual of R has power.prop.test(p1 = .50, p2 = .75, power = .90) with n = 76.7.
  expect(sampleSizePerVariant({ baseRate: 0.5, lift: 0.5, power: 0.9 })).toBe(77)
  expect(() => sampleSizePerVariant({ baseRate: 0.5, lift: 1.5 })).toThrow(RangeError)
  expect(() => sampleSizePerVariant({ baseRate: 0.5, lift: 0 })).toThrow(RangeError)
})

/** The rate of `done` of so many visitors, each of whom could do it once. */
function share(done: number, visitors: number): Rate {
  const rate = new Rate()
  for (let visitor = 0; visitor < visitors; visitor++) rate.add(visitor < done ? 1 : 0, 1)
  return rate
}

test('the relative risks that SciPy gives', () => {
  // scipy.stats.contingency.relative_risk(27, 122, 44, 487), the example of its manual: 2.4495, 1.5837 to 3.7887.
  const small = compareRates(share(27, 122), share(44, 487), 0.95)
  expect(small?.lift).toBeCloseTo(1.4495156, 6)
  expect(small?.low).toBeCloseTo(0.5837, 2)
  expect(small?.high).toBeCloseTo(2.7887, 1)
  // Heart attacks of the Physicians' Health Study (NEJM 318, 1988): 189 of 11 034 without aspirin, 104 of 11 037 with.
  const large = compareRates(share(189, 11_034), share(104, 11_037), 0.95)
  expect(large?.lift).toBeCloseTo(0.81780179, 7)
  expect(large?.low).toBeCloseTo(0.43303, 3)
  expect(large?.high).toBeCloseTo(1.30588, 3)
  expect(large?.pValue).toBeCloseTo(5.6144e-7, 8)
})

test('a treatment that nobody uses: the interval ends at the exact limit', () => {
  const comparison = compareRates(share(0, 2000), share(200, 2000), 0.95)
  expect(comparison).toMatchObject({ lift: -1, low: -1 })
  expect(comparison?.pValue).toBeLessThan(1e-20)
  // Clopper and Pearson: none of n visitors is consistent with rates up to 1 - 0.025^(1/n).
  expect(comparison?.high).toBeCloseTo((1 - 0.025 ** (1 / 2000)) / 0.1 - 1, 12)
  expect(comparison?.high).toBeLessThan(-0.98)
  expect(compareRates(share(0, 2000), share(0, 2000), 0.95)).toBeNull()
})

test('the sample size at a measured rate is near that of two shares, and grows with visits that hang together', () => {
  const [single, repeated] = [new Rate(), new Rate()]
  for (let visitor = 0; visitor < 10_000; visitor++) {
    single.add(visitor % 10 === 0 ? 1 : 0, 1)
    repeated.add(visitor % 10 === 0 ? 5 : 0, 5)
  }
  const lift = 0.02
  const expected = sampleSizePerVariant({ baseRate: 0.1, lift })
  expect((sampleSizeForRate(single, { lift }) as number) / expected).toBeCloseTo(1, 1)
  // Five lists of which all or none are clicked say no more than one.
  expect(sampleSizeForRate(repeated, { lift })).toBe(sampleSizeForRate(single, { lift }))
  expect(sampleSizeForRate(new Rate(), { lift })).toBeNull()
})

/** How often an experiment of two arms ends with a p-value below 0.05 and above. */
function significantShare(runs: number, simulate: (random: SeededRandom) => [Rate, Rate]): number {
  let significant = 0
  for (let run = 0; run < runs; run++) {
    const [control, treatment] = simulate(seededRandom(run))
    const comparison = compareRates(treatment, control, 0.95)
    if (comparison && comparison.pValue < 0.05) significant++
  }
  return significant / runs
}

/** Visitors who differ in how many lists they see and in how willing they are to click. */
function clickThrough(visitors: number, random: SeededRandom): Rate {
  const rate = new Rate()
  for (let visitor = 0; visitor < visitors; visitor++) {
    const lists = 1 + random.below(6)
    const willingness = 0.3 * random.next() ** 2
    let clicks = 0
    for (let list = 0; list < lists; list++) if (random.next() < willingness) clicks++
    rate.add(clicks, lists)
  }
  return rate
}

test('10 000 A/A runs find a difference in 5 % of them', () => {
  const runs = 10_000
  const share = significantShare(runs, (random) => [clickThrough(400, random), clickThrough(400, random)])
  console.log(`A/A: ${(100 * share).toFixed(2)} % of ${runs} runs have p < 0.05`)
  // Four standard errors of 10 000 draws are 0.9 %.
  expect(Math.abs(share - 0.05)).toBeLessThan(0.009)
})

test('a lift of 14 % is found as often as the sample size promises', () => {
  const baseRate = 0.1
  const power = 0.8
  const visitors = sampleSizePerVariant({ baseRate, lift: 0.14, power })
  const arm = (rate: number, random: SeededRandom) => {
    const measured = new Rate()
    for (let visitor = 0; visitor < visitors; visitor++) measured.add(random.next() < rate ? 1 : 0, 1)
    return measured
  }
  const runs = 1000
  const share = significantShare(runs, (random) => [arm(baseRate, random), arm(1.14 * baseRate, random)])
  console.log(
    `+14 % with ${visitors} visitors per variant: found in ${(100 * share).toFixed(1)} % of ${runs} runs`,
  )
  // Four standard errors of 1000 draws are 5 %.
  expect(Math.abs(share - power)).toBeLessThan(0.05)
})

test('the interval of the lift covers the planted lift as often as it says', () => {
  const runs = 2000
  let covered = 0
  for (let run = 0; run < runs; run++) {
    const random = seededRandom(run)
    const arm = (rate: number) => {
      const measured = new Rate()
      for (let visitor = 0; visitor < 1500; visitor++) measured.add(random.next() < rate ? 1 : 0, 1)
      return measured
    }
    const comparison = compareRates(arm(0.12), arm(0.1), 0.9)
    if (comparison && comparison.low <= 0.2 && comparison.high >= 0.2) covered++
  }
  console.log(`90 % intervals cover the lift in ${((100 * covered) / runs).toFixed(1)} % of ${runs} runs`)
  expect(Math.abs(covered / runs - 0.9)).toBeLessThan(0.027)
})

test('what is delivered twice counts once, and is told', () => {
  const who = { experiment: 'tuned', variant: 'a', visitor: 'v' }
  const exposure = {
    ...who,
    type: 'exposure',
    queryId: 'q',
    item: 'p',
    shown: ['x'],
    time: 1_700_000_000_000,
  }
  const click = {
    ...who,
    type: 'click',
    queryId: 'q',
    item: 'p',
    clicked: 'x',
    position: 0,
    time: 1_700_000_001_000,
  }
  const back = { ...click, time: 1_700_000_009_000 }
  const other = { ...exposure, queryId: 'r', time: 1_700_000_005_000 }
  const records = [exposure, click, { ...click, position: '0' }, exposure, back, other]
  const { variants, duplicates } = readExperiment(parseExperimentEvents(records))
  expect(variants[0]).toMatchObject({ exposures: 2, clicks: 2 })
  expect(duplicates).toBe(2)
})

test('logs of four columns have nothing to tell events apart by, and all count', () => {
  const events = parseExperimentEvents([event('a', 'v', 'exposure'), event('a', 'v', 'exposure')])
  expect(readExperiment(events)).toMatchObject({ duplicates: 0, variants: [{ exposures: 2 }] })
})

test('what came before the first list that a visitor was shown is not counted', () => {
  const at = (time: unknown, visitor: string, type: string) => ({
    ...event('a', visitor, 'click'),
    type,
    time,
  })
  const events = parseExperimentEvents([
    at('2026-01-01T10:00:00Z', 'early', 'conversion'),
    at('2026-01-01T09:00:00Z', 'early', 'click'),
    at('2026-01-01T11:00:00Z', 'early', 'exposure'),
    at('2026-01-01T10:30:00Z', 'early', 'exposure'),
    at(1_767_261_600, 'late', 'exposure'),
    at('1767261600000', 'late', 'conversion'),
    { ...event('a', 'timeless', 'exposure') },
    at('2026-01-01', 'timeless', 'conversion'),
  ])
  const reading = readExperiment(events)
  expect(reading).toMatchObject({ eventsBeforeExposure: 2, conversionsWithoutTime: 1 })
  expect(reading.variants[0]?.conversion.rate).toBeCloseTo(2 / 3, 12)
  expect(() => parseExperimentEvents([at('yesterday', 'v', 'click')])).toThrow('needs a time as "time"')
})
