import { abortable } from '../../abortable.js'
import { SimilarItemsError } from '../../errors.js'
import type { Embedding, Space } from '../../types.js'
import { assertSameSpace, parseSpace } from '../../vectors/space.js'
import { emptyEngine } from '../memory-engine.js'
import { passesFilter } from '../passes-filter.js'
import { spaceKey } from '../space-key.js'
import { assertStorable, isStorable } from '../storable.js'
import { fromBase64, toBase64, toFloats } from '../stored-vector.js'
import type { EngineFilter, EngineRow, FilterValues, VectorEngine, WrittenRow } from '../vector-engine.js'

/** What a `VectorStore` of LangChain is, as far as it matters here. Its scores are not looked at. */
export interface LangchainVectorStore {
  // biome-ignore lint/suspicious/noExplicitAny: every store has options of its own.
  addVectors(vectors: number[][], documents: LangchainDocument[], options?: any): Promise<unknown>
  similaritySearchVectorWithScore(
    query: number[],
    k: number,
    // biome-ignore lint/suspicious/noExplicitAny: every store has filters of its own.
    filter?: any,
  ): Promise<readonly (readonly [Pick<LangchainDocument, 'metadata'>, number])[]>
  // biome-ignore lint/suspicious/noExplicitAny: most take `{ ids }`.
  delete?(params?: any): Promise<void>
}

export interface LangchainDocument {
  pageContent: string
  // biome-ignore lint/suspicious/noExplicitAny: as LangChain has it.
  metadata: Record<string, any>
  id?: string
}

/** What a `BaseStore` of LangChain is: an `InMemoryStore`, files, Redis and others. */
export interface LangchainRecords {
  mget(keys: string[]): Promise<(unknown | undefined)[]>
  // biome-ignore lint/suspicious/noExplicitAny: texts are written; what the store is declared for is its own business.
  mset(pairs: [string, any][]): Promise<void>
  mdelete(keys: string[]): Promise<void>
  yieldKeys(prefix?: string): AsyncGenerator<string>
}

export interface LangchainOptions {
  /**
   * Opens the store of a space: another space, another collection or index, since vectors of both must not be compared.
   * `key` is the same for the same space, of letters and digits.
   */
  readonly vectors: (key: string, space: Space) => LangchainVectorStore | Promise<LangchainVectorStore>
  /** Keeps the rows by id, with their vectors: vector stores of LangChain give back neither vectors nor rows by id. */
  readonly records: LangchainRecords
  /**
   * A filter in the words of the store, which knows the values of a row as `metadata.values`, its id and group as
   * `metadata.id` and `metadata.group`. It may let more pass: what comes back is filtered again. Default: none, and more
   * is asked for until enough has passed.
   */
  readonly filter?: (filter: EngineFilter) => unknown
  /** Ids that are written or removed at once. Default 500. */
  readonly batch?: number
}

interface Shelf {
  readonly space: Space
  readonly key: string
  readonly store: LangchainVectorStore
}

/** What is kept of a row. */
interface StoredRecord {
  readonly group: string | null
  readonly version: string
  readonly product: Readonly<Record<string, unknown>>
  readonly values: FilterValues
  readonly levels: string
  readonly scale: number
}

/**
 * Any vector store of LangChain: it is asked which ids are near, and nothing else is believed. Rows and vectors come
 * from `records`. What a store cannot delete, or has twice, is passed over.
 */
export function langchainEngine(options: LangchainOptions): VectorEngine {
  return new LangchainEngine(options)
}

class LangchainEngine implements VectorEngine {
  readonly batch: number
  readonly #options: LangchainOptions
  readonly #shelves = new Map<string, Promise<Shelf>>()
  #writing: Promise<unknown> = Promise.resolve()

  constructor(options: LangchainOptions) {
    this.#options = options
    this.batch = options.batch ?? 500
  }

  async describe(signal?: AbortSignal) {
    const shelf = await this.#active(signal)
    return shelf && { space: shelf.space, count: (await abortable(this.#idsOf(shelf), signal)).length }
  }

  async nearest({ embedding, count, filter, signal }: Parameters<VectorEngine['nearest']>[0]) {
    const shelf = await this.#answering(signal)
    assertSameSpace(shelf.space, embedding.space)
    const rows = await abortable(this.#find(shelf, embedding, { count, filter, signal }), signal)
    return { space: shelf.space, rows }
  }

  async vectorOf(ids: readonly string[], signal?: AbortSignal) {
    const shelf = await this.#answering(signal)
    const rows = await abortable(this.#rows(shelf, ids.filter(isStorable)), signal)
    return { space: shelf.space, rows: rows.map(({ row }) => row) }
  }

  async write(space: Space, rows: readonly WrittenRow[], signal?: AbortSignal): Promise<void> {
    assertStorable(space, rows)
    if (rows.length === 0) return
    // The last of an id counts.
    const distinct = [...new Map(rows.map((row) => [row.id, row])).values()]
    await this.#change(signal, async () => {
      const shelf = await this.#shelf(space)
      const ids = distinct.map(({ id }) => id)
      const known = (await this.#rows(shelf, ids)).map(({ row }) => row.id)
      await this.#forgetVectors(shelf, known)
      await this.#options.records.mset([[spacePrefix + shelf.key, JSON.stringify(space)]])
      const documents = distinct.map(({ id, group, product, values }) => {
        return { pageContent: String(product.title ?? id), metadata: { id, group, values }, id }
      })
      const vectors = distinct.map(({ vector }) => [...toFloats(vector)])
      await shelf.store.addVectors(vectors, documents, { ids })
      // Last: a row that was cut off before is written again.
      await this.#options.records.mset(
        distinct.map(({ id, vector, ...row }) => {
          const { group, version, product, values } = row
          const levels = toBase64(vector.levels)
          const record: StoredRecord = { group, version, product, values, levels, scale: vector.scale }
          return [rowKey(shelf, id), JSON.stringify(record)] as [string, string]
        }),
      )
    })
  }

  async remove(space: Space, ids: readonly string[], signal?: AbortSignal): Promise<void> {
    await this.#change(signal, async () => {
      const shelf = await this.#shelf(space)
      const known = (await this.#rows(shelf, ids.filter(isStorable))).map(({ row }) => row.id)
      if (known.length === 0) return
      await this.#options.records.mdelete(known.map((id) => rowKey(shelf, id)))
      await this.#forgetVectors(shelf, known)
    })
  }

  async versions(space: Space, after: string, count: number, signal?: AbortSignal) {
    const shelf = await abortable(this.#shelf(space), signal)
    const ids = (await abortable(this.#idsOf(shelf), signal)).filter((id) => id > after).sort()
    const page = await abortable(this.#rows(shelf, ids.slice(0, count)), signal)
    return page.map(({ row, version }) => [row.id, version] as const)
  }

  async activate(space: Space, signal?: AbortSignal): Promise<void> {
    await this.#change(signal, async () => {
      const before = await this.#active()
      const { records } = this.#options
      await records.mset([[activeKey, JSON.stringify(space)]])
      const others = [...(before ? [before] : []), ...(await this.#written())]
      const distinct = new Map(others.map((shelf) => [shelf.key, shelf]))
      distinct.delete(await spaceKey(space))
      for (const shelf of distinct.values()) await this.#forget(shelf)
    })
  }

  /** Of all spaces that have been written to, also those that were never answered from. */
  async #written(): Promise<Shelf[]> {
    const keys: string[] = []
    for await (const key of this.#options.records.yieldKeys(spacePrefix)) {
      if (key.startsWith(spacePrefix)) keys.push(key)
    }
    const records = keys.length > 0 ? await this.#options.records.mget(keys) : []
    const spaces = records.flatMap((record) => parseSpace(parseRecord(record)) ?? [])
    return Promise.all(spaces.map((space) => this.#shelf(space)))
  }

  async #forget(shelf: Shelf): Promise<void> {
    const { records } = this.#options
    const ids = await this.#idsOf(shelf)
    for (let start = 0; start < ids.length; start += this.batch) {
      const some = ids.slice(start, start + this.batch)
      await records.mdelete(some.map((id) => rowKey(shelf, id)))
      await this.#forgetVectors(shelf, some)
    }
    await records.mdelete([spacePrefix + shelf.key])
  }

  /** Asks for more until enough different rows have passed, or there is no more. */
  async #find(
    shelf: Shelf,
    { vector }: Embedding,
    { count, filter, signal }: Omit<Parameters<VectorEngine['nearest']>[0], 'embedding'>,
  ): Promise<EngineRow[]> {
    if (count <= 0) return []
    const inItsWords = this.#options.filter?.(filter)
    for (let k = count + 16; ; k *= 4) {
      signal?.throwIfAborted()
      const found = await shelf.store.similaritySearchVectorWithScore([...vector], k, inItsWords)
      const ids = new Set(found.map(([{ metadata }]) => String(metadata.id)))
      const rows = await this.#rows(shelf, [...ids])
      const passing = rows.filter(({ row, values }) => passesFilter({ ...row, values }, filter))
      if (passing.length >= count || found.length < k) return passing.slice(0, count).map(({ row }) => row)
    }
  }

  /** In the order of the ids; those that are not there are left out. */
  async #rows(
    shelf: Shelf,
    ids: readonly string[],
  ): Promise<{ row: EngineRow; values: FilterValues; version: string }[]> {
    if (ids.length === 0) return []
    const records = await this.#options.records.mget(ids.map((id) => rowKey(shelf, id)))
    return records.flatMap((record, at) => {
      if (record === undefined || record === null) return []
      const { group, product, values, version, levels, scale } = parseRecord(record) as StoredRecord
      const vector = { levels: fromBase64(levels, shelf.space.dimensions), scale }
      return { row: { id: ids[at] as string, group, product, vector }, values, version }
    })
  }

  async #idsOf(shelf: Shelf): Promise<string[]> {
    const prefix = rowKey(shelf, '')
    const ids: string[] = []
    for await (const key of this.#options.records.yieldKeys(prefix)) {
      if (key.startsWith(prefix)) ids.push(decodeURIComponent(key.slice(prefix.length)))
    }
    return ids
  }

  async #forgetVectors({ store }: Shelf, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return
    // Some stores have no way to delete. What is left there has no record, or another one: it is passed over.
    await store.delete?.({ ids: [...ids] }).catch((error: unknown) => {
      if (!/not implemented/i.test(String((error as Error | null)?.message))) throw error
    })
  }

  async #answering(signal: AbortSignal | undefined): Promise<Shelf> {
    const shelf = await this.#active(signal)
    if (shelf) return shelf
    throw emptyEngine()
  }

  async #active(signal?: AbortSignal): Promise<Shelf | null> {
    signal?.throwIfAborted()
    const [record] = await abortable(this.#options.records.mget([activeKey]), signal)
    if (record === undefined || record === null) return null
    const space = parseSpace(parseRecord(record))
    if (space) return abortable(this.#shelf(space), signal)
    throw new SimilarItemsError('engine-invalid', `The record ${activeKey} has a space that is none.`)
  }

  #shelf(space: Space): Promise<Shelf> {
    const known = this.#shelves.get(space.fingerprint)
    if (known) return known
    const opening = (async () => {
      const key = await spaceKey(space)
      return { space, key, store: await this.#options.vectors(key, space) }
    })()
    this.#shelves.set(space.fingerprint, opening)
    opening.catch(() => this.#shelves.delete(space.fingerprint))
    return opening
  }

  /** One change after the other: a row is in two places. */
  async #change(signal: AbortSignal | undefined, change: () => Promise<void>): Promise<void> {
    signal?.throwIfAborted()
    const turn = this.#writing.then(() => {
      signal?.throwIfAborted()
      return change()
    })
    this.#writing = turn.catch(() => undefined)
    await abortable(turn, signal)
  }
}

const activeKey = 'similar-items-active'

/** Begins the keys under which the spaces are that have been written to. Keys of rows have digits in its place. */
const spacePrefix = 'similar-items-space-'

/** Stores give back the text that they were given, or its bytes. */
function parseRecord(record: unknown): unknown {
  if (record === undefined || record === null) return null
  return JSON.parse(record instanceof Uint8Array ? new TextDecoder().decode(record) : String(record))
}

/** Key-value stores that are folders have rules for keys: letters, digits and a few marks. */
function rowKey({ key }: Pick<Shelf, 'key'>, id: string): string {
  return `similar-items-${key}-${encodeURIComponent(id)}`
}
