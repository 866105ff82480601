import type { CatalogProducts } from '../catalog/catalog-products.js'
import { contentKey } from '../catalog/content-key.js'
import { newQueryId } from '../query-id.js'
import { rank } from '../ranking/rank.js'
import type { Embedding, Hit, Product, QueryTimings, RankedList, RankingOptions } from '../types.js'
import type { CatalogIndex } from './indexing/catalog-index.js'
import type { AllowedProducts } from './protocol.js'

/** A list was asked for with a filter made for another version of the catalogue; ask again with a fresh one. */
export class StaleFilterError extends Error {
  override readonly name = 'StaleFilterError'
}

/** Of a query whose vector was there. */
export const noTimings: Omit<QueryTimings, 'rank'> = { fetch: 0, decode: 0, resize: 0, inference: 0 }

export interface Question {
  readonly embedding: Embedding
  /** The products that the list is for; they, their variants and their pictures are left out. */
  readonly subjects?: readonly Product[]
  readonly options: RankingOptions
  readonly allowed: AllowedProducts | null
  /** What it took to get the query's vector. */
  readonly timings: Omit<QueryTimings, 'rank'>
}

/** Ranks the products that have a vector by similarity to the question's. */
export function answer(
  { embedding, subjects = [], options, allowed, timings }: Question,
  index: CatalogIndex,
  products: CatalogProducts,
  revision: number,
): RankedList {
  if (allowed && allowed.revision !== revision) throw new StaleFilterError()
  const started = performance.now()
  const { table } = index.collection
  const candidates = rank(table, embedding, options, {
    eligible: index.eligibleRows.of(products, { subjects, allowed: allowed?.bits }),
    groups: index.eligibleRows.groups(products),
    shown: subjects.map((subject) => {
      const { vector } = table.embeddingOf(subject.id) ?? embedding
      return { contentKey: contentKey(subject), vector }
    }),
  })
  const hits = candidates.map(({ id, row, score }, position): Hit => {
    return { product: products.get(id, row) as Product, score, rank: position }
  })
  return {
    queryId: newQueryId(),
    hits,
    space: table.space,
    ranked: table.size,
    total: products.size,
    complete: index.isComplete,
    timings: { ...timings, rank: performance.now() - started },
  }
}
