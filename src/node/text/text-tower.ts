import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { InferenceSession, TypedTensor } from 'onnxruntime-node'
import { SimilarItemsError } from '../../errors.js'
import { normalize } from '../../vectors/normalize.js'
import { isMissing } from '../files/file-fetch.js'
import { loadOptional } from '../optional-package.js'
import { openTokenizer, type Tokenizer } from './text-tokenizer.js'

/** Most precise first: titles are embedded once, and nobody waits for them. */
const modelFiles = ['', '_fp16', '_quantized', '_int8', '_uint8', '_q4'].map(
  (suffix) => `text_model${suffix}.onnx`,
)
const outputs = ['text_embeds', 'pooler_output']
const batchSize = 32

export interface TextTowerOptions {
  /** Folder in the Hugging Face layout: `onnx/text_model*.onnx`, `tokenizer.json`, `tokenizer_config.json`. */
  readonly model: string
  /** Threads of one inference. Default: ONNX Runtime's own choice. */
  readonly threads?: number | undefined
}

/** The text tower of a SigLIP model: titles to embeddings, beside those of the pictures. */
export class TextTower {
  readonly #session: InferenceSession
  readonly #tokenizer: Tokenizer
  readonly #output: string
  readonly #tensor: (data: BigInt64Array, shape: readonly number[]) => TypedTensor<'int64'>

  private constructor(
    session: InferenceSession,
    tokenizer: Tokenizer,
    output: string,
    tensor: (data: BigInt64Array, shape: readonly number[]) => TypedTensor<'int64'>,
  ) {
    this.#session = session
    this.#tokenizer = tokenizer
    this.#output = output
    this.#tensor = tensor
  }

  /** @throws SimilarItemsError `package-missing`, `model-unreachable`, `model-invalid`. */
  static async open({ model, threads }: TextTowerOptions): Promise<TextTower> {
    const [path, tokenizer] = await Promise.all([findModel(model), openTokenizer(model)])
    const { InferenceSession, Tensor } = await loadOptional('onnxruntime-node')
    let session: InferenceSession
    try {
      // By its path, for the weights of large models are in a file beside it.
      session = await InferenceSession.create(
        path,
        threads === undefined ? {} : { intraOpNumThreads: threads },
      )
    } catch (cause) {
      throw invalid(path, 'is no ONNX model that can be loaded', cause)
    }
    const output = outputs.find((name) => session.outputNames.includes(name))
    if (output && session.inputNames.join() === 'input_ids') {
      return new TextTower(session, tokenizer, output, (data, shape) => new Tensor('int64', data, shape))
    }
    const found = `inputs ${session.inputNames.join(', ')} and outputs ${session.outputNames.join(', ')}`
    await session.release()
    throw invalid(
      path,
      `is no text tower of SigLIP: it has ${found}, not input_ids and ${outputs.join(' or ')}`,
    )
  }

  /**
   * One unit vector per text, in their order. Equal texts are computed once.
   * @throws SimilarItemsError `model-invalid` where the model gives no vectors; the signal's reason on abort.
   */
  async encode(texts: readonly string[], signal?: AbortSignal): Promise<Float32Array[]> {
    const vectors = new Map<string, Float32Array>()
    const different = [...new Set(texts)]
    for (let start = 0; start < different.length; start += batchSize) {
      signal?.throwIfAborted()
      const batch = different.slice(start, start + batchSize)
      const rows = await this.#run(batch)
      for (const [index, text] of batch.entries()) vectors.set(text, rows[index] as Float32Array)
    }
    return texts.map((text) => vectors.get(text) as Float32Array)
  }

  close(): Promise<void> {
    return this.#session.release()
  }

  async #run(texts: readonly string[]): Promise<Float32Array[]> {
    const { length } = this.#tokenizer
    const ids = new BigInt64Array(texts.length * length)
    for (const [row, text] of texts.entries()) {
      ids.set(
        this.#tokenizer.encode(text).map((id) => BigInt(id)),
        row * length,
      )
    }
    const results = await this.#session.run({ input_ids: this.#tensor(ids, [texts.length, length]) })
    const { data, dims } = results[this.#output] as TypedTensor<'float32'>
    const [rows, dimensions = 0] = dims
    if (dims.length !== 2 || rows !== texts.length) {
      throw invalid(this.#output, `has shape [${dims.join(', ')}] for ${texts.length} texts`)
    }
    return texts.map((text, row) => toUnit(data.subarray(row * dimensions, (row + 1) * dimensions), text))
  }
}

function toUnit(vector: Float32Array, text: string): Float32Array {
  try {
    return normalize(vector)
  } catch (cause) {
    throw invalid(`The text tower's vector of "${text}"`, 'is zero or not finite', cause)
  }
}

async function findModel(folder: string): Promise<string> {
  const onnx = join(folder, 'onnx')
  try {
    const names = new Set(await readdir(onnx))
    const name = modelFiles.find((candidate) => names.has(candidate))
    if (name) return join(onnx, name)
  } catch (cause) {
    if (!isMissing(cause)) throw cause
  }
  throw new SimilarItemsError(
    'model-unreachable',
    `${onnx} has none of ${modelFiles.join(', ')}. Give the folder of a SigLIP export with its text tower.`,
    { subject: folder },
  )
}

function invalid(path: string, what: string, cause?: unknown): SimilarItemsError {
  return new SimilarItemsError('model-invalid', `${path} ${what}.`, { cause, subject: path })
}
