import { contentKey } from '../../catalog/content-key.js'
import type { SimilarItemsError } from '../../errors.js'
import type { SkippedItem, Space } from '../../types.js'
import type { PictureEncoder } from '../encoder/encoder-pool.js'
import { isMissing } from '../files/file-fetch.js'
import { assertProjectable, chooseProjection } from './choose-projection.js'
import { type EncodeProgress, encodePictures, type PictureToEncode } from './encode-pictures.js'
import type { FeedProduct } from './feed-products.js'
import type { IndexOptions } from './index-catalog.js'
import { IndexFailure } from './index-failure.js'
import { mayPass, type PictureLoader } from './load-picture.js'
import type { JournalEntry, VectorJournal } from './vector-journal.js'
import { packRows, writeProducts } from './write-products.js'

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
  await assertProjectable(options.projection, encoder.space, products.length)
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
  if (firstFailure && failures.size === pictures.size && !(options.shard && areBroken(failures))) {
    throw noneUsable(pictures.size, firstFailure, skipped, options.images)
  }
  await journal.keepOnly(new Set(pictures.keys()))
  const { out, shard, format = shard ? 'float32' : 'int8' } = options
  const vectors = encoded.map(({ key }) => (journal.get(key) as JournalEntry).vector)
  const projection = await chooseProjection(options, encoder.space, vectors, out)
  const { url, bytes, space } = await writeProducts(out, {
    items: products.map(({ item }) => item),
    encoded: encoded.map(({ item }) => item),
    rows: packRows(vectors, encoder.space, projection),
    projection,
    format,
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

/** Of a small part all pictures may be broken; that none can be reached is another matter. */
function areBroken(failures: ReadonlyMap<string, SimilarItemsError>): boolean {
  return !Array.from(failures.values()).some(mayPass)
}

function noneUsable(
  count: number,
  { code, message, subject, cause }: SimilarItemsError,
  skipped: readonly SkippedItem[],
  images: string | undefined,
): IndexFailure {
  const what =
    count === 1 ? 'The only picture of the feed cannot' : `None of the ${count} pictures of the feed can`
  const places = images ?? 'the folder of the feed and in those that hold the output'
  const hint = isMissing(cause)
    ? ` Relative links are looked up in ${places}: name the folder of the pictures with --images.`
    : ''
  return new IndexFailure(code, `${what} be used: ${message}${hint} Nothing was written.`, {
    skipped,
    notes: [],
    cause,
    ...(subject !== undefined && { subject }),
  })
}
