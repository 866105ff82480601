import { isSimilarItemsError, type SimilarItemsError } from '../errors.js'
import type { Space } from '../types.js'
import type { Chunk } from './chunk.js'
import { findDefect, toChunk, toRows } from './chunk-border.js'
import { assertDimensions, type CollectionChange, changeCollection, type Directory } from './collection.js'
import { Connection } from './connection.js'
import { evictStale } from './evict-stale.js'
import { KeptAnswers, renewAllStamps, renewStamp, stampIn } from './kept-answers.js'
import { readCollection } from './read-collection.js'
import { type CollectionKey, type Schema, storeNames } from './schema.js'
import { isQuotaExceeded, isUnreadable, storageCorrupt } from './storage-errors.js'
import { isModelIdentity, isStoredCatalog } from './stored-values.js'
import type { ModelIdentity, StoredCatalog, VectorRows, VectorStore } from './vector-store.js'

export interface IndexedDbStoreOptions {
  readonly name: string
  /** Told of damaged records that were dropped (`storage-corrupt`). */
  readonly onWarning: (warning: SimilarItemsError) => void
  readonly signal?: AbortSignal | undefined
}

/** Keeps vectors in IndexedDB, shared with the other tabs of the origin. */
export class IndexedDbStore implements VectorStore {
  readonly kind = 'indexeddb'
  readonly answers: KeptAnswers
  readonly #connection: Connection
  readonly #onWarning: (warning: SimilarItemsError) => void
  readonly #directories = new Map<string, Directory>()

  private constructor(connection: Connection, onWarning: (warning: SimilarItemsError) => void) {
    this.#connection = connection
    this.#onWarning = onWarning
    this.answers = new KeptAnswers(connection)
  }

  /** @throws SimilarItemsError `storage-unavailable`; the signal's reason when aborted. */
  static async open({ name, onWarning, signal }: IndexedDbStoreOptions): Promise<IndexedDbStore> {
    const connection = new Connection(name)
    await connection.open(signal)
    return new IndexedDbStore(connection, onWarning)
  }

  async loadVectors(catalogKey: string, space: Space): Promise<readonly VectorRows[]> {
    const key: CollectionKey = [catalogKey, space.fingerprint]
    const { collection, keys, chunks, stamp } = await readCollection(this.#connection, key)
    this.answers.noteRead(catalogKey, stamp)
    assertDimensions(collection, space)
    // A time to come is of a clock that was wrong.
    if (collection && Math.abs(Date.now() - collection.usedAt) > day) await this.#markUsed(key)
    const defects = chunks.map((chunk) => findDefect(chunk, space.dimensions))
    const broken = keys.filter((_, index) => defects[index] !== null)
    if (broken.length > 0) {
      await this.#connection.transact(
        ['chunks', 'collections', 'answers'],
        'readwrite',
        async (transaction) => {
          await renewStamp(transaction.objectStore('answers'), catalogKey)
          for (const key of broken) await transaction.objectStore('chunks').delete(key)
          // What is gone may have come from the pack, which has to be read again then.
          const collections = transaction.objectStore('collections')
          const stored = await collections.get(key)
          if (stored) await collections.put({ ...stored, pack: undefined }, key)
        },
      )
      const first = defects.find((defect) => defect !== null)
      this.#onWarning(storageCorrupt(catalogKey, `${broken.length} of ${chunks.length} chunks: ${first}.`))
    }
    const sound = chunks.filter((_, index) => defects[index] === null) as Chunk[]
    return sound.map((chunk) => toRows(chunk, space.dimensions))
  }

  async putVectors(catalogKey: string, space: Space, rows: VectorRows, pack?: string): Promise<void> {
    const added = toChunk(rows, space)
    if (added.ids.length === 0) return
    await this.#change({ key: [catalogKey, space.fingerprint], space, ids: new Set(added.ids), added, pack })
  }

  async loadPackHash(catalogKey: string, space: Space): Promise<string | undefined> {
    const collection = await this.#connection.transact(['collections'], 'readonly', (transaction) =>
      transaction.objectStore('collections').get([catalogKey, space.fingerprint]),
    )
    return typeof collection?.pack === 'string' ? collection.pack : undefined
  }

  async removeVectors(catalogKey: string, space: Space, ids: Iterable<string>): Promise<void> {
    await this.#change({ key: [catalogKey, space.fingerprint], space, ids: new Set(ids), added: null })
  }

  async loadCatalog(catalogKey: string): Promise<StoredCatalog | undefined> {
    const [catalog, stamp] = await this.#get('catalogs', catalogKey, isStoredCatalog)
    this.answers.noteRead(catalogKey, stamp)
    return catalog
  }

  async saveCatalog(catalogKey: string, catalog: Omit<StoredCatalog, 'storedAt'>): Promise<void> {
    const renewal = await this.#evicting(() =>
      this.#connection.transact(['catalogs', 'answers'], 'readwrite', async (transaction) => {
        await transaction.objectStore('catalogs').put({ ...catalog, storedAt: Date.now() }, catalogKey)
        return renewStamp(transaction.objectStore('answers'), catalogKey)
      }),
    )
    this.answers.noteWritten(catalogKey, renewal)
  }

  async loadModelIdentity(modelUrl: string): Promise<ModelIdentity | undefined> {
    const [identity] = await this.#get('models', modelUrl, isModelIdentity)
    return identity
  }

  async saveModelIdentity(modelUrl: string, identity: ModelIdentity): Promise<void> {
    await this.#evicting(() =>
      this.#connection.transact(['models', 'answers'], 'readwrite', async (transaction) => {
        const models = transaction.objectStore('models')
        // Lists of all catalogues may be made with another model from now on.
        if (!leadsToSame(await models.get(modelUrl), identity))
          await renewAllStamps(transaction.objectStore('answers'))
        await models.put(identity, modelUrl)
      }),
    )
  }

  async clear(): Promise<void> {
    await this.#connection.transact([...storeNames], 'readwrite', (transaction) =>
      Promise.all(storeNames.map((name) => transaction.objectStore(name).clear())),
    )
  }

  close(): void {
    this.#connection.close()
    this.#directories.clear()
    this.answers.forget()
  }

  async #change(change: CollectionChange): Promise<void> {
    const name = JSON.stringify(change.key)
    const [catalogKey] = change.key
    const { directory, renewal } = await this.#evicting(() =>
      this.#connection.transact(['collections', 'chunks', 'answers'], 'readwrite', async (transaction) => ({
        renewal: await renewStamp(transaction.objectStore('answers'), catalogKey),
        directory: await changeCollection(transaction, change, this.#directories.get(name)),
      })),
    )
    this.#directories.set(name, directory)
    this.answers.noteWritten(catalogKey, renewal)
  }

  /** Runs a write; where the quota is used up, once more after what nobody uses any more was evicted. */
  async #evicting<T>(write: () => Promise<T>): Promise<T> {
    try {
      return await write()
    } catch (error) {
      if (!isQuotaExceeded(error)) throw error
      const evicted = await this.#connection.transact(
        ['collections', 'chunks', 'catalogs', 'answers'],
        'readwrite',
        (transaction) => evictStale(transaction, Date.now()),
      )
      if (evicted === 0) throw error
      return await write()
    }
  }

  /** The record, if there is one and `isSound` says so, and the stamp under that key; otherwise the record is dropped. */
  async #get<Name extends 'catalogs' | 'models'>(
    name: Name,
    key: string,
    isSound: (value: unknown) => value is Schema[Name]['value'],
  ): Promise<[record: Schema[Name]['value'] | undefined, stamp: string | undefined]> {
    let defect = `The record in "${name}" has another form.`
    try {
      const [record, stamp] = await this.#connection.transact([name, 'answers'], 'readonly', (transaction) =>
        Promise.all([
          transaction.objectStore(name).get(key) as Promise<unknown>,
          stampIn(transaction.objectStore('answers'), key),
        ]),
      )
      if (record === undefined || isSound(record)) return [record, stamp]
    } catch (error) {
      if (!isUnreadable(error)) throw error
      defect = `The record in "${name}" cannot be read.`
    }
    await this.#connection.transact([name, 'answers'], 'readwrite', async (transaction) => {
      await transaction.objectStore(name).delete(key)
      await renewAllStamps(transaction.objectStore('answers'))
    })
    this.#onWarning(storageCorrupt(key, defect))
    return [undefined, undefined]
  }

  async #markUsed(key: CollectionKey): Promise<void> {
    try {
      await this.#connection.transact(['collections'], 'readwrite', async (transaction) => {
        const collections = transaction.objectStore('collections')
        const collection = await collections.get(key)
        if (collection) await collections.put({ ...collection, usedAt: Date.now() }, key)
      })
    } catch (error) {
      // The date matters to eviction alone; that it cannot be written is no reason not to use what was read.
      if (!isSimilarItemsError(error, 'storage-unavailable')) throw error
    }
  }
}

/** Whether two identities of a model make the same lists, as far as they tell of the same. */
function leadsToSame(before: ModelIdentity | undefined, now: ModelIdentity): boolean {
  const [was, is] = [before?.opened, now.opened]
  const isOther = was && is && was.catalog === is.catalog && was.space.fingerprint !== is.space.fingerprint
  return before?.space.fingerprint === now.space.fingerprint && !isOther
}

const day = 24 * 60 * 60 * 1000
