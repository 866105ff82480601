import type { HeicDecoderModule } from '../../encoder/decode/heic/decoder-module.js'
import type { ImageEncoder } from '../../encoder/image-encoder.js'
import type { Precision } from '../../encoder/model/model-files.js'
import { openEncoder } from '../../encoder/open-encoder.js'
import { Resampler } from '../../encoder/resample/resample.js'
import type { BackendName, Embedding, Space } from '../../types.js'
import { fileFetch } from '../files/file-fetch.js'
import { decodePicture } from './decode-picture.js'
import { loadHeicDecoder } from './load-heic-decoder.js'
import { type NodeBackend, nodeBackends } from './node-backends.js'
import { readModelFolder } from './read-model-folder.js'

export interface NodeEncoderOptions {
  /** Folder or URL of the model. */
  readonly model: string
  /** Default `auto`: the 8-bit weights that pages run on WASM. */
  readonly precision?: Precision | undefined
  /**
   * `wasm` stands for onnxruntime-node: the same weights, checked against the same reference. `kernel` is the package's
   * own, whose vectors are those of pages to the bit. Default `auto`: onnxruntime-node where it is installed.
   */
  readonly backend?: NodeBackend | undefined
  /** Threads of one inference of onnxruntime-node. Default 1. */
  readonly threads?: number | undefined
  /** Path of a module that decodes HEIC pictures, as pages take it. Default: they cannot be decoded. */
  readonly heicDecoder?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** From the bytes of image files to embeddings, as in a page, but decoded by sharp. */
export class NodeEncoder {
  readonly #encoder: ImageEncoder
  readonly #resampler: Resampler
  readonly #heic: HeicDecoderModule | null
  #last: Promise<unknown> = Promise.resolve()

  private constructor(encoder: ImageEncoder, resampler: Resampler, heic: HeicDecoderModule | null) {
    this.#encoder = encoder
    this.#resampler = resampler
    this.#heic = heic
  }

  /** @throws SimilarItemsError `package-missing`, `model-*`, `no-backend`, `decoder-failed`; the signal's reason on abort. */
  static async open({
    model,
    precision = 'auto',
    backend = 'auto',
    threads = 1,
    heicDecoder,
    signal,
  }: NodeEncoderOptions): Promise<NodeEncoder> {
    const heic = heicDecoder === undefined ? null : await loadHeicDecoder(heicDecoder)
    const folder = await readModelFolder(model, signal)
    const candidates = await nodeBackends(backend, threads)
    const options = { precision, fetch: fileFetch, ...(signal && { signal }) }
    const [{ encoder }, resampler] = await Promise.all([
      openEncoder(folder, candidates, options),
      Resampler.open(),
    ])
    return new NodeEncoder(encoder, resampler, heic)
  }

  get space(): Space {
    return this.#encoder.space
  }

  get backend(): BackendName {
    return this.#encoder.backend
  }

  /** File name or URL of the weights in use. */
  get modelFile(): string {
    return this.#encoder.modelFile
  }

  /**
   * The embedding of an image file. Several may be asked for at once: they decode side by side and are computed
   * one after the other.
   * @param name what to call the picture in errors.
   * @throws SimilarItemsError `image-undecodable`, `image-too-large`.
   */
  async encode(file: Uint8Array, name: string): Promise<Embedding> {
    const pixels = await decodePicture(file, name, this.#heic)
    const rgb = await this.#resampler.resize(pixels, this.#encoder.preprocessing)
    const embedding = this.#last.then(() => this.#encoder.encode(rgb))
    this.#last = embedding.catch(() => undefined)
    return embedding
  }

  /** Milliseconds of one picture, the median of three; the self-check has warmed the encoder up. */
  async time(): Promise<number> {
    const { width, height } = this.#encoder.preprocessing
    const picture = new Uint8Array(width * height * 3).map((_, index) => (index * 37) % 256)
    const times: number[] = []
    for (let run = 0; run < 3; run++) {
      const started = performance.now()
      await this.#encoder.encode(picture)
      times.push(performance.now() - started)
    }
    return times.sort((a, b) => a - b)[1] as number
  }

  async close(): Promise<void> {
    await this.#last
    this.#resampler.close()
    await this.#encoder.close()
  }
}
