import type { PackedProducts } from '../packed-products.js'
import type { Product, Space } from '../types.js'
import type { ModelIdentity, StoredCatalog } from './vector-store.js'

/** Whether a record has the form of a catalogue; its products were validated when it was written. */
export function isStoredCatalog(value: unknown): value is StoredCatalog {
  if (typeof value !== 'object' || value === null) return false
  const { products, skipped, etag, lastModified, storedAt } = value as Partial<StoredCatalog>
  return (
    (Array.isArray(products) ? products.every(isProduct) : isPacked(products)) &&
    Array.isArray(skipped) &&
    isTextOrNull(etag) &&
    isTextOrNull(lastModified) &&
    Number.isFinite(storedAt)
  )
}

export function isModelIdentity(value: unknown): value is ModelIdentity {
  if (typeof value !== 'object' || value === null) return false
  const { space, checkedAt, opened } = value as Partial<ModelIdentity>
  const isOpenedSound = opened === undefined || (typeof opened?.catalog === 'string' && isSpace(opened.space))
  return isSpace(space) && Number.isFinite(checkedAt) && isOpenedSound
}

function isSpace(space: Partial<Space> | null | undefined): boolean {
  return typeof space === 'object' && space !== null && hasParts(space)
}

function hasParts({ model, preprocessing, projection, dimensions, fingerprint }: Partial<Space>): boolean {
  return (
    [model, preprocessing, fingerprint].every((text) => typeof text === 'string') &&
    isTextOrNull(projection) &&
    Number.isInteger(dimensions)
  )
}

function isProduct(product: Partial<Product> | null): boolean {
  return typeof product?.id === 'string' && typeof product.image_link === 'string'
}

function isPacked(products: unknown): boolean {
  const { ids, contentKeys, groups, texts, ends } = (products ?? {}) as Partial<PackedProducts>
  return (
    [ids, contentKeys, groups, texts].every((text) => typeof text === 'string') && ends instanceof Uint32Array
  )
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === 'string'
}
