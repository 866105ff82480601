import { abortable } from '../../abortable.js'
import { contentKey } from '../../catalog/content-key.js'
import { loadCatalog } from '../../catalog/load-catalog.js'
import { loadNeighbors } from '../../catalog/load-neighbors.js'
import { parseCatalog } from '../../catalog/parse-catalog.js'
import { plainItems } from '../../catalog/plain-items.js'
import { SimilarItemsError } from '../../errors.js'
import { newQueryId } from '../../query-id.js'
import type { Hit, Product, RankedList } from '../../types.js'

/** Gives the products of some ids, in any order; those it does not know are left out. */
export type ProductLoader = (ids: readonly string[], signal: AbortSignal) => Promise<readonly unknown[]>

export interface NeighborQuestion {
  readonly item: string
  readonly limit: number
  readonly minScore: number
  readonly perGroup: number
  readonly filter: ((product: Product) => boolean) | null | undefined
  /** Address of the neighbour files, with `{hash:n}` in it. */
  readonly neighbors: string
  /** The shop's own source of products; without one they come from the catalogue. */
  readonly products: ProductLoader | null
  readonly catalog: string | readonly unknown[]
}

/**
 * The similar items of a product from neighbour files: without worker, vectors or model.
 * @returns null where the files do not know the product.
 * @throws SimilarItemsError `neighbors-*`, `catalog-*`, `invalid-argument`; what the shop's loader throws; the
 * signal's reason on abort.
 */
export async function neighborList(
  question: NeighborQuestion,
  signal: AbortSignal,
): Promise<RankedList | null> {
  const { item, minScore, neighbors } = question
  const template = absolute(neighbors)
  const list = await loadNeighbors(template, item, { signal })
  if (!list) return null
  const near = list.filter(([, score]) => score >= minScore)
  const products = await loadProducts(
    question,
    near.map(([id]) => id),
    signal,
  )
  const known = near.flatMap(([id, score]): Omit<Hit, 'rank'>[] => {
    const product = products.get(id)
    return product ? [{ product, score }] : []
  })
  return completeList(choose(known, question, products.get(item)), list.length)
}

/**
 * What of the neighbours is shown. Files may be older than the catalogue, or have more variants of a product than are
 * wanted.
 * @param subject the product that the list is for, where it is known.
 */
function choose(
  hits: readonly Omit<Hit, 'rank'>[],
  { limit, perGroup, filter }: NeighborQuestion,
  subject: Product | undefined,
): Hit[] {
  const shownOfGroup = new Map<string, number>()
  if (subject?.item_group_id) shownOfGroup.set(subject.item_group_id, perGroup)
  const chosen = hits.filter(({ product }) => {
    const { item_group_id: group } = product
    const shown = (group && shownOfGroup.get(group)) || 0
    const isSubject = subject !== undefined && contentKey(product) === contentKey(subject)
    if (shown >= perGroup || isSubject || (filter && !filter(product))) return false
    if (group) shownOfGroup.set(group, shown + 1)
    return true
  })
  return chosen.slice(0, limit).map((hit, rank) => ({ ...hit, rank }))
}

/** The list of a product without neighbours. */
export function emptyNeighborList(): RankedList {
  return completeList([], 0)
}

function completeList(hits: readonly Hit[], count: number): RankedList {
  return {
    queryId: newQueryId(),
    hits,
    space: null,
    ranked: count,
    total: count,
    complete: true,
    timings: { fetch: 0, decode: 0, resize: 0, inference: 0, rank: 0 },
  }
}

async function loadProducts(
  { products, catalog }: NeighborQuestion,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Product>> {
  const found = products
    ? inlineProducts(await abortable(products(ids, signal), signal))
    : await catalogProducts(catalog, signal)
  return new Map(found.map((product) => [product.id, product]))
}

async function catalogProducts(
  catalog: string | readonly unknown[],
  signal: AbortSignal,
): Promise<readonly Product[]> {
  if (catalog === '') {
    const message =
      'Neighbours are ids: set the catalog attribute or the products property for what they are.'
    throw new SimilarItemsError('invalid-argument', message)
  }
  if (typeof catalog !== 'string') return inlineProducts(catalog)
  const loaded = await loadCatalog(absolute(catalog), { signal })
  return loaded.status === 'loaded' ? loaded.catalog.products : []
}

/** The products of items that the page has. */
function inlineProducts(items: readonly unknown[]): readonly Product[] {
  const feed: unknown = Array.isArray(items) ? plainItems(items) : items
  return parseCatalog(feed, document.baseURI, { acceptsBlobPictures: true }).products
}

/** Absolute, with braces as they were: `URL` escapes them. */
function absolute(url: string): string {
  const href = new URL(url, document.baseURI).href
  return href.replace(/%7B(hash:[1-8])%7D/gi, '{$1}')
}
