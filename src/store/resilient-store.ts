import { isSimilarItemsError, type SimilarItemsError } from '../errors.js'
import type { Space } from '../types.js'
import { toChunk, toRows } from './chunk-border.js'
import { MemoryStore } from './memory-store.js'
import type { ModelIdentity, StoredCatalog, VectorRows, VectorStore } from './vector-store.js'

/**
 * A store that survives the failure of the one it wraps: with the first `storage-unavailable` it goes on in
 * memory, for good, with one warning. What this page has written is in memory already; vectors that it only
 * loaded are taken over as far as the failing store still reads them.
 */
export class ResilientStore implements VectorStore {
  readonly #primary: VectorStore
  readonly #memory = new MemoryStore()
  readonly #onWarning: (warning: SimilarItemsError) => void
  /** Collections this page has used, by their names. */
  readonly #collections = new Map<string, { readonly catalogKey: string; readonly space: Space }>()
  /** Set when the primary store has failed; resolves when everything is in memory. */
  #takeover: Promise<void> | null = null

  constructor(primary: VectorStore, onWarning: (warning: SimilarItemsError) => void) {
    this.#primary = primary
    this.#onWarning = onWarning
  }

  get kind(): 'indexeddb' | 'memory' {
    return this.#takeover ? 'memory' : this.#primary.kind
  }

  get answers(): VectorStore['answers'] {
    return this.#takeover ? undefined : this.#primary.answers
  }

  loadVectors(catalogKey: string, space: Space): Promise<readonly VectorRows[]> {
    this.#remember(catalogKey, space)
    return this.#read((store) => store.loadVectors(catalogKey, space))
  }

  async putVectors(catalogKey: string, space: Space, rows: VectorRows, pack?: string): Promise<void> {
    this.#remember(catalogKey, space)
    // The caller may transfer its buffers before the second store gets to copy them.
    const copy = toRows(toChunk(rows, space), space.dimensions)
    await this.#write((store) => store.putVectors(catalogKey, space, copy, pack))
  }

  loadPackHash(catalogKey: string, space: Space): Promise<string | undefined> {
    return this.#read((store) => store.loadPackHash(catalogKey, space))
  }

  removeVectors(catalogKey: string, space: Space, ids: Iterable<string>): Promise<void> {
    this.#remember(catalogKey, space)
    const removed = [...ids]
    return this.#write((store) => store.removeVectors(catalogKey, space, removed))
  }

  loadCatalog(catalogKey: string): Promise<StoredCatalog | undefined> {
    return this.#read((store) => store.loadCatalog(catalogKey))
  }

  saveCatalog(catalogKey: string, catalog: Omit<StoredCatalog, 'storedAt'>): Promise<void> {
    return this.#write((store) => store.saveCatalog(catalogKey, catalog))
  }

  loadModelIdentity(modelUrl: string): Promise<ModelIdentity | undefined> {
    return this.#read((store) => store.loadModelIdentity(modelUrl))
  }

  saveModelIdentity(modelUrl: string, identity: ModelIdentity): Promise<void> {
    return this.#write((store) => store.saveModelIdentity(modelUrl, identity))
  }

  clear(): Promise<void> {
    return this.#write((store) => store.clear())
  }

  close(): void {
    this.#primary.close()
    this.#memory.close()
  }

  async #read<T>(read: (store: VectorStore) => Promise<T>): Promise<T> {
    if (!this.#takeover) {
      try {
        return await read(this.#primary)
      } catch (error) {
        this.#fail(error)
      }
    }
    await this.#takeover
    return read(this.#memory)
  }

  async #write(write: (store: VectorStore) => Promise<void>): Promise<void> {
    if (!this.#takeover) {
      try {
        await write(this.#primary)
      } catch (error) {
        this.#fail(error)
      }
    }
    await this.#takeover
    await write(this.#memory)
  }

  #remember(catalogKey: string, space: Space): void {
    this.#collections.set(JSON.stringify([catalogKey, space.fingerprint]), { catalogKey, space })
  }

  /** Starts the takeover after a failure of the storage; other errors are the caller's. */
  #fail(error: unknown): void {
    if (!isSimilarItemsError(error, 'storage-unavailable')) throw error
    if (this.#takeover) return
    this.#takeover = this.#takeOver()
    this.#onWarning(error)
  }

  async #takeOver(): Promise<void> {
    for (const { catalogKey, space } of this.#collections.values()) {
      const written = await this.#memory.loadVectors(catalogKey, space)
      for (const rows of [...(await this.#salvage(catalogKey, space)), ...written]) {
        await this.#memory.putVectors(catalogKey, space, rows)
      }
    }
  }

  async #salvage(catalogKey: string, space: Space): Promise<readonly VectorRows[]> {
    try {
      return await this.#primary.loadVectors(catalogKey, space)
    } catch (error) {
      // Expected of a broken store, and warned about already.
      if (isSimilarItemsError(error, 'storage-unavailable')) return []
      throw error
    }
  }
}
