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
  const { default: hnswlib } = await loadOptional('hnswlib-node')
  const index = new hnswlib.HierarchicalNSW('ip', table.space.dimensions)
  index.initIndex(table.size, 24, 200)
  for (let row = 0; row < table.size; row++) {
    index.addPoint(Array.from(decodeVector(table.vectors, row)), row)
    if (row % 1000 === 0) await new Promise(setImmediate)
    signal?.throwIfAborted()
  }
  return (row, count) => {
    const query = decodeVector(table.vectors, row)
    index.setEf(Math.max(4 * count, 200))
    const { neighbors } = index.searchKnn(Array.from(query), Math.min(count, table.size))
    const candidates = neighbors.map((other): Candidate => {
      const score = cosineSimilarity(query, decodeVector(table.vectors, other))
      return { row: other, id: table.entries[other]?.id as string, score }
    })
    return candidates.sort(compareCandidates)
  }
}

/** No cosine is that large. */
const noLimit = 2
