import type { Product } from '../types.js'
import type { AllowedProducts, ProductList } from '../worker/protocol.js'

/** Bit `i` says whether product `i` may be in a list. */
export function applyFilter(
  { revision, products }: ProductList,
  filter: (product: Product) => boolean,
): AllowedProducts {
  const bits = new Uint8Array((products.length + 7) >> 3)
  for (const [index, product] of products.entries()) {
    if (filter(product)) bits[index >> 3] = (bits[index >> 3] as number) | (1 << (index & 7))
  }
  return { revision, bits }
}
