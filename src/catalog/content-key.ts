import type { Product } from '../types.js'
import type { LinkResolver } from './link-resolver.js'
import { withoutSignature } from './url-signature.js'

/**
 * What identifies the picture of a product: its `picture_key`, else its absolute URL without a signature. Products with
 * equal content keys share one vector; a product whose content key changes has to be encoded again.
 *
 * A shop that replaces a picture under the same URL keeps the old vector. Hashing the bytes would notice, at the
 * price of downloading every picture on every visit.
 */
export function contentKey({ picture_key, image_link }: Product): string {
  return picture_key ?? withoutSignature(image_link)
}

/** The content key that an item or a pack writes, as pages compare it: resolved against where it is written. */
export function resolveContentKey(written: string, resolve: LinkResolver): string {
  return withoutSignature(resolve(written) ?? written)
}
