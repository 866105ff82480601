import type { Product } from '../types.js'

/** The number of a row whose product is in no group. */
export const noGroup = -1

/** Which rows of a table are variants of one product: those whose products share an `item_group_id`. */
export class RowGroups {
  /** By row: equal numbers are one group. */
  readonly numbers: Int32Array
  readonly #numberOf = new Map<string, number>()

  /** Rows that are not added are in no group. */
  constructor(rows: number) {
    this.numbers = new Int32Array(rows).fill(noGroup)
  }

  get size(): number {
    return this.#numberOf.size
  }

  /** @param group an `item_group_id`; without one, or with an empty one, the row is in no group. */
  add(row: number, group: string | undefined): void {
    if (!group) return
    const number = this.#numberOf.get(group) ?? this.#numberOf.size
    this.#numberOf.set(group, number)
    this.numbers[row] = number
  }

  /** The rows in a group. */
  *rowsOf(group: string | undefined): Generator<number> {
    const number = group ? this.#numberOf.get(group) : undefined
    if (number === undefined) return
    for (let row = 0; row < this.numbers.length; row++) if (this.numbers[row] === number) yield row
  }
}

/** The groups of rows by the products that they belong to. */
export function groupRows(
  entries: readonly { readonly id: string }[],
  products: ReadonlyMap<string, Pick<Product, 'item_group_id'>>,
): RowGroups {
  const groups = new RowGroups(entries.length)
  for (const [row, { id }] of entries.entries()) groups.add(row, products.get(id)?.item_group_id)
  return groups
}
