import { abortable } from '../../abortable.js'
import { SimilarItemsError } from '../../errors.js'
import type { Space } from '../../types.js'
import { assertSameSpace, parseSpace } from '../../vectors/space.js'
import { emptyEngine } from '../memory-engine.js'
import { passesFilter } from '../passes-filter.js'
import { digestKey, spaceKey } from '../space-key.js'
import { assertStorable, isStorable } from '../storable.js'
import { fromBase64, toBase64, toFloats } from '../stored-vector.js'
import type {
  EngineFilter,
  EngineRow,
  FilterValues,
  NearestQuery,
  VectorEngine,
  WrittenRow,
} from '../vector-engine.js'
import { type Collections, labelsOf, type Point } from './collections.js'

export interface CollectionsOptions {
  readonly collections: Collections
  /** What the collections are called. Default `similar_items`. */
  readonly name?: string
  /** For so many milliseconds it is not asked again which space is answered from. Default 5000. */
  readonly spaceLifetime?: number
  /** Rows that are written at once. Default 500. */
  readonly batch?: number
}

interface ActiveSpace {
  readonly space: Space
  readonly collection: string
  readonly since: number
}

interface UnreadVersions {
  readonly collection: string
  /** The last id that was read. */
  readonly after: string
  readonly list: (readonly [id: string, version: string])[]
}

/**
 * An engine of any database that has collections of vectors with a payload. Every space has a collection of its own, and
 * one more collection has the space that is answered from.
 */
export function collectionsEngine(options: CollectionsOptions): VectorEngine {
  return new CollectionsEngine(options)
}

class CollectionsEngine implements VectorEngine {
  readonly batch: number
  readonly #collections: Collections
  readonly #name: string
  readonly #lifetime: number
  #active: ActiveSpace | null = null
  /** Collections that are there. */
  readonly #made = new Map<string, Promise<void>>()
  /** What is left of the ids and versions of a space, while they are read page by page. */
  #unread: UnreadVersions | null = null

  constructor({
    collections,
    name = 'similar_items',
    spaceLifetime = 5000,
    batch = 500,
  }: CollectionsOptions) {
    this.#collections = collections
    this.#name = name
    this.#lifetime = spaceLifetime
    this.batch = batch
  }

  async describe(signal?: AbortSignal) {
    signal?.throwIfAborted()
    const active = await abortable(this.#findActive(), signal)
    if (!active) return null
    return { space: active.space, count: await abortable(this.#collections.count(active.collection), signal) }
  }

  nearest({ embedding, count, filter, signal }: NearestQuery) {
    return this.#answer(signal, async ({ space, collection }) => {
      assertSameSpace(space, embedding.space)
      const asked = storableFilter(filter)
      if (count <= 0 || !asked) return []
      const vector = [...embedding.vector]
      for (let wanted = count + 16; ; wanted *= 4) {
        signal?.throwIfAborted()
        const texts = await this.#collections.search(
          collection,
          { vector, count: wanted, filter: asked },
          signal,
        )
        const rows = texts.map((text) => readRow(text, space))
        const passing = rows.filter(({ row, values }) => passesFilter({ ...row, values }, filter))
        if (passing.length >= count || texts.length < wanted) {
          return passing.slice(0, count).map(({ row }) => row)
        }
      }
    })
  }

  vectorOf(ids: readonly string[], signal?: AbortSignal) {
    return this.#answer(signal, async ({ space, collection }) => {
      const keys = await Promise.all([...new Set(ids)].filter(isStorable).map(digestKey))
      const texts = keys.length > 0 ? await this.#collections.get(collection, keys, signal) : []
      return texts.map((text) => readRow(text, space).row)
    })
  }

  async write(space: Space, rows: readonly WrittenRow[], signal?: AbortSignal): Promise<void> {
    assertStorable(space, rows)
    if (rows.length === 0) return
    const collection = await this.#collectionOf(space, signal)
    // The last of an id counts.
    const distinct = [...new Map(rows.map((row) => [row.id, row])).values()]
    this.#unread = null
    const putting = Promise.all(distinct.map(toPoint))
      .then((points) => this.#collections.put(collection, points))
      .catch((error: unknown) => {
        // It may be gone, with another process that has switched to another space.
        this.#made.delete(collection)
        throw error
      })
    await abortable(putting, signal)
  }

  async remove(space: Space, ids: readonly string[], signal?: AbortSignal): Promise<void> {
    const collection = await this.#collectionOf(space, signal)
    const keys = await Promise.all(ids.filter(isStorable).map(digestKey))
    this.#unread = null
    if (keys.length > 0) await abortable(this.#collections.delete(collection, keys), signal)
  }

  async versions(space: Space, after: string, count: number, signal?: AbortSignal) {
    const collection = await this.#collectionOf(space, signal)
    const known = this.#unread
    const isNext = known !== null && known.collection === collection && known.after === after
    const list = isNext ? known.list : await this.#readVersions(space, collection, after, signal)
    const page = list.splice(0, count)
    const [last] = page.at(-1) ?? []
    this.#unread = last === undefined || list.length === 0 ? null : { collection, after: last, list }
    return page
  }

  async activate(space: Space, signal?: AbortSignal): Promise<void> {
    const collection = await this.#collectionOf(space, signal)
    const pointer = `${this.#name}_active`
    const [key, row] = [await digestKey(pointer), JSON.stringify(space)]
    const activating = async () => {
      this.#unread = null
      await this.#collections.create(pointer, 2)
      await this.#collections.put(pointer, [{ key, vector: [1, 0], labels: [], numbers: {}, row }])
      this.#active = { space, collection, since: performance.now() }
      this.#made.clear()
      for (const other of await this.#collections.names(`${this.#name}_rows_`)) {
        if (other !== collection) await this.#collections.drop(other)
      }
    }
    await abortable(activating(), signal)
  }

  async close(): Promise<void> {
    await this.#collections.close?.()
  }

  /** In the order of ids; databases have no order, so all are read at once. */
  async #readVersions(space: Space, collection: string, after: string, signal: AbortSignal | undefined) {
    const list: (readonly [id: string, version: string])[] = []
    for await (const text of this.#collections.all(collection, signal)) {
      signal?.throwIfAborted()
      const { row, version } = readRow(text, space)
      if (row.id > after) list.push([row.id, version])
    }
    return list.sort(([a], [b]) => (a < b ? -1 : 1))
  }

  /**
   * Answers from the active space; once more where that has just been replaced. Another process that has done so has
   * dropped the collection, and of one that is not there nothing is found.
   */
  async #answer(
    signal: AbortSignal | undefined,
    find: (active: ActiveSpace) => Promise<readonly EngineRow[]>,
  ) {
    signal?.throwIfAborted()
    const known = this.#active
    const isFresh = known !== null && performance.now() - known.since < this.#lifetime
    const active = isFresh ? known : await abortable(this.#findActive(), signal)
    if (!active) throw emptyEngine()
    const found = await settled(abortable(find(active), signal))
    if (found.status === 'fulfilled' && found.value.length > 0) {
      return { space: active.space, rows: found.value }
    }
    signal?.throwIfAborted()
    const current = await abortable(this.#findActive(), signal)
    if (current && current.space.fingerprint !== active.space.fingerprint) {
      return { space: current.space, rows: await abortable(find(current), signal) }
    }
    if (found.status === 'rejected') throw found.reason
    return { space: active.space, rows: found.value }
  }

  async #findActive(): Promise<ActiveSpace | null> {
    const since = performance.now()
    const pointer = `${this.#name}_active`
    const [text] = await this.#collections.get(pointer, [await digestKey(pointer)])
    if (text === undefined) return null
    const space = parseSpace(JSON.parse(text))
    if (!space) throw new SimilarItemsError('engine-invalid', `${pointer} has a space that is none.`)
    this.#active = { space, collection: await this.#rowsName(space), since }
    return this.#active
  }

  async #collectionOf(space: Space, signal: AbortSignal | undefined): Promise<string> {
    signal?.throwIfAborted()
    const name = await this.#rowsName(space)
    const making = this.#made.get(name) ?? this.#collections.create(name, space.dimensions)
    this.#made.set(name, making)
    making.catch(() => this.#made.delete(name))
    await abortable(making, signal)
    return name
  }

  async #rowsName(space: Space): Promise<string> {
    return `${this.#name}_rows_${await spaceKey(space)}`
  }
}

async function settled<Value>(promise: Promise<Value>): Promise<PromiseSettledResult<Value>> {
  return (await Promise.allSettled([promise]))[0]
}

/** A filter without texts that nothing can have, or null where it needs one of them. */
function storableFilter({ exceptIds, exceptGroups, conditions }: EngineFilter): EngineFilter | null {
  const known = conditions.map((condition) =>
    'oneOf' in condition ? { ...condition, oneOf: condition.oneOf.filter(isStorable) } : condition,
  )
  const isImpossible = known.some(
    (condition) => !isStorable(condition.attribute) || ('oneOf' in condition && condition.oneOf.length === 0),
  )
  if (isImpossible) return null
  return {
    exceptIds: exceptIds.filter(isStorable),
    exceptGroups: exceptGroups.filter(isStorable),
    conditions: known,
  }
}

async function toPoint({ id, group, version, product, values, vector }: WrittenRow): Promise<Point> {
  const entries = Object.entries(values)
  const texts = entries.flatMap(([name, value]) => (typeof value === 'string' ? labelsOf(name, [value]) : []))
  const levels = toBase64(vector.levels)
  return {
    key: await digestKey(id),
    vector: [...toFloats(vector)],
    labels: texts,
    numbers: Object.fromEntries(entries.filter(([, value]) => typeof value === 'number')) as Record<
      string,
      number
    >,
    row: JSON.stringify({ id, group, version, product, values, levels, scale: vector.scale }),
  }
}

function readRow(text: string, space: Space): { row: EngineRow; values: FilterValues; version: string } {
  const { id, group, version, product, values, levels, scale } = JSON.parse(text)
  const vector = { levels: fromBase64(levels, space.dimensions), scale }
  return { row: { id, group, product, vector }, values, version }
}
