import { settleWithin } from '../settle-within.js'

/** Cache Storage, or null: it is missing in Node, and where a page's storage is denied the name itself throws. */
export function cacheStorage(): CacheStorage | null {
  try {
    return globalThis.caches ?? null
  } catch {
    return null
  }
}

/**
 * What Cache Storage answers, or `otherwise`: where it refuses, as in some private modes, and where it says nothing for so
 * many seconds, as a browser does that has lost its storage process.
 */
export function cacheAnswer<T>(asked: Promise<T> | undefined, otherwise: T, seconds = 5): Promise<T> {
  if (!asked) return Promise.resolve(otherwise)
  return settleWithin(asked, seconds, () => new Error('no answer')).catch(() => otherwise)
}
