import { abortable } from '../../abortable.js'
import type { CellReference } from '../../catalog/cell-index.js'
import { isSimilarItemsError, SimilarItemsError } from '../../errors.js'
import { NetworkFailure } from '../../network/network-failure.js'
import { newQueryId } from '../../query-id.js'
import { rank, type ShownPicture } from '../../ranking/rank.js'
import { groupRows } from '../../ranking/row-groups.js'
import type { Embedding, Hit, Product, QueryOptions, RankedList, VectorQuery } from '../../types.js'
import { combineEmbeddings, unitEmbedding } from '../../vectors/combine.js'
import { decodeVector } from '../../vectors/encoded-vectors.js'
import { nearestCells } from '../../vectors/nearest-cells.js'
import { JavaScriptKernel } from '../../vectors/scan-javascript.js'
import { assertSameSpace } from '../../vectors/space.js'
import { VectorTable } from '../../vectors/vector-table.js'
import type { ListSource } from '../list-source.js'
import { type LoadedCell, loadCell, type OpenedCells, openCells } from './cell-files.js'

/** Cells that stay in memory beside those of the last list; the HTTP cache has the others. */
const keptCells = 48
/** Small cells are looked at until there are so many products for every one that is wanted. */
const rowsForHit = 8
/** A filter of the page may leave little of the nearest cells: up to so many times as many are looked at. */
const widening = 4

/**
 * A catalogue that lies in cells of similar products on any web server. What is asked for is which cells are near, and
 * these are ranked here: neither a photo nor its vector leaves the page. Which files are loaded does say, to whoever
 * serves them, about what kind of product is looked for.
 */
export class CellSearch implements ListSource {
  readonly #url: string
  #opened: Promise<OpenedCells> | null = null
  /** By URL, in the order of their last use. */
  readonly #cells = new Map<string, Promise<LoadedCell>>()
  /** The cells that have arrived: products of theirs can be asked about. */
  readonly #loaded = new Map<string, LoadedCell>()
  /** Questions under way. */
  #answering = 0

  /** @param url absolute, of what `similar-items cells` wrote. */
  constructor(url: string) {
    this.#url = url
  }

  /**
   * The list for a vector, or for products that were in an earlier list.
   * @throws SimilarItemsError `pack-unreachable`, `pack-invalid`, `catalog-invalid`, `download-stalled`,
   * `space-mismatch`, `product-unknown`; the signal's reason on abort.
   */
  async ask(query: VectorQuery, options: QueryOptions = {}): Promise<RankedList> {
    const { signal } = options
    signal?.throwIfAborted()
    const opened = await abortable(this.#open(), signal)
    this.#answering++
    try {
      return await this.#answer(opened, query, options)
    } catch (error) {
      // Cells that have been written again since have other names.
      if (!isGone(error)) throw error
      this.#opened = null
      const now = await abortable(this.#open(), signal)
      if (now.index.centroids.sha256 === opened.index.centroids.sha256) throw error
      return await this.#answer(now, query, options)
    } finally {
      this.#answering--
    }
  }

  async projection(signal: AbortSignal | undefined): Promise<string | null> {
    return (await abortable(this.#open(), signal)).index.projection?.url ?? null
  }

  #open(): Promise<OpenedCells> {
    this.#opened ??= openCells(this.#url).catch((error: unknown) => {
      this.#opened = null
      throw error
    })
    return this.#opened
  }

  async #answer(opened: OpenedCells, query: VectorQuery, options: QueryOptions): Promise<RankedList> {
    const started = performance.now()
    const { filter, signal, limit = 12 } = options
    const { index, centroids } = opened
    const start = 'vector' in query ? startFromVector(query.vector) : this.#startFromItems(query, opened)
    assertSameSpace(index.space, start.embedding.space)
    const nearest = nearestCells(centroids, start.embedding.vector)
    const order = nearest.map((cell) => index.cells[cell] as CellReference)
    const least = Math.max(index.probes, firstWith(order, rowsForHit * limit))
    for (let probes = least; ; probes *= 2) {
      const near = await abortable(this.#load(order.slice(0, probes), opened), signal)
      const fetched = performance.now()
      const { hits, ranked } = rankCells(opened, near, start, options)
      const isAll = probes >= order.length || probes >= widening * least
      if (filter && hits.length < limit && !isAll) continue
      // What others wait for stays.
      if (this.#answering === 1) this.#evict(near.length)
      const [fetch, rank] = [fetched - started, performance.now() - fetched]
      return {
        queryId: newQueryId(),
        hits,
        space: index.space,
        ranked,
        total: index.count,
        complete: true,
        timings: { fetch, decode: 0, resize: 0, inference: 0, rank },
      }
    }
  }

  /** The cells, of which the first is the last to be forgotten. */
  #load(references: readonly CellReference[], opened: OpenedCells): Promise<LoadedCell[]> {
    return Promise.all(references.toReversed().map((reference) => this.#cell(reference, opened)))
  }

  #cell(reference: CellReference, { index }: OpenedCells): Promise<LoadedCell> {
    const url = reference.pack
    const known = this.#cells.get(url)
    this.#cells.delete(url)
    const cell = known ?? this.#fetch(reference, index.space)
    this.#cells.set(url, cell)
    return cell
  }

  /** Forgets cells that were not used for long. @param used cells that the last list was made of, the newest in use. */
  #evict(used: number): void {
    const urls = [...this.#cells.keys()]
    for (const url of urls.slice(0, Math.max(0, urls.length - Math.max(keptCells, used)))) this.#forget(url)
  }

  #fetch(reference: CellReference, space: OpenedCells['index']['space']): Promise<LoadedCell> {
    const loading = loadCell(reference, space)
    loading.then(
      (cell) => this.#cells.get(reference.pack) === loading && this.#loaded.set(reference.pack, cell),
      () => this.#cells.get(reference.pack) === loading && this.#forget(reference.pack),
    )
    return loading
  }

  #forget(url: string): void {
    this.#cells.delete(url)
    this.#loaded.delete(url)
  }

  #startFromItems(
    { items, weights }: Extract<VectorQuery, { items: unknown }>,
    { index }: OpenedCells,
  ): Start {
    const { space } = index
    const shown = items.map((id) => this.#pictureOf(id, index.cells))
    const embeddings = shown.map(({ vector }) => ({ space, vector }))
    const [only] = embeddings
    const embedding =
      embeddings.length === 1 && only && !weights ? only : combineEmbeddings(embeddings, weights)
    return { embedding, ids: items, shown }
  }

  #pictureOf(id: string, cells: readonly CellReference[]): ShownPicture {
    for (const { pack } of cells) {
      const cell = this.#loaded.get(pack)
      const row = cell?.products.has(id) ? cell.entries.findIndex((entry) => entry.id === id) : -1
      if (!cell || row < 0) continue
      const { contentKey } = cell.entries[row] as LoadedCell['entries'][number]
      return { contentKey, vector: decodeVector(cell.vectors, row) }
    }
    const message = `Product "${id}" is in no cell that this page has loaded. Cells are for photos; take engine, neighbors or catalog for items.`
    throw new SimilarItemsError('product-unknown', message, { subject: id })
  }
}

interface Start {
  readonly embedding: Embedding
  /** Products that the list is for. */
  readonly ids: readonly string[]
  readonly shown: readonly ShownPicture[]
}

function startFromVector(embedding: Embedding): Start {
  return { embedding: unitEmbedding(embedding), ids: [], shown: [] }
}

/** How many of the cells it takes for so many products. */
function firstWith(cells: readonly CellReference[], rows: number): number {
  let sum = 0
  const index = cells.findIndex(({ count }) => {
    sum += count
    return sum >= rows
  })
  return index < 0 ? cells.length : index + 1
}

/** The list that a page with the whole catalogue would make, of these cells alone. */
function rankCells(
  opened: OpenedCells,
  cells: readonly LoadedCell[],
  { embedding, ids, shown }: Start,
  { filter, signal: _, ...ranking }: QueryOptions,
): { readonly hits: Hit[]; readonly ranked: number } {
  const { table, products } = tableOf(opened, cells)
  const groups = groupRows(table.entries, products)
  const own = new Set(ids.map((id) => products.get(id)?.item_group_id).filter(Boolean))
  const eligible = (id: string) => {
    const product = products.get(id) as Product
    const isOwn = ids.includes(id) || own.has(product.item_group_id)
    return !isOwn && (!filter || filter(product))
  }
  const found = rank(table, embedding, ranking, { eligible, groups, shown })
  const hits = found.map(({ id, score }, rank) => ({ product: products.get(id) as Product, score, rank }))
  return { hits, ranked: table.size }
}

function tableOf({ index }: OpenedCells, cells: readonly LoadedCell[]) {
  const format = cells[0]?.vectors.format ?? 'int8'
  // For some thousand rows, what compiling another kernel takes is longer than what it saves.
  const table = new VectorTable(index.space, format, new JavaScriptKernel())
  const products = new Map<string, Product>()
  for (const { entries, vectors, products: own } of cells) {
    table.setAll(entries, vectors)
    for (const [id, product] of own) products.set(id, product)
  }
  return { table, products }
}

/** Whether a file is not there any more, as after the cells were written again. */
function isGone(error: unknown): boolean {
  const cause = isSimilarItemsError(error, 'pack-unreachable') ? error.cause : null
  return cause instanceof NetworkFailure && (cause.status === 404 || cause.status === 410)
}
