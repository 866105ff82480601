import { SimilarItemsError } from '../errors.js'
import type { BackendName, CropBox, Embedding, Space } from '../types.js'
import { normalize } from '../vectors/normalize.js'
import { hasPlainBorder, proposeCropBox } from './crop-proposal.js'
import type { Preprocessing } from './model/preprocessing.js'
import { toPixelValues } from './resample/pixel-values.js'
import type { InferenceRuntime, InferenceSession } from './runtime/inference-runtime.js'

/** Says which outputs of the graph hold the image embedding, in order of preference. */
const embeddingOutputs = ['pooler_output', 'image_embeds']
const pixelInput = 'pixel_values'
const patchOutput = 'last_hidden_state'

export interface CropProposal {
  /** `null` where the whole picture is as good, and for models that do not give their patch tokens. */
  readonly crop: CropBox | null
  /** Of the whole picture, which the proposal comes with; `null` where the model had not to be run. */
  readonly embedding: Embedding | null
}

/**
 * A SigLIP vision tower on one backend. Pictures go in at the size of `preprocessing`, embeddings come out.
 * One picture at a time: callers queue.
 */
export class ImageEncoder {
  readonly space: Space
  readonly preprocessing: Preprocessing
  /** URL of the weights in use. */
  readonly modelFile: string
  readonly #runtime: InferenceRuntime
  readonly #session: InferenceSession

  constructor(parts: {
    space: Space
    preprocessing: Preprocessing
    runtime: InferenceRuntime
    modelFile: string
    session: InferenceSession
  }) {
    this.space = parts.space
    this.preprocessing = parts.preprocessing
    this.#runtime = parts.runtime
    this.modelFile = parts.modelFile
    this.#session = parts.session
  }

  get backend(): BackendName {
    return this.#runtime.backend
  }

  /** Threads of the backend at present; 0 on WebGPU. */
  get threads(): number {
    return this.#runtime.threads
  }

  /**
   * The embedding of a picture that has already been resized.
   * @param rgb `[height, width, 3]` bytes of the size that `preprocessing` asks for.
   */
  async encode(rgb: ArrayLike<number>): Promise<Embedding> {
    return this.#toEmbedding(await runSession(this.#session, rgb, this.preprocessing, this.modelFile))
  }

  /**
   * Where the object of a resized picture seems to be.
   * @param rgb as for `encode`.
   */
  async proposeCrop(rgb: ArrayLike<number>): Promise<CropProposal> {
    if (!this.#session.outputNames.includes(patchOutput) || hasPlainBorder(rgb, this.preprocessing))
      return { crop: null, embedding: null }
    const output = embeddingOutput(this.#session, this.modelFile)
    const feed = feedOf(rgb, this.preprocessing)
    const [poolerOutput, patchTokens] = await this.#session.run(feed, [output, patchOutput])
    return { crop: proposeCropBox(patchTokens, poolerOutput), embedding: this.#toEmbedding(poolerOutput) }
  }

  close(): Promise<void> {
    return this.#session.close()
  }

  #toEmbedding(poolerOutput: Float32Array): Embedding {
    try {
      return { space: this.space, vector: normalize(poolerOutput) }
    } catch (cause) {
      throw new SimilarItemsError('no-backend', `The ${this.backend} backend computed no usable embedding.`, {
        cause,
      })
    }
  }
}

/**
 * Runs the graph once.
 * @returns the raw image embedding, not normalised.
 * @throws SimilarItemsError `model-invalid` where the graph is not a vision tower.
 */
export async function runSession(
  session: InferenceSession,
  rgb: ArrayLike<number>,
  preprocessing: Preprocessing,
  modelFile: string,
): Promise<Float32Array> {
  const output = embeddingOutput(session, modelFile)
  const [poolerOutput] = await session.run(feedOf(rgb, preprocessing), [output])
  return poolerOutput
}

function embeddingOutput(session: InferenceSession, modelFile: string): string {
  const output = embeddingOutputs.find((name) => session.outputNames.includes(name))
  const [input, ...others] = session.inputNames
  if (input === pixelInput && others.length === 0 && output) return output
  throw new SimilarItemsError(
    'model-invalid',
    `${modelFile} takes ${session.inputNames.join(', ')} and gives ${session.outputNames.join(', ')}; a vision ` +
      `tower takes pixel_values and gives ${embeddingOutputs.join(' or ')}. Export the vision model alone.`,
    { subject: modelFile },
  )
}

function feedOf(rgb: ArrayLike<number>, preprocessing: Preprocessing) {
  const { width, height } = preprocessing
  return { input: pixelInput, data: toPixelValues(rgb, preprocessing), shape: [1, 3, height, width] }
}
