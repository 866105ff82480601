import { contentKey } from '../../catalog/content-key.js'
import type { PackReference } from '../../catalog/pack-reference.js'
import type { SimilarItemsError } from '../../errors.js'
import type { SkippedItem, Space } from '../../types.js'
import { encodeRows } from '../../vectors/encoded-vectors.js'
import { project } from '../../vectors/projection.js'
import type { PictureEncoder } from '../encoder/encoder-pool.js'
import { assertProjectable, chooseProjection } from './choose-projection.js'
import { type EncodeProgress, encodePictures, type PictureToEncode } from './encode-pictures.js'
import type { FeedProduct } from './feed-products.js'
import type { IndexOptions } from './index-catalog.js'
import { IndexFailure } from './index-failure.js'
import { mayPass, type PictureLoader } from './load-picture.js'
import type { JournalEntry, VectorJournal } from './vector-journal.js'
import { writeCatalog } from './write-catalog.js'

export interface IndexedProducts {
  /** Products with a vector in the pack. */
  readonly products: number
  readonly pictures: EncodeProgress
  /** Products whose picture cannot be used. */
  readonly skipped: readonly SkippedItem[]
  /** Name of the pack in the output folder. */
  readonly pack: string
  readonly packBytes: number
  readonly space: Space
}

interface Tools extends IndexOptions {
  readonly loader: PictureLoader
  readonly encoder: PictureEncoder
  readonly journal: VectorJournal
}

/**
 * Encodes what is new of the pictures of products, and writes the catalogue with the vectors of all.
 * @throws what `indexCatalog` throws.
 */
export async function indexProducts(
  products: readonly FeedProduct[],
  { loader, encoder, journal, ...options }: Tools,
): Promise<IndexedProducts> {
  assertProjectable(options.projection, encoder.space, products.length)
  const pictures = new Map<string, PictureToEncode>()
  for (const { key, picture, authorization } of products) {
    if (!pictures.has(key)) pictures.set(key, { url: picture, authorization })
  }
  const { progress, failures } = await encodePictures(pictures, {
    loader,
    encoder,
    journal,
    concurrency: options.concurrency ?? encoder.lanes + 8,
    trustJournal: options.trustJournal ?? false,
    onProgress: options.onProgress ?? (() => undefined),
    signal: options.signal,
  })
  const encoded = products.filter(({ key }) => !failures.has(key))
  const failed = products.filter(({ key }) => failures.has(key))
  const skipped = failed.map(({ item, key }) => {
    return { id: item.id, reason: (failures.get(key) as SimilarItemsError).message }
  })
  const [firstFailure] = failures.values()
  if (firstFailure && failures.size === pictures.size) throw noneUsable(pictures.size, firstFailure, skipped)
  await journal.keepOnly(new Set(pictures.keys()))
  const { url, bytes, space } = await writeProducts(options, {
    items: products.map(({ item }) => item),
    encoded,
    vectors: encoded.map(({ key }) => (journal.get(key) as JournalEntry).vector),
    from: encoder.space,
    // Pages may try those that could not be reached for the moment.
    unusable: failed
      .filter(({ key }) => !mayPass(failures.get(key) as SimilarItemsError))
      .map(({ item }) => contentKey(item)),
  })
  return {
    products: encoded.length,
    pictures: progress,
    skipped,
    pack: url,
    packBytes: bytes,
    space,
  }
}

function noneUsable(
  count: number,
  { code, message, subject, cause }: SimilarItemsError,
  skipped: readonly SkippedItem[],
): IndexFailure {
  const what =
    count === 1 ? 'The only picture of the feed cannot' : `None of the ${count} pictures of the feed can`
  return new IndexFailure(code, `${what} be used: ${message} Nothing was written.`, {
    skipped,
    notes: [],
    cause,
    ...(subject !== undefined && { subject }),
  })
}

interface EncodedProducts {
  readonly items: readonly FeedProduct['item'][]
  readonly encoded: readonly FeedProduct[]
  /** Of `encoded`, in the space `from`. */
  readonly vectors: readonly Float32Array[]
  readonly from: Space
  readonly unusable: readonly string[]
}

/** Projects the vectors one by one, where that is wanted, and writes the catalogue with them. */
async function writeProducts(
  { out, format = 'int8', ...options }: IndexOptions,
  { items, encoded, vectors, from, unusable }: EncodedProducts,
): Promise<PackReference> {
  const projection = await chooseProjection(options, from, vectors, out)
  const space = projection?.projection.to ?? from
  const vectorOf = (row: number): Float32Array => {
    const vector = vectors[row] as Float32Array
    return projection ? project(projection.projection, { space: from, vector }).vector : vector
  }
  const pack = {
    space,
    entries: encoded.map(({ item }) => ({ id: item.id, contentKey: contentKey(item) })),
    vectors: encodeRows(vectors.length, space.dimensions, format, vectorOf),
  }
  return writeCatalog(out, { items, pack, projection, unusable })
}
