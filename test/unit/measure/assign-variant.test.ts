import fc from 'fast-check'
import { expect, test } from 'vitest'
import { assignVariant, type VariantShare } from '../../../src/measure/experiment/assign-variant.js'
import { chiSquareUpperTail } from '../../../src/measure/statistics/distributions.js'

const visitors = Array.from({ length: 5000 }, (_, index) => `visitor-${index}`)

/** The chi-square p-value of counts against what was to be expected. */
function pValue(counts: readonly number[], shares: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count)
  const whole = shares.reduce((sum, share) => sum + share)
  const chiSquare = counts.reduce((sum, count, index) => {
    const expected = (total * (shares[index] as number)) / whole
    return sum + (count - expected) ** 2 / expected
  }, 0)
  return chiSquareUpperTail(chiSquare, counts.length - 1)
}

test.each([[[1, 1]], [[1, 1, 1, 1, 1]], [[9, 1]], [[0.5, 0.3, 0.2]]])(
  'visitors are divided as the shares %j say',
  (shares) => {
    const variants = shares.map((share, index) => ({ name: `variant-${index}`, share }))
    const worst = Math.min(
      ...Array.from({ length: 10 }, (_, index) => {
        const assigned = visitors.map((visitor) => assignVariant(`experiment-${index}`, visitor, variants))
        return pValue(
          variants.map(({ name }) => assigned.filter((other) => other === name).length),
          shares,
        )
      }),
    )
    console.log(`shares ${shares}: smallest p-value of 10 experiments ${worst.toFixed(4)}`)
    // The smallest of 10 uniform p-values is below 0.0001 once in 1000 times; these visitors are fixed.
    expect(worst).toBeGreaterThan(1e-4)
  },
)

test('two experiments are independent: all four combinations are equally frequent', () => {
  const variants = [{ name: 'a' }, { name: 'b' }] as const
  const worst = Math.min(
    ...Array.from({ length: 10 }, (_, index) => {
      const counts = [0, 0, 0, 0]
      for (const visitor of visitors) {
        const first = assignVariant(`colour-${index}`, visitor, variants) === 'a' ? 0 : 1
        const second = assignVariant(`colour-${index + 1}`, visitor, variants) === 'a' ? 0 : 2
        counts[first + second] = (counts[first + second] as number) + 1
      }
      return pValue(counts, [1, 1, 1, 1])
    }),
  )
  console.log(`smallest p-value of 10 pairs of experiments ${worst.toFixed(4)}`)
  expect(worst).toBeGreaterThan(1e-4)
})

test('the same visitor gets the same variant, and a larger share keeps those who had it', () => {
  const name = fc.string()
  fc.assert(
    fc.property(name, name, fc.integer({ min: 1, max: 99 }), (experiment, visitor, percent) => {
      const assign = (share: number) =>
        assignVariant(experiment, visitor, [
          { name: 'new', share },
          { name: 'old', share: 100 - share },
        ])
      expect(assign(percent)).toBe(assign(percent))
      if (assign(percent) === 'new') expect(assign(percent + 1)).toBe('new')
    }),
  )
})

test('assignments stay what they were when this was written', () => {
  const variants = [{ name: 'a' }, { name: 'b' }, { name: 'c' }]
  expect(
    ['1', '2', '3', 'ü', ''].map((visitor) => assignVariant('ranking', visitor, variants)).join(''),
  ).toBe('aabcb')
})

test('nobody gets a variant with share 0', () => {
  const variants = [{ name: 'off', share: 0 }, { name: 'on' }, { name: 'off too', share: 0 }]
  expect(new Set(visitors.map((visitor) => assignVariant('x', visitor, variants)))).toEqual(new Set(['on']))
})

test.each<[string, VariantShare[]]>([
  ['no variants', []],
  ['no share', [{ name: 'a', share: 0 }]],
  [
    'a negative share',
    [
      { name: 'a', share: -1 },
      { name: 'b', share: 2 },
    ],
  ],
  ['a share that is no number', [{ name: 'a', share: Number.NaN }]],
])('%s: an error', (_, variants) => {
  expect(() => assignVariant('x', 'visitor', variants)).toThrow(RangeError)
})
