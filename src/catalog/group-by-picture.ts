import type { Product } from '../types.js'
import { contentKey } from './content-key.js'

/** Products by the picture that they show, each group in catalogue order. */
export function groupByPicture(products: Iterable<Product>): Map<string, Product[]> {
  const groups = new Map<string, Product[]>()
  for (const product of products) {
    const key = contentKey(product)
    const group = groups.get(key)
    if (group) group.push(product)
    else groups.set(key, [product])
  }
  return groups
}
