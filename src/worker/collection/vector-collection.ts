import { pause } from '../../network/pause.js'
import type { VectorRows, VectorStore } from '../../store/vector-store.js'
import type { Embedding, Space } from '../../types.js'
import {
  convertVectors,
  encodeVectors,
  pickVectors,
  type VectorFormat,
} from '../../vectors/encoded-vectors.js'
import type { Pack } from '../../vectors/pack.js'
import { type VectorEntry, VectorTable } from '../../vectors/vector-table.js'
import { TabChannel } from './tab-channel.js'

/** Vectors are written in groups: one record per vector is what makes IndexedDB slow. */
const flushCount = 16
const flushDelay = 500

/** Other tabs cause them, also before `open` has resolved. */
export interface CollectionEvents {
  /** Vectors came from the store that were not there before: so many are there now. */
  onLoaded: (count: number) => void
  /** Whether the catalogue shows this picture for this product now: other tabs may have another version of it. */
  isCurrent: (entry: VectorEntry) => boolean
  /** Another tab wants this picture encoded next. */
  onWanted: (contentKey: string) => void
  /** Whether the encoder has yet to start. */
  isStarting: () => boolean
}

/**
 * The vectors of one catalogue in one space: in memory for ranking, in the store for the next visit, and in step
 * with other tabs.
 */
export class VectorCollection {
  readonly table: VectorTable
  readonly tabs: TabChannel
  readonly #store: VectorStore
  readonly #catalogKey: string
  readonly #events: CollectionEvents
  #unsaved: { entry: VectorEntry; embedding: Embedding }[] = []
  #timer: ReturnType<typeof setTimeout> | undefined
  #saving: Promise<void> = Promise.resolve()
  /** Changes that are not stored yet. */
  #unstored = 0
  #isClosed = false
  /** The hash of the stored pack, asked for before anybody needs it. */
  #packAtOpening: Promise<string | undefined> | null = null

  private constructor(
    store: VectorStore,
    catalogKey: string,
    space: Space,
    format: VectorFormat,
    events: CollectionEvents,
  ) {
    this.#store = store
    this.#catalogKey = catalogKey
    this.#events = events
    this.table = new VectorTable(space, format)
    this.tabs = new TabChannel(`${catalogKey}#${space.fingerprint}`, {
      // A store that fails has said so itself, and another message may find it working.
      stored: () => void this.#reload().catch(() => undefined),
      wanted: events.onWanted,
      elected: async () => void (await this.load()),
      resigning: () => this.flush(),
      isStarting: events.isStarting,
    })
  }

  /** The collection with what is stored of it. */
  static async open(
    store: VectorStore,
    catalogKey: string,
    space: Space,
    format: VectorFormat,
    events: CollectionEvents,
  ): Promise<VectorCollection> {
    // The store reads while the table is made, which compiles the kernels.
    const stored = store.loadVectors(catalogKey, space)
    const collection = new VectorCollection(store, catalogKey, space, format, events)
    // Behind the vectors: a store that drops damaged ones forgets the pack with them.
    const pack = stored.then(() => store.loadPackHash(catalogKey, space))
    pack.catch(() => undefined) // Whoever asks for it hears of it.
    collection.#packAtOpening = pack
    try {
      collection.#take(await stored)
      return collection
    } catch (error) {
      collection.tabs.close()
      throw error
    }
  }

  get space(): Space {
    return this.table.space
  }

  /** Whether the store has all that is in memory. */
  get isStored(): boolean {
    return this.#unsaved.length === 0 && this.#unstored === 0
  }

  /** Takes over stored vectors that are not in memory, or there of a picture that was replaced. @returns how many. */
  async load(): Promise<number> {
    return this.#take(await this.#store.loadVectors(this.#catalogKey, this.space))
  }

  /** Whether all vectors of a pack are here. */
  async hasPack(hash: string): Promise<boolean> {
    const stored = this.#packAtOpening ?? this.#store.loadPackHash(this.#catalogKey, this.space)
    this.#packAtOpening = null
    return (await stored) === hash
  }

  /** Takes over the vectors of a pack, also where there are others already. They are stored after the first answer. */
  addPack({ entries, vectors }: Pack, hash: string): void {
    const converted = convertVectors(vectors, this.table.format)
    if (this.table.size === 0) this.table.append(entries, converted)
    else this.table.setAll(entries, converted)
    this.#save(async () => {
      await pause(0)
      await this.#store.putVectors(this.#catalogKey, this.space, { entries, vectors: converted }, hash)
    })
  }

  /** Adds the vector of one picture under every id that shows it; it is stored a little later. */
  add(entries: readonly VectorEntry[], embedding: Embedding): void {
    for (const entry of entries) {
      this.table.set(entry, embedding)
      this.#unsaved.push({ entry, embedding })
    }
    if (this.#unsaved.length >= flushCount) void this.flush()
    else this.#timer ??= setTimeout(() => void this.flush(), flushDelay)
  }

  /** Removes the vectors of ids, here and in the store. */
  async remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.table.delete(id)
    if (ids.length === 0) return
    this.#unstored++
    await this.#saving
    await this.#store.removeVectors(this.#catalogKey, this.space, ids)
    this.#unstored--
  }

  /** Resolves when everything that was added is stored. */
  flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const rows = this.#unsaved
    this.#unsaved = []
    if (rows.length > 0) {
      const { dimensions } = this.space
      const entries = rows.map(({ entry }) => entry)
      const embeddings = rows.map(({ embedding }) => embedding.vector)
      const vectors = encodeVectors(embeddings, dimensions, this.table.format)
      this.#save(() => this.#store.putVectors(this.#catalogKey, this.space, { entries, vectors }))
    }
    return this.#saving
  }

  async close(): Promise<void> {
    await this.flush()
    this.#isClosed = true
    this.tabs.close()
  }

  /** Stores something behind what is being stored, and tells other tabs. */
  #save(store: () => Promise<void>): void {
    this.#unstored++
    this.#saving = this.#saving.then(async () => {
      await store()
      this.#unstored--
      if (!this.#isClosed) this.tabs.announceStored()
    })
    // Whoever flushes hears of it.
    this.#saving.catch(() => undefined)
  }

  #take(stored: readonly VectorRows[]): number {
    this.table.reserve(stored.reduce((sum, { entries }) => sum + entries.length, 0))
    let taken = 0
    const isFirst = this.table.size === 0
    for (const { entries, vectors } of stored) {
      if (isFirst) {
        // The store has each id once.
        this.table.append(entries, convertVectors(vectors, this.table.format))
        taken += entries.length
        continue
      }
      if (entries.every((entry) => this.#isNews(entry))) {
        this.table.setAll(entries, convertVectors(vectors, this.table.format))
        taken += entries.length
        continue
      }
      const rows = [...entries.keys()].filter((row) => this.#isNews(entries[row] as VectorEntry))
      if (rows.length === 0) continue
      this.table.setAll(
        rows.map((row) => entries[row] as VectorEntry),
        convertVectors(pickVectors(vectors, rows), this.table.format),
      )
      taken += rows.length
    }
    return taken
  }

  #isNews(entry: VectorEntry): boolean {
    const row = this.table.rowOf(entry.id)
    if (row === undefined) return true
    return this.table.entries[row]?.contentKey !== entry.contentKey && this.#events.isCurrent(entry)
  }

  async #reload(): Promise<void> {
    if ((await this.load()) > 0) this.#events.onLoaded(this.table.size)
  }
}
