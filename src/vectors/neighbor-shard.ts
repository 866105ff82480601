/** Similar items of one product, best first: id and cosine similarity. */
export type NeighborList = readonly (readonly [id: string, score: number])[]

/** A neighbour file: the lists of the products whose hash begins like the file's name. */
export type NeighborShard = Readonly<Record<string, NeighborList>>

/** Where in a template the hash of a product goes, with the number of its digits: `/neighbors/{hash:3}.json`. */
const placeholder = /\{hash:([1-8])\}/

/**
 * The URL of the neighbour file that has a product.
 * @param template with `{hash:n}` for the first `n` hexadecimal digits of the hash of the product's id.
 * @returns null where the template has no such place.
 */
export function neighborShardUrl(template: string, id: string): string | null {
  if (!placeholder.test(template)) return null
  return template.replace(placeholder, (_, digits: string) => hashOfId(id).slice(0, Number(digits)))
}

/** FNV-1a (32 bit) of the id in UTF-8, mixed by the finaliser of MurmurHash3, as eight hexadecimal digits. */
export function hashOfId(id: string): string {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(id)) hash = Math.imul(hash ^ byte, 0x01000193)
  // FNV alone leaves the leading digits of ids that differ at their ends alike.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  hash ^= hash >>> 16
  return (hash >>> 0).toString(16).padStart(8, '0')
}
