import type { VectorCollection } from '../collection/vector-collection.js'
import type { SyncReport } from '../protocol.js'
import type { Leisure } from '../session/leisure.js'
import { ServerHealth } from './server-health.js'
import type { VectorCoverage } from './vector-coverage.js'
import type { VectorMaker } from './vector-maker.js'

/** Pictures fetched and decoded while another is encoded. */
const lanes = 3

export interface SyncParts {
  readonly collection: VectorCollection
  readonly coverage: VectorCoverage
  readonly leisure: Leisure
  readonly onProgress: (done: number, total: number) => void
}

/** Makes the vectors that a catalogue lacks, in its order, while no other tab does the same. */
export class CatalogSync {
  readonly #parts: SyncParts
  readonly #maker: VectorMaker
  readonly #life: AbortSignal
  /** Pictures that were asked for in vain. They come last, or some that never come would keep others from their turn. */
  readonly #inVain = new Set<string>()
  #atOnce: Promise<SyncReport> | null = null
  #atLeisure: Promise<void> | null = null

  constructor(parts: SyncParts, maker: VectorMaker, life: AbortSignal) {
    this.#parts = parts
    this.#maker = maker
    this.#life = life
  }

  /**
   * Makes them now. Resolves when nothing is left to do; calls made meanwhile share it.
   * @throws what opening the encoder throws. Pictures that cannot be used are counted, not thrown.
   */
  run(): Promise<SyncReport> {
    this.#atOnce ??= this.#runAtOnce().finally(() => {
      this.#atOnce = null
    })
    return this.#atOnce
  }

  /**
   * Makes them when there is leisure, and lets other tabs lead while there is none. Settles as `run` does, but also
   * resolves when the index is closed: nobody waits for this.
   */
  runAtLeisure(): Promise<void> {
    this.#atLeisure ??= this.#runAtLeisure().finally(() => {
      this.#atLeisure = null
    })
    return this.#atLeisure
  }

  /** Resolves when nothing is under way. */
  async ended(): Promise<void> {
    await Promise.allSettled([this.#atOnce, this.#atLeisure])
  }

  async #runAtOnce(): Promise<SyncReport> {
    const { collection, coverage } = this.#parts
    const encoded =
      coverage.missingPictures.length > 0
        ? await collection.tabs.lead(this.#life, () => this.#makeMissing(async () => undefined))
        : 0
    await collection.flush()
    return { products: coverage.products.size, encoded, skipped: coverage.uncovered }
  }

  async #runAtLeisure(): Promise<void> {
    const { leisure, collection } = this.#parts
    try {
      await this.#makeMissing(() => leisure.wait(this.#life))
      await collection.flush()
    } catch (error) {
      if (!this.#life.aborted) throw error
    }
  }

  /** @param turn is waited for before each picture. @returns how many there are with a vector now. */
  async #makeMissing(turn: () => Promise<void>): Promise<number> {
    const { collection, coverage, onProgress } = this.#parts
    const isInVain = (key: string) => Number(this.#inVain.has(key))
    const pictures = coverage.missingPictures.toSorted((a, b) => isInVain(a) - isInVain(b))
    const servers = new ServerHealth()
    let next = 0
    let made = 0
    let failure: { error: unknown } | undefined
    const runLane = async () => {
      for (let key = pictures[next++]; key !== undefined && !failure; key = pictures[next++]) {
        const contentKey = key
        // A key need not be where the picture is.
        const picture = coverage.productsShowing(contentKey)[0]?.image_link ?? contentKey
        const down = servers.failureOf(picture)
        if (down) {
          this.#maker.noteFailure(contentKey, down)
          continue
        }
        try {
          await turn()
          await collection.tabs.lead(this.#life, () => this.#maker.make(contentKey, 'background'))
          servers.answered(picture)
          this.#inVain.delete(contentKey)
          made++
        } catch (error) {
          const known = coverage.failureOf(contentKey)
          if (known) {
            servers.failed(picture, known)
            this.#inVain.add(contentKey)
          } else failure = { error }
        }
        onProgress(collection.table.size, coverage.encodable)
      }
    }
    await Promise.all(Array.from({ length: lanes }, runLane))
    if (failure) throw failure.error
    // The feed may have changed meanwhile.
    return coverage.missingPictures.length === 0 ? made : made + (await this.#makeMissing(turn))
  }
}
