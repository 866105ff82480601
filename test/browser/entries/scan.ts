import { rank } from '../../../src/ranking/rank.js'
import type { EncodedVectors } from '../../../src/vectors/encoded-vectors.js'
import { RowSet } from '../../../src/vectors/row-set.js'
import { openScanKernel, type ScanKernel, scanKernels } from '../../../src/vectors/scan-kernel.js'
import { makeSpace } from '../../../src/vectors/space.js'
import { VectorTable } from '../../../src/vectors/vector-table.js'
import { ClusteredVectors, plainTop } from '../../bench/vectors/clustered-vectors.js'
import { answerInTurn } from '../answer-in-turn.js'

interface Setup {
  readonly rows: number
  readonly dimensions: number
  /** How many of the rows there are as 32-bit floats, too. */
  readonly floatRows: number
  /** A module with a function `read(address, bytes)` that reads its memory, and nothing else. */
  readonly reader: readonly number[]
}

export interface ScanTimes {
  /** The kernel that the package chooses here. */
  readonly chosen: string
  /** Milliseconds by contender. */
  readonly times: Readonly<Record<string, readonly number[]>>
  /** Of the rows that are there as floats: how many of the exact ten best are found, from 0 to 1. */
  readonly recall: { readonly int8: number; readonly float32: number }
}

const limit = 10
/** Above this many bytes of rows, only the chosen kernel is measured. */
const oneKernelBytes = 2e8

/**
 * Times, as a worker, the ten best of many rows: every kernel, a plain loop over 32-bit floats, and reading the
 * bytes of the rows alone. Every question is a number of rounds, in which they take turns.
 */
answerInTurn(async ({ rows, dimensions, floatRows, reader }: Setup) => {
  const vectors = new ClusteredVectors(dimensions)
  const { encoded, floats } = vectors.rows(rows, floatRows)
  const queries = Array.from({ length: 20 }, () => vectors.next())
  const kernels = rows * dimensions > oneKernelBytes ? [openScanKernel()] : [...scanKernels()]
  const tables = kernels.map((kernel) => ({ kernel, table: tableOf(encoded, kernel) }))
  const chosen = kernels[0] as ScanKernel
  const table = tables[0]?.table as VectorTable
  const floatTable = tableOf(
    { format: 'float32', dimensions, count: floatRows, data: floats, scales: null },
    openScanKernel(),
  )
  const read = openReader(reader, chosen)
  const { byteOffset, byteLength } = table.vectors.data

  return async (rounds: number): Promise<ScanTimes> => {
    const times: Record<string, number[]> = {}
    const time = (name: string, repeats: number, run: () => unknown) => {
      const started = performance.now()
      for (let repeat = 0; repeat < repeats; repeat++) run()
      times[name] ??= []
      times[name].push((performance.now() - started) / repeats)
    }
    // So often that the grain of the clock does not matter.
    const repeats = Math.ceil(1e8 / byteLength)
    for (let round = -1; round < rounds; round++) {
      // The first round warms everything up.
      if (round === 0) for (const name of Object.keys(times)) times[name] = []
      const query = queries[(round + 1) % queries.length] as Float32Array
      time('read', repeats, () => read(byteOffset, byteLength))
      for (const { kernel, table } of tables) {
        time(kernel.name, kernel.name === 'javascript' ? 1 : repeats, () => best(table, query))
      }
      time('float32', repeats, () => best(floatTable, query))
      time('plain', 1, () => plainTop(floats, query, limit))
    }
    return { chosen: chosen.name, times, recall: recall(table, floatTable, queries) }
  }
})

function best(table: VectorTable, vector: Float32Array, eligible?: RowSet) {
  return rank(table, { space: table.space, vector }, { limit, nearDuplicate: 2 }, { eligible })
}

/** Of the rows in `floatTable`, which are the first ones of `table`: how many of the exact ten best are found. */
function recall(table: VectorTable, floatTable: VectorTable, queries: readonly Float32Array[]) {
  const first = RowSet.where(table.size, (row) => row < floatTable.size)
  const found = { int8: 0, float32: 0 }
  for (const query of queries) {
    const exact = new Set(plainTop(floatTable.vectors.data as Float32Array, query, limit))
    for (const { row } of best(table, query, first)) if (exact.has(row)) found.int8++
    for (const { row } of best(floatTable, query)) if (exact.has(row)) found.float32++
  }
  const all = limit * queries.length
  return { int8: found.int8 / all, float32: found.float32 / all }
}

function tableOf(encoded: EncodedVectors, kernel: ScanKernel): VectorTable {
  const { dimensions, count } = encoded
  const space = makeSpace({ model: 'a'.repeat(64), preprocessing: 'benchmark', projection: null, dimensions })
  const table = new VectorTable(space, encoded.format, kernel)
  table.setAll(
    Array.from({ length: count }, (_, row) => ({ id: String(row), contentKey: '' })),
    encoded,
  )
  return table
}

function openReader(wasm: readonly number[], { memory }: ScanKernel) {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(wasm)), {
    env: { memory: memory as WebAssembly.Memory },
  })
  return exports.read as (address: number, bytes: number) => number
}
