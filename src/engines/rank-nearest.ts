import { SimilarItemsError } from '../errors.js'
import { defaultRanking, rank, type ShownPicture } from '../ranking/rank.js'
import { RowGroups } from '../ranking/row-groups.js'
import type { Embedding, RankingOptions, Space } from '../types.js'
import { dotProduct } from '../vectors/dot-product.js'
import { JavaScriptKernel } from '../vectors/scan-javascript.js'
import { assertSameSpace } from '../vectors/space.js'
import { VectorTable } from '../vectors/vector-table.js'
import { encodedRows } from './stored-vector.js'
import { type EngineFilter, type EngineRow, noFilter, type VectorEngine } from './vector-engine.js'

/** One product of a ranked list. */
export interface RankedRow {
  readonly row: EngineRow
  /** Cosine similarity to the query, in [-1, 1]. */
  readonly score: number
}

/** More is not asked of an engine for one list. */
const largestPool = 4096

/** What a list is for, and of. */
export interface NearestContext {
  readonly filter?: EngineFilter
  /** The pictures of the products that the list is for, by `image_link`. */
  readonly shown?: readonly ShownPicture[]
  /** What else a row has to meet, such as what no database can tell: what is left out is made up for. */
  readonly passes?: (row: EngineRow) => boolean
  readonly signal?: AbortSignal | undefined
}

/**
 * The list that a page would make of all rows that pass the filter, made of the candidates that an engine finds. More
 * are taken than asked for, since variants and near-duplicates are left out, and more again while that is too little.
 * @throws SimilarItemsError `space-mismatch`, `engine-invalid` for a row whose vector is none of its space, and what the
 * engine throws; the signal's reason on abort.
 */
export async function rankNearest(
  engine: Pick<VectorEngine, 'nearest'>,
  embedding: Embedding,
  options: RankingOptions = {},
  { filter = noFilter, shown = [], passes = () => true, signal }: NearestContext = {},
): Promise<RankedRow[]> {
  const { limit = defaultRanking.limit, minScore = -1, diversity = 0 } = options
  // Diversity chooses among more than it shows.
  const enough = diversity > 0 ? 8 * limit + 16 : limit
  for (let pool = Math.max(enough + 48, 2 * limit + 32); ; pool *= 4) {
    const count = Math.min(pool, largestPool)
    const found = await engine.nearest({ embedding, count, filter, signal })
    signal?.throwIfAborted()
    assertSameSpace(found.space, embedding.space)
    const rows = new Map(found.rows.map((row) => [row.id, row]))
    for (const row of found.rows) if (!isAllowed(row, filter) || !passes(row)) rows.delete(row.id)
    const allowed = [...rows.values()]
    const table = tableOf(found.space, allowed)
    const context = { groups: groupsOf(allowed), shown }
    const distinct = rank(table, embedding, { ...options, limit: enough, diversity: 0 }, context)
    const isExhausted = found.rows.length < count || count === largestPool
    if (distinct.length < enough && !isExhausted && leastScore(table, embedding) >= minScore) continue
    const ranked = diversity > 0 ? rank(table, embedding, options, context) : distinct
    return ranked.map(({ id, score }) => ({ row: rows.get(id) as EngineRow, score }))
  }
}

/** The part of a filter that a row shows by itself: an engine is asked to keep it, and not trusted to. */
function isAllowed({ id, group }: EngineRow, { exceptIds, exceptGroups }: EngineFilter): boolean {
  return !exceptIds.includes(id) && (group === null || !exceptGroups.includes(group))
}

function groupsOf(rows: readonly EngineRow[]): RowGroups {
  const groups = new RowGroups(rows.length)
  for (const [row, { group }] of rows.entries()) groups.add(row, group ?? undefined)
  return groups
}

/** Of some dozens of rows, the plain kernel is fast enough; where handlers run, WebAssembly may be forbidden. */
function tableOf(space: Space, rows: readonly EngineRow[]): VectorTable {
  const { dimensions, fingerprint } = space
  for (const { id, vector } of rows) {
    if (vector.levels.length === dimensions && Number.isFinite(vector.scale)) continue
    const message = `The engine gave a vector for "${id}" that is none of space "${fingerprint}" with its ${dimensions} dimensions.`
    throw new SimilarItemsError('engine-invalid', message, { subject: id })
  }
  const table = new VectorTable(space, 'int8', new JavaScriptKernel())
  const entries = rows.map(({ id, product }) => ({ id, contentKey: String(product.image_link) }))
  const vectors = rows.map(({ vector }) => vector)
  table.setAll(entries, encodedRows(vectors, dimensions))
  return table
}

function leastScore({ vectors }: VectorTable, { vector }: Embedding): number {
  let least = 1
  for (let row = 0; row < vectors.count; row++) least = Math.min(least, dotProduct(vectors, row, vector))
  return least
}
