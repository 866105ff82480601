import { mkdir } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Precision } from '../../encoder/model/model-files.js'
import { SimilarItemsError } from '../../errors.js'
import { parseUrl } from '../../parse-url.js'
import type { SkippedItem } from '../../types.js'
import type { VectorFormat } from '../../vectors/encoded-vectors.js'
import { type ChosenWeights, openFastestEncoder } from '../encoder/choose-weights.js'
import { openPictureEncoder, type PictureEncoder } from '../encoder/encoder-pool.js'
import { sourceOf } from '../encoder/vector-source.js'
import type { FeedNote } from '../feed/feed-report.js'
import type { AttributeMap } from '../feed/item-parts/map-item.js'
import { isWebUrl } from '../files/file-fetch.js'
import { withFolderLock } from '../files/folder-lock.js'
import { outputFailed } from '../files/write-file.js'
import { packagedModelFolder } from '../package-folder.js'
import { assertShardOptions } from '../shards/assert-shard-options.js'
import { type Shard, takeShard } from '../shards/shard.js'
import { claimShardFolder, removeShardFile, writeShardFile } from '../shards/shard-file.js'
import { assertProjectionOptions, type ProjectionOptions } from './choose-projection.js'
import type { EncodeProgress } from './encode-pictures.js'
import { IndexFailure } from './index-failure.js'
import { type IndexedProducts, indexProducts } from './index-products.js'
import { PictureLoader } from './load-picture.js'
import { assertProducts, type ReadProducts, readProducts } from './read-products.js'
import { type EarlierJournal, readJournal, VectorJournal } from './vector-journal.js'

export interface IndexOptions extends ProjectionOptions {
  /** Path or URL of a product feed, of Google Merchant's shape or another one that `readFeed` knows. */
  readonly feed: string
  /** Folder or URL of the model. Default: the one that the package brings. */
  readonly model?: string | undefined
  /** Folder for `catalog.json`, the pack and what makes the next run fast. */
  readonly out: string
  /** Number format of the pack. Default `int8`, of a shard `float32`. */
  readonly format?: VectorFormat | undefined
  /** Makes relative links of the feed absolute. Default: they stay as they are. */
  readonly baseUrl?: string | undefined
  /**
   * Folder in which relative picture links are looked up. Default: the feed's folder, else those that hold `out`; where
   * the feed or `baseUrl` is on the web they are fetched.
   */
  readonly images?: string | undefined
  /** Attributes that the page does not need. Default `description`. */
  readonly omit?: readonly string[] | undefined
  /** Where the attributes are in a feed of no known shape. */
  readonly map?: AttributeMap | undefined
  /** ISO 4217 code of prices that name no currency. */
  readonly currency?: string | undefined
  /**
   * The attribute that identifies a picture, where its URL changes though it stays the same. Default: none; signatures of
   * the usual stores are left out of URLs by themselves.
   */
  readonly pictureKey?: string | undefined
  /** Encoding of the feed where it does not say so itself. Default UTF-8. */
  readonly encoding?: string | undefined
  /** Default `auto`: the fastest weights that are right on this processor, or those of the last run. */
  readonly precision?: Precision | undefined
  /** Threads that encode. Default: the number of cores, 16 at most. */
  readonly workers?: number | undefined
  /** Pictures under way at once. Default: 8 more than the threads need. */
  readonly concurrency?: number | undefined
  /** Seconds for one attempt at a picture, default 30, and for the feed without a byte, default 60. */
  readonly timeout?: number | undefined
  /** Further attempts at a picture, or the feed. Default 3. */
  readonly retries?: number | undefined
  /**
   * Encodes one of so many parts of the feed, which `mergeShards` makes one catalogue of, or `pushPack` loads as they are.
   * Then `precision` has to say which weights, and what is fitted to the whole catalogue is left to the merge.
   */
  readonly shard?: Shard | undefined
  /** Path of a module that decodes HEIC pictures, as pages take it. Default: they are skipped. */
  readonly heicDecoder?: string | undefined
  /** Does not ask whether pictures that are encoded have changed. Default false. */
  readonly trustJournal?: boolean | undefined
  /**
   * Hosts on this machine or a private network from which pictures may be fetched, or `all`. Those of the feed and of
   * `baseUrl` always may.
   */
  readonly privateHosts?: readonly string[] | undefined
  readonly onProgress?: ((progress: EncodeProgress) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

export interface IndexReport extends IndexedProducts {
  /** Every item that is not in the pack, with the reason. */
  readonly skipped: readonly SkippedItem[]
  /** What of the feed was read differently from how it is written. */
  readonly notes: readonly FeedNote[]
  /** Whose way of writing products the feed has: `merchant`, `shopify`, ... */
  readonly shape: string
  readonly modelFile: string
  /** Why these weights; null where `precision` says which. */
  readonly weights: ChosenWeights | null
  readonly seconds: number
}

/**
 * Encodes the pictures of a feed and writes `catalog.json` and its pack into a folder. What an earlier run encoded
 * and has not changed is not encoded again, also where that run was killed, and stays where its server is down for the
 * moment. Products whose picture cannot be used are in `catalog.json` but not in the pack.
 *
 * Files appear under their final names only when they are whole, `catalog.json` last.
 * @throws SimilarItemsError `catalog-*`, `model-*`, `no-backend`, `package-missing`, `output-failed` (also where
 * another process writes into that folder), `invalid-argument`, `image-*` where not one picture can be used; the
 * signal's reason on abort, after which another run goes on where this one ended.
 */
export async function indexCatalog(options: IndexOptions): Promise<IndexReport> {
  const started = performance.now()
  const { out, shard, signal } = options
  assertFormat(options.format)
  if (shard) assertShardOptions(shard, options)
  assertProjectionOptions(options)
  const read = await readProducts(options)
  assertProducts(options.feed, read)
  await mkdir(out, { recursive: true }).catch((cause: unknown) => {
    throw outputFailed(out, cause)
  })

  const { model = packagedModelFolder, precision = 'auto' } = options
  const workers = options.workers ?? Math.min(availableParallelism(), 16)
  return withFolderLock(out, async () => {
    const journalPath = join(out, journalName)
    const earlier = await readJournal(journalPath)
    const { heicDecoder } = options
    const { encoder, weights } =
      precision === 'auto'
        ? await openFastestEncoder({ model, workers, heicDecoder, earlier: earlier?.source ?? null, signal })
        : {
            encoder: await openPictureEncoder({ model, precision, heicDecoder, signal }, workers),
            weights: null,
          }
    try {
      const indexed = await indexWith(encoder, read, { ...options, earlier })
      const { modelFile } = encoder
      return {
        ...indexed,
        shape: read.shape,
        modelFile,
        weights,
        seconds: (performance.now() - started) / 1000,
      }
    } finally {
      await encoder.close()
    }
  })
}

/**
 * The same with an encoder that is open, and products that have been read.
 * @param earlier what the run before has left in the folder.
 * @throws as `indexCatalog`.
 */
export async function indexWith(
  encoder: PictureEncoder,
  { products, skipped, notes }: Omit<ReadProducts, 'shape'>,
  { earlier, ...options }: IndexOptions & { readonly earlier: EarlierJournal | null },
): Promise<Omit<IndexReport, 'shape' | 'modelFile' | 'weights' | 'seconds'>> {
  const { out, shard } = options
  const source = sourceOf(encoder)
  const taken = shard && takeShard(products, shard)
  const part = taken && { ...(shard as Shard), ...taken.places, weights: source.weights }
  const journal = await VectorJournal.open(join(out, journalName), source, earlier)
  const loader = openLoader(options)
  try {
    if (part) await claimShardFolder(out, part)
    const indexed = await indexProducts(taken?.products ?? products, { ...options, loader, encoder, journal })
    if (part) await writeShardFile(out, { ...part, pack: indexed.pack, skipped: indexed.skipped })
    else await removeShardFile(out)
    return { ...indexed, skipped: [...skipped, ...indexed.skipped], notes }
  } catch (error) {
    throw error instanceof IndexFailure ? withFeed(error, skipped, notes) : error
  } finally {
    loader.close()
    await journal.close()
  }
}

function openLoader({ feed, baseUrl, privateHosts = [], timeout, retries }: IndexOptions): PictureLoader {
  const own = [feed, baseUrl].flatMap((location) => {
    const url = location !== undefined && isWebUrl(location) ? parseUrl(location) : null
    return url === null ? [] : [url.hostname]
  })
  return new PictureLoader({ privateHosts: [...own, ...privateHosts], timeout, retries })
}

/** The same failure, with what the feed had to tell. */
function withFeed(
  { code, message, skipped, subject, cause }: IndexFailure,
  earlier: readonly SkippedItem[],
  notes: readonly FeedNote[],
): IndexFailure {
  const known = { skipped: [...earlier, ...skipped], notes, cause }
  return new IndexFailure(code, message, subject === undefined ? known : { ...known, subject })
}

/** Keeps what was encoded, for the next run; pages do not need it. */
export const journalName = '.similar-items-journal.jsonl'

/** Programs in JavaScript may give any. */
function assertFormat(format: unknown): void {
  if (format === undefined || format === 'int8' || format === 'float32') return
  const message = `format is "int8" or "float32"; it is ${JSON.stringify(format)}.`
  throw new SimilarItemsError('invalid-argument', message)
}
