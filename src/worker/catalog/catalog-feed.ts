import { CatalogProducts } from '../../catalog/catalog-products.js'
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
  readonly products: CatalogProducts
  readonly skipped: readonly SkippedItem[]
  /** What the feed says about a pack, not validated yet. */
  readonly pack: StoredCatalog['pack']
  /** Counts the versions seen, from 1. */
  readonly revision: number
}

type FeedContent = Omit<CatalogVersion, 'revision'>
/** What it returns is waited for. */
type PackListener = (pack: StoredCatalog['pack']) => Promise<void>
type Validators = Pick<StoredCatalog, 'etag' | 'lastModified'>

/** Where the products come from: the page itself, the store, or the feed's URL. */
export class CatalogFeed {
  readonly #source: CatalogSource
  readonly #store: VectorStore
  readonly #whenToSave: () => Promise<void>
  #current: CatalogVersion = {
    products: CatalogProducts.of([]),
    skipped: [],
    pack: undefined,
    revision: 0,
  }
  #validators: Validators | undefined
  #bytes = 0
  /** Those that are stored. */
  #stored: CatalogProducts | null = null
  #key: string
  #saved: Promise<void> = Promise.resolve()
  #saveNow = () => {}

  /** @param whenToSave resolves when there is time to store a version that was fetched. */
  constructor(source: CatalogSource, store: VectorStore, whenToSave = () => pause(0)) {
    this.#source = source
    this.#store = store
    this.#whenToSave = whenToSave
    this.#key = source.key
  }

  get current(): CatalogVersion {
    return this.#current
  }

  /** Tells this catalogue from others: of a feed that the page brought along, by its products and their pictures. */
  get key(): string {
    return this.#key
  }

  /** Whether the current version is the one that is stored. */
  get isStored(): boolean {
    return this.#stored === this.#current.products
  }

  /** Bytes of feeds that were read so far. */
  get bytes(): number {
    return this.#bytes
  }

  /** Resolves when the version that was fetched last is stored, or could not be. */
  saved(): Promise<void> {
    return this.#saved
  }

  /** Stores the version that was fetched last now, if it is not stored yet. Resolves when it is. */
  save(): Promise<void> {
    this.#saveNow()
    return this.#saved
  }

  /**
   * Reads the catalogue: the stored one where there is one, whatever its age.
   * @param onFetch called where none is stored. What it returns is told of the feed's pack before the products are known.
   * @returns whether the server may have a newer version.
   * @throws SimilarItemsError `catalog-unreachable`, `catalog-invalid`; the signal's reason on abort.
   */
  async open(signal: AbortSignal, onFetch?: () => PackListener): Promise<boolean> {
    if ('items' in this.#source) {
      const { items, baseUrl, key } = this.#source
      const { products, skipped } = parseCatalog(items, baseUrl, { acceptsBlobPictures: true })
      this.#key = `${key}#${await hashOf(products)}`
      this.#take({ products: CatalogProducts.of(products), skipped, pack: undefined })
      return false
    }
    // A store that cannot be read has said so itself; the feed can still be fetched.
    const stored = await this.#store.loadCatalog(this.#source.key).catch(() => undefined)
    const products = stored && readStored(stored.products)
    if (products) {
      const { skipped, pack, etag, lastModified } = stored
      this.#take({ skipped, pack, products }, { etag, lastModified })
      this.#stored = products
    } else await this.refresh(signal, onFetch?.())
    return products !== undefined
  }

  /**
   * Fetches the version that the server has now, where that is another one.
   * @returns whether it is.
   * @throws as `open`.
   */
  async refresh(signal: AbortSignal, onPack?: PackListener): Promise<boolean> {
    if ('items' in this.#source) return false
    const { url, key } = this.#source
    const previous = this.#validators
    const loaded = await loadCatalog(url, {
      signal,
      ...(previous && { previous }),
      ...(onPack && { onExtras: (extras, base) => onPack({ value: extras.get('pack'), base }) }),
    })
    if (loaded.status === 'unchanged') return false
    this.#bytes += loaded.bytes
    const { etag, lastModified } = loaded
    const { products, skipped, extras } = loaded.catalog
    const pack = { value: extras.get('pack'), base: loaded.url }
    const content = { products: CatalogProducts.of(products), skipped, pack }
    this.#take(content, { etag, lastModified })
    // To write 10 000 products down takes a while.
    const now = new Promise<void>((resolve) => {
      const saveEarlier = this.#saveNow
      this.#saveNow = () => {
        saveEarlier()
        resolve()
      }
    })
    this.#saved = Promise.all([this.#saved, Promise.race([this.#whenToSave(), now])])
      .then(async () => {
        // A later version is stored in its place.
        if (this.#current.products !== content.products) return
        const packed = { ...content, products: content.products.pack(), etag, lastModified }
        await this.#store.saveCatalog(key, packed)
        this.#stored = content.products
      })
      .catch(() => undefined) // A store that fails says so itself.
    return true
  }

  #take({ products, skipped, pack }: FeedContent, validators?: Validators): void {
    this.#validators = validators
    this.#current = { products, skipped, pack, revision: this.#current.revision + 1 }
  }
}

/** Undefined for what cannot be read: it is fetched anew then. */
function readStored(stored: StoredCatalog['products']): CatalogProducts | undefined {
  try {
    return 'texts' in stored ? CatalogProducts.unpack(stored) : CatalogProducts.of(stored)
  } catch {
    return undefined
  }
}

function hashOf(products: readonly Product[]): Promise<string> {
  const pairs = products.map((product) => [product.id, contentKey(product)])
  return sha256(new TextEncoder().encode(JSON.stringify(pairs)))
}
