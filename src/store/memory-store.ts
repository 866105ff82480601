import type { Space } from '../types.js'
import { appendRows, type Chunk, dropRows } from './chunk.js'
import { dimensionMismatch, toChunk, toRows } from './chunk-border.js'
import { storeClosed } from './storage-errors.js'
import type { ModelIdentity, StoredCatalog, VectorRows, VectorStore } from './vector-store.js'

interface StoredCollection {
  readonly space: Space
  readonly chunks: readonly Chunk[]
  readonly pack: string | undefined
}

/** Keeps everything in memory, for as long as the page lives. */
export class MemoryStore implements VectorStore {
  readonly kind = 'memory'
  readonly #collections = new Map<string, StoredCollection>()
  readonly #catalogs = new Map<string, StoredCatalog>()
  readonly #models = new Map<string, ModelIdentity>()
  #closed = false

  async loadVectors(catalogKey: string, space: Space): Promise<readonly VectorRows[]> {
    // Copied, because the caller may transfer the buffers.
    return this.#chunks(catalogKey, space).map((chunk) => toRows(structuredClone(chunk), space.dimensions))
  }

  async putVectors(catalogKey: string, space: Space, rows: VectorRows, pack?: string): Promise<void> {
    const added = toChunk(rows, space)
    if (added.ids.length === 0) return
    const kept = this.#without(catalogKey, space, new Set(added.ids))
    const chunks = [...kept.slice(0, -1), ...appendRows(kept.at(-1), added)]
    const from = pack ?? this.#packOf(catalogKey, space)
    this.#collections.set(collectionKey(catalogKey, space), { space, chunks, pack: from })
  }

  async loadPackHash(catalogKey: string, space: Space): Promise<string | undefined> {
    this.#assertOpen()
    return this.#packOf(catalogKey, space)
  }

  async removeVectors(catalogKey: string, space: Space, ids: Iterable<string>): Promise<void> {
    const chunks = this.#without(catalogKey, space, new Set(ids))
    const pack = this.#packOf(catalogKey, space)
    this.#collections.set(collectionKey(catalogKey, space), { space, chunks, pack })
  }

  async loadCatalog(catalogKey: string): Promise<StoredCatalog | undefined> {
    this.#assertOpen()
    return this.#catalogs.get(catalogKey)
  }

  async saveCatalog(catalogKey: string, catalog: Omit<StoredCatalog, 'storedAt'>): Promise<void> {
    this.#assertOpen()
    this.#catalogs.set(catalogKey, { ...catalog, storedAt: Date.now() })
  }

  async loadModelIdentity(modelUrl: string): Promise<ModelIdentity | undefined> {
    this.#assertOpen()
    return this.#models.get(modelUrl)
  }

  async saveModelIdentity(modelUrl: string, identity: ModelIdentity): Promise<void> {
    this.#assertOpen()
    this.#models.set(modelUrl, identity)
  }

  async clear(): Promise<void> {
    this.#assertOpen()
    this.#forgetAll()
  }

  close(): void {
    this.#closed = true
    this.#forgetAll()
  }

  #chunks(catalogKey: string, space: Space): readonly Chunk[] {
    this.#assertOpen()
    const collection = this.#collections.get(collectionKey(catalogKey, space))
    if (collection && collection.space.dimensions !== space.dimensions) {
      throw dimensionMismatch(collection.space.dimensions, space)
    }
    return collection?.chunks ?? []
  }

  #without(catalogKey: string, space: Space, ids: ReadonlySet<string>): Chunk[] {
    return this.#chunks(catalogKey, space)
      .map((chunk) => dropRows(chunk, ids))
      .filter((chunk) => chunk.ids.length > 0)
  }

  #packOf(catalogKey: string, space: Space): string | undefined {
    return this.#collections.get(collectionKey(catalogKey, space))?.pack
  }

  #assertOpen(): void {
    if (this.#closed) throw storeClosed()
  }

  #forgetAll(): void {
    this.#collections.clear()
    this.#catalogs.clear()
    this.#models.clear()
  }
}

function collectionKey(catalogKey: string, space: Space): string {
  return JSON.stringify([catalogKey, space.fingerprint])
}
