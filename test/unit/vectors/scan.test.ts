import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rank } from '../../../src/ranking/rank.js'
import { dotProduct } from '../../../src/vectors/dot-product.js'
import type { EncodedVectors, VectorFormat } from '../../../src/vectors/encoded-vectors.js'
import { normalize } from '../../../src/vectors/normalize.js'
import { RowSet } from '../../../src/vectors/row-set.js'
import { type ScanKernel, scanKernels } from '../../../src/vectors/scan-kernel.js'
import { floorOf, type SearchLimits, searchLimits } from '../../../src/vectors/scan-limits.js'
import { RowMemory } from '../../../src/vectors/scan-memory.js'
import { quantizeQuery } from '../../../src/vectors/scan-query.js'
import { makeSpace } from '../../../src/vectors/space.js'
import { VectorTable } from '../../../src/vectors/vector-table.js'

/** Node has relaxed SIMD from version 22 on; test/browser/engine/scan.spec.ts has it always. */
const kernelNames = scanKernels().map(({ name }) => name)

/** A kernel of its own for each table: two of them never share a memory. */
function openKernel(name: string): ScanKernel {
  return scanKernels().find((kernel) => kernel.name === name) as ScanKernel
}

const format = fc.constantFrom<VectorFormat>('int8', 'float32')
// What breaks padding: fewer than a vector register, exactly one, one more, several.
const dimensions = fc.constantFrom(1, 3, 8, 16, 17, 31, 33, 128, 131, 256, 259)
const level = fc.oneof(fc.constantFrom(-128, -127, 0, 127), fc.integer({ min: -128, max: 127 }))

/** Rows of any length and direction, with copies among them, and a query. */
const problem = fc
  .record({ format, dimensions, rows: fc.integer({ min: 0, max: 40 }) })
  .chain(({ format, dimensions, rows }) =>
    fc.record({
      vectors: vectorsOf(format, dimensions, rows),
      query: fc
        .array(fc.oneof(fc.constantFrom(-1, 0, 1), fc.float({ min: -1, max: 1, noNaN: true })), {
          minLength: dimensions,
          maxLength: dimensions,
        })
        .map((components) => Float32Array.from(components)),
      chosen: fc.array(fc.boolean(), { minLength: rows, maxLength: rows }),
    }),
  )

interface Problem {
  readonly vectors: EncodedVectors
  readonly query: Float32Array
  readonly chosen: readonly boolean[]
}

function vectorsOf(format: VectorFormat, dimensions: number, rows: number): fc.Arbitrary<EncodedVectors> {
  const row = fc.array(level, { minLength: dimensions, maxLength: dimensions })
  const some = fc.array(row, { minLength: 1, maxLength: 8 })
  const picks = fc.array(fc.nat(7), { minLength: rows, maxLength: rows })
  const scale = fc.array(fc.constantFrom(1 / 127, 0.003, 0), { minLength: rows, maxLength: rows })
  return fc.tuple(some, picks, scale).map(([some, picks, scales]): EncodedVectors => {
    const levels = picks.flatMap((pick) => some[pick % some.length] as number[])
    return format === 'int8'
      ? {
          format,
          dimensions,
          count: rows,
          data: Int8Array.from(levels),
          scales: Float32Array.from(scales),
        }
      : {
          format,
          dimensions,
          count: rows,
          data: Float32Array.from(levels, (level, index) => (level + Math.sin(index % dimensions)) / 127),
          scales: null,
        }
  })
}

const space = (dimensions: number) =>
  makeSpace({ model: 'a'.repeat(64), preprocessing: 'test', projection: null, dimensions })

function tableOf(vectors: EncodedVectors, kernel: ScanKernel): VectorTable {
  const table = new VectorTable(space(vectors.dimensions), vectors.format, kernel)
  const entries = Array.from({ length: vectors.count }, (_, row) => ({ id: `${row}`, contentKey: `${row}` }))
  table.setAll(entries, vectors)
  return table
}

/** The rows of a problem in the memory of a kernel, which has its query. */
function openSearch({ vectors, query, chosen }: Problem, name: string) {
  const kernel = openKernel(name)
  const memory = new RowMemory(vectors.format, vectors.dimensions, kernel)
  memory.reserve(vectors.count)
  const bounds = memory.write(0, vectors)
  const eligible = RowSet.where(vectors.count, (row) => chosen[row] as boolean)
  const at = memory.addresses
  new Uint8Array(kernel.memory.buffer, at.eligible, eligible.bits.length).set(eligible.bits)
  const search = (limits: SearchLimits) => {
    const found = kernel.search(at, vectors.count, limits)
    const rows = new Int32Array(kernel.memory.buffer, at.found, found)
    const scores = new Float32Array(kernel.memory.buffer, at.scores, found)
    return Array.from(rows, (row, index) => ({ row, score: scores[index] as number }))
  }
  return { search, bounds, ...kernel.setQuery(at, query) }
}

const everything = searchLimits(1, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 1)

function eligibleRows({ chosen }: Problem): number[] {
  return [...chosen.keys()].filter((row) => chosen[row])
}

function clippedDot(vectors: EncodedVectors, row: number, query: Float32Array): number {
  return Math.min(1, Math.max(-1, dotProduct(vectors, row, query)))
}

test('no kernel is forgotten', () => {
  expect(kernelNames).toEqual(expect.arrayContaining(['simd', 'javascript']))
})

describe.each(kernelNames)('the kernel %s', (name) => {
  test('is off by no more than it says', () => {
    let worst = 0
    fc.assert(
      fc.property(problem, (problem) => {
        const { vectors, query } = problem
        const { search, bounds, unit, error } = openSearch(problem, name)
        const allowed = error * bounds.norm * 1.001 + Math.hypot(...query) * bounds.error * 1.001
        const found = search(everything)
        expect(found.map(({ row }) => row)).toEqual(eligibleRows(problem))
        for (const { row, score } of found) {
          const difference = Math.abs(score * unit - dotProduct(vectors, row, query))
          expect(difference).toBeLessThanOrEqual(allowed)
          if (allowed > 0) worst = Math.max(worst, difference / allowed)
        }
      }),
      { numRuns: 300 },
    )
    console.log(`${name}: worst rounding is ${(100 * worst).toFixed(1)} % of what is allowed for`)
  })

  test('leaves out exactly the rows below the floor, in whatever order good and bad ones come', () => {
    const score = fc.float({ min: -2, max: 2, noNaN: true })
    const someLimits = fc.record({
      wanted: fc.integer({ min: 1, max: 12 }),
      lowest: fc.oneof(fc.constant(Number.NEGATIVE_INFINITY), score),
      margin: fc.float({ min: 0, max: 1, noNaN: true }),
      top: score,
      bottom: fc.oneof(fc.constant(Number.NEGATIVE_INFINITY), score),
    })
    fc.assert(
      fc.property(problem, someLimits, (problem, fractions) => {
        const { search, unit } = openSearch(problem, name)
        const inUnits = (value: number) => (unit > 0 ? Math.fround(value / unit) : value)
        const { wanted, lowest, margin, top, bottom } = fractions
        const limits: SearchLimits = {
          wanted,
          lowest: inUnits(lowest),
          margin: inUnits(margin),
          top: inUnits(top),
          bottom: inUnits(bottom),
        }
        const all = search(everything)
        const best = all.map(({ score }) => score).sort((a, b) => b - a)
        const floor = Math.fround(floorOf(limits, best[wanted - 1] ?? Number.NEGATIVE_INFINITY))
        expect(search(limits)).toEqual(all.filter(({ score }) => score >= floor))
      }),
      { numRuns: 300 },
    )
  })

  test('finds every row that is among the best, and none that may not be found', () => {
    fc.assert(
      fc.property(
        problem,
        fc.integer({ min: 0, max: 50 }),
        fc.constantFrom(Number.NEGATIVE_INFINITY, -1, -0.2, 0, 0.5, 1),
        ({ vectors, query, chosen }, count, minimum) => {
          const table = tableOf(vectors, openKernel(name))
          const eligible = RowSet.where(vectors.count, (row) => chosen[row] as boolean)
          const found = [...table.scan(query, eligible).candidates(count, minimum)]
          expect(found).toEqual(found.toSorted((a, b) => a - b))
          expect(found.every((row) => eligible.has(row))).toBe(true)
          const dots = [...chosen.keys()]
            .filter((row) => chosen[row])
            .map((row) => ({ row, dot: clippedDot(vectors, row, query) }))
          const last = dots.map(({ dot }) => dot).sort((a, b) => b - a)[Math.max(count, 1) - 1] ?? -1
          for (const { row, dot } of dots) {
            if (count > 0 && dot >= last && dot >= minimum) expect(found).toContain(row)
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  test('can be asked again with another count', () => {
    fc.assert(
      fc.property(problem, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 2 }), (problem, counts) => {
        const { vectors, query } = problem
        const scan = tableOf(vectors, openKernel(name)).scan(query)
        for (const count of counts) {
          const alone = tableOf(vectors, openKernel(name)).scan(query).candidates(count)
          expect([...scan.candidates(count)]).toEqual([...alone])
        }
      }),
      { numRuns: 30 },
    )
  })
})

test('the ranked list is the same with every kernel, to the bit', () => {
  fc.assert(
    fc.property(
      problem,
      fc.record({
        limit: fc.integer({ min: 1, max: 20 }),
        minScore: fc.constantFrom(-1, 0, 0.3),
        nearDuplicate: fc.constantFrom(0.985, 2),
      }),
      ({ vectors, query, chosen }, options) => {
        fc.pre(vectors.scales?.every((scale) => scale > 0) ?? true)
        fc.pre(options.nearDuplicate > 1 || hasDirections(vectors))
        const eligible = RowSet.where(vectors.count, (row) => chosen[row] as boolean)
        const embedding = { space: space(vectors.dimensions), vector: query }
        const [first, ...others] = kernelNames.map((name) =>
          rank(tableOf(vectors, openKernel(name)), embedding, options, { eligible }),
        )
        for (const other of others) expect(other).toEqual(first)
      },
    ),
    { numRuns: 300 },
  )
})

function hasDirections({ data, dimensions, count }: EncodedVectors): boolean {
  return Array.from({ length: count }, (_, row) =>
    data.subarray(row * dimensions, (row + 1) * dimensions).some(Boolean),
  ).every(Boolean)
}

describe('on rows as a catalogue has them', () => {
  const rows = 20_000
  const wanted = 40

  test.each(kernelNames)('%s proposes few rows too many', (name) => {
    const { vectors, queries } = clusters(rows, 128, 200)
    const table = tableOf(vectors, openKernel(name))
    const proposed = queries.map((query) => table.scan(query).candidates(wanted).length)
    console.log(`${name}: at most ${Math.max(...proposed)} of ${rows} rows proposed for the best ${wanted}`)
    expect(Math.min(...proposed)).toBeGreaterThanOrEqual(wanted)
    expect(Math.max(...proposed)).toBeLessThan(rows / 20)
  })
})

/** Rows around random centres, as int8, and rows of them as queries. Random numbers by xorshift: always the same. */
function clusters(count: number, dimensions: number, centres: number) {
  let state = 0x9e3779b9
  const random = () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
  const direction = () =>
    Float32Array.from({ length: dimensions }, () => random() + random() + random() - 1.5)
  const middle = Array.from({ length: centres }, direction)
  const data = new Int8Array(count * dimensions)
  const scales = new Float32Array(count)
  const queries: Float32Array[] = []
  for (let row = 0; row < count; row++) {
    const centre = middle[row % centres] as Float32Array
    const vector = normalize(
      direction().map((component, index) => component * 0.6 + (centre[index] as number)),
    )
    const scale = Math.fround(Math.max(...vector.map(Math.abs)) / 127)
    scales[row] = scale
    for (const [index, component] of vector.entries())
      data[row * dimensions + index] = Math.round(component / scale)
    if (row % (count / 10) === 0) queries.push(vector)
  }
  const vectors: EncodedVectors = { format: 'int8', dimensions, count, data, scales }
  return { vectors, queries }
}

test('a table that grew, shrank and changed scans like one that is made of what is left', () => {
  const change = fc.record({ id: fc.nat(30), row: fc.nat(30), isGone: fc.boolean() })
  fc.assert(
    fc.property(problem, fc.array(change, { maxLength: 60 }), ({ vectors, query }, changes) => {
      const { dimensions, format, count } = vectors
      fc.pre(count > 0)
      const [changed, left] = [1, 2].map(() => new VectorTable(space(dimensions), format)) as [
        VectorTable,
        VectorTable,
      ]
      const rowOfId = new Map<string, number>()
      const put = (table: VectorTable, id: string, row: number) => {
        const start = row * dimensions
        const data = vectors.data.slice(start, start + dimensions)
        const scales = vectors.scales?.slice(row, row + 1) ?? null
        const one = { format, dimensions, count: 1, data, scales } as EncodedVectors
        table.setAll([{ id, contentKey: id }], one)
      }
      for (const { id, row, isGone } of changes) {
        if (isGone) expect(changed.delete(`${id}`)).toBe(rowOfId.delete(`${id}`))
        else {
          put(changed, `${id}`, row % count)
          rowOfId.set(`${id}`, row % count)
        }
      }
      for (const [id, row] of rowOfId) put(left, id, row)
      const options = { limit: 5, nearDuplicate: 2 }
      const ranked = (table: VectorTable) =>
        rank(table, { space: space(dimensions), vector: query }, options).map(({ id, score }) => ({
          id,
          score,
        }))
      expect(ranked(changed)).toEqual(ranked(left))
    }),
  )
})

describe('a scan', () => {
  const vectors: EncodedVectors = {
    format: 'int8',
    dimensions: 2,
    count: 1,
    data: Int8Array.of(127, 0),
    scales: Float32Array.of(1 / 127),
  }

  test('refuses a query of another length', () => {
    expect(() => tableOf(vectors, openKernel('simd')).scan(new Float32Array(3))).toThrow(RangeError)
  })

  test('refuses a choice among another number of rows', () => {
    expect(() => tableOf(vectors, openKernel('simd')).scan(new Float32Array(2), RowSet.all(2))).toThrow(
      RangeError,
    )
  })
})

describe('quantizeQuery', () => {
  test('rounds to levels whose products with bytes fit 32 bits, and says what that took', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 4000 }),
        fc.constantFrom(63, 32767),
        (components, largestLevel) => {
          const query = Float32Array.from(components)
          const { levels, scale, error } = quantizeQuery(query, largestLevel)
          const total = levels.reduce((sum, level) => sum + Math.abs(level), 0)
          expect(total * 128).toBeLessThan(2 ** 31)
          expect(levels.every((level) => Math.abs(level) <= largestLevel)).toBe(true)
          const rest = query.map((component, index) => component - (levels[index] as number) * scale)
          expect(Math.hypot(...rest)).toBeCloseTo(error, 3)
        },
      ),
    )
  })
})

test.each(kernelNames)(
  'a table with the kernel %s stays as it is when there is not enough memory',
  (name) => {
    const vectors: EncodedVectors = {
      format: 'int8',
      dimensions: 2,
      count: 2,
      data: Int8Array.of(127, 0, 0, 127),
      scales: Float32Array.of(1 / 127, 1 / 127),
    }
    const table = tableOf(vectors, openKernel(name))
    expect(() => table.reserve(1e11)).toThrow(/no memory for \d+ MB/)
    expect([...table.scan(Float32Array.of(0, 1)).candidates(1)]).toEqual([1])
  },
)

describe('RowSet', () => {
  test('is a set of rows, with no bits behind the last one', () => {
    const step = fc.record({ kind: fc.constantFrom('add', 'delete'), row: fc.nat(20) })
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 21 }), fc.boolean(), fc.array(step), (rows, full, steps) => {
        const set = full ? RowSet.all(rows) : RowSet.none(rows)
        const model = new Set(full ? Array.from({ length: rows }, (_, row) => row) : [])
        for (const { kind, row } of steps) {
          if (kind === 'delete') {
            set.delete(row)
            model.delete(row)
          } else if (row < rows) {
            set.add(row)
            model.add(row)
          } else expect(() => set.add(row)).toThrow(RangeError)
        }
        const bits = [...set.bits].flatMap((byte) => Array.from({ length: 8 }, (_, bit) => (byte >> bit) & 1))
        expect(bits.flatMap((bit, row) => (bit ? [row] : []))).toEqual([...model].sort((a, b) => a - b))
        const copy = set.copy()
        for (let row = 0; row < rows; row++) copy.delete(row)
        expect([...model].every((row) => set.has(row) && !copy.has(row))).toBe(true)
      }),
    )
  })
})
