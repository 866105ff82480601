import type { CatalogProducts } from '../../catalog/catalog-products.js'
import { RowGroups } from '../../ranking/row-groups.js'
import type { Product } from '../../types.js'
import { RowSet } from '../../vectors/row-set.js'
import type { VectorTable } from '../../vectors/vector-table.js'

/** What a list leaves out. */
export interface Exclusions {
  /** The products that the list is for: they and their variants. */
  readonly subjects: readonly Product[]
  /** Products whose bit is 0, by their position in the catalogue. */
  readonly allowed: Uint8Array | undefined
}

/**
 * Tells which rows of a table may be in a list. Which product has which row is looked up once per version of
 * either, so that a query costs a few bits even with a large catalogue.
 */
export class EligibleRows {
  readonly #table: VectorTable
  #known: ProductRows | null = null

  constructor(table: VectorTable) {
    this.#table = table
  }

  /** The rows of `products` that are not excluded. Rows of other ids are never among them. */
  of(products: CatalogProducts, { subjects, allowed }: Exclusions): RowSet {
    const known = this.#lookUp(products)
    const rows = allowed ? known.allowed(allowed) : known.all.copy()
    for (const subject of subjects) {
      rows.delete(this.#table.rowOf(subject.id) ?? -1)
      for (const row of known.groups.rowsOf(subject.item_group_id)) rows.delete(row)
    }
    return rows
  }

  /** Which of them are variants of one product. */
  groups(products: CatalogProducts): RowGroups {
    return this.#lookUp(products).groups
  }

  #lookUp(products: CatalogProducts): ProductRows {
    const isCurrent = this.#known?.products === products && this.#known.revision === this.#table.revision
    if (!this.#known || !isCurrent) this.#known = new ProductRows(products, this.#table)
    return this.#known
  }
}

/** The rows of one version of a catalogue in one version of a table. */
class ProductRows {
  readonly products: CatalogProducts
  readonly revision: number
  readonly all: RowSet
  readonly groups: RowGroups
  /** By position in the catalogue; -1 where there is no vector. */
  readonly #rowAt: Int32Array

  constructor(products: CatalogProducts, table: VectorTable) {
    this.products = products
    this.revision = table.revision
    this.all = RowSet.none(table.size)
    this.groups = new RowGroups(table.size)
    this.#rowAt = new Int32Array(products.size).fill(-1)
    const { ids, groups } = products.outline
    const { entries } = table
    for (let position = 0; position < ids.length; position++) {
      const id = ids[position] as string
      const row = entries[position]?.id === id ? position : table.rowOf(id)
      if (row === undefined) continue
      this.#rowAt[position] = row
      this.all.add(row)
      if (groups.length > 0) this.groups.add(row, groups[position] ?? undefined)
    }
  }

  allowed(bits: Uint8Array): RowSet {
    const rows = RowSet.none(this.all.rows)
    for (let position = 0; position < this.#rowAt.length; position++) {
      const row = this.#rowAt[position] as number
      if (row >= 0 && ((bits[position >> 3] ?? 0) >> (position & 7)) & 1) rows.add(row)
    }
    return rows
  }
}
