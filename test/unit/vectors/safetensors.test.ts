import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isSimilarItemsError } from '../../../src/errors.js'
import { parseSafetensors, type Tensor, writeSafetensors } from '../../../src/vectors/safetensors.js'

const tensor = fc
  .tuple(fc.constantFrom('I8' as const, 'U8' as const, 'F32' as const), fc.array(fc.nat(4), { maxLength: 3 }))
  .chain(([dtype, shape]): fc.Arbitrary<Tensor> => {
    const length = shape.reduce((product, size) => product * size, dtype === 'F32' ? 4 : 1)
    return fc
      .uint8Array({ minLength: length, maxLength: length })
      .map((bytes) => ({ dtype, shape, bytes: Uint8Array.from(bytes) }))
  })
const name = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => text !== '__metadata__')
const file = fc.record({
  tensors: fc.array(fc.tuple(name, tensor), { maxLength: 4 }).map((entries) => new Map(entries)),
  metadata: fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 4 }).map((entries) => new Map(entries)),
})

test('what is written is read back', () => {
  fc.assert(
    fc.property(file, (content) => {
      const read = parseSafetensors(writeSafetensors(content), 'a file')
      expect(read.metadata).toEqual(content.metadata)
      expect([...read.tensors.keys()].sort()).toEqual([...content.tensors.keys()].sort())
      for (const [name, { dtype, shape, bytes }] of read.tensors) {
        const { bytes: expected, ...rest } = content.tensors.get(name) as Tensor
        expect({ dtype, shape }).toEqual(rest)
        expect([...bytes]).toEqual([...expected])
      }
    }),
  )
})

test('a damaged file is read or refused with pack-invalid, nothing else', () => {
  let refused = 0
  const damage = fc.oneof(
    fc.record({ kind: fc.constant('flip' as const), at: fc.nat(), bit: fc.nat(7) }),
    fc.record({ kind: fc.constant('cut' as const), at: fc.nat() }),
    fc.record({ kind: fc.constant('grow' as const), by: fc.integer({ min: 1, max: 9 }) }),
  )
  fc.assert(
    fc.property(file, fc.array(damage, { minLength: 1, maxLength: 3 }), (content, damages) => {
      let bytes = writeSafetensors(content)
      for (const one of damages) {
        if (one.kind === 'cut') bytes = bytes.slice(0, one.at % bytes.length)
        else if (one.kind === 'grow') bytes = Uint8Array.from([...bytes, ...new Array(one.by).fill(0)])
        else if (bytes.length > 0) {
          const at = one.at % bytes.length
          bytes[at] = (bytes[at] as number) ^ (1 << one.bit)
        }
        if (bytes.length === 0) break
      }
      try {
        parseSafetensors(bytes, 'a file')
      } catch (error) {
        refused++
        if (!isSimilarItemsError(error, 'pack-invalid')) throw error
      }
    }),
    { numRuns: 3000 },
  )
  expect(refused).toBeGreaterThan(1000)
})

test('a file cut anywhere is refused', () => {
  const whole = writeSafetensors({
    tensors: new Map([['vectors', { dtype: 'I8', shape: [3, 5], bytes: new Uint8Array(15) }]]),
    metadata: new Map([['space', 'a']]),
  })
  for (let length = 0; length < whole.length; length++) {
    expect(() => parseSafetensors(whole.slice(0, length), 'a file'), `${length} bytes`).toThrow(
      /a file is not/,
    )
  }
})

describe('hostile headers are refused', () => {
  const vectors = (offsets: unknown, shape: unknown = [2, 2], dtype: unknown = 'I8') =>
    JSON.stringify({ vectors: { dtype, shape, data_offsets: offsets } })
  test.each([
    ['a length beyond the file', raw(2n ** 63n, '{}'), /states a header of 9223372036854775808 bytes/],
    ['offsets outside the file', raw(null, vectors([0, 5]), 4), /not inside the file/],
    ['offsets that run backwards', raw(null, vectors([4, 0]), 4), /not inside the file/],
    ['negative offsets', raw(null, vectors([-4, 0]), 4), /not inside the file/],
    ['offsets that are fractions', raw(null, vectors([0, 3.5]), 4), /not inside the file/],
    [
      'a shape of other size than its bytes',
      raw(null, vectors([0, 4], [2, 3]), 4),
      /takes 6 bytes by its shape/,
    ],
    ['a shape that overflows', raw(null, vectors([0, 4], [2 ** 40, 2 ** 40]), 4), /by its shape and 4/],
    ['a negative shape', raw(null, vectors([0, 4], [-2, -2]), 4), /has no shape/],
    ['an unknown type', raw(null, vectors([0, 4], [2, 2], 'Q4'), 4), /is of type Q4/],
    ['a type from the prototype', raw(null, vectors([0, 4], [2, 2], 'toString'), 4), /is of type toString/],
    ['bytes that no tensor has', raw(null, vectors([0, 4]), 5), /leave bytes unused/],
    [
      'overlapping tensors',
      raw(
        null,
        '{"a":{"dtype":"I8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"I8","shape":[4],"data_offsets":[2,6]}}',
        6,
      ),
      /overlap/,
    ],
    ['a repeated name', raw(null, '{"__metadata__":{"ids":"[1]","ids":"[2]"}}'), /repeats a name/],
    [
      'a repeated tensor',
      raw(null, `{${vectors([0, 4]).slice(1, -1)},${vectors([0, 4]).slice(1)}`, 4),
      /repeats/,
    ],
    ['metadata that is not text', raw(null, '{"__metadata__":{"n":1}}'), /"n" is not text/],
    ['an array for a header', raw(null, '[]'), /not a JSON object/],
    [
      'nesting without end',
      raw(null, `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`),
      /"a" is not an object/,
    ],
    ['a header that is not UTF-8', raw(null, '{"\xff"', 0, 'latin1'), /not JSON/],
  ])('%s', (_, bytes, message) => {
    let thrown: unknown
    try {
      parseSafetensors(bytes, 'a file')
    } catch (error) {
      thrown = error
    }
    expect(isSimilarItemsError(thrown, 'pack-invalid'), String(thrown)).toBe(true)
    expect((thrown as Error).message).toMatch(message)
  })
})

/** A file with any header; `length` overrides the length it states. */
function raw(length: bigint | null, header: string, dataLength = 0, encoding: BufferEncoding = 'utf8') {
  const json = Buffer.from(header, encoding)
  const bytes = new Uint8Array(8 + json.length + dataLength)
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(json.length), true)
  bytes.set(json, 8)
  return bytes
}
