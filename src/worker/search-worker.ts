import { SimilarItemsError } from '../errors.js'
import type { Product, QueryTimings } from '../types.js'
import { answer } from './answer.js'
import { CatalogSession } from './catalog-session.js'
import { type Outcome, toErrorMessage, type WorkerApi, type WorkerEvent } from './protocol.js'

const noTimings: Omit<QueryTimings, 'rank'> = { fetch: 0, decode: 0, resize: 0, inference: 0 }

/**
 * The worker's side of the border: every call is named, can be aborted by that name, and settles with an
 * `Outcome`.
 */
export class SearchWorker implements WorkerApi {
  readonly #calls = new Map<number, AbortController>()
  #session: CatalogSession | null = null

  lifeLock(): Promise<string | null> {
    if (!navigator.locks) return Promise.resolve(null)
    const name = `similar-items-worker-${crypto.randomUUID()}`
    return new Promise((resolve) => {
      void navigator.locks.request(name, () => {
        resolve(name)
        return new Promise<never>(() => undefined)
      })
    })
  }

  open: WorkerApi['open'] = (call, config, listener) =>
    this.#run(call, async (signal) => {
      // A listener is a call to the page; one that fails because the page is gone concerns nobody.
      const notify = (event: WorkerEvent) => void Promise.resolve(listener(event)).catch(() => undefined)
      this.#session = await CatalogSession.open(config, notify, signal)
    })

  similarTo: WorkerApi['similarTo'] = (call, id, options, allowed) =>
    this.#run(call, async (signal) => {
      const session = this.#opened()
      const subject = session.products.get(id)
      if (!subject) throw unknownProduct(id, session)
      const { index, embedding } = await embeddingOf(subject, session, signal)
      session.indexInBackground(index)
      const question = { embedding, subject, options, allowed, timings: noTimings }
      return answer(question, index, session.products, session.revision)
    })

  searchByImage: WorkerApi['searchByImage'] = (call, image, { crop, ...options }, allowed) =>
    this.#run(call, async (signal) => {
      const session = this.#opened()
      const request = { picture: image, crop, priority: 'user' } as const
      const { embedding, timings } = await session.pictures.encode(request, signal)
      const index = await session.index(signal)
      session.indexInBackground(index)
      return answer({ embedding, options, allowed, timings }, index, session.products, session.revision)
    })

  embed: WorkerApi['embed'] = (call, image, crop) =>
    this.#run(call, async (signal) => {
      const request = { picture: image, crop: crop ?? undefined, priority: 'user' } as const
      return (await this.#opened().pictures.encode(request, signal)).embedding
    })

  proposeCrop: WorkerApi['proposeCrop'] = (call, image) =>
    this.#run(call, (signal) => this.#opened().pictures.proposeCrop(image, signal))

  prepare: WorkerApi['prepare'] = (call) =>
    this.#run(call, (signal) => this.#opened().pictures.prepare(signal))

  products: WorkerApi['products'] = (call) =>
    this.#run(call, async () => {
      const { products, revision } = this.#opened()
      return { revision, products: [...products.values()] }
    })

  sync: WorkerApi['sync'] = (call) =>
    this.#run(call, async (signal) => {
      const session = this.#opened()
      const index = await session.index(signal)
      return index.sync({ retryFailed: true })
    })

  clear: WorkerApi['clear'] = (call) => this.#run(call, () => this.#opened().clear())

  async close(): Promise<void> {
    for (const controller of this.#calls.values()) controller.abort(closed())
    const session = this.#session
    this.#session = null
    await session?.close()
  }

  abort(call: number): void {
    this.#calls.get(call)?.abort()
  }

  async #run<T>(call: number, task: (signal: AbortSignal) => Promise<T>): Promise<Outcome<T>> {
    const controller = new AbortController()
    this.#calls.set(call, controller)
    try {
      return { ok: true, value: await task(controller.signal) }
    } catch (error) {
      return { ok: false, error: toErrorMessage(error) }
    } finally {
      this.#session?.status.flush()
      this.#calls.delete(call)
    }
  }

  #opened(): CatalogSession {
    if (!this.#session) throw closed()
    return this.#session
  }
}

/** A product's vector with the index that has it; should the model be replaced meanwhile, from the new index. */
async function embeddingOf(subject: Product, session: CatalogSession, signal: AbortSignal) {
  for (;;) {
    const index = await session.index(signal)
    try {
      return { index, embedding: await index.embeddingOf(subject, signal) }
    } catch (error) {
      if ((await session.index(signal)) === index) throw error
    }
  }
}

function closed(): SimilarItemsError {
  return new SimilarItemsError('engine-closed', 'The engine is closed. Open another.')
}

function unknownProduct(id: string, { products, status }: CatalogSession): SimilarItemsError {
  const skipped = status.snapshot().skipped.find((item) => item.id === id)
  const why = skipped
    ? `was left out of the catalogue: ${skipped.reason}`
    : `is not among the ${products.size} products of the catalogue`
  return new SimilarItemsError('product-unknown', `Product "${id}" ${why}.`, { subject: id })
}
