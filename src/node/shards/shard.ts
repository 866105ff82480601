import { createHash } from 'node:crypto'
import { SimilarItemsError } from '../../errors.js'
import { hashOfId } from '../../vectors/neighbor-shard.js'
import type { FeedProduct } from '../indexing/feed-products.js'

/** One of several parts of a catalogue that machines encode side by side. */
export interface Shard {
  /** From 1 to `of`. */
  readonly number: number
  readonly of: number
}

/** Where the products of a shard are among all of the feed. */
export interface ShardPlaces {
  /** Of every product: its position in the feed. */
  readonly positions: readonly number[]
  /** Of every product: the position of the first product in the feed that shows the same picture. */
  readonly pictures: readonly number[]
  /** Products in the whole feed. */
  readonly total: number
  /** SHA-256 of all items of the feed and of which of them share pictures. */
  readonly feed: string
}

/** Reads `3/16`. @throws SimilarItemsError `invalid-argument`. */
export function parseShard(text: string): Shard {
  const [, number, of] = /^(\d{1,5})\/(\d{1,5})$/.exec(text.trim()) ?? []
  const shard = { number: Number(number), of: Number(of) }
  assertShard(shard, text)
  return shard
}

/** @throws SimilarItemsError `invalid-argument`. */
export function assertShard({ number, of }: Shard, written = `${number}/${of}`): void {
  if (Number.isInteger(number) && Number.isInteger(of) && number >= 1 && number <= of && of <= 99_999) return
  const message = `A shard is a number from 1 on and how many there are, such as 3/16; it is "${written}".`
  throw new SimilarItemsError('invalid-argument', message)
}

/** The number of the shard, of so many, that a product belongs to: a matter of its id alone. */
export function shardNumberOf(id: string, of: number): number {
  return (Number.parseInt(hashOfId(id), 16) % of) + 1
}

/** Those products of a feed that belong to a shard. */
export function takeShard(
  products: readonly FeedProduct[],
  { number, of }: Shard,
): { readonly products: readonly FeedProduct[]; readonly places: ShardPlaces } {
  const first = new Map<string, number>()
  const hash = createHash('sha256')
  const taken: FeedProduct[] = []
  const positions: number[] = []
  const pictures: number[] = []
  for (const [position, product] of products.entries()) {
    const { item, key } = product
    const picture = first.get(key) ?? position
    if (picture === position) first.set(key, position)
    // Not the key itself: of pictures on disk it is a path, and machines have theirs.
    hash.update(JSON.stringify([item, picture]))
    if (shardNumberOf(item.id, of) !== number) continue
    taken.push(product)
    positions.push(position)
    pictures.push(picture)
  }
  const feed = hash.digest('hex')
  return { products: taken, places: { positions, pictures, total: products.length, feed } }
}
