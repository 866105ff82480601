import { rank } from '../../ranking/rank.js'
import { groupRows } from '../../ranking/row-groups.js'
import type { Embedding, Product, RankingOptions } from '../../types.js'
import { VectorTable } from '../../vectors/vector-table.js'
import type { OpenedPack } from './open-pack.js'

export interface PackHit {
  readonly id: string
  readonly score: number
  /** Undefined where only the pack is known. */
  readonly product: Product | undefined
}

/**
 * The vectors of a pack most similar to an embedding, ranked as a page ranks them for a photo.
 * @throws SimilarItemsError `space-mismatch`.
 */
export function searchPack(
  { pack, products }: OpenedPack,
  query: Embedding,
  options: RankingOptions = {},
): PackHit[] {
  const table = new VectorTable(pack.space, pack.vectors.format)
  table.setAll(pack.entries, pack.vectors)
  const found = rank(table, query, options, { groups: groupRows(pack.entries, products) })
  return found.map(({ id, score }) => ({ id, score, product: products.get(id) }))
}
