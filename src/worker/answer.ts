import { rank } from '../ranking/rank.js'
import type { Embedding, Hit, Product, QueryTimings, RankedList, RankingOptions } from '../types.js'
import type { CatalogIndex } from './catalog-index.js'
import type { AllowedProducts } from './protocol.js'

/** A list was asked for with a filter made for another version of the catalogue; ask again with a fresh one. */
export class StaleFilterError extends Error {
  override readonly name = 'StaleFilterError'
}

export interface Question {
  readonly embedding: Embedding
  /** The product that the list is for; it and its variants are left out. */
  readonly subject?: Product
  readonly options: RankingOptions
  readonly allowed: AllowedProducts | null
  /** What it took to get the query's vector. */
  readonly timings: Omit<QueryTimings, 'rank'>
}

/** Ranks the products that have a vector by similarity to the question's. */
export function answer(
  { embedding, subject, options, allowed, timings }: Question,
  index: CatalogIndex,
  products: ReadonlyMap<string, Product>,
  revision: number,
): RankedList {
  if (allowed && allowed.revision !== revision) throw new StaleFilterError()
  const started = performance.now()
  const { table } = index.collection
  const isAllowed = allowed && allowedIds(products, allowed.bits)
  const group = subject?.item_group_id
  const candidates = rank(table, embedding, options, (id) => {
    const product = products.get(id)
    if (!product || id === subject?.id || (group && product.item_group_id === group)) return false
    return !isAllowed || isAllowed.has(id)
  })
  const hits = candidates.map(({ id, score }, position): Hit => {
    return { product: products.get(id) as Product, score, rank: position }
  })
  return {
    queryId: queryId(),
    hits,
    ranked: table.size,
    total: products.size,
    complete: index.isComplete,
    timings: { ...timings, rank: performance.now() - started },
  }
}

/** Unique enough to join an impression with the click that followed. `randomUUID` needs a secure context. */
function queryId(): string {
  const [high = 0, low = 0] = crypto.getRandomValues(new Uint32Array(2))
  return high.toString(36) + low.toString(36)
}

function allowedIds(products: ReadonlyMap<string, Product>, bits: Uint8Array): ReadonlySet<string> {
  const ids = [...products.keys()]
  return new Set(ids.filter((_, position) => ((bits[position >> 3] ?? 0) >> (position & 7)) & 1))
}
