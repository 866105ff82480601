import { isSimilarItemsError, type SimilarItemsError } from '../errors.js'
import { IndexedDbStore } from './indexeddb-store.js'
import { MemoryStore } from './memory-store.js'
import { ResilientStore } from './resilient-store.js'
import type { VectorStore } from './vector-store.js'

export interface OpenStoreOptions {
  /** Name of the database. Default `similar-items`. */
  name?: string
  /**
   * Told, at most once, that IndexedDB cannot be used, at opening or later (`storage-unavailable`), and of damaged
   * records that were dropped (`storage-corrupt`).
   */
  onWarning: (warning: SimilarItemsError) => void
  signal?: AbortSignal
}

/**
 * Opens the store of this origin. Where IndexedDB is missing, denied, broken or does not answer, the store is in
 * memory; where it fails later, it goes on in memory from then on.
 * @throws the signal's reason when aborted.
 */
export async function openStore(options: OpenStoreOptions): Promise<VectorStore> {
  const { name = 'similar-items', onWarning, signal } = options
  try {
    return new ResilientStore(await IndexedDbStore.open({ name, onWarning, signal }), onWarning)
  } catch (error) {
    if (!isSimilarItemsError(error, 'storage-unavailable')) throw error
    onWarning(error)
    return new MemoryStore()
  }
}
