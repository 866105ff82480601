import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  compileTower,
  openTowerKernel,
  type TowerKernel,
  towerMemory,
} from '../../../../src/encoder/tower/tower-kernel.js'
import { firstFree } from '../../../../src/encoder/tower/tower-layout.js'
import { attention, gelu, layerNorm, linear, pool } from './reference-layers.js'

let kernel: TowerKernel

beforeAll(async () => {
  kernel = await openTowerKernel(await compileTower(), towerMemory(2 ** 21, false))
  expect(kernel.exports.firstFree.value).toBeLessThanOrEqual(firstFree)
  expect(firstFree).toBeLessThan(at.a)
})

/** Addresses far enough from each other for these sizes, and behind the kernel's constants. */
const at = {
  a: 10_000,
  b: 200_000,
  c: 400_000,
  d: 600_000,
  e: 800_000,
  f: 1_000_000,
  g: 1_200_000,
  out: 1_400_000,
}

function write(address: number, values: readonly number[]): void {
  new Float32Array(kernel.memory.buffer, address, values.length).set(values)
}

function read(address: number, rows: number, width: number): number[][] {
  const values = new Float32Array(kernel.memory.buffer, address, rows * width)
  return Array.from({ length: rows }, (_, row) => [...values.subarray(row * width, (row + 1) * width)])
}

const matrix = (rows: number, columns: number, size = 4) =>
  fc.array(
    fc.array(fc.float({ min: -size, max: size, noNaN: true }), { minLength: columns, maxLength: columns }),
    {
      minLength: rows,
      maxLength: rows,
    },
  )
const levels = (rows: number, columns: number) =>
  fc.array(fc.array(fc.integer({ min: -63, max: 63 }), { minLength: columns, maxLength: columns }), {
    minLength: rows,
    maxLength: rows,
  })

function largestDifference(a: readonly number[][], b: readonly number[][]): number {
  expect(a.map((row) => row.length)).toEqual(b.map((row) => row.length))
  return Math.max(...a.flatMap((row, i) => row.map((x, j) => Math.abs(x - (b[i]?.[j] as number)))))
}

const runs = { numRuns: 40 }

describe('linear layer', () => {
  const sizes = fc.record({
    rows: fc.integer({ min: 1, max: 9 }),
    inputs: fc.integer({ min: 1, max: 12 }).map((n) => n * 4),
    outputs: fc.integer({ min: 1, max: 4 }).map((n) => n * 8),
  })

  test('is exact but for the rounding of its input to 8 bits, one range a row', () => {
    const cases = sizes.chain(({ rows, inputs, outputs }) =>
      fc.tuple(matrix(rows, inputs), levels(outputs, inputs), matrix(2, outputs, 1)),
    )
    fc.assert(
      fc.property(cases, ([input, weights, [scales = [], biases = []]]) => {
        const found = multiply(input, weights, scales, biases, false)
        const floats = weights.map((row, output) =>
          row.map((level) => level * Math.fround(scales[output] as number)),
        )
        const expected = linear(input, floats, biases)
        for (const [index, row] of input.entries()) {
          const step = (Math.max(...row) - Math.min(...row)) / 255
          for (const [output, weight] of floats.entries()) {
            const sum = weight.reduce((total, w) => total + Math.abs(w), 0)
            const difference = Math.abs(
              (found[index]?.[output] as number) - (expected[index]?.[output] as number),
            )
            expect(difference).toBeLessThanOrEqual((step / 2) * sum * 1.001 + sum * 1e-5 + 1e-4)
          }
        }
      }),
      runs,
    )
  })

  test('is exact where a row has at most 256 values that are evenly apart', () => {
    const cases = fc.tuple(
      levels(8, 16),
      fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 14, maxLength: 14 }),
    )
    fc.assert(
      fc.property(cases, ([weights, bytes]) => {
        const row = [0, 255, ...bytes]
        const found = multiply([row], weights, Array(8).fill(1), Array(8).fill(0), false)
        expect(found[0]).toEqual(linear([row], weights, Array(8).fill(0))[0])
      }),
      runs,
    )
  })

  test('is added to what is there where that is asked for', () => {
    const weights = Array.from({ length: 8 }, (_, output) =>
      Array.from({ length: 8 }, (_, input) => output - input),
    )
    const row = [0, 1, 2, 3, 4, 5, 6, 255]
    const ones = Array(8).fill(1)
    const once = multiply([row], weights, ones, ones, false)[0] as number[]
    const twice = multiply([row], weights, ones, ones, true)[0] as number[]
    expect(twice).toEqual(once.map((value) => value * 2))
  })

  test('of weights of more than 7 bits is refused', () => {
    const weights = Array.from({ length: 8 }, () => [0, 0, -64, 0])
    expect(() => multiply([[1, 2, 3, 4]], weights, Array(8).fill(1), Array(8).fill(0), false)).toThrow(
      '7 bits',
    )
  })

  function multiply(
    input: readonly number[][],
    weights: readonly number[][],
    scales: readonly number[],
    biases: readonly number[],
    isAdded: boolean,
  ): number[][] {
    const { exports, form } = kernel
    const [rows, inputs, outputs] = [input.length, input[0]?.length ?? 0, weights.length]
    write(at.a, input.flat())
    write(at.b, scales)
    write(at.c, biases)
    new Int8Array(kernel.memory.buffer, at.d, inputs * outputs).set(weights.flat())
    const haveSevenBits = exports.packWeights(at.d, outputs, inputs, at.b, at.c, at.e, at.f, form)
    if (!haveSevenBits) throw new RangeError('not 7 bits')
    exports.quantizeRows(at.a, inputs * 4, inputs, 0, rows, at.g, at.g + 100_000, form)
    const padded = Math.ceil(rows / 4) * 4
    kernel.multiply(
      at.g,
      at.g + 100_000,
      0,
      padded,
      inputs,
      at.e,
      at.f,
      outputs,
      at.out,
      outputs * 4,
      isAdded,
    )
    return read(at.out, rows, outputs)
  }
})

test('layer norm is that of its definition', () => {
  const cases = fc.integer({ min: 1, max: 12 }).chain((n) => fc.tuple(matrix(3, n * 8), matrix(2, n * 8)))
  fc.assert(
    fc.property(cases, ([input, [gains = [], shifts = []]]) => {
      const width = gains.length
      write(at.a, input.flat())
      write(at.b, [...gains, ...shifts])
      kernel.exports.normalizeRows(at.a, width, 0, 3, at.b, 1e-6, at.out)
      const expected = input.map((row) => layerNorm(row, gains, shifts, 1e-6))
      // Of rows that are all but constant floats keep few digits.
      const isFlat = input.some((row) => Math.max(...row) - Math.min(...row) < 0.01)
      if (!isFlat) expect(largestDifference(read(at.out, 3, width), expected)).toBeLessThan(2e-3)
    }),
    runs,
  )
})

test('GELU is gelu_pytorch_tanh but for less than 8 bits can tell, far out too', () => {
  const { exports, form } = kernel
  const activated = (input: readonly number[]) => {
    write(at.a, input)
    exports.activateAndQuantize(at.a, input.length, 0, 1, at.b, at.c, form)
    return read(at.a, 1, input.length)[0] as number[]
  }
  const input = Array.from({ length: 4096 }, (_, index) => (index - 2048) / 256)
  const differences = activated(input).map((y, index) => Math.abs(y - gelu(input[index] as number)))
  expect(Math.max(...differences)).toBeLessThan(5e-4)
  expect(Math.max(...differences.filter((_, index) => Math.abs(input[index] as number) <= 4))).toBeLessThan(
    2.2e-4,
  )
  const extremes = [-1e30, -1e5, 1e5, 1e30]
  for (const [index, y] of activated(extremes).entries()) {
    const x = extremes[index] as number
    expect(Math.abs(y - gelu(x)) / Math.abs(x)).toBeLessThan(6e-5)
  }
})

test('attention is that of its definition, for any number of tokens', () => {
  const cases = fc.record({
    tokens: fc.integer({ min: 1, max: 21 }),
    width: fc.constantFrom(8, 16, 64),
    seed: fc.integer({ min: 1, max: 1e6 }),
  })
  fc.assert(
    fc.property(cases, ({ tokens, width, seed }) => {
      const random = numbers(seed)
      const part = (size: number) =>
        Array.from({ length: tokens }, () => Array.from({ length: width }, () => (random() - 0.5) * size))
      // Queries and keys that 8 and 7 bits are enough for: what is tested is the rest.
      const whole = (levels: number) =>
        part(levels * 2).map((row) => [levels / 40, ...row.slice(1).map((x) => Math.round(x) / 40)])
      const queries = whole(127).map((row) => [...row.slice(0, -1), -128 / 40])
      const [keys, values] = [whole(63), part(2)]
      const difference = largestDifference(attend(queries, keys, values), attention(queries, keys, values))
      expect(difference).toBeLessThan(1e-3)
    }),
    runs,
  )

  function attend(queries: readonly number[][], keys: readonly number[][], values: readonly number[][]) {
    const { exports, form, multiply } = kernel
    const [tokens, width] = [queries.length, queries[0]?.length ?? 0]
    const [rows, padded, stride] = [Math.ceil(tokens / 4) * 4, Math.ceil(tokens / 8) * 8, width * 12]
    const empty = Array.from({ length: rows - tokens }, () => Array(width * 3).fill(7))
    const together = queries.map((query, token) => [
      ...query,
      ...(keys[token] ?? []),
      ...(values[token] ?? []),
    ])
    write(at.a, [...together, ...empty].flat())
    const worths = at.g + 100_000
    const factor = Math.LOG2E / Math.sqrt(width)
    exports.quantizeRows(at.a, stride, width, 0, tokens, at.g, worths, form)
    exports.packKeys(at.a + width * 4, stride, width, tokens, factor, at.b, at.c, form)
    exports.packValues(at.a + width * 8, stride, width, tokens, at.d, at.e)
    multiply(at.g, worths, 0, rows, width, at.b, at.c, padded, at.f, padded * 4, false)
    exports.shareTokens(at.f, padded * 4, rows, tokens, at.g, worths)
    exports.multiplyWords(at.g, worths, 0, rows, padded, at.d, at.e, width, at.out, width * 4, false)
    return read(at.out, tokens, width)
  }
})

test('pooling is that of its definition', () => {
  const cases = fc
    .tuple(fc.integer({ min: 1, max: 21 }), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 4 }))
    .chain(([tokens, n, heads]) => fc.tuple(matrix(tokens, n * 8), matrix(heads, n * 8, 0.5)))
  fc.assert(
    fc.property(cases, ([rows, keys]) => {
      const width = keys[0]?.length ?? 0
      write(at.a, rows.flat())
      write(at.b, keys.flat())
      kernel.exports.poolTokens(at.a, width, rows.length, at.b, keys.length, at.c, at.out)
      expect(largestDifference(read(at.out, keys.length, width), pool(rows, keys))).toBeLessThan(1e-4)
    }),
    runs,
  )
})

/** Numbers from 0 to 1 that depend on the seed alone: Park and Miller's generator. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  }
}
