import type { BatchMatches as BatchOfMatches, Matches } from 'usearch'
import type { Candidate } from '../../ranking/candidate.js'
import { selectTop } from '../../ranking/select-top.js'
import { dotProduct } from '../../vectors/dot-product.js'
import { convertVectors, decodeVector, pickVectors } from '../../vectors/encoded-vectors.js'
import type { Pack } from '../../vectors/pack.js'
import { RowSet } from '../../vectors/row-set.js'
import { Scan } from '../../vectors/scan.js'
import { RowMemory } from '../../vectors/scan-memory.js'
import type { VectorEntry } from '../../vectors/vector-table.js'
import { loadOptional } from '../optional-package.js'
import { distinctRows } from './distinct-rows.js'

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
 * compared as a page does. Pictures that are the same are one node: a hundred copies would have only each other as
 * neighbours, and from them no way would lead on.
 * @throws SimilarItemsError `package-missing`; the signal's reason on abort.
 */
export async function openApproximateSearch(
  pack: Pack,
  { onProgress, signal }: BuildOptions,
): Promise<RowSearch> {
  const { BatchMatches, Index, MetricKind, ScalarKind } = await loadOptional('usearch')
  // A quarter of the memory of floats; what is lost is made good when the candidates are compared. The cosine of
  // whole numbers is that of what they stand for: scales can stay out.
  const levels = convertVectors(pack.vectors, 'int8')
  const kinds = distinctRows(levels, rowsById(pack))
  const nodes = kinds.first.length
  const index = new Index({
    dimensions: levels.dimensions,
    metric: MetricKind.Cos,
    quantization: ScalarKind.I8,
    connectivity: 16,
    expansion_add: 128,
    expansion_search: 128,
    multi: false,
  })
  for (let start = 0; start < nodes; start += batch) {
    const some = kinds.first.subarray(start, start + batch)
    const keys = BigUint64Array.from(some, (_, offset) => BigInt(start + offset))
    index.add(keys, pickVectors(levels, some).data as Int8Array, everyCore)
    onProgress(start + some.length, nodes)
    await new Promise(setImmediate)
    signal?.throwIfAborted()
  }

  /** The kinds that are nearest to each of some rows. */
  const search = (queries: readonly number[], count: number): BigUint64Array[] => {
    const vectors = pickVectors(levels, queries).data as Int8Array
    const found: Matches | BatchOfMatches = index.search(vectors, Math.min(count, nodes), everyCore)
    // The library answers one query in another form than several.
    return found instanceof BatchMatches ? queries.map((_, at) => found.get(at).keys) : [found.keys]
  }
  let prepared = { start: 0, count: 0, found: [] as BigUint64Array[] }
  return {
    batch,
    prepare(start, end, count) {
      const queries = Array.from({ length: end - start }, (_, offset) => start + offset)
      prepared = { start, count, found: search(queries, count) }
    },
    find(row, count) {
      const isPrepared = count <= prepared.count
      const found = (isPrepared && prepared.found[row - prepared.start]) || search([row], count)[0]
      const similar = Array.from(found ?? [], (kind) => kinds.membersOf(Number(kind), count)).flat()
      return best(pack, decodeVector(pack.vectors, row), similar, count)
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

/** Equally similar products come in the order of their ids. */
function rowsById({ entries }: Pack): Uint32Array {
  const idOf = (row: number) => (entries[row] as VectorEntry).id
  return Uint32Array.from(entries.keys()).sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1))
}
