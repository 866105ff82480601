import type { EncodedVectors } from '../../vectors/encoded-vectors.js'

/** The rows of a table of vectors, those with the same numbers together. */
export interface DistinctRows {
  /** One row of each kind, in the order in which they come. */
  readonly first: Int32Array
  /** At most `count` rows that have the numbers of `first[kind]`, itself among them, in the order they came in. */
  membersOf(kind: number, count: number): number[]
}

/**
 * Finds the rows that have the same numbers, by a hash table.
 * @param order all rows, in the order in which those of one kind are to come.
 */
export function distinctRows(
  { data, dimensions, count: rows }: EncodedVectors,
  order: Iterable<number>,
): DistinctRows {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  const length = dimensions * data.BYTES_PER_ELEMENT
  const first = new Int32Array(rows)
  const last = new Int32Array(rows)
  const next = new Int32Array(rows).fill(none)
  // At most half full, so that searches in it are short.
  const kinds = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(1, rows) * 2))).fill(none)
  let found = 0
  for (const row of order) {
    let slot = hashOf(bytes, row * length, length) & (kinds.length - 1)
    let kind = kinds[slot] as number
    while (kind !== none && !isSame(bytes, (first[kind] as number) * length, row * length, length)) {
      slot = (slot + 1) & (kinds.length - 1)
      kind = kinds[slot] as number
    }
    if (kind === none) {
      kinds[slot] = found
      first[found] = row
      last[found] = row
      found++
    } else {
      next[last[kind] as number] = row
      last[kind] = row
    }
  }
  return {
    first: first.subarray(0, found),
    membersOf(kind, count) {
      const members: number[] = []
      for (
        let row = first[kind] as number;
        row !== none && members.length < count;
        row = next[row] as number
      ) {
        members.push(row)
      }
      return members
    },
  }
}

const none = -1

/** FNV-1a of 32 bits (Fowler, Noll and Vo). */
function hashOf(bytes: Uint8Array, start: number, length: number): number {
  let hash = 0x811c9dc5
  for (let index = start; index < start + length; index++) {
    hash = Math.imul(hash ^ (bytes[index] as number), 0x01000193)
  }
  // The low bits choose the slot, and the last byte has reached only the lowest of them well.
  return (hash ^ (hash >>> 15)) >>> 0
}

function isSame(bytes: Uint8Array, a: number, b: number, length: number): boolean {
  for (let index = 0; index < length; index++) if (bytes[a + index] !== bytes[b + index]) return false
  return true
}
