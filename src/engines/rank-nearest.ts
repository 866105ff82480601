import { rank } from '../ranking/rank.js'
import type { Embedding, RankingOptions } from '../types.js'
import { dotProduct } from '../vectors/dot-product.js'
import { JavaScriptKernel } from '../vectors/scan-javascript.js'
import { assertSameSpace } from '../vectors/space.js'
import { VectorTable } from '../vectors/vector-table.js'
import { encodedRows } from './stored-vector.js'
import type { EngineFilter, EngineRow, FoundRows, VectorEngine } from './vector-engine.js'

/** One product of a ranked list. */
export interface RankedRow {
  readonly row: EngineRow
  /** Cosine similarity to the query, in [-1, 1]. */
  readonly score: number
}

/** More is not asked of an engine for one list. */
const largestPool = 4096

/**
 * The list that a page would make of all rows that pass the filter, made of the candidates that an engine finds. More
 * are taken than asked for, since some are left out as near-duplicates, and more again while that is too little.
 * @throws SimilarItemsError `space-mismatch`, and what the engine throws; the signal's reason on abort.
 */
export async function rankNearest(
  engine: Pick<VectorEngine, 'nearest'>,
  embedding: Embedding,
  options: RankingOptions,
  filter: EngineFilter,
  signal?: AbortSignal,
): Promise<RankedRow[]> {
  const { limit = 12, minScore = -1, diversity = 0 } = options
  for (let pool = diversity > 0 ? 8 * limit + 64 : 2 * limit + 32; ; pool *= 4) {
    const count = Math.min(pool, largestPool)
    const found = await engine.nearest({ embedding, count, filter, signal })
    signal?.throwIfAborted()
    const table = tableOf(found)
    assertSameSpace(table.space, embedding.space)
    const ranked = rank(table, embedding, options)
    const isExhausted = found.rows.length < count || count === largestPool
    if (ranked.length >= limit || isExhausted || leastScore(table, embedding) < minScore) {
      const rows = new Map(found.rows.map((row) => [row.id, row]))
      return ranked.map(({ id, score }) => ({ row: rows.get(id) as EngineRow, score }))
    }
  }
}

/** Of some dozens of rows, the plain kernel is fast enough; where handlers run, WebAssembly may be forbidden. */
function tableOf({ space, rows }: FoundRows): VectorTable {
  const table = new VectorTable(space, 'int8', new JavaScriptKernel())
  const entries = rows.map(({ id, product }) => ({ id, contentKey: String(product.image_link) }))
  table.setAll(
    entries,
    encodedRows(
      rows.map(({ vector }) => vector),
      space.dimensions,
    ),
  )
  return table
}

function leastScore({ vectors }: VectorTable, { vector }: Embedding): number {
  let least = 1
  for (let row = 0; row < vectors.count; row++) least = Math.min(least, dotProduct(vectors, row, vector))
  return least
}
