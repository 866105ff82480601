import { abortable } from '../../abortable.js'
import { SimilarItemsError } from '../../errors.js'
import type { Space } from '../../types.js'
import { assertSameSpace, parseSpace } from '../../vectors/space.js'
import { emptyEngine } from '../memory-engine.js'
import { assertStorable, isStorable } from '../storable.js'
import { fromBase64, toBase64, toFloats } from '../stored-vector.js'
import type { EngineRow, FoundRows, NearestQuery, VectorEngine, WrittenRow } from '../vector-engine.js'
import { createRows, indexRows, migrate, type PgQuery, type TableNames, tableNames } from './schema.js'
import { whereClause } from './where-clause.js'

export interface PgvectorOptions {
  /** Any driver: see `PgQuery`. */
  readonly query: PgQuery
  /** What the tables are called, after a schema and `.` or not. Default `similar_items`. */
  readonly name?: string
  /** For so many milliseconds it is not asked again which space is answered from. Default 5000. */
  readonly spaceLifetime?: number
  readonly close?: () => Promise<void>
}

interface ActiveSpace {
  readonly space: Space
  readonly number: number
  readonly since: number
}

/**
 * PostgreSQL with pgvector 0.8 or later: `halfvec` in an HNSW index that is scanned until enough rows have passed the
 * filter, and where even that finds too few, all rows that pass. Reading takes rights to read, no more; tables are
 * made when something is written.
 * @throws SimilarItemsError `invalid-argument` for a bad `name`.
 */
export function pgvectorEngine(options: PgvectorOptions): VectorEngine {
  return new PgvectorEngine(options)
}

class PgvectorEngine implements VectorEngine {
  readonly #query: PgQuery
  readonly #names: TableNames
  readonly #lifetime: number
  readonly #close: (() => Promise<void>) | undefined
  #active: ActiveSpace | null = null
  /** Numbers of the spaces that have been written to. */
  readonly #written = new Map<string, Promise<number>>()

  constructor({ query, name = 'similar_items', spaceLifetime = 5000, close }: PgvectorOptions) {
    this.#query = async (sql, params, signal) => {
      signal?.throwIfAborted()
      return abortable(Promise.resolve(query(sql, params, signal)), signal)
    }
    this.#names = tableNames(name)
    this.#lifetime = spaceLifetime
    this.#close = close
  }

  async describe(signal?: AbortSignal) {
    const active = await this.#findActive(signal)
    if (!active) return null
    const [row] = await this.#query(`select count(*) from ${this.#names.rows(active.number)}`, [], signal)
    return { space: active.space, count: Number(row?.count) }
  }

  nearest({ embedding, count, filter, signal }: NearestQuery): Promise<FoundRows> {
    return this.#answer(signal, async ({ space, number }) => {
      assertSameSpace(space, embedding.space)
      const params = [`[${embedding.vector.join()}]`, String(Math.max(0, Math.floor(count)))]
      const where = whereClause(filter, params.length + 1)
      const found = (order: string, settings: string) =>
        this.#rows(
          space,
          `${settings} select ${columns} from ${this.#names.rows(number)} where ${where.sql}
            ${settings && 'and (select count(*) from settings) = 1'} and ($3::text) is not null
            order by ${order} limit ($2::text)::integer`,
          [...params, String(candidatesOfScan(count)), ...where.params],
          signal,
        )
      const distance = 'embedding <#> ($1::text)::halfvec'
      const rows = await found(distance, settingsOfScan)
      // The scan of the index gives up at some point. Without it, all rows that pass are compared.
      return rows.length < count ? found(`(${distance}) + 0`, '') : rows
    })
  }

  vectorOf(ids: readonly string[], signal?: AbortSignal): Promise<FoundRows> {
    return this.#answer(signal, ({ space, number }) => {
      const select = `select ${columns} from ${this.#names.rows(number)} where id in (
        select json_array_elements_text(($1::text)::json))`
      return this.#rows(space, select, [JSON.stringify(ids.filter(isStorable))], signal)
    })
  }

  async write(space: Space, rows: readonly WrittenRow[], signal?: AbortSignal): Promise<void> {
    assertStorable(space, rows)
    if (rows.length === 0) return
    // A statement cannot write one row twice: the last of an id counts.
    const distinct = [...new Map(rows.map((row) => [row.id, row])).values()]
    const records = distinct.map(({ id, group, version, product, values, vector }) => ({
      id,
      item_group: group,
      version,
      product: JSON.stringify(product),
      attributes: values,
      scale: vector.scale,
      levels: toBase64(vector.levels),
      embedding: `[${toFloats(vector).join()}]`,
    }))
    const insert = (table: string) =>
      `insert into ${table} (id, item_group, version, product, attributes, scale, levels, embedding)
        select id, item_group, version, product, attributes, scale, decode(levels, 'base64'), embedding::halfvec
        from json_to_recordset(($1::text)::json) as r(id text, item_group text, version text, product text,
          attributes jsonb, scale real, levels text, embedding text)
        order by id
        on conflict (id) do update set item_group = excluded.item_group, version = excluded.version,
          product = excluded.product, attributes = excluded.attributes, scale = excluded.scale,
          levels = excluded.levels, embedding = excluded.embedding`
    await this.#onTable(space, insert, [JSON.stringify(records)], signal)
  }

  async remove(space: Space, ids: readonly string[], signal?: AbortSignal): Promise<void> {
    const gone = (table: string) =>
      `delete from ${table} where id in (select json_array_elements_text(($1::text)::json))`
    await this.#onTable(space, gone, [JSON.stringify(ids.filter(isStorable))], signal)
  }

  async versions(space: Space, after: string, count: number, signal?: AbortSignal) {
    const select = (table: string) =>
      `select id, version from ${table} where id > ($1::text) order by id limit ($2::text)::integer`
    const read = () => this.#onTable(space, select, [after, String(count)], signal)
    const rows = await read().catch((error: unknown) => {
      // With the versions a load begins: now is the time to begin anew.
      if (isUndefinedTable(error)) return read()
      throw error
    })
    return rows.map(({ id, version }) => [String(id), String(version)] as const)
  }

  async activate(space: Space, signal?: AbortSignal): Promise<void> {
    const number = await this.#numberOf(space, signal)
    await indexRows(this.#query, this.#names, number, signal)
    const { spaces } = this.#names
    const flag = `update ${spaces} set is_active = (fingerprint = ($1::text))`
    await this.#query(flag, [space.fingerprint], signal)
    this.#active = { space, number, since: performance.now() }
    for (const other of await this.#query(`select number from ${spaces} where not is_active`, [], signal)) {
      await this.#query(`drop table if exists ${this.#names.rows(Number(other.number))}`, [], signal)
      const forget = `delete from ${spaces} where not is_active and number = ($1::text)::integer`
      await this.#query(forget, [String(other.number)], signal)
    }
    for (const fingerprint of this.#written.keys()) {
      if (fingerprint !== space.fingerprint) this.#written.delete(fingerprint)
    }
  }

  async close(): Promise<void> {
    await this.#close?.()
  }

  /**
   * Runs a statement on the table of a space. Where another process has dropped that, the next call makes it anew; this
   * one fails, for whoever writes believes that what was written before is there.
   */
  async #onTable(
    space: Space,
    sql: (table: string) => string,
    params: readonly string[],
    signal: AbortSignal | undefined,
  ) {
    const number = await this.#numberOf(space, signal)
    try {
      return await this.#query(sql(this.#names.rows(number)), params, signal)
    } catch (error) {
      if (isUndefinedTable(error)) this.#written.delete(space.fingerprint)
      throw error
    }
  }

  /** Answers from the active space; once more where that has just been replaced. */
  async #answer(
    signal: AbortSignal | undefined,
    find: (active: ActiveSpace) => Promise<readonly EngineRow[]>,
  ): Promise<FoundRows> {
    const known = this.#active
    const isFresh = known !== null && performance.now() - known.since < this.#lifetime
    if (isFresh) {
      try {
        return { space: known.space, rows: await find(known) }
      } catch (error) {
        const isReplaced = isUndefinedTable(error) || isMismatch(error)
        if (!isReplaced) throw error
      }
    }
    const active = await this.#findActive(signal)
    if (!active) throw emptyEngine()
    return { space: active.space, rows: await find(active) }
  }

  async #findActive(signal: AbortSignal | undefined): Promise<ActiveSpace | null> {
    const since = performance.now()
    const { spaces } = this.#names
    const rows = await this.#query(`select number, space from ${spaces} where is_active`, [], signal).catch(
      (error: unknown) => {
        if (isUndefinedTable(error)) return []
        throw error
      },
    )
    const [row] = rows
    if (!row) return null
    const space = parseSpace(JSON.parse(String(row.space)))
    if (!space) throw new SimilarItemsError('engine-invalid', `${spaces} has a space that is none.`)
    this.#active = { space, number: Number(row.number), since }
    return this.#active
  }

  async #rows(space: Space, sql: string, params: readonly string[], signal?: AbortSignal) {
    const rows = await this.#query(sql, params, signal)
    return rows.map(({ id, item_group, product, scale, levels }): EngineRow => {
      return {
        id: String(id),
        group: item_group === null ? null : String(item_group),
        product: JSON.parse(String(product)),
        vector: { levels: fromBase64(String(levels), space.dimensions), scale: Math.fround(Number(scale)) },
      }
    })
  }

  /** The number of a space that is written to; its table is there then. */
  #numberOf(space: Space, signal: AbortSignal | undefined): Promise<number> {
    const known = this.#written.get(space.fingerprint)
    if (known) return abortable(known, signal)
    const making = migrate(this.#query, this.#names).then(() => createRows(this.#query, this.#names, space))
    this.#written.set(space.fingerprint, making)
    making.catch(() => this.#written.delete(space.fingerprint))
    return abortable(making, signal)
  }
}

const columns = `id, item_group, product, scale, encode(levels, 'base64') as levels`

/**
 * Settings of the transaction that the statement is, set before its scan begins: with an index that is scanned on until
 * enough rows have passed, and with any driver and any pool, since it is one statement.
 */
const settingsOfScan = `with settings as materialized (
  select set_config('hnsw.iterative_scan', 'relaxed_order', true), set_config('hnsw.ef_search', ($3::text), true))`

/**
 * How many rows the index keeps in view: of a million vectors in clusters, lists of 12 have 97.3 % of what a scan finds with
 * 200, and 98.3 % with 320, which takes 3 ms longer; of 100 000, 99.5 and 99.8 %.
 */
function candidatesOfScan(count: number): number {
  return Math.min(1000, Math.max(320, 5 * count))
}

function isUndefinedTable(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }
  return code === '42P01' || (code === undefined && /relation .* does not exist/.test(String(message)))
}

function isMismatch(error: unknown): boolean {
  return error instanceof SimilarItemsError && error.code === 'space-mismatch'
}
