import type { ModelIdentity, StoredCatalog } from './vector-store.js'

/** Whether a record has the form of a catalogue; its products were validated when it was written. */
export function isStoredCatalog(value: unknown): value is StoredCatalog {
  if (typeof value !== 'object' || value === null) return false
  const { products, skipped, etag, lastModified, storedAt } = value as Partial<StoredCatalog>
  return (
    Array.isArray(products) &&
    products.every((product) => typeof product?.id === 'string' && typeof product.image_link === 'string') &&
    Array.isArray(skipped) &&
    isTextOrNull(etag) &&
    isTextOrNull(lastModified) &&
    Number.isFinite(storedAt)
  )
}

export function isModelIdentity(value: unknown): value is ModelIdentity {
  if (typeof value !== 'object' || value === null) return false
  const { sha256, etag, lastModified, bytes } = value as Partial<ModelIdentity>
  return (
    typeof sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(sha256) &&
    isTextOrNull(etag) &&
    isTextOrNull(lastModified) &&
    Number.isFinite(bytes)
  )
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === 'string'
}
