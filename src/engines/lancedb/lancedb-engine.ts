import { abortable } from '../../abortable.js'
import { SimilarItemsError } from '../../errors.js'
import type { Space } from '../../types.js'
import { assertSameSpace } from '../../vectors/space.js'
import { emptyEngine } from '../memory-engine.js'
import { spaceKey } from '../space-key.js'
import { assertStorable, isStorable } from '../storable.js'
import type { EngineRow, FoundRows, NearestQuery, VectorEngine, WrittenRow } from '../vector-engine.js'
import { indexTable, isSearchedByIndex, type LanceSearch } from './index-table.js'
import type { LanceConnection, LanceModule, LanceTable } from './lance-module.js'
import { fromRecord, rowColumns, rowSchema, spaceOf, toRecord } from './rows.js'
import { textLiteral, whereText } from './where-text.js'

export interface LancedbOptions {
  /** The package: `import * as lancedb from '@lancedb/lancedb'`. */
  readonly lancedb: LanceModule
  /** A folder, or the address of one in a bucket, as `s3://bucket/similar`. */
  readonly uri: string
  /** What opens the bucket, see LanceDB's documentation. */
  readonly storageOptions?: Record<string, string>
  /** `exact` compares with every row; `approximate` builds an index; `auto` does so from 100 000 rows. Default `auto`. */
  readonly search?: LanceSearch
  /** What the tables are called. Default `similar_items`. */
  readonly name?: string
  /** For so many milliseconds it is not looked whether another process has written. Default 5000. */
  readonly spaceLifetime?: number
}

interface ActiveSpace {
  readonly space: Space
  readonly table: LanceTable
  readonly isIndexed: boolean
  readonly since: number
}

/**
 * LanceDB: a folder or a bucket, without a server. Every process that answers opens it by itself; one should write at a
 * time. A question that is aborted ends for who asked; LanceDB has no way to end the search itself before its limit of
 * a minute.
 * @throws SimilarItemsError `invalid-argument` for a bad `name`.
 */
export function lancedbEngine(options: LancedbOptions): VectorEngine {
  return new LancedbEngine(options)
}

class LancedbEngine implements VectorEngine {
  /** Every write is a version of the table and files of its own. */
  readonly batch = 10_000
  readonly #connect: () => Promise<LanceConnection>
  readonly #module: LanceModule
  readonly #search: LanceSearch
  readonly #name: string
  readonly #lifetime: number
  #connection: Promise<LanceConnection> | null = null
  #active: ActiveSpace | null = null
  /** Tables that have been written to, by name: what was written is seen at once through the same handle only. */
  readonly #written = new Map<string, Promise<LanceTable>>()
  /** The write that is going on: of two at once, LanceDB may refuse one. */
  #writing: Promise<unknown> = Promise.resolve()

  constructor(options: LancedbOptions) {
    const {
      lancedb,
      uri,
      storageOptions,
      search = 'auto',
      name = 'similar_items',
      spaceLifetime = 5000,
    } = options
    if (!/^[a-z_][a-z0-9_]{0,39}$/.test(name)) {
      const message = `"${name}" is no name for tables: lower-case letters, digits and "_".`
      throw new SimilarItemsError('invalid-argument', message, { subject: name })
    }
    this.#module = lancedb
    this.#search = search
    this.#name = name
    this.#lifetime = spaceLifetime
    const consistency = { readConsistencyInterval: spaceLifetime / 1000 }
    this.#connect = () => lancedb.connect(uri, { ...consistency, ...(storageOptions && { storageOptions }) })
  }

  async describe(signal?: AbortSignal) {
    const active = await this.#findActive(signal)
    return active && { space: active.space, count: await abortable(active.table.countRows(), signal) }
  }

  nearest({ embedding, count, filter, signal }: NearestQuery): Promise<FoundRows> {
    const limit = Math.max(0, Math.floor(count))
    const where = whereText(filter)
    return this.#answer(signal, async ({ space, table, isIndexed }) => {
      assertSameSpace(space, embedding.space)
      if (limit === 0) return []
      const find = async (useIndex: boolean) => {
        const near = table.query().nearestTo(embedding.vector).column('embedding').distanceType('dot')
        const asked = near.select([...rowColumns, '_distance']).limit(limit)
        const filtered = where === null ? asked : asked.where(where)
        const query = useIndex
          ? filtered.maximumNprobes(2 * partitionsSearched).minimumNprobes(partitionsSearched)
          : filtered.bypassVectorIndex()
        return (await query.toArray({ timeoutMs })).map(fromRecord)
      }
      const rows = await find(isIndexed)
      // Parts of the index may have too few rows that pass. Without it, all rows that pass are compared.
      return isIndexed && rows.length < limit ? find(false) : rows
    })
  }

  vectorOf(ids: readonly string[], signal?: AbortSignal): Promise<FoundRows> {
    const known = ids.filter(isStorable)
    return this.#answer(signal, async ({ table }) => {
      if (known.length === 0) return []
      const query = table.query().where(idIn(known)).select(rowColumns)
      return (await query.toArray({ timeoutMs })).map(fromRecord)
    })
  }

  async write(space: Space, rows: readonly WrittenRow[], signal?: AbortSignal): Promise<void> {
    assertStorable(space, rows)
    if (rows.length === 0) return
    // A merge cannot write one row twice: the last of an id counts.
    const distinct = [...new Map(rows.map((row) => [row.id, row])).values()]
    await this.#change(space, signal, (table) => {
      const merge = table.mergeInsert('id').useIndex(false).whenMatchedUpdateAll().whenNotMatchedInsertAll()
      return merge.execute(distinct.map(toRecord))
    })
  }

  async remove(space: Space, ids: readonly string[], signal?: AbortSignal): Promise<void> {
    const known = ids.filter(isStorable)
    if (known.length > 0) await this.#change(space, signal, (table) => table.delete(idIn(known)))
  }

  async versions(space: Space, after: string, count: number, signal?: AbortSignal) {
    const table = await abortable(this.#tableOf(space), signal)
    const query = table
      .query()
      .where(`id > ${textLiteral(after)}`)
      .orderBy({ columnName: 'id' })
    const page = query.limit(count).select(['id', 'version']).toArray({ timeoutMs })
    const rows = await abortable(page, signal)
    return rows.map(({ id, version }) => [String(id), String(version)] as const)
  }

  async activate(space: Space, signal?: AbortSignal): Promise<void> {
    await this.#change(space, signal, async (table) => {
      await indexTable(this.#module, table, this.#search)
      const connection = await this.#open()
      const rowsName = await this.#rowsName(space)
      const pointer = await connection.createEmptyTable(this.#pointerName, pointerSchema, { existOk: true })
      // One version of one table: whoever reads sees the one space or the other.
      await pointer.add([{ table_name: rowsName }], { mode: 'overwrite' })
      await this.#findActive()
      await this.#forgetOthers(connection, rowsName)
    })
  }

  async close(): Promise<void> {
    const connection = this.#connection
    this.#connection = null
    this.#active = null
    this.#written.clear()
    await this.#writing
    if (connection) (await connection).close()
  }

  /** Answers from the active space; once more where another process has just replaced it. */
  async #answer(
    signal: AbortSignal | undefined,
    find: (active: ActiveSpace) => Promise<readonly EngineRow[]>,
  ): Promise<FoundRows> {
    signal?.throwIfAborted()
    const known = this.#active
    const isFresh = known !== null && performance.now() - known.since < this.#lifetime
    const active = isFresh ? known : await this.#findActive(signal)
    if (!active) throw emptyEngine()
    try {
      return { space: active.space, rows: await abortable(find(active), signal) }
    } catch (error) {
      signal?.throwIfAborted()
      this.#written.clear()
      const current = isFresh ? await this.#findActive(signal) : active
      if (!current || current.space.fingerprint === active.space.fingerprint) throw error
      return { space: current.space, rows: await abortable(find(current), signal) }
    }
  }

  async #findActive(signal?: AbortSignal): Promise<ActiveSpace | null> {
    const find = async (): Promise<ActiveSpace | null> => {
      const since = performance.now()
      const connection = await this.#open()
      const pointer = await connection.openTable(this.#pointerName).catch((error: unknown) => {
        if (isNotFound(error)) return null
        throw error
      })
      const [row] = (await pointer?.query().limit(1).toArray({ timeoutMs })) ?? []
      if (!row) return null
      const name = String(row.table_name)
      const table = await (this.#written.get(name) ?? connection.openTable(name))
      const space = spaceOf(name, (await table.schema()).metadata)
      const isIndexed = this.#search !== 'exact' && (await isSearchedByIndex(table))
      this.#active = { space, table, isIndexed, since }
      return this.#active
    }
    signal?.throwIfAborted()
    return abortable(find(), signal)
  }

  #open(): Promise<LanceConnection> {
    this.#connection ??= this.#connect().catch((error: unknown) => {
      this.#connection = null
      throw error
    })
    return this.#connection
  }

  /** Changes the table of a space, after the changes before. */
  async #change(
    space: Space,
    signal: AbortSignal | undefined,
    change: (table: LanceTable) => Promise<unknown>,
  ): Promise<void> {
    signal?.throwIfAborted()
    const turn = this.#writing.then(async () => {
      signal?.throwIfAborted()
      try {
        await change(await this.#tableOf(space))
      } catch (error) {
        // It may have been dropped by another process.
        this.#written.clear()
        throw error
      }
    })
    this.#writing = turn.catch(() => undefined)
    await abortable(turn, signal)
  }

  /** The table of a space that is written to, made where it is missing. */
  async #tableOf(space: Space): Promise<LanceTable> {
    const [connection, name] = await Promise.all([this.#open(), this.#rowsName(space)])
    const known = this.#written.get(name)
    if (known) return known
    const making = openOrMake(connection, name, space)
    this.#written.set(name, making)
    making.catch(() => this.#written.delete(name))
    spaceOf(name, (await (await making).schema()).metadata)
    if (this.#active?.space.fingerprint === space.fingerprint) await this.#findActive()
    return making
  }

  async #forgetOthers(connection: LanceConnection, kept: string): Promise<void> {
    const prefix = `${this.#name}_rows_`
    const names = await connection.tableNames({ startAfter: prefix, limit: 1000 })
    for (const name of names) {
      if (!name.startsWith(prefix) || name === kept) continue
      await connection.dropTable(name)
      this.#written.delete(name)
    }
  }

  get #pointerName(): string {
    return `${this.#name}_active`
  }

  async #rowsName(space: Space): Promise<string> {
    return `${this.#name}_rows_${await spaceKey(space)}`
  }
}

const timeoutMs = 60_000

async function openOrMake(connection: LanceConnection, name: string, space: Space): Promise<LanceTable> {
  try {
    return await connection.openTable(name)
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
  const table = await connection.createEmptyTable(name, rowSchema(space), { existOk: true })
  // Two processes that write one id at once are told so by LanceDB, and the later one merges again.
  await table.setUnenforcedPrimaryKey('id')
  return table
}

/** Parts of the index that are looked through at least. */
const partitionsSearched = 40

const pointerSchema = { fields: [{ name: 'table_name', type: 'utf8', nullable: false }] }

function idIn(ids: readonly string[]): string {
  return `id in (${ids.map(textLiteral).join(', ')})`
}

function isNotFound(error: unknown): boolean {
  return /was not found|does not exist/i.test(String((error as Error | null)?.message))
}
