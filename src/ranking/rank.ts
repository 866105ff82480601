import type { Embedding, RankingOptions } from '../types.js'
import { dotProduct } from '../vectors/dot-product.js'
import { decodeVector, type EncodedVectors } from '../vectors/encoded-vectors.js'
import { RowSet } from '../vectors/row-set.js'
import { assertSameSpace } from '../vectors/space.js'
import type { VectorEntry, VectorTable } from '../vectors/vector-table.js'
import type { Candidate } from './candidate.js'
import { distinctCandidates } from './distinct-candidates.js'
import { diversify } from './diversify.js'
import { nearDuplicateBound } from './near-duplicate-bound.js'
import type { RowGroups } from './row-groups.js'
import { selectTop } from './select-top.js'

/** `nearDuplicate` depends on the space: `nearDuplicateBound`. */
export const defaultRanking: Required<Omit<RankingOptions, 'nearDuplicate'>> = {
  limit: 12,
  minScore: -1,
  diversity: 0,
  perGroup: 1,
}

/** What a list is made for, and of. */
export interface RankingContext {
  /** Leaves out all other rows. A set of rows costs next to nothing, a function a call per row. Default: none is. */
  readonly eligible?: RowSet | ((id: string) => boolean) | undefined
  /** Variants of one product. Default: there are none. */
  readonly groups?: RowGroups | undefined
  /** The pictures of the products that the list is for: left out under whatever id, with what is the same to the eye. */
  readonly shown?: readonly ShownPicture[] | undefined
}

/** A picture that stands on the page beside the list. */
export interface ShownPicture {
  readonly contentKey: string
  readonly vector: Float32Array
}

/**
 * Ranks the rows of `table` by cosine similarity to `query`: exact, best first, ties by id, so that the same
 * vectors give the same list everywhere.
 * @throws SimilarItemsError `space-mismatch` where the query lives in another space.
 */
export function rank(
  table: VectorTable,
  query: Embedding,
  options: RankingOptions = {},
  { eligible, groups, shown = [] }: RankingContext = {},
): Candidate[] {
  assertSameSpace(table.space, query.space)
  const { limit, minScore, diversity, perGroup } = { ...defaultRanking, ...options }
  const { nearDuplicate = nearDuplicateBound(table.space) } = options
  if (!(limit > 0)) return []
  const { vectors, entries } = table
  const scan = table.scan(query.vector, eligible && toRowSet(eligible, entries))
  const scoreOf = (row: number) => dotProduct(vectors, row, query.vector)
  const vectorOf = cachedVectors(vectors)
  const shownKeys = new Set(shown.map(({ contentKey }) => contentKey))
  const isOther = ({ row }: Candidate) => !shownKeys.has((entries[row] as VectorEntry).contentKey)
  // Novelty is looked for among more than are shown; without it, what comes behind the limit does not matter.
  const enough = diversity > 0 ? 8 * limit + 16 : limit
  const pictures = shown.map(({ vector }) => vector)
  const rules = { vectorOf, nearDuplicate, shown: pictures, groups, perGroup, limit: enough }

  // Much of what is most similar may be left out, so more is taken than asked for, and more again while that is too
  // little.
  for (let pool = Math.max(enough, 2 * limit + 16); ; pool *= 4) {
    const candidates = selectTop(scan.candidates(pool, minScore), scoreOf, entries, { count: pool, minScore })
    const distinct = distinctCandidates(candidates.filter(isOther), rules)
    const isExhausted = candidates.length < pool || (distinct.length >= limit && pool > largestPool)
    if (distinct.length >= enough || isExhausted) return diversify(distinct, vectorOf, diversity, limit)
  }
}

/** Where thousands of pictures are the same, novelty is not looked for behind all of them. */
const largestPool = 4096

function toRowSet(eligible: RowSet | ((id: string) => boolean), entries: readonly VectorEntry[]): RowSet {
  if (eligible instanceof RowSet) return eligible
  return RowSet.where(entries.length, (row) => eligible((entries[row] as VectorEntry).id))
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
