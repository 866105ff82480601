import type { Embedding, RankingOptions } from '../types.js'
import { decodeVector, type EncodedVectors } from '../vectors/encoded-vectors.js'
import { scan } from '../vectors/scan.js'
import { assertSameSpace } from '../vectors/space.js'
import type { VectorTable } from '../vectors/vector-table.js'
import type { Candidate } from './candidate.js'
import { collapseNearDuplicates } from './collapse-near-duplicates.js'
import { diversify } from './diversify.js'
import { selectTop } from './select-top.js'

export const defaultRanking: Required<RankingOptions> = {
  limit: 12,
  minScore: -1,
  nearDuplicate: 0.985,
  diversity: 0,
}

/**
 * Ranks the rows of `table` by cosine similarity to `query`: exact, best first, ties by id, so that the same
 * vectors give the same list everywhere.
 * @param isCandidate leaves a row out where it returns false.
 * @throws SimilarItemsError `space-mismatch` where the query lives in another space.
 */
export function rank(
  table: VectorTable,
  query: Embedding,
  options: RankingOptions = {},
  isCandidate: (id: string) => boolean = () => true,
): Candidate[] {
  assertSameSpace(table.space, query.space)
  const { limit, minScore, nearDuplicate, diversity } = { ...defaultRanking, ...options }
  if (limit <= 0) return []
  const { vectors, entries } = table
  const scores = scan(vectors, query.vector)
  const eligible = (row: number) =>
    (scores[row] as number) >= minScore && isCandidate((entries[row] as { id: string }).id)
  const vectorOf = cachedVectors(vectors)

  // Collapsing shortens the list, so more is taken than asked for, and more again while that is too little.
  for (let pool = poolSize(limit, diversity); ; pool *= 4) {
    const candidates = selectTop(scores, entries, pool, eligible)
    const distinct = collapseNearDuplicates(candidates, vectorOf, nearDuplicate)
    const exhausted = candidates.length < pool
    if (distinct.length >= limit || exhausted) return diversify(distinct, vectorOf, diversity, limit)
  }
}

/** Diversity chooses among more than it shows. */
function poolSize(limit: number, diversity: number): number {
  return diversity > 0 ? 8 * limit + 16 : 2 * limit + 16
}

function cachedVectors(vectors: EncodedVectors): (row: number) => Float32Array {
  const decoded = new Map<number, Float32Array>()
  return (row) => {
    const known = decoded.get(row)
    if (known) return known
    const vector = decodeVector(vectors, row)
    decoded.set(row, vector)
    return vector
  }
}
