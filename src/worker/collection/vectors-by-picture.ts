import { groupByPicture } from '../../catalog/group-by-picture.js'
import type { ModelIdentity, StoredCatalog, VectorRows, VectorStore } from '../../store/vector-store.js'
import type { Product, Space } from '../../types.js'
import { pickVectors } from '../../vectors/encoded-vectors.js'
import type { VectorEntry } from '../../vectors/vector-table.js'

/** More pictures than this are not kept for feeds that no page shows now: 2 MB of vectors of the package's model. */
const MOST_PICTURES = 10_000

/**
 * A store in which vectors belong to pictures instead of products, for feeds that pages bring along: each page may show
 * another part of the shop, and what one has encoded is there for all others. To its user it looks as if it held the
 * vectors of the catalogue's products, whatever the catalogue is called.
 */
export class VectorsByPicture implements VectorStore {
  readonly #store: VectorStore
  readonly #name: string
  readonly #products: () => Iterable<Product>
  readonly #mostPictures: number

  /** @param name of the collection that all catalogues share. @param products of the catalogue of this page. */
  constructor(
    store: VectorStore,
    name: string,
    products: () => Iterable<Product>,
    mostPictures = MOST_PICTURES,
  ) {
    this.#store = store
    this.#name = name
    this.#products = products
    this.#mostPictures = mostPictures
  }

  get kind(): VectorStore['kind'] {
    return this.#store.kind
  }

  async loadVectors(_catalogKey: string, space: Space): Promise<readonly VectorRows[]> {
    const stored = await this.#store.loadVectors(this.#name, space)
    const productsOfPicture = groupByPicture(this.#products())
    const unshown = stored.flatMap(({ entries }) => entries).filter(({ id }) => !productsOfPicture.has(id))
    const total = stored.reduce((sum, { entries }) => sum + entries.length, 0)
    const excess = Math.max(0, total - this.#mostPictures)
    // Those written first come first.
    const oldest = unshown.slice(0, excess).map(({ id }) => id)
    if (oldest.length > 0) await this.#store.removeVectors(this.#name, space, oldest)
    return stored.map((rows) => expand(rows, (key) => productsOfPicture.get(key) ?? []))
  }

  async putVectors(_catalogKey: string, space: Space, { entries, vectors }: VectorRows): Promise<void> {
    const rowOfPicture = new Map(entries.map(({ contentKey }, row) => [contentKey, row]))
    // The address of a blob means nothing to another page.
    const pictures = [...rowOfPicture].filter(([key]) => !key.startsWith('blob:'))
    if (pictures.length === 0) return
    const keyed = pictures.map(([key]) => ({ id: key, contentKey: key }))
    const picked = pickVectors(
      vectors,
      pictures.map(([, row]) => row),
    )
    await this.#store.putVectors(this.#name, space, { entries: keyed, vectors: picked })
  }

  /** That a product is gone, or shows another picture now, says nothing about its picture. */
  async removeVectors(): Promise<void> {}

  loadPackHash(_catalogKey: string, space: Space): Promise<string | undefined> {
    return this.#store.loadPackHash(this.#name, space)
  }

  loadCatalog(catalogKey: string): Promise<StoredCatalog | undefined> {
    return this.#store.loadCatalog(catalogKey)
  }

  saveCatalog(catalogKey: string, catalog: Omit<StoredCatalog, 'storedAt'>): Promise<void> {
    return this.#store.saveCatalog(catalogKey, catalog)
  }

  loadModelIdentity(modelUrl: string): Promise<ModelIdentity | undefined> {
    return this.#store.loadModelIdentity(modelUrl)
  }

  saveModelIdentity(modelUrl: string, identity: ModelIdentity): Promise<void> {
    return this.#store.saveModelIdentity(modelUrl, identity)
  }

  clear(): Promise<void> {
    return this.#store.clear()
  }

  close(): void {
    this.#store.close()
  }
}

/** The rows of pictures as rows of the products that show them; those of other pictures are left out. */
function expand(
  { entries, vectors }: VectorRows,
  productsShowing: (contentKey: string) => readonly Product[],
): VectorRows {
  const rows: number[] = []
  const expanded: VectorEntry[] = []
  for (const [row, { id: key }] of entries.entries()) {
    for (const { id } of productsShowing(key)) {
      rows.push(row)
      expanded.push({ id, contentKey: key })
    }
  }
  return { entries: expanded, vectors: pickVectors(vectors, rows) }
}
