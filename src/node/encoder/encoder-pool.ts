import type { Embedding, Space } from '../../types.js'
import { EncoderThread } from './encoder-thread.js'
import { NodeEncoder, type NodeEncoderOptions } from './node-encoder.js'

/** Makes embeddings of image files, several at a time. */
export interface PictureEncoder {
  readonly space: Space
  readonly modelFile: string
  /** Pictures worth having under way at once, so that nothing waits for a file to be decoded. */
  readonly lanes: number
  /** @throws SimilarItemsError `image-undecodable`, `image-too-large`. */
  encode(file: Uint8Array, name: string): Promise<Embedding>
  /** Milliseconds of one picture on one thread. */
  time(): Promise<number>
  /** Opens what is missing of `workers` threads. @throws what `openPictureEncoder` throws. */
  grow(workers: number, signal?: AbortSignal): Promise<void>
  close(): Promise<void>
}

type Options = Omit<NodeEncoderOptions, 'threads'>

/**
 * Opens an encoder for `workers` threads, or for the calling thread where that is 1.
 *
 * onnxruntime-node computes on the thread that calls it, and two cores run two pictures on a thread each faster than
 * one picture on two threads.
 * @param first how many of the threads to open; `grow` opens the others. Default: all.
 * @throws what `NodeEncoder.open` throws; the signal's reason on abort.
 */
export async function openPictureEncoder(
  options: Options,
  workers: number,
  first = workers,
): Promise<PictureEncoder> {
  if (workers > 1) return EncoderPool.open(options, first)
  const encoder = await NodeEncoder.open(options)
  return {
    space: encoder.space,
    modelFile: encoder.modelFile,
    lanes: 2,
    encode: (file, name) => encoder.encode(file, name),
    time: () => encoder.time(),
    grow: () => Promise.resolve(),
    close: () => encoder.close(),
  }
}

/** Shares pictures out among threads: each goes to the one with the least to do. */
class EncoderPool implements PictureEncoder {
  readonly #options: NodeEncoderOptions
  readonly #threads: EncoderThread[] = []

  private constructor(options: NodeEncoderOptions) {
    this.#options = options
  }

  static async open({ signal, ...options }: Options, workers: number) {
    const pool = new EncoderPool(options)
    try {
      await pool.grow(workers, signal)
      return pool
    } catch (error) {
      await pool.close()
      throw error
    }
  }

  async grow(workers: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    const missing = Math.max(0, workers - this.#threads.length)
    const opening = Array.from({ length: missing }, () => EncoderThread.open(this.#options))
    const settled = await Promise.allSettled(opening)
    for (const result of settled) if (result.status === 'fulfilled') this.#threads.push(result.value)
    signal?.throwIfAborted()
    const failed = settled.find((result) => result.status === 'rejected')
    if (failed) throw failed.reason
  }

  get space(): Space {
    return this.#first.space
  }

  get modelFile(): string {
    return this.#first.modelFile
  }

  get lanes(): number {
    return 2 * this.#threads.length
  }

  encode(file: Uint8Array, name: string): Promise<Embedding> {
    const idlest = this.#threads.reduce((a, b) => (b.pending < a.pending ? b : a))
    return idlest.encode(file, name)
  }

  time(): Promise<number> {
    return this.#first.time()
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()))
  }

  get #first(): EncoderThread {
    return this.#threads[0] as EncoderThread
  }
}
