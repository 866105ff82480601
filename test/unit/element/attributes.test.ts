import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { attributeNames, attributeProblem, readAttribute } from '../../../src/element/attributes.js'

const defaults = {
  catalog: '',
  engine: '',
  cells: '',
  neighbors: '',
  item: '',
  model: '',
  projection: '',
  assets: '',
  'heic-decoder': '',
  heading: '',
  limit: 12,
  'min-score': -1,
  diversity: 0,
  'per-group': 1,
  'heading-level': 2,
  loading: 'auto',
  storage: 'indexeddb',
  'photo-search': false,
  experiment: '',
  analytics: 'none',
}

describe('attributes', () => {
  it('have their defaults when absent, and that is no problem', () => {
    expect(Object.fromEntries(attributeNames.map((name) => [name, readAttribute(name, null)]))).toEqual(
      defaults,
    )
    for (const name of attributeNames) expect(attributeProblem(name, null)).toBeNull()
  })

  it.each([
    ['limit', '6', 6],
    ['limit', ' 1000 ', 1000],
    ['min-score', '-0.25', -0.25],
    ['diversity', '1', 1],
    ['heading-level', '3', 3],
    ['loading', 'LAZY', 'lazy'],
    ['item', ' sku-1 ', 'sku-1'],
    ['photo-search', '', true],
    ['photo-search', 'photo-search', true],
    ['photo-search', 'true', true],
    ['photo-search', 'false', false],
    ['photo-search', ' False ', false],
  ] as const)('%s="%s" is %j', (name, text, value) => {
    expect(readAttribute(name, text)).toBe(value)
    expect(attributeProblem(name, text)).toBeNull()
  })

  it.each([
    ['limit', '0'],
    ['limit', '1001'],
    ['limit', '2.5'],
    ['limit', ''],
    ['limit', 'many'],
    ['min-score', '1.01'],
    ['min-score', 'NaN'],
    ['diversity', '-0.1'],
    ['heading-level', '7'],
    ['loading', 'soon'],
    ['analytics', 'ua'],
  ] as const)('%s="%s" is the default, with a sentence that names it', (name, text) => {
    expect(readAttribute(name, text)).toBe(defaults[name])
    expect(attributeProblem(name, text)).toContain(`${name}="${text}"`)
    expect(attributeProblem(name, text)).toContain(String(defaults[name]))
  })

  it('are the default where there is a problem, else what their own text says', () => {
    fc.assert(
      fc.property(fc.constantFrom(...attributeNames), fc.string(), (name, text) => {
        const value = readAttribute(name, text)
        if (attributeProblem(name, text) !== null) expect(value).toBe(defaults[name])
        else expect(readAttribute(name, String(value))).toBe(value)
      }),
    )
  })
})
