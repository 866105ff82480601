import { describe, expect, test } from 'vitest'
import { differenceText, tuningText } from '../../../demo/src/better/verdict.js'
import { parseRoute } from '../../../demo/src/route.js'

describe('what is said of a difference', () => {
  const say = (low: number, high: number) =>
    differenceText(
      'The tuned encoder',
      'the untuned one',
      { mean: (low + high) / 2, low, high, pValue: 0.5 },
      0.95,
    )

  test('follows from its interval', () => {
    expect(say(0.01, 0.03)).toBe(
      'The tuned encoder is better than the untuned one: nDCG@5 +0.020 (95% interval +0.010 to +0.030, p\u00a0=\u00a00.500).',
    )
    expect(say(-0.03, -0.01)).toContain('is worse than the untuned one: nDCG@5 −0.020')
    expect(say(-0.01, 0.03)).toMatch(/^Whether the tuned encoder is better .* cannot be told/)
    expect(say(0, 0.02)).toMatch(/^Whether/)
  })
})

test('tuning that was in vain is owned up to', () => {
  expect(tuningText({ folds: 3, kept: 0 })).not.toContain('kept')
  expect(tuningText({ folds: 3, kept: 2 })).toContain('For 2 of the 3 parts nothing better')
})

test.each([
  ['#/better', 'photos', null],
  ['#/better/objects', 'objects', null],
  ['#/better/photos/grey-fabric-sofa', 'photos', 'grey-fabric-sofa'],
  ['#/better/elsewhere/%E0%A4', 'photos', '%E0%A4'],
])('%s is the comparison on %s of %s', (hash, catalogue, id) => {
  expect(parseRoute(hash)).toEqual({ page: 'better', catalogue, id })
})
