import type { Candidate } from '../ranking/candidate.js'
import { compareCandidates } from '../ranking/candidate.js'
import { rank } from '../ranking/rank.js'
import { decodeVector } from '../vectors/encoded-vectors.js'
import { cosineSimilarity } from '../vectors/normalize.js'
import type { VectorTable } from '../vectors/vector-table.js'
import { loadOptional } from './optional-package.js'

/** The `count` rows of a table most similar to one of them, itself included, best first. */
export type RowSearch = (row: number, count: number) => Candidate[]

/** Compares with every row. */
export function exactSearch(table: VectorTable): RowSearch {
  return (row, limit) => {
    const vector = decodeVector(table.vectors, row)
    return rank(table, { space: table.space, vector }, { limit, nearDuplicate: noLimit })
  }
}

/**
 * Walks a graph of neighbours (HNSW, Malkov and Yashunin, arXiv 1603.09320), built first.
 * @throws SimilarItemsError `package-missing`; the signal's reason on abort.
 */
export async function openApproximateSearch(table: VectorTable, signal?: AbortSignal): Promise<RowSearch> {
  const { Index, MetricKind, ScalarKind } = await loadOptional('usearch')
  const { dimensions } = table.space
  const index = new Index({
    dimensions,
    metric: MetricKind.Cos,
    quantization: table.format === 'int8' ? ScalarKind.I8 : ScalarKind.F32,
    connectivity: 16,
    expansion_add: 128,
    expansion_search: 128,
    multi: false,
  })
  const { data } = table.vectors
  for (let start = 0; start < table.size; start += batch) {
    const end = Math.min(start + batch, table.size)
    const keys = BigUint64Array.from({ length: end - start }, (_, index) => BigInt(start + index))
    // The cosine of whole numbers is that of what they stand for: the scales may stay out.
    index.add(keys, data.slice(start * dimensions, end * dimensions), 0)
    await new Promise(setImmediate)
    signal?.throwIfAborted()
  }
  return (row, count) => {
    const query = decodeVector(table.vectors, row)
    const start = row * dimensions
    const { keys } = index.search(data.slice(start, start + dimensions), Math.min(count, table.size), 1)
    const candidates = Array.from(keys, (key): Candidate => {
      const other = Number(key)
      const score = cosineSimilarity(query, decodeVector(table.vectors, other))
      return { row: other, id: table.entries[other]?.id as string, score }
    })
    return candidates.sort(compareCandidates)
  }
}

/** Rows that are added at once, so that threads have something to share. An interruption waits for them. */
const batch = 1000

/** No cosine is that large. */
const noLimit = 2
