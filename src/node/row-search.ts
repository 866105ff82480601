import type { Candidate } from '../ranking/candidate.js'
import { selectTop } from '../ranking/select-top.js'
import { dotProduct } from '../vectors/dot-product.js'
import { decodeVector } from '../vectors/encoded-vectors.js'
import type { Pack } from '../vectors/pack.js'
import { RowSet } from '../vectors/row-set.js'
import { Scan } from '../vectors/scan.js'
import { RowMemory } from '../vectors/scan-memory.js'
import { loadOptional } from './optional-package.js'

/** Finds the rows of a pack that are similar to one of them. */
export interface RowSearch {
  /** How many rows are worth looking up at once. */
  readonly batch: number
  /** Looks up the rows from `start` to `end - 1`, for calls of `find` that ask for no more than `count`. */
  prepare(start: number, end: number, count: number): void
  /** The `count` rows most similar to one, itself included, best first; fewer where there are no more. */
  find(row: number, count: number): Candidate[]
}

/** Compares with every row, as a page does. */
export function openExactSearch(pack: Pack): RowSearch {
  const { vectors, space } = pack
  const memory = new RowMemory(vectors.format, space.dimensions)
  memory.reserve(vectors.count)
  const bounds = memory.write(0, vectors)
  const everyRow = RowSet.all(vectors.count)
  return {
    batch: 50,
    prepare: () => undefined,
    find(row, count) {
      const query = decodeVector(vectors, row)
      const scan = new Scan(memory, vectors.count, bounds, query, everyRow)
      return best(pack, query, scan.candidates(count), count)
    },
  }
}

export interface BuildOptions {
  readonly onProgress: (done: number, total: number) => void
  readonly signal: AbortSignal | undefined
}

/**
 * Walks a graph of neighbours (HNSW, Malkov and Yashunin, arXiv 1603.09320), which it builds first. What it finds is
 * compared as a page does.
 * @throws SimilarItemsError `package-missing`; the signal's reason on abort.
 */
export async function openApproximateSearch(
  pack: Pack,
  { onProgress, signal }: BuildOptions,
): Promise<RowSearch> {
  const { Index, MetricKind, ScalarKind } = await loadOptional('usearch')
  const { vectors } = pack
  const { dimensions, count: rows } = vectors
  const index = new Index({
    dimensions,
    metric: MetricKind.Cos,
    // A quarter of the memory; what is lost is made good when the candidates are compared.
    quantization: ScalarKind.I8,
    connectivity: 16,
    expansion_add: 128,
    expansion_search: 128,
    multi: false,
  })
  // The cosine of whole numbers is that of what they stand for: scales can stay out.
  const copyOf = (start: number, end: number) => vectors.data.slice(start * dimensions, end * dimensions)
  for (let start = 0; start < rows; start += batch) {
    const end = Math.min(start + batch, rows)
    index.add(rowNumbers(start, end), copyOf(start, end), everyCore)
    onProgress(end, rows)
    await new Promise(setImmediate)
    signal?.throwIfAborted()
  }

  let prepared = { start: 0, end: 0, count: 0, keys: rowNumbers(0, 0) }
  const search = (start: number, end: number, count: number): BigUint64Array =>
    index.search(copyOf(start, end), Math.min(count, rows), end - start > 1 ? everyCore : 1).keys
  return {
    batch,
    prepare(start, end, count) {
      prepared = { start, end, count: Math.min(count, rows), keys: search(start, end, count) }
    },
    find(row, count) {
      const isPrepared =
        row >= prepared.start && row < prepared.end && Math.min(count, rows) <= prepared.count
      const first = (row - prepared.start) * prepared.count
      const keys = isPrepared
        ? prepared.keys.subarray(first, first + prepared.count)
        : search(row, row + 1, count)
      return best(pack, decodeVector(vectors, row), Array.from(keys, Number), count)
    },
  }
}

/** Rows that go to the index at once, so that its threads have something to share. An interruption waits for them. */
const batch = 1000

/** What the index takes for as many threads as there are cores. */
const everyCore = 0

function best(
  { vectors, entries }: Pack,
  query: Float32Array,
  rows: Iterable<number>,
  count: number,
): Candidate[] {
  return selectTop(rows, (row) => dotProduct(vectors, row, query), entries, { count, minScore: -1 })
}

function rowNumbers(start: number, end: number): BigUint64Array {
  const numbers = new BigUint64Array(end - start)
  for (let row = start; row < end; row++) numbers[row - start] = BigInt(row)
  return numbers
}
