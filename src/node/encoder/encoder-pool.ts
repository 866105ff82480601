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
  close(): Promise<void>
}

/**
 * Opens an encoder on `workers` threads, or on the calling thread where that is 1.
 *
 * onnxruntime-node computes on the thread that calls it, and two cores run two pictures on a thread each faster than
 * one picture on two threads.
 * @throws what `NodeEncoder.open` throws.
 */
export async function openPictureEncoder(
  options: Omit<NodeEncoderOptions, 'threads'>,
  workers: number,
): Promise<PictureEncoder> {
  if (workers > 1) return EncoderPool.open(options, workers)
  const encoder = await NodeEncoder.open(options)
  return {
    space: encoder.space,
    modelFile: encoder.modelFile,
    lanes: 2,
    encode: (file, name) => encoder.encode(file, name),
    close: () => encoder.close(),
  }
}

/** Shares pictures out among threads: each goes to the one with the least to do. */
class EncoderPool implements PictureEncoder {
  readonly #threads: readonly EncoderThread[]

  private constructor(threads: readonly EncoderThread[]) {
    this.#threads = threads
  }

  static async open({ signal, ...options }: Omit<NodeEncoderOptions, 'threads'>, workers: number) {
    signal?.throwIfAborted()
    const opening = Array.from({ length: workers }, () => EncoderThread.open(options))
    const settled = await Promise.allSettled(opening)
    const threads = settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    const failed = settled.find((result) => result.status === 'rejected')
    const pool = new EncoderPool(threads)
    if (!failed && !signal?.aborted) return pool
    await pool.close()
    signal?.throwIfAborted()
    throw failed?.reason
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

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()))
  }

  get #first(): EncoderThread {
    return this.#threads[0] as EncoderThread
  }
}
