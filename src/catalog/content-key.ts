import type { Product } from '../types.js'

/**
 * What identifies the picture of a product: its absolute URL. Products with equal content keys share one
 * vector; a product whose content key changes has to be encoded again.
 *
 * A shop that replaces a picture under the same URL keeps the old vector. Hashing the bytes would notice, at the
 * price of downloading every picture on every visit.
 */
export function contentKey(product: Product): string {
  return product.image_link
}
