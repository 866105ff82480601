/** Cache Storage, or null: it is missing in Node, and where a page's storage is denied the name itself throws. */
export function cacheStorage(): CacheStorage | null {
  try {
    return globalThis.caches ?? null
  } catch {
    return null
  }
}
