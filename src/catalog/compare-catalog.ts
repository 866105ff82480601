import type { Product } from '../types.js'
import type { VectorEntry } from '../vectors/vector-table.js'
import { contentKey } from './content-key.js'

/** A picture without a stored vector, and the products that show it: one encode serves them all. */
export interface PendingPicture {
  readonly contentKey: string
  /** At least one, in catalogue order. */
  readonly products: readonly Product[]
}

/** A product whose picture is stored under another id: the vector can be copied. */
export interface CopyableVector {
  readonly product: Product
  readonly fromId: string
}

/** What has to happen so that the stored vectors are those of the catalogue. Each product is in one list. */
export interface CatalogDifference {
  readonly unchanged: readonly Product[]
  readonly toCopy: readonly CopyableVector[]
  /** In catalogue order of their first product. */
  readonly toEncode: readonly PendingPicture[]
  /** Stored ids that the catalogue does not have any more. */
  readonly gone: readonly string[]
}

/** Compares a catalogue with the entries for which vectors are stored. */
export function compareCatalog(
  products: readonly Product[],
  stored: Iterable<VectorEntry>,
): CatalogDifference {
  const keyOfId = new Map<string, string>()
  const idOfKey = new Map<string, string>()
  for (const entry of stored) {
    keyOfId.set(entry.id, entry.contentKey)
    idOfKey.set(entry.contentKey, entry.id)
  }
  const unchanged: Product[] = []
  const toCopy: CopyableVector[] = []
  const pending = new Map<string, Product[]>()
  for (const product of products) {
    const key = contentKey(product)
    const fromId = idOfKey.get(key)
    const sharing = pending.get(key)
    if (keyOfId.get(product.id) === key) unchanged.push(product)
    else if (fromId !== undefined) toCopy.push({ product, fromId })
    else if (sharing !== undefined) sharing.push(product)
    else pending.set(key, [product])
  }
  const present = new Set(products.map(({ id }) => id))
  return {
    unchanged,
    toCopy,
    toEncode: Array.from(pending, ([contentKey, products]) => ({ contentKey, products })),
    gone: [...keyOfId.keys()].filter((id) => !present.has(id)),
  }
}
