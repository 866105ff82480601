import type { Comparison } from '../../data/comparison.js'
import type { ShopProduct } from '../catalogue.js'

/**
 * The position of a product that shows neither method at its best: the one for which the encoder's lead over colours,
 * in products of the same shelf, is the median.
 * @param order in which products of the same lead follow each other.
 */
export function typicalProduct(
  products: readonly ShopProduct[],
  { lists }: Pick<Comparison, 'lists'>,
  order: readonly number[],
): number {
  const sameShelf = (list: readonly number[] = [], query: number) =>
    list.filter((position) => products[position]?.type === products[query]?.type).length
  const lead = (query: number) =>
    sameShelf(lists.encoder[query], query) - sameShelf(lists.colours[query], query)
  const byLead = order.toSorted((a, b) => lead(a) - lead(b))
  return byLead[Math.floor(byLead.length / 2)] ?? 0
}
