import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Assignment, assign } from '../../../src/element/experiment/assignment.js'
import { parseVariants, type Variant } from '../../../src/element/experiment/variants.js'
import { isSimilarItemsError } from '../../../src/errors.js'
import { assignVariant } from '../../../src/measure/experiment/assign-variant.js'

/** The sentence that something is refused with. */
function refusal(attempt: () => unknown): string {
  try {
    attempt()
  } catch (error) {
    if (isSimilarItemsError(error, 'invalid-argument')) return error.message
    throw error
  }
  return ''
}

describe('variants', () => {
  test('are read like attributes: addresses become text, what is left out stays left out', () => {
    const items = [{ id: 'a' }]
    const settings = {
      catalog: items,
      neighbors: ' /n/{hash:2}.json ',
      model: new URL('https://shop.example/model/'),
      projection: '/tuned.safetensors',
      limit: 6,
      minScore: -0.5,
      diversity: undefined,
    }
    const parsed = parseVariants([{ name: 'plain' }, { name: 'tuned', share: 2, settings }])
    expect(parsed).toStrictEqual([
      { name: 'plain', share: undefined, settings: {} },
      {
        name: 'tuned',
        share: 2,
        settings: {
          catalog: items,
          neighbors: '/n/{hash:2}.json',
          model: 'https://shop.example/model/',
          projection: '/tuned.safetensors',
          limit: 6,
          minScore: -0.5,
        },
      },
    ])
    expect(parsed[1]?.settings.catalog).toBe(items)
  })

  test.each([
    ['no list', { name: 'a' }, 'must be a list'],
    ['an empty list', [], 'must be a list'],
    ['a variant that is none', [null], 'needs a text as its name'],
    ['a variant without a name', [{ name: '' }], 'needs a text as its name'],
    ['two of one name', [{ name: 'a' }, { name: 'a' }], 'different names, but these are called a, a'],
    ['a share in words', [{ name: 'a', share: 'half' }], 'share of "a" must be a number'],
    ['settings that are none', [{ name: 'a', settings: 'limit' }], 'settings of "a" must be an object'],
    [
      'another setting',
      [{ name: 'a', settings: { heading: 'x' } }],
      '"a" sets heading, but variants may set catalog',
    ],
    ['an inherited setting', [{ name: 'a', settings: { constructor: 'x' } }], '"a" sets constructor'],
    ['half a card', [{ name: 'a', settings: { limit: 2.5 } }], 'limit to 2.5, but it must be a whole number'],
    ['too much diversity', [{ name: 'a', settings: { diversity: 2 } }], 'must be a number from 0 to 1'],
    ['a model that is no address', [{ name: 'a', settings: { model: {} } }], 'must be text or a number'],
    ['a null', [{ name: 'a', settings: { limit: null } }], 'must be text or a number'],
  ])('that have %s are refused with a sentence', (_, variants, sentence) => {
    expect(refusal(() => parseVariants(variants))).toContain(sentence)
  })

  test('whatever they are, are read or refused', () => {
    const setting = fc.dictionary(
      fc.constantFrom('limit', 'minScore', 'model', 'catalog', 'x'),
      fc.anything(),
    )
    const variant = fc.record({
      name: fc.oneof(fc.string(), fc.anything()),
      share: fc.anything(),
      settings: setting,
    })
    fc.assert(
      fc.property(fc.oneof(fc.array(variant), fc.anything()), (variants) => {
        const sentence = refusal(() => parseVariants(variants))
        if (sentence) expect(sentence).toMatch(/\.$/)
      }),
    )
  })
})

describe('an assignment', () => {
  const variants: Variant[] = [{ name: 'plain' }, { name: 'fewer', settings: { limit: 6 } }]

  test('is that of assignVariant, with the settings of the variant', () => {
    const seen = new Set<string>()
    for (let index = 0; index < 50; index++) {
      const visitor = `visitor-${index}`
      const expected = assignVariant('test', visitor, variants)
      const assignment: Assignment = assign({ experiment: 'test', visitor, variants })
      const settings = expected === 'fewer' ? { limit: 6 } : {}
      expect(assignment).toEqual({ experiment: 'test', visitor, variant: expected, settings })
      seen.add(expected)
    }
    expect(seen.size).toBe(2)
  })

  test.each([
    ['no name', { experiment: '', visitor: 'v', variants }, 'needs a name'],
    ['no visitor', { experiment: 'test', visitor: '', variants }, 'visitor property'],
    ['no shares', { experiment: 'test', visitor: 'v', variants: [{ name: 'a', share: 0 }] }, 'need shares'],
    [
      'a negative share',
      { experiment: 'test', visitor: 'v', variants: [{ name: 'a', share: -1 }] },
      'need shares',
    ],
  ])('with %s is refused with a sentence', (_, setup, sentence) => {
    expect(refusal(() => assign(setup))).toContain(sentence)
  })
})
