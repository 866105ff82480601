import type { SyncReport } from './protocol.js'
import type { VectorCollection } from './vector-collection.js'
import type { VectorCoverage } from './vector-coverage.js'
import type { VectorMaker } from './vector-maker.js'

/** Pictures fetched and decoded while another is encoded. */
const lanes = 3

export interface SyncParts {
  readonly collection: VectorCollection
  readonly coverage: VectorCoverage
  readonly onProgress: (done: number, total: number) => void
}

/** Makes the vectors that a catalogue lacks, in its order, while no other tab does the same. */
export class CatalogSync {
  readonly #parts: SyncParts
  readonly #maker: VectorMaker
  readonly #life: AbortSignal
  #running: Promise<SyncReport> | null = null

  constructor(parts: SyncParts, maker: VectorMaker, life: AbortSignal) {
    this.#parts = parts
    this.#maker = maker
    this.#life = life
  }

  /**
   * Resolves when nothing is left to do; calls made meanwhile share it.
   * @throws what opening the encoder throws. Pictures that cannot be used are counted, not thrown.
   */
  run(): Promise<SyncReport> {
    this.#running ??= this.#run().finally(() => {
      this.#running = null
    })
    return this.#running
  }

  /** Resolves when nothing is under way. */
  async ended(): Promise<void> {
    await this.#running?.catch(() => undefined) // Its callers hear of it; here only its end matters.
  }

  async #run(): Promise<SyncReport> {
    const { collection, coverage } = this.#parts
    let encoded = 0
    if (coverage.missingPictures.length > 0) {
      await collection.tabs.lead(this.#life, async () => {
        await collection.load()
        encoded = await this.#encodeMissing()
        await collection.flush()
      })
    }
    await collection.flush()
    return { products: coverage.products.size, encoded, skipped: coverage.uncovered }
  }

  async #encodeMissing(): Promise<number> {
    const { collection, coverage, onProgress } = this.#parts
    const pictures = coverage.missingPictures
    let next = 0
    let encoded = 0
    let failure: { error: unknown } | undefined
    const runLane = async () => {
      for (let picture = pictures[next++]; picture && !failure; picture = pictures[next++]) {
        try {
          await this.#maker.make(picture.contentKey, 'background')
          encoded++
        } catch (error) {
          if (!coverage.failureOf(picture.contentKey)) failure = { error }
        }
        onProgress(collection.table.size, coverage.encodable)
      }
    }
    await Promise.all(Array.from({ length: lanes }, runLane))
    if (failure) throw failure.error
    // The feed may have changed meanwhile.
    return coverage.missingPictures.length === 0 ? encoded : encoded + (await this.#encodeMissing())
  }
}
