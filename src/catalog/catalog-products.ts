import type { PackedProducts } from '../packed-products.js'
import type { Product } from '../types.js'
import { contentKey } from './content-key.js'

/** What is known of all products without reading any: lists in catalogue order. */
export interface ProductOutline {
  readonly ids: readonly string[]
  readonly contentKeys: readonly string[]
  /** Their `item_group_id`; empty where no product has one. */
  readonly groups: readonly (string | null)[]
}

/**
 * The products of a catalogue by id, in its order. Those that were stored are read one by one, when somebody asks: a list
 * needs a dozen of thousands.
 */
export class CatalogProducts {
  readonly outline: ProductOutline
  readonly #read: (position: number) => Product
  readonly #products: Product[]
  #positions: ReadonlyMap<string, number> | null = null
  #looks = 0

  private constructor(outline: ProductOutline, products: Product[], read: (position: number) => Product) {
    this.outline = outline
    this.#products = products
    this.#read = read
  }

  /** @param products of unique ids. */
  static of(products: readonly Product[]): CatalogProducts {
    const hasGroups = products.some(({ item_group_id }) => item_group_id)
    const outline = {
      ids: products.map(({ id }) => id),
      contentKeys: products.map(contentKey),
      groups: hasGroups ? products.map(({ item_group_id }) => item_group_id ?? null) : [],
    }
    return new CatalogProducts(outline, [...products], (position) => products[position] as Product)
  }

  /** @throws where the texts are not what `pack` returns. */
  static unpack({ ids, contentKeys, groups, texts, ends }: PackedProducts): CatalogProducts {
    const outline: ProductOutline = {
      ids: JSON.parse(ids),
      contentKeys: JSON.parse(contentKeys),
      groups: groups === '' ? [] : JSON.parse(groups),
    }
    const count = outline.ids.length
    const isWhole =
      outline.contentKeys.length === count &&
      ends.length === count &&
      (ends[count - 1] ?? 0) === texts.length &&
      (groups === '' || outline.groups.length === count)
    if (!isWhole) throw new RangeError(`the lists of ${count} products have other lengths`)
    return new CatalogProducts(outline, [], (position) => {
      return JSON.parse(texts.slice(ends[position - 1] ?? 0, ends[position]))
    })
  }

  pack(): PackedProducts {
    const { ids, contentKeys, groups } = this.outline
    const texts = Array.from(this.values(), (product) => JSON.stringify(product))
    let end = 0
    return {
      ids: JSON.stringify(ids),
      contentKeys: JSON.stringify(contentKeys),
      groups: groups.length > 0 ? JSON.stringify(groups) : '',
      texts: texts.join(''),
      ends: Uint32Array.from(texts, ({ length }) => (end += length)),
    }
  }

  get size(): number {
    return this.outline.ids.length
  }

  has(id: string): boolean {
    return this.#positionOf(id) !== undefined
  }

  /** @param likely position, where to look first. */
  get(id: string, likely = -1): Product | undefined {
    const position = this.outline.ids[likely] === id ? likely : this.#positionOf(id)
    return position === undefined ? undefined : this.at(position)
  }

  /** @param position in the catalogue, from 0 to below `size`. */
  at(position: number): Product {
    this.#products[position] ??= this.#read(position)
    return this.#products[position]
  }

  /** All of them. */
  *values(): Generator<Product, void> {
    for (let position = 0; position < this.size; position++) yield this.at(position)
  }

  #positionOf(id: string): number | undefined {
    const { ids } = this.outline
    if (this.#looks < fewLooks) {
      this.#looks++
      const position = ids.indexOf(id)
      return position < 0 ? undefined : position
    }
    this.#positions ??= new Map(ids.map((id, position) => [id, position]))
    return this.#positions.get(id)
  }
}

/** So many products are looked for one by one before it pays to make a map of all. */
const fewLooks = 8
