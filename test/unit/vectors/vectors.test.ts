import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isSimilarItemsError } from '../../../src/errors.js'
import { dotProduct } from '../../../src/vectors/dot-product.js'
import {
  convertVectors,
  decodeVector,
  encodeVectors,
  type VectorFormat,
} from '../../../src/vectors/encoded-vectors.js'
import { cosineSimilarity, normalize } from '../../../src/vectors/normalize.js'
import { makeSpace } from '../../../src/vectors/space.js'
import { VectorTable } from '../../../src/vectors/vector-table.js'

const dimensions = 8
const space = makeSpace({ model: 'a'.repeat(64), preprocessing: 'test', projection: null, dimensions })
const otherSpace = makeSpace({ model: 'b'.repeat(64), preprocessing: 'test', projection: null, dimensions })

const component = fc.float({ min: -1, max: 1, noNaN: true })
const direction = fc
  .array(component, { minLength: dimensions, maxLength: dimensions })
  .filter((components) => Math.hypot(...components) > 1e-3)
const unit = direction.map(normalize)
const format = fc.constantFrom<VectorFormat>('int8', 'float32')

describe('normalize', () => {
  test('gives norm 1 and keeps the direction', () => {
    fc.assert(
      fc.property(direction, (components) => {
        const vector = normalize(components)
        expect(Math.hypot(...vector)).toBeCloseTo(1, 5)
        expect(cosineSimilarity(vector, components)).toBeCloseTo(1, 5)
      }),
    )
  })

  test.each([[[0, 0]], [[Number.NaN, 1]], [[Number.POSITIVE_INFINITY, 1]]])('refuses %j', (components) => {
    expect(() => normalize(components)).toThrow(RangeError)
  })
})

describe('cosineSimilarity', () => {
  test('is symmetric, bounded and blind to length', () => {
    fc.assert(
      fc.property(
        direction,
        direction,
        fc.float({ min: Math.fround(0.1), max: 10, noNaN: true }),
        (a, b, factor) => {
          const cosine = cosineSimilarity(a, b)
          expect(Math.abs(cosine)).toBeLessThanOrEqual(1)
          expect(cosineSimilarity(b, a)).toBe(cosine)
          const scaled = a.map((x) => x * factor)
          expect(cosineSimilarity(scaled, b)).toBeCloseTo(cosine, 5)
        },
      ),
    )
  })

  test('refuses vectors of different lengths', () => {
    expect(() => cosineSimilarity([1, 0], [1])).toThrow(RangeError)
  })
})

describe('encoded vectors', () => {
  test('int8 is off by at most half a level in every component', () => {
    let worst = 0
    fc.assert(
      fc.property(unit, (vector) => {
        const encoded = encodeVectors([vector], dimensions, 'int8')
        const decoded = decodeVector(encoded, 0)
        const scale = encoded.scales?.[0] as number
        for (const [index, value] of vector.entries()) {
          const error = Math.abs((decoded[index] as number) - value)
          worst = Math.max(worst, error)
          expect(error).toBeLessThanOrEqual(scale / 2 + 1e-6)
        }
      }),
    )
    console.log(`worst error of an int8 component of a unit vector: ${worst.toFixed(5)}`)
  })

  test('float32 is exact, and converting back and forth to int8 changes nothing more', () => {
    fc.assert(
      fc.property(unit, (vector) => {
        expect(decodeVector(encodeVectors([vector], dimensions, 'float32'), 0)).toEqual(vector)
        const once = encodeVectors([vector], dimensions, 'int8')
        const twice = convertVectors(convertVectors(once, 'float32'), 'int8')
        expect(twice.data).toEqual(once.data)
      }),
    )
  })

  test.each([[[Number.NaN, 0]], [[1]], [[1, Number.POSITIVE_INFINITY]]])('refuses %j', (components) => {
    expect(() => encodeVectors([Float32Array.from(components)], 2, 'int8')).toThrow(RangeError)
  })
})

describe('dotProduct', () => {
  test('equals that of the decoded row', () => {
    fc.assert(
      fc.property(fc.array(unit, { minLength: 1, maxLength: 20 }), unit, format, (vectors, query, chosen) => {
        const encoded = encodeVectors(vectors, dimensions, chosen)
        for (let row = 0; row < vectors.length; row++) {
          const stored = decodeVector(encoded, row)
          const dot = stored.reduce((sum, value, index) => sum + value * (query[index] as number), 0)
          expect(dotProduct(encoded, row, query)).toBeCloseTo(dot, 5)
        }
      }),
    )
  })
})

describe('VectorTable', () => {
  test('behaves like a map from id to vector', () => {
    const command = fc.oneof(
      fc.record({
        kind: fc.constant('set' as const),
        id: fc.constantFrom('a', 'b', 'c', '__proto__'),
        vector: unit,
      }),
      fc.record({ kind: fc.constant('delete' as const), id: fc.constantFrom('a', 'b', 'c', '__proto__') }),
    )
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        const table = new VectorTable(space, 'float32')
        const model = new Map<string, Float32Array>()
        for (const step of commands) {
          if (step.kind === 'set') {
            table.set({ id: step.id, contentKey: `${step.id}.jpg` }, { space, vector: step.vector })
            model.set(step.id, step.vector)
          } else {
            expect(table.delete(step.id)).toBe(model.delete(step.id))
          }
        }
        expect(table.size).toBe(model.size)
        for (const [id, vector] of model) expect(table.embeddingOf(id)?.vector).toEqual(vector)
        for (const [row, { id, contentKey }] of table.entries.entries()) {
          expect(table.rowOf(id)).toBe(row)
          expect(contentKey).toBe(`${id}.jpg`)
        }
      }),
    )
  })

  test('finds rows that came at once, whatever happens to them then', () => {
    const ids = Array.from({ length: 30 }, (_, index) => `id-${index}`)
    const action = fc.record({
      kind: fc.constantFrom('look', 'set', 'delete'),
      id: fc.constantFrom(...ids, 'new'),
    })
    fc.assert(
      fc.property(fc.nat(30), fc.nat(30), fc.array(action, { maxLength: 40 }), (first, more, actions) => {
        const table = new VectorTable(space, 'float32')
        const stored = ids.slice(0, first + more)
        for (const part of [stored.slice(0, first), stored.slice(first)]) {
          const entries = part.map((id) => ({ id, contentKey: `${id}.jpg` }))
          const vectors = part.map((id) => Float32Array.from({ length: dimensions }, () => ids.indexOf(id)))
          table.append(entries, encodeVectors(vectors, dimensions, 'float32'))
        }
        const model = new Map(stored.map((id) => [id, ids.indexOf(id)]))
        for (const { kind, id } of actions) {
          if (kind === 'delete') expect(table.delete(id)).toBe(model.delete(id))
          else if (kind === 'set') {
            table.set({ id, contentKey: id }, { space, vector: new Float32Array(dimensions).fill(99) })
            model.set(id, 99)
          }
          expect(table.embeddingOf(id)?.vector[0]).toBe(model.get(id))
          expect(table.size).toBe(model.size)
        }
        expect(new Map(table.entries.map(({ id }) => [id, table.embeddingOf(id)?.vector[0]]))).toEqual(model)
      }),
    )
  })

  test('never takes a vector of another space', () => {
    const table = new VectorTable(space)
    const stranger = { space: otherSpace, vector: normalize([1, 0, 0, 0, 0, 0, 0, 0]) }
    let thrown: unknown
    try {
      table.set({ id: 'a', contentKey: 'a' }, stranger)
    } catch (error) {
      thrown = error
    }
    expect(isSimilarItemsError(thrown, 'space-mismatch')).toBe(true)
    expect(String(thrown)).toContain(space.fingerprint)
    expect(String(thrown)).toContain(otherSpace.fingerprint)
    expect(table.size).toBe(0)
  })

  test('refuses rows of another format, dimension or number', () => {
    const table = new VectorTable(space, 'int8')
    const vector = normalize([1, 0, 0, 0, 0, 0, 0, 0])
    const entry = { id: 'a', contentKey: 'a' }
    expect(() => table.setAll([entry], encodeVectors([vector], dimensions, 'float32'))).toThrow(RangeError)
    expect(() => table.setAll([entry], encodeVectors([normalize([1, 0])], 2, 'int8'))).toThrow(RangeError)
    expect(() => table.setAll([], encodeVectors([vector], dimensions, 'int8'))).toThrow(RangeError)
  })
})
