import fc from 'fast-check'
import { expect, test } from 'vitest'
import { distinctRows } from '../../../../src/node/neighbors/distinct-rows.js'
import { encodeVectors } from '../../../../src/vectors/encoded-vectors.js'

const formats = fc.constantFrom('int8' as const, 'float32' as const)
const vectors = fc.array(fc.array(fc.integer({ min: -1, max: 1 }), { minLength: 3, maxLength: 3 }), {
  minLength: 1,
  maxLength: 60,
})

test('rows with the same numbers are together, each kind once', () => {
  fc.assert(
    fc.property(vectors, formats, fc.boolean(), (rows, format, isBackward) => {
      // The largest number is the same in all, and so is the scale.
      const encoded = encodeVectors(
        rows.map((row) => Float32Array.of(1, ...row)),
        4,
        format,
      )
      const order = [...rows.keys()]
      if (isBackward) order.reverse()
      const expected = new Map<string, number[]>()
      for (const row of order) {
        const key = String(rows[row])
        expected.set(key, [...(expected.get(key) ?? []), row])
      }
      const { first, membersOf } = distinctRows(encoded, order)
      expect(Array.from(first, (_, kind) => membersOf(kind, Infinity))).toEqual([...expected.values()])
      expect(Array.from(first, (row, kind) => [row, membersOf(kind, 2).length <= 2])).toEqual(
        Array.from(expected.values(), ([row]) => [row, true]),
      )
    }),
  )
})

test('no rows have no kinds', () => {
  expect(distinctRows(encodeVectors([], 4, 'int8'), []).first).toHaveLength(0)
})
