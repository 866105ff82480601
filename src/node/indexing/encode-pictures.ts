import { setMaxListeners } from 'node:events'
import pMap from 'p-map'
import { isSimilarItemsError, type SimilarItemsError } from '../../errors.js'
import type { PictureEncoder } from '../encoder/encoder-pool.js'
import { mayPass, type PictureLoader } from './load-picture.js'
import type { VectorJournal } from './vector-journal.js'

/** How far the pictures are. */
export interface EncodeProgress {
  readonly total: number
  readonly encoded: number
  readonly unchanged: number
  /** Could not be reached for the moment: their vectors of an earlier run are used. */
  readonly kept: number
  readonly failed: number
}

export interface EncodePicturesOptions {
  readonly loader: PictureLoader
  readonly encoder: PictureEncoder
  readonly journal: VectorJournal
  /** Pictures under way at once. */
  readonly concurrency: number
  /** Pictures that are in the journal are taken as unchanged without a look at their source. */
  readonly trustJournal: boolean
  readonly onProgress: (progress: EncodeProgress) => void
  readonly signal: AbortSignal | undefined
}

/** A picture to encode. */
export interface PictureToEncode {
  readonly url: string
  /** Value of the `Authorization` header that its server wants. */
  readonly authorization: string | undefined
}

/**
 * Brings the journal up to date with pictures: encodes those that are new or changed.
 * @param pictures by what identifies them, which may be their URL.
 * @returns the counts, and why each picture that cannot be used cannot.
 * @throws SimilarItemsError `output-failed`, `worker-died`, `no-backend`; the signal's reason on abort, after all
 * that was under way has ended.
 */
export async function encodePictures(
  pictures: ReadonlyMap<string, PictureToEncode>,
  { encoder, journal, concurrency, trustJournal, onProgress, loader, ...options }: EncodePicturesOptions,
): Promise<{ progress: EncodeProgress; failures: ReadonlyMap<string, SimilarItemsError> }> {
  const failures = new Map<string, SimilarItemsError>()
  const counts = { total: pictures.size, encoded: 0, unchanged: 0, kept: 0, failed: 0 }
  const ending = new AbortController()
  const signal = options.signal ? AbortSignal.any([options.signal, ending.signal]) : ending.signal

  // Every picture under way listens.
  setMaxListeners(0, signal)

  const bringUpToDate = async (
    picture: string,
    { url, authorization }: PictureToEncode,
  ): Promise<'encoded' | 'unchanged'> => {
    const known = journal.get(picture)?.version
    if (known !== undefined && trustJournal) return 'unchanged'
    const loaded = await loader.load(url, { authorization, signal, known })
    if (loaded.status === 'unchanged') return 'unchanged'
    const { vector } = await encoder.encode(loaded.bytes, url)
    signal.throwIfAborted()
    await journal.add({ picture, version: loaded.version, vector })
    return 'encoded'
  }
  const run = async ([picture, source]: [string, PictureToEncode]): Promise<void> => {
    if (signal.aborted) return
    try {
      counts[await bringUpToDate(picture, source)]++
    } catch (error) {
      if (!isPictureProblem(error)) return ending.abort(error)
      if (mayPass(error) && journal.get(picture)) {
        counts.kept++
      } else {
        failures.set(picture, error)
        counts.failed++
      }
    }
    onProgress({ ...counts })
  }
  await pMap(pictures, run, { concurrency })
  signal.throwIfAborted()
  return { progress: { ...counts }, failures }
}

function isPictureProblem(error: unknown): error is SimilarItemsError {
  return isSimilarItemsError(error) && error.code.startsWith('image-')
}
