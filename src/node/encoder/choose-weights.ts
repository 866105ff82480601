import { modelFilesFor, type Precision } from '../../encoder/model/model-files.js'
import { isAbort } from '../../errors.js'
import { openPictureEncoder, type PictureEncoder } from './encoder-pool.js'
import type { NodeBackend } from './node-backends.js'
import { readModelFolder } from './read-model-folder.js'
import { isSameSource, sourceOf, type VectorSource, weightsName } from './vector-source.js'

/** How one way of computing a model did on this processor. */
export interface WeightsTrial {
  readonly backend: NodeBackend
  readonly precision: Precision
  /** URL of the weights. */
  readonly modelFile: string
  /** Milliseconds of one picture on one thread, a median; 0 where there was nothing to compare with. */
  readonly milliseconds: number
}

export interface ChosenWeights {
  readonly chosen: WeightsTrial
  /** Others that are right as well, fastest first. */
  readonly slower: readonly WeightsTrial[]
  /** Why others were passed over, a sentence each. */
  readonly refused: readonly string[]
}

export interface ChooseOptions {
  /** Folder or URL. */
  readonly model: string
  /** Threads that the encoder is going to use. */
  readonly workers: number
  /** What made the vectors at hand: it goes on where it is right. */
  readonly earlier: VectorSource | null
  /** As in `NodeEncoderOptions`. */
  readonly heicDecoder?: string | undefined
  readonly signal?: AbortSignal | undefined
}

const ways = [
  { backend: 'wasm', precision: 'int8' },
  { backend: 'wasm', precision: 'fp32' },
  { backend: 'wasm', precision: 'fp16' },
  { backend: 'kernel', precision: 'auto' },
] as const
type Way = (typeof ways)[number]

/** An open encoder, and why it has these weights; null where only the ordinary way of opening it was left. */
export interface ChosenEncoder {
  readonly encoder: PictureEncoder
  readonly weights: ChosenWeights | null
}

/**
 * Opens a model with the weights that are right on this processor, which the self-check says, and the fastest of these,
 * which is measured: 8 bits gain much on one processor, little on another, and are wrong on a third. Weights that made
 * the vectors at hand are looked for first, and nothing else is tried where they are right.
 * @throws SimilarItemsError what `openPictureEncoder` throws, where no way works; the signal's reason on abort.
 */
export async function openFastestEncoder(options: ChooseOptions): Promise<ChosenEncoder> {
  const { model, workers, heicDecoder, signal } = options
  const refused: string[] = []
  const slower: WeightsTrial[] = []
  let best: Trial | null = null
  try {
    for (const way of await orderedWays(options)) {
      const trial = await tryWay(way, options, refused)
      if (!trial) continue
      const [winner, loser]: (Trial | null)[] = isFaster(trial, best) ? [trial, best] : [best, trial]
      best = winner as Trial
      if (loser) {
        await loser.encoder.close()
        slower.push(loser.result)
      }
      if (best.isEarlier) break
    }
    if (!best)
      return { encoder: await openPictureEncoder({ model, heicDecoder, signal }, workers), weights: null }
    await best.encoder.grow(workers, signal)
  } catch (error) {
    await best?.encoder.close()
    throw error
  }
  slower.sort((a, b) => a.milliseconds - b.milliseconds)
  return { encoder: best.encoder, weights: { chosen: best.result, slower, refused } }
}

interface Trial {
  readonly encoder: PictureEncoder
  readonly isEarlier: boolean
  readonly result: WeightsTrial
}

function isFaster(a: Trial, b: Trial | null): boolean {
  return !b || a.isEarlier || a.result.milliseconds < b.result.milliseconds
}

/** The ways of which one may open the weights of the earlier run come first. */
async function orderedWays({ model, earlier, signal }: ChooseOptions): Promise<readonly Way[]> {
  if (!earlier) return ways
  const folder = await readModelFolder(model, signal)
  const mayBeEarlier = ({ backend, precision }: Way) =>
    modelFilesFor(folder, backend, precision, false).some(({ url }) => weightsName(url) === earlier.weights)
  return [...ways.filter(mayBeEarlier), ...ways.filter((way) => !mayBeEarlier(way))]
}

/** Null, and a sentence more in `refused`, where the way does not work. */
async function tryWay(
  { backend, precision }: Way,
  { model, workers, earlier, heicDecoder, signal }: ChooseOptions,
  refused: string[],
): Promise<Trial | null> {
  let encoder: PictureEncoder | null = null
  try {
    encoder = await openPictureEncoder({ model, backend, precision, heicDecoder, signal }, workers, 1)
    const { modelFile } = encoder
    const isEarlier = earlier !== null && isSameSource(sourceOf(encoder), earlier)
    const milliseconds = isEarlier ? 0 : await encoder.time()
    signal?.throwIfAborted()
    return { encoder, isEarlier, result: { backend, precision, modelFile, milliseconds } }
  } catch (error) {
    await encoder?.close()
    signal?.throwIfAborted()
    if (isAbort(error)) throw error
    refused.push(error instanceof Error ? error.message : String(error))
    return null
  }
}
