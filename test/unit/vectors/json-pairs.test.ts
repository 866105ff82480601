import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hasDistinctKeys } from '../../../src/vectors/json-pairs.js'

/** Texts with what ends strings and escapes their ends. */
const text = fc.oneof(
  fc
    .array(fc.constantFrom('"', '\\', ':', ',', '{', 'a', 'é'), { maxLength: 8 })
    .map((signs) => signs.join('')),
  fc.string({ unit: 'binary', maxLength: 8 }),
)
const flat = fc.dictionary(
  text.filter((name) => name !== '__proto__'),
  fc.oneof(text, fc.integer(), fc.array(text, { maxLength: 3 })),
  { maxKeys: 6 },
)

test('an object whose pairs are each written once is told from one that repeats a key', () => {
  fc.assert(
    fc.property(flat, flat, (outer, inner) => {
      const object = { ...outer, inner }
      const json = JSON.stringify(object)
      expect(hasDistinctKeys(json, JSON.parse(json))).toBe(true)
      const repeated = `{"inner":"once:\\\\\\"",${json.slice(1)}`
      expect(hasDistinctKeys(repeated, JSON.parse(repeated))).toBe(false)
    }),
  )
})
