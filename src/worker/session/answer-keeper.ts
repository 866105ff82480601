import { keptQuestion } from '../../kept-question.js'
import { pause } from '../../network/pause.js'
import type { KeptAnswer } from '../../store/kept-answers.js'
import type { VectorStore } from '../../store/vector-store.js'
import type { Product, RankedList, RankingOptions } from '../../types.js'
import { answer, noTimings } from '../answer.js'
import type { CatalogFeed } from '../catalog/catalog-feed.js'
import type { CatalogIndex } from '../indexing/catalog-index.js'
import type { WorkerConfig } from '../protocol.js'
import type { Leisure } from './leisure.js'

export interface AnswerKeeperParts {
  readonly config: Pick<WorkerConfig, 'model' | 'projection' | 'format' | 'asksAtOnce'>
  readonly store: Pick<VectorStore, 'answers'>
  readonly feed: CatalogFeed
  readonly leisure: Pick<Leisure, 'wait'>
  /** Whether an index is the one in use. */
  readonly isInUse: (index: CatalogIndex) => boolean
}

/**
 * Keeps the list of a product page, and those of the products in it, to which a shopper goes next: their pages show them
 * before a worker has started.
 */
export class AnswerKeeper {
  readonly #parts: AnswerKeeperParts
  readonly #life: AbortSignal

  constructor(parts: AnswerKeeperParts, life: AbortSignal) {
    this.#parts = parts
    this.#life = life
  }

  /**
   * Makes and keeps, when there is leisure, what is not kept yet. Does nothing where what is in memory may not be what is
   * stored. Rejects as the store does, and with the reason of the end.
   */
  async keep(
    index: CatalogIndex,
    list: RankedList,
    subject: Product,
    options: RankingOptions,
  ): Promise<void> {
    const { config, store, feed, leisure } = this.#parts
    // Who calls the engine does not look for kept lists.
    if (!config.asksAtOnce || !list.complete) return
    await leisure.wait(this.#life)
    await feed.saved()
    await index.collection.flush()
    const { answers } = store
    const stamp = this.#stampOf(index)
    if (!answers) return
    if (stamp === null) return answers.begin(feed.key)
    const known = await answers.questions(feed.key)
    const { revision, products } = feed.current
    const made = new Map<string, KeptAnswer>()
    const next = list.hits.slice(0, mostNext).map((hit) => hit.product)
    for (const { id } of [subject, ...next]) {
      const question = keptQuestion({ ...config, id, options })
      if (known.has(question)) continue
      // A shopper who asks meanwhile comes first, and what is stored may change.
      await pause(0, this.#life)
      if (this.#stampOf(index) !== stamp) return
      // The catalogue may be another one than when the list was made.
      const product = products.get(id)
      const embedding = product && index.knownEmbeddingOf(product)
      if (!embedding) continue
      const asked = { embedding, subjects: [product], options, allowed: null, timings: noTimings }
      const { queryId: _, timings, ...kept } = answer(asked, index, products, revision)
      // The others are about as long.
      if (JSON.stringify(kept).length > longestAnswer) break
      made.set(question, kept)
    }
    if (made.size > 0) await answers.keep(feed.key, stamp, made)
  }

  /** What the catalogue and the index are stored under; null where what is in memory may differ from that. */
  #stampOf(index: CatalogIndex): string | null {
    const { store, feed, isInUse } = this.#parts
    const isSame =
      feed.isStored && index.collection.isStored && index.covers(feed.current.products) && isInUse(index)
    return isSame ? (store.answers?.stampOf(feed.key) ?? null) : null
  }
}

/** Of so many products in a list the lists are kept: of those that a shopper sees first. */
const mostNext = 24
/** In characters. Longer lists are not kept: as many as are would take a shopper's disk. */
const longestAnswer = 64_000
