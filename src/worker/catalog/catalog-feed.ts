import { contentKey } from '../../catalog/content-key.js'
import { loadCatalog } from '../../catalog/load-catalog.js'
import { parseCatalog } from '../../catalog/parse-catalog.js'
import { pause } from '../../network/pause.js'
import { sha256 } from '../../sha256.js'
import type { StoredCatalog, VectorStore } from '../../store/vector-store.js'
import type { Product, SkippedItem } from '../../types.js'
import type { CatalogSource } from '../protocol.js'

/** A catalogue as it was at one time. */
export interface CatalogVersion {
  /** By id, in the order of the feed. */
  readonly products: ReadonlyMap<string, Product>
  readonly skipped: readonly SkippedItem[]
  /** What the feed says about a pack, not validated yet. */
  readonly pack: StoredCatalog['pack']
  /** Counts the versions seen, from 1. */
  readonly revision: number
}

type FeedContent = Pick<StoredCatalog, 'products' | 'skipped' | 'pack'>
type Validators = Pick<StoredCatalog, 'etag' | 'lastModified'>

/** Where the products come from: the page itself, the store, or the feed's URL. */
export class CatalogFeed {
  readonly #source: CatalogSource
  readonly #store: VectorStore
  #current: CatalogVersion = { products: new Map(), skipped: [], pack: undefined, revision: 0 }
  #validators: Validators | undefined
  #bytes = 0
  #key: string
  #saved: Promise<void> = Promise.resolve()

  constructor(source: CatalogSource, store: VectorStore) {
    this.#source = source
    this.#store = store
    this.#key = source.key
  }

  get current(): CatalogVersion {
    return this.#current
  }

  /** Tells this catalogue from others: of a feed that the page brought along, by its products and their pictures. */
  get key(): string {
    return this.#key
  }

  /** Bytes of feeds that were read so far. */
  get bytes(): number {
    return this.#bytes
  }

  /** Resolves when the version that was fetched last is stored. */
  get saved(): Promise<void> {
    return this.#saved
  }

  /**
   * Reads the catalogue: the stored one where there is one, whatever its age.
   * @returns whether the server may have a newer version.
   * @throws SimilarItemsError `catalog-unreachable`, `catalog-invalid`; the signal's reason on abort.
   */
  async open(signal: AbortSignal): Promise<boolean> {
    if ('items' in this.#source) {
      const { items, baseUrl, key } = this.#source
      const catalog = parseCatalog(items, baseUrl, { acceptsBlobPictures: true })
      this.#key = `${key}#${await hashOf(catalog.products)}`
      this.#take(catalog)
      return false
    }
    // A store that cannot be read has said so itself; the feed can still be fetched.
    const stored = await this.#store.loadCatalog(this.#source.key).catch(() => undefined)
    if (stored) this.#take(stored, stored)
    else await this.refresh(signal)
    return stored !== undefined
  }

  /**
   * Fetches the version that the server has now, where that is another one.
   * @returns whether it is.
   * @throws as `open`.
   */
  async refresh(signal: AbortSignal): Promise<boolean> {
    if ('items' in this.#source) return false
    const { url, key } = this.#source
    const previous = this.#validators
    const loaded = await loadCatalog(url, { signal, ...(previous && { previous }) })
    if (loaded.status === 'unchanged') return false
    this.#bytes += loaded.bytes
    const { etag, lastModified } = loaded
    const { products, skipped, extras } = loaded.catalog
    const content = { products, skipped, pack: { value: extras.get('pack'), base: loaded.url } }
    this.#take(content, { etag, lastModified })
    // The page is told first: to copy 10 000 products takes a while.
    this.#saved = pause(0)
      .then(() => this.#store.saveCatalog(key, { ...content, etag, lastModified }))
      .catch(() => undefined) // A store that fails says so itself.
    return true
  }

  #take({ products, skipped, pack }: FeedContent, validators?: Validators): void {
    this.#validators = validators
    this.#current = {
      products: new Map(products.map((product) => [product.id, product])),
      skipped,
      pack,
      revision: this.#current.revision + 1,
    }
  }
}

function hashOf(products: readonly Product[]): Promise<string> {
  const pairs = products.map((product) => [product.id, contentKey(product)])
  return sha256(new TextEncoder().encode(JSON.stringify(pairs)))
}
