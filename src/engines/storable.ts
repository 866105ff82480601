import { SimilarItemsError } from '../errors.js'
import type { Space } from '../types.js'
import type { WrittenRow } from './vector-engine.js'

/** How far the norm of a vector may be from 1: 8-bit rounding stays well inside. */
const normTolerance = 0.03

/**
 * Whether engines can keep a text as it is: databases know no NUL, and no half of a surrogate pair. One that cannot be
 * kept is the id of no product, and the value of no attribute.
 */
export function isStorable(text: string): boolean {
  return !/\0|\p{Surrogate}/u.test(text)
}

/**
 * Whether engines can keep a text as an id: one that is storable, not empty and not so long that an index of a database
 * refuses it.
 */
export function isStorableId(text: string): boolean {
  return text !== '' && isStorable(text) && new TextEncoder().encode(text).length <= longestId
}

/** Bytes in UTF-8. PostgreSQL's indexes take 2704; Google Merchant allows 50 letters. */
const longestId = 2000

/**
 * Passes for rows that every engine can take.
 * @throws SimilarItemsError `invalid-argument`, naming the row.
 */
export function assertStorable(space: Space, rows: readonly WrittenRow[]): void {
  for (const row of rows) {
    const what = whatIsWrong(space, row)
    if (what === null) continue
    const message = `Row ${JSON.stringify(row.id.slice(0, 100))} cannot be written: ${what}.`
    throw new SimilarItemsError('invalid-argument', message, { subject: row.id })
  }
}

function whatIsWrong(space: Space, { id, group, version, values, vector }: WrittenRow): string | null {
  if (!isStorableId(id)) {
    return `its id is empty, longer than ${longestId} bytes, or has a NUL in it or half a surrogate pair`
  }
  if (group !== null && !isStorable(group))
    return 'its item_group_id has a NUL in it or half a surrogate pair'
  if (!isStorable(version)) return 'its version has a NUL in it or half a surrogate pair'
  for (const [name, value] of Object.entries(values)) {
    const isGood = typeof value === 'string' ? isStorable(value) : Number.isFinite(value)
    if (!isGood || !isStorable(name))
      return `its value ${JSON.stringify(name)} is one that databases do not know`
  }
  const { length } = vector.levels
  if (length !== space.dimensions) {
    return `its vector has ${length} components; space "${space.fingerprint}" has ${space.dimensions}`
  }
  const norm = Math.sqrt(vector.levels.reduce((sum, level) => sum + level * level, 0)) * vector.scale
  return Math.abs(norm - 1) <= normTolerance ? null : `its vector has norm ${norm.toPrecision(3)}`
}
