import type { Embedding, RankingOptions } from '../types.js'
import { dotProduct } from '../vectors/dot-product.js'
import { decodeVector, type EncodedVectors } from '../vectors/encoded-vectors.js'
import { RowSet } from '../vectors/row-set.js'
import { assertSameSpace } from '../vectors/space.js'
import type { VectorEntry, VectorTable } from '../vectors/vector-table.js'
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
 * @param eligible leaves out all other rows. A set of rows costs next to nothing, a function a call per row.
 * @throws SimilarItemsError `space-mismatch` where the query lives in another space.
 */
export function rank(
  table: VectorTable,
  query: Embedding,
  options: RankingOptions = {},
  eligible?: RowSet | ((id: string) => boolean),
): Candidate[] {
  assertSameSpace(table.space, query.space)
  const { limit, minScore, nearDuplicate, diversity } = { ...defaultRanking, ...options }
  if (!(limit > 0)) return []
  const { vectors, entries } = table
  const scan = table.scan(query.vector, eligible && toRowSet(eligible, entries))
  const scoreOf = (row: number) => dotProduct(vectors, row, query.vector)
  const vectorOf = cachedVectors(vectors)

  // Collapsing shortens the list, so more is taken than asked for, and more again while that is too little.
  for (let pool = poolSize(limit, diversity); ; pool *= 4) {
    const candidates = selectTop(scan.candidates(pool, minScore), scoreOf, entries, { count: pool, minScore })
    // Novelty is looked for in the whole pool; without it, what comes behind the limit does not matter.
    const enough = diversity > 0 ? pool : limit
    const distinct = collapseNearDuplicates(candidates, vectorOf, nearDuplicate, enough)
    const exhausted = candidates.length < pool
    if (distinct.length >= limit || exhausted) return diversify(distinct, vectorOf, diversity, limit)
  }
}

function toRowSet(eligible: RowSet | ((id: string) => boolean), entries: readonly VectorEntry[]): RowSet {
  if (eligible instanceof RowSet) return eligible
  return RowSet.where(entries.length, (row) => eligible((entries[row] as VectorEntry).id))
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
