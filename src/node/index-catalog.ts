import { mkdir } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import type { Precision } from '../encoder/model-files.js'
import { SimilarItemsError } from '../errors.js'
import type { SkippedItem, Space } from '../types.js'
import { encodeVectors, type VectorFormat } from '../vectors/encoded-vectors.js'
import { project } from '../vectors/projection.js'
import { chooseProjection, type ProjectionChoice } from './choose-projection.js'
import { type EncodeProgress, encodePictures } from './encode-pictures.js'
import { openPictureEncoder } from './encoder-pool.js'
import { readFeed } from './feed/read-feed.js'
import { toFeedProducts } from './feed-products.js'
import { isWebUrl } from './file-fetch.js'
import { VectorJournal } from './vector-journal.js'
import { writeCatalog } from './write-catalog.js'
import { outputFailed } from './write-file.js'

export interface IndexOptions {
  /** Path or URL of a product feed: XML, TSV, CSV, JSON or JSON Lines in Google Merchant attribute names. */
  readonly feed: string
  /** Folder or URL of the model. */
  readonly model: string
  /** Folder for `catalog.json`, the pack and what makes the next run fast. */
  readonly out: string
  /** Number format of the pack. Default `int8`. */
  readonly format?: VectorFormat | undefined
  /** Projects the vectors to so many dimensions. Default: the encoder's own. */
  readonly projection?: ProjectionChoice | undefined
  /** Makes relative links of the feed absolute. Default: they stay as they are. */
  readonly baseUrl?: string | undefined
  /**
   * Folder in which relative picture links are looked up. Default: the feed's folder; where the feed or `baseUrl` is
   * on the web they are fetched.
   */
  readonly images?: string | undefined
  /** Attributes that the page does not need. Default `description` and `additional_image_link`. */
  readonly omit?: readonly string[] | undefined
  /** Encoding of the feed where it does not say so itself. Default UTF-8. */
  readonly encoding?: string | undefined
  readonly precision?: Precision | undefined
  /** Threads that encode. Default: the number of cores, 16 at most. */
  readonly workers?: number | undefined
  /** Pictures under way at once. Default: 8 more than the threads need. */
  readonly concurrency?: number | undefined
  /** Seconds for one attempt at a picture. Default 30. */
  readonly timeout?: number | undefined
  /** Further attempts at a picture. Default 3. */
  readonly retries?: number | undefined
  /** Does not ask whether pictures that are encoded have changed. Default false. */
  readonly trustJournal?: boolean | undefined
  readonly onProgress?: ((progress: EncodeProgress) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

export interface IndexReport {
  /** Products with a vector in the pack. */
  readonly products: number
  readonly pictures: EncodeProgress
  /** Every item that is not in the pack, with the reason. */
  readonly skipped: readonly SkippedItem[]
  /** Name of the pack in the output folder. */
  readonly pack: string
  readonly packBytes: number
  readonly space: Space
  readonly modelFile: string
  readonly seconds: number
}

/**
 * Encodes the pictures of a feed and writes `catalog.json` and its pack into a folder. What an earlier run encoded
 * and has not changed is not encoded again, also where that run was killed. Products whose picture cannot be used
 * are in `catalog.json` but not in the pack.
 *
 * Files appear under their final names only when they are whole, `catalog.json` last.
 * @throws SimilarItemsError `catalog-*`, `model-*`, `no-backend`, `package-missing`, `output-failed`,
 * `invalid-argument`; the signal's reason on abort, after which another run goes on where this one ended.
 */
export async function indexCatalog(options: IndexOptions): Promise<IndexReport> {
  const started = performance.now()
  const { feed, out, signal, baseUrl, omit = ['description', 'additional_image_link'] } = options
  const { items } = await readFeed(feed, { signal, encoding: options.encoding })
  const isOnWeb = isWebUrl(feed) || baseUrl !== undefined
  const images = options.images ?? (isOnWeb ? undefined : dirname(feed))
  const { products, skipped } = toFeedProducts(items, { location: feed, baseUrl, images, omit })
  if (products.length === 0) throw nothingToIndex(feed, skipped)
  await mkdir(out, { recursive: true }).catch((cause: unknown) => {
    throw outputFailed(out, cause)
  })

  const { model, precision } = options
  const workers = options.workers ?? Math.min(availableParallelism(), 16)
  const encoder = await openPictureEncoder({ model, precision, signal }, workers)
  let journal: VectorJournal | undefined
  try {
    journal = await VectorJournal.open(join(out, journalName), encoder.space)
    const pictures = new Set(products.map(({ picture }) => picture))
    const { progress, failures } = await encodePictures([...pictures], {
      encoder,
      journal,
      concurrency: options.concurrency ?? encoder.lanes + 8,
      trustJournal: options.trustJournal ?? false,
      timeout: options.timeout,
      retries: options.retries,
      onProgress: options.onProgress ?? (() => undefined),
      signal,
    })
    await journal.keepOnly(pictures)
    const encoded = products.flatMap(({ item, picture }) => {
      const entry = failures.has(picture) ? undefined : journal?.get(picture)
      return entry ? [{ id: item.id, contentKey: item.image_link, vector: entry.vector }] : []
    })
    const vectors = encoded.map(({ vector }) => vector)
    const projection = await chooseProjection(options.projection, encoder.space, vectors, out)
    const space = projection?.projection.to ?? encoder.space
    const projected = projection
      ? vectors.map((vector) => project(projection.projection, { space: encoder.space, vector }).vector)
      : vectors
    const pack = {
      space,
      entries: encoded.map(({ id, contentKey }) => ({ id, contentKey })),
      vectors: encodeVectors(projected, space.dimensions, options.format ?? 'int8'),
    }
    const written = await writeCatalog(out, {
      items: products.map(({ item }) => item),
      pack,
      projection,
      unusable: products.filter(({ picture }) => failures.has(picture)).map(({ item }) => item.image_link),
    })
    return {
      products: encoded.length,
      pictures: progress,
      skipped: [
        ...skipped,
        ...products.flatMap(({ item, picture }): SkippedItem[] => {
          const failure = failures.get(picture)
          return failure ? [{ id: item.id, reason: failure.message }] : []
        }),
      ],
      pack: written.url,
      packBytes: written.bytes,
      space,
      modelFile: encoder.modelFile,
      seconds: (performance.now() - started) / 1000,
    }
  } finally {
    await journal?.close()
    await encoder.close()
  }
}

/** Keeps what was encoded, for the next run; pages do not need it. */
export const journalName = '.similar-items-journal.jsonl'

function nothingToIndex(feed: string, skipped: readonly SkippedItem[]): SimilarItemsError {
  const why = skipped[0] ? ` The first of ${skipped.length} items: ${skipped[0].reason}` : ''
  return new SimilarItemsError('catalog-invalid', `The feed ${feed} has no usable item.${why}`, {
    subject: feed,
  })
}
