import type { PgQuery } from '../../src/engines/pgvector/schema.js'
import { packFolder } from '../data/kept-folder.js'
import { openPglite } from './pglite.js'
import { siteProducts } from './site-products.js'

type Server = typeof import('../../src/engines/index.js')
type Indexer = typeof import('../../src/node/index.js')
type Listener = ReturnType<Server['nodeListener']>

/** The built package, as a shop would import it. */
const server = () => import(new URL('../../dist/node/server.js', import.meta.url).href) as Promise<Server>
const indexer = () => import(new URL('../../dist/node/index.js', import.meta.url).href) as Promise<Indexer>

/** A catalogue that can be asked, and the milliseconds that it took to load it. */
export interface LoadedCatalogue {
  readonly listener: Listener
  readonly loading: number
}

/**
 * The demo's catalogues in PostgreSQL with pgvector, in this process and in memory: PGlite. Each is pushed there from
 * its pack when it is asked for first.
 */
export class ShopDatabase {
  readonly #opened = openPglite()
  readonly #catalogues = new Map<string, Promise<LoadedCatalogue>>()

  constructor() {
    this.#opened.catch(() => undefined) // Whoever asks hears of it.
  }

  /** Rejects where there is no database or no pack; the next call tries the pack again. */
  load(catalogue: string): Promise<LoadedCatalogue> {
    let loaded = this.#catalogues.get(catalogue)
    if (!loaded) {
      loaded = this.#push(catalogue)
      this.#catalogues.set(catalogue, loaded)
      loaded.catch(() => this.#catalogues.delete(catalogue))
    }
    return loaded
  }

  async close(): Promise<void> {
    const opened = await this.#opened.catch(() => null)
    await opened?.database.close()
  }

  async #push(catalogue: string): Promise<LoadedCatalogue> {
    const started = performance.now()
    const { query } = await this.#opened
    const listener = await pushed(catalogue, query)
    return { listener, loading: performance.now() - started }
  }
}

/** Tables of its own for each catalogue, filled, and what answers from them. */
async function pushed(catalogue: string, query: PgQuery): Promise<Listener> {
  const [{ nodeListener, pgvectorEngine, similarHandler }, { pushPack }] = await Promise.all([
    server(),
    indexer(),
  ])
  const engine = pgvectorEngine({ query, name: catalogue })
  await pushPack({ folder: packFolder(catalogue), engine })
  const onError = (error: unknown) => console.error(error)
  return nodeListener(similarHandler({ engine, products: await siteProducts(catalogue), onError }))
}
