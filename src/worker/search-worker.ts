import { transfer } from 'comlink'
import { SimilarItemsError } from '../errors.js'
import { combineEmbeddings, unitEmbedding } from '../vectors/combine.js'
import { answer, noTimings } from './answer.js'
import type { CatalogIndex } from './indexing/catalog-index.js'
import { type Outcome, toErrorMessage, type WorkerApi, type WorkerEvent } from './protocol.js'
import { CatalogSession } from './session/catalog-session.js'
import { threadsOfPage } from './session/page-threads.js'
import { lifeLock } from './web-locks.js'

/**
 * The worker's side of the border: every call is named, can be aborted by that name, and settles with an
 * `Outcome`.
 */
export class SearchWorker implements WorkerApi {
  readonly #calls = new Map<number, AbortController>()
  #session: CatalogSession | null = null

  async live(sign: MessagePort): Promise<string | null> {
    sign.onmessage = () => sign.postMessage(null)
    return lifeLock()
  }

  open: WorkerApi['open'] = (call, config, page) =>
    this.#run(call, async (signal) => {
      // These are calls to the page; one that fails because the page is gone concerns nobody.
      const notify = (event: WorkerEvent) => void Promise.resolve(page.notify(event)).catch(() => undefined)
      const startThread = threadsOfPage(page)
      this.#session = await CatalogSession.open(
        config,
        { notify, idle: () => page.idle(), startThread },
        signal,
      )
    })

  similarTo: WorkerApi['similarTo'] = (call, id, options, allowed) =>
    this.#ask(call, async (session, signal) => {
      const subject = await session.product(id, signal)
      const { index, embedding } = await withIndex(session, signal, async (index) => {
        return { index, embedding: await index.embeddingOf(subject, signal) }
      })
      session.indexInBackground(index)
      const question = { embedding, subjects: [subject], options, allowed, timings: noTimings }
      const list = answer(question, index, session.products, session.revision)
      if (!allowed) session.keepAnswer(index, list, subject, options)
      return list
    })

  searchByImage: WorkerApi['searchByImage'] = (call, picture, { crop, ...options }, allowed) =>
    this.#ask(call, async (session, signal) => {
      const request = { picture, crop, priority: 'user' } as const
      const { embedding, timings } = await session.pictures.encode(request, signal)
      const index = await session.index(signal)
      session.indexInBackground(index)
      return answer({ embedding, options, allowed, timings }, index, session.products, session.revision)
    })

  search: WorkerApi['search'] = (call, query, options, allowed) =>
    this.#ask(call, async (session, signal) => {
      if ('vector' in query) {
        const embedding = unitEmbedding(query.vector)
        const index = await session.index(signal)
        session.indexInBackground(index)
        const question = { embedding, options, allowed, timings: noTimings }
        return answer(question, index, session.products, session.revision)
      }
      const subjects = await Promise.all(query.items.map((id) => session.product(id, signal)))
      const { index, embeddings } = await withIndex(session, signal, async (index) => {
        const made = subjects.map((subject) => index.embeddingOf(subject, signal))
        return { index, embeddings: await Promise.all(made) }
      })
      session.indexInBackground(index)
      const embedding = combineEmbeddings(embeddings, query.weights)
      const question = { embedding, subjects, options, allowed, timings: noTimings }
      return answer(question, index, session.products, session.revision)
    })

  embed: WorkerApi['embed'] = (call, picture, crop) =>
    this.#ask(call, async ({ pictures }, signal) => {
      const request = { picture, crop: crop ?? undefined, priority: 'user' } as const
      return (await pictures.encode(request, signal)).embedding
    })

  proposeCrop: WorkerApi['proposeCrop'] = (call, picture) =>
    this.#ask(call, ({ pictures }, signal) => pictures.proposeCrop(picture, signal))

  preview: WorkerApi['preview'] = async (call, picture, longest) => {
    const outcome = await this.#ask(call, ({ pictures }, signal) =>
      pictures.preview(picture, longest, signal),
    )
    return outcome.ok ? transfer(outcome, [outcome.value]) : outcome
  }

  forgetPhoto: WorkerApi['forgetPhoto'] = (call) =>
    this.#run(call, async () => this.#session?.pictures.forgetPhoto())

  prepare: WorkerApi['prepare'] = (call) =>
    this.#ask(call, ({ pictures }, signal) => pictures.prepare(signal))

  retry: WorkerApi['retry'] = (call) => this.#run(call, async () => this.#session?.retryNow())

  products: WorkerApi['products'] = (call) =>
    this.#ask(call, async ({ products, revision }) => ({ revision, products: [...products.values()] }))

  sync: WorkerApi['sync'] = (call) =>
    this.#ask(call, async (session, signal) => {
      // Not the catalogue of an earlier visit is to be complete, but that of today.
      await session.compared(signal)
      return withIndex(session, signal, (index) => index.sync())
    })

  clear: WorkerApi['clear'] = (call) =>
    this.#ask(call, (session) => {
      session.pictures.forgetPhoto()
      return session.clear()
    })

  async close(): Promise<void> {
    for (const controller of this.#calls.values()) controller.abort(closed())
    const session = this.#session
    this.#session = null
    await session?.close()
  }

  abort(call: number): void {
    this.#calls.get(call)?.abort()
  }

  /** Runs a call to the session. Somebody waits for it, so what happens in the background waits as well. */
  #ask<T>(
    call: number,
    task: (session: CatalogSession, signal: AbortSignal) => Promise<T>,
  ): Promise<Outcome<T>> {
    return this.#run(call, async (signal) => {
      const session = this.#session
      if (!session) throw closed()
      session.hurry()
      return session.leisure.interrupt(() => task(session, signal))
    })
  }

  async #run<T>(call: number, task: (signal: AbortSignal) => Promise<T>): Promise<Outcome<T>> {
    const controller = new AbortController()
    this.#calls.set(call, controller)
    const report = () => this.#session?.status.takeReport() ?? null
    try {
      const value = await task(controller.signal)
      return { ok: true, value, report: report() }
    } catch (error) {
      return { ok: false, error: toErrorMessage(error), report: report() }
    } finally {
      this.#calls.delete(call)
    }
  }
}

/** What `use` makes of the index; should the index be replaced meanwhile, of the new one. */
async function withIndex<T>(
  session: CatalogSession,
  signal: AbortSignal,
  use: (index: CatalogIndex) => Promise<T>,
): Promise<T> {
  for (;;) {
    const index = await session.index(signal)
    try {
      return await use(index)
    } catch (error) {
      if ((await session.index(signal)) === index) throw error
    }
  }
}

function closed(): SimilarItemsError {
  return new SimilarItemsError('engine-closed', 'The engine is closed. Open another.')
}
