import type { ImageEncoder } from '../../encoder/image-encoder.js'
import type { Precision } from '../../encoder/model-files.js'
import { loadModelFolder } from '../../encoder/model-folder.js'
import { openEncoder } from '../../encoder/open-encoder.js'
import { isAbort } from '../../errors.js'
import { fileFetch, toUrl } from '../files/file-fetch.js'
import { type NodeBackend, nodeBackends } from './node-backends.js'

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

const ways = [
  { backend: 'wasm', precision: 'int8' },
  { backend: 'wasm', precision: 'fp32' },
  { backend: 'wasm', precision: 'fp16' },
  { backend: 'kernel', precision: 'auto' },
] as const

/**
 * The weights of a model folder that are right on this processor, which the self-check says, and the fastest of these,
 * which is measured: 8 bits gain much on one processor, little on another, and are wrong on a third.
 * @param earlier URL of the weights that made the vectors at hand: they go on where they are right.
 * @returns null where no way works; opening the encoder then says why.
 * @throws SimilarItemsError `model-*` for the folder itself; the signal's reason on abort.
 */
export async function chooseWeights(
  model: string,
  earlier: string | null,
  signal?: AbortSignal,
): Promise<ChosenWeights | null> {
  const folder = await loadModelFolder(toUrl(model), { signal, fetch: fileFetch })
  const trials: WeightsTrial[] = []
  const refused: string[] = []
  for (const { backend, precision } of ways) {
    const options = { precision, fetch: fileFetch, ...(signal && { signal }) }
    try {
      const { encoder } = await openEncoder(folder, await nodeBackends(backend, 1), options)
      const { modelFile } = encoder
      const isEarlier = modelFile === earlier
      const milliseconds = isEarlier ? 0 : await time(encoder)
      await encoder.close()
      const trial = { backend, precision, modelFile, milliseconds }
      if (isEarlier) return { chosen: trial, slower: [], refused }
      trials.push(trial)
    } catch (error) {
      signal?.throwIfAborted()
      if (isAbort(error)) throw error
      refused.push(error instanceof Error ? error.message : String(error))
    }
  }
  const [chosen, ...slower] = trials.sort((a, b) => a.milliseconds - b.milliseconds)
  return chosen ? { chosen, slower, refused } : null
}

/** The median of three pictures; the self-check has warmed the encoder up. */
async function time(encoder: ImageEncoder): Promise<number> {
  const { width, height } = encoder.preprocessing
  const picture = new Uint8Array(width * height * 3).map((_, index) => (index * 37) % 256)
  const times: number[] = []
  for (let run = 0; run < 3; run++) {
    const started = performance.now()
    await encoder.encode(picture)
    times.push(performance.now() - started)
  }
  return times.sort((a, b) => a - b)[1] as number
}
