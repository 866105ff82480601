import { SimilarItemsError } from '../errors.js'
import { rank } from '../ranking/rank.js'
import type { Space } from '../types.js'
import { JavaScriptKernel } from '../vectors/scan-javascript.js'
import { assertSameSpace } from '../vectors/space.js'
import { VectorTable } from '../vectors/vector-table.js'
import { passesFilter } from './passes-filter.js'
import { assertStorable } from './storable.js'
import { encodedRows } from './stored-vector.js'
import type { EngineRow, VectorEngine, WrittenRow } from './vector-engine.js'

interface Shelf {
  readonly space: Space
  readonly table: VectorTable
  readonly rows: Map<string, WrittenRow>
}

/**
 * An engine in the memory of the process: exact, gone with it. It is what the others are measured by, and enough where
 * a catalogue fits: a hundred thousand vectors take some milliseconds a query.
 */
export function memoryEngine(): VectorEngine {
  const shelves = new Map<string, Shelf>()
  let active: Shelf | null = null

  const shelfOf = (space: Space): Shelf => {
    const known = shelves.get(space.fingerprint)
    if (known) return known
    const shelf = { space, table: new VectorTable(space, 'int8', new JavaScriptKernel()), rows: new Map() }
    shelves.set(space.fingerprint, shelf)
    return shelf
  }
  const answering = (): Shelf => {
    if (active) return active
    throw emptyEngine()
  }
  return {
    async describe(signal) {
      signal?.throwIfAborted()
      return active && { space: active.space, count: active.rows.size }
    },
    async nearest({ embedding, count, filter, signal }) {
      signal?.throwIfAborted()
      const { space, table, rows } = answering()
      assertSameSpace(space, embedding.space)
      const eligible = (id: string) => passesFilter(rows.get(id) as WrittenRow, filter)
      const options = { limit: count, nearDuplicate: 2 }
      const found = rank(table, embedding, options, { eligible })
      return { space, rows: found.map(({ id }) => rows.get(id) as EngineRow) }
    },
    async vectorOf(ids, signal) {
      signal?.throwIfAborted()
      const { space, rows } = answering()
      return { space, rows: ids.flatMap((id) => rows.get(id) ?? []) }
    },
    async write(space, rows, signal) {
      signal?.throwIfAborted()
      assertStorable(space, rows)
      const shelf = shelfOf(space)
      const entries = rows.map(({ id, version }) => ({ id, contentKey: version }))
      shelf.table.setAll(
        entries,
        encodedRows(
          rows.map(({ vector }) => vector),
          space.dimensions,
        ),
      )
      for (const row of rows) shelf.rows.set(row.id, row)
    },
    async remove(space, ids, signal) {
      signal?.throwIfAborted()
      const { table, rows } = shelfOf(space)
      for (const id of ids) {
        table.delete(id)
        rows.delete(id)
      }
    },
    async versions(space, after, count, signal) {
      signal?.throwIfAborted()
      const rows = [...shelfOf(space).rows.values()].filter(({ id }) => id > after)
      rows.sort((a, b) => (a.id < b.id ? -1 : 1))
      return rows.slice(0, count).map(({ id, version }) => [id, version] as const)
    },
    async activate(space, signal) {
      signal?.throwIfAborted()
      active = shelfOf(space)
      for (const fingerprint of shelves.keys()) {
        if (fingerprint !== space.fingerprint) shelves.delete(fingerprint)
      }
    },
  }
}

/** Says that an engine has nothing to answer from. */
export function emptyEngine(): SimilarItemsError {
  const message = 'The engine has no vectors yet. Load them with `similar-items push`.'
  return new SimilarItemsError('engine-empty', message)
}
