import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isSimilarItemsError } from '../../../src/errors.js'
import { decodeVector, encodeVectors } from '../../../src/vectors/encoded-vectors.js'
import { cosineSimilarity, normalize } from '../../../src/vectors/normalize.js'
import { readPack, writePack } from '../../../src/vectors/pack.js'
import { parseSafetensors, toBytes, writeSafetensors } from '../../../src/vectors/safetensors.js'
import { makeSpace } from '../../../src/vectors/space.js'

const dimensions = 8
const space = makeSpace({
  model: 'a'.repeat(64),
  preprocessing: 'bicubic-224x224',
  projection: null,
  dimensions,
})

const component = fc.float({ min: -1, max: 1, noNaN: true })
const unitVector = fc
  .array(component, { minLength: dimensions, maxLength: dimensions })
  .filter((vector) => Math.hypot(...vector) > 0.01)
  .map(normalize)
const rows = fc.uniqueArray(
  fc.tuple(fc.string({ unit: 'grapheme', minLength: 1 }), fc.string(), unitVector),
  {
    selector: ([id]) => id,
    maxLength: 20,
  },
)

describe.each(['int8', 'float32'] as const)('a pack of %s vectors', (format) => {
  test('is read as it was written', () => {
    fc.assert(
      fc.property(rows, (rows) => {
        const entries = rows.map(([id, contentKey]) => ({ id, contentKey }))
        const vectors = encodeVectors(
          rows.map(([, , vector]) => vector),
          dimensions,
          format,
        )
        const pack = readPack(writePack({ space, entries, vectors }), 'a pack')
        expect(pack.space).toEqual(space)
        expect(pack.entries).toEqual(entries)
        expect(pack.vectors).toEqual(vectors)
        for (const [row, [, , vector]] of rows.entries()) {
          expect(cosineSimilarity(decodeVector(pack.vectors, row), vector)).toBeGreaterThan(0.999)
        }
      }),
    )
  })

  test('with a flipped bit or cut short is read or refused with pack-invalid', () => {
    const vectors = encodeVectors(
      [0, 1, 2].map((row) =>
        normalize(Array.from({ length: dimensions }, (_, index) => Math.sin(row + index))),
      ),
      dimensions,
      format,
    )
    const entries = ['a', 'b', 'c'].map((id) => ({ id, contentKey: `/${id}.jpg` }))
    const whole = writePack({ space, entries, vectors })
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const flipped = whole.slice()
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7))
      expectReadOrRefused(flipped)
    }
    for (let length = 0; length < whole.length; length++) expectReadOrRefused(whole.slice(0, length))
  })
})

describe('a pack is refused, naming the id, for', () => {
  const good = normalize([1, 2, 3, 4, 5, 6, 7, 8])
  test.each([
    [
      'a vector that is not a number',
      Float32Array.from({ length: 8 }, () => Number.NaN),
      /"b" has a component/,
    ],
    ['an infinite component', Float32Array.from([1, 0, 0, 0, 0, 0, 0, Infinity]), /"b" has a component/],
    ['the zero vector', new Float32Array(8), /"b" has norm 0\.00/],
    ['a vector of another length than 1', Float32Array.from(good, (x) => 5 * x), /"b" has norm 5\.00/],
  ])('%s', (_, bad, message) => {
    const data = Float32Array.from([...good, ...bad])
    expect(() => readPack(file({ ids: '["a","b"]', keys: '["",""]', data }), 'a pack')).toThrow(message)
    const entries = ['a', 'b'].map((id) => ({ id, contentKey: '' }))
    const vectors = { format: 'float32', dimensions, count: 2, data, scales: null } as const
    expect(() => writePack({ space, entries, vectors })).toThrow(message)
  })

  test('8-bit vectors whose scale is no number', () => {
    const vectors = encodeVectors([good, good], dimensions, 'int8')
    vectors.scales?.set([Number.NaN], 1)
    const entries = ['a', 'b'].map((id) => ({ id, contentKey: '' }))
    expect(() => writePack({ space, entries, vectors })).toThrow(/"b" has a component/)
  })

  test.each([
    ['ids that occur twice', { ids: '["a","a"]' }, /the id "a" occurs twice/],
    ['an empty id', { ids: '["a",""]' }, /the id of row 1 is empty/],
    ['fewer ids than vectors', { ids: '["a"]' }, /1 ids, 2 content keys and 2 vectors/],
    ['ids that are numbers', { ids: '[1,2]' }, /not lists of texts/],
    ['ids that are not JSON', { ids: '[1,' }, /"ids" is not JSON in UTF-8/],
    ['a space without a model', { space: '{"dimensions":8}' }, /its "space" is not/],
    [
      'a space of other dimensions',
      { space: JSON.stringify({ ...space, dimensions: 4 }) },
      /has 4 dimensions/,
    ],
  ])('%s', (_, fields, message) => {
    const data = Float32Array.from([...good, ...good])
    expect(() => readPack(file({ ids: '["a","b"]', keys: '["",""]', data, ...fields }), 'a pack')).toThrow(
      message,
    )
  })
})

test('ids and content keys are in the metadata, where other libraries find them', () => {
  const vectors = encodeVectors([normalize([1, 2, 3, 4, 5, 6, 7, 8])], dimensions, 'int8')
  const bytes = writePack({ space, entries: [{ id: 'ä"', contentKey: '/a.jpg' }], vectors })
  const { metadata, tensors } = parseSafetensors(bytes, 'a pack')
  expect([...tensors.keys()]).toEqual(['scales', 'vectors'])
  expect(metadata.get('ids')).toBe(JSON.stringify(['ä"']))
  expect(metadata.get('content_keys')).toBe('["/a.jpg"]')
})

test('content keys may take more room than a safetensors header has', () => {
  const count = 120_000
  const vectors = encodeVectors(new Array(count).fill(normalize([1, 0])), 2, 'int8')
  const entries = Array.from({ length: count }, (_, row) => ({
    id: `p${row}`,
    contentKey: `https://cdn.test/${'ü'.repeat(450)}/${row}.jpg`,
  }))
  const pack = writePack({ space: makeSpace({ ...space, dimensions: 2 }), entries, vectors })
  expect(pack.length).toBeGreaterThan(100e6)
  const read = readPack(pack, 'a pack')
  expect(read.entries[count - 1]).toEqual(entries[count - 1])
  expect(new DataView(pack.buffer).getBigUint64(0, true)).toBeLessThan(1000)
})

test('the fingerprint of a space is not taken on trust', () => {
  const data = normalize([1, 2, 3, 4, 5, 6, 7, 8])
  const lying = JSON.stringify({ ...space, fingerprint: 'something else' })
  expect(readPack(file({ ids: '["a"]', keys: '[""]', data, space: lying }), 'a pack').space).toEqual(space)
})

function file(parts: {
  ids: string
  keys: string
  data: Float32Array
  space?: string
}): Uint8Array<ArrayBuffer> {
  const shape = [parts.data.length / dimensions, dimensions]
  return writeSafetensors({
    tensors: new Map([['vectors', { dtype: 'F32', shape, bytes: toBytes(parts.data) }]]),
    metadata: new Map([
      ['space', parts.space ?? JSON.stringify(space)],
      ['ids', parts.ids],
      ['content_keys', parts.keys],
    ]),
  })
}

function expectReadOrRefused(bytes: Uint8Array<ArrayBuffer>): void {
  try {
    readPack(bytes, 'a pack')
  } catch (error) {
    if (!isSimilarItemsError(error, 'pack-invalid')) throw error
  }
}
