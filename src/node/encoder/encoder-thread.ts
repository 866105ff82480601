import { Worker } from 'node:worker_threads'
import { SimilarItemsError } from '../../errors.js'
import type { Embedding, Space } from '../../types.js'
import type { EncodeReply, EncodeRequest } from './encode-message.js'
import type { NodeEncoderOptions } from './node-encoder.js'

interface Waiting {
  resolve(answer: Answer): void
  reject(error: unknown): void
}

type Answer = Extract<EncodeReply, { type: 'encoded' | 'timed' }>

/** An encoder in a thread of its own. */
export class EncoderThread {
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  readonly #opened: Promise<{ space: Space; modelFile: string }>
  #identity: { space: Space; modelFile: string } | null = null
  #requests = 0
  #failure: unknown = null

  private constructor(worker: Worker) {
    this.#worker = worker
    this.#opened = new Promise((resolve, reject) => {
      worker.on('message', (reply: EncodeReply) => {
        if (reply.type === 'opened') resolve(reply)
        else if (reply.type === 'failed' && reply.request === null) reject(toError(reply))
        else this.#settle(reply)
      })
      const die = (cause: unknown) => {
        this.#failure = new SimilarItemsError('worker-died', `An encoding thread ended: ${String(cause)}`, {
          cause,
        })
        reject(this.#failure)
        for (const { reject } of this.#waiting.values()) reject(this.#failure)
        this.#waiting.clear()
      }
      worker.on('error', die)
      worker.on('exit', (code) => die(`exit code ${code}`))
    })
    this.#opened.catch(() => undefined) // `open` tells.
  }

  /** @throws what `NodeEncoder.open` throws, `worker-died`. */
  static async open(options: NodeEncoderOptions): Promise<EncoderThread> {
    const script = './encode-worker.js'
    const thread = new EncoderThread(new Worker(new URL(script, import.meta.url), { workerData: options }))
    try {
      thread.#identity = await thread.#opened
      return thread
    } catch (error) {
      await thread.close()
      throw error
    }
  }

  get space(): Space {
    return this.#open.space
  }

  get modelFile(): string {
    return this.#open.modelFile
  }

  /** Pictures under way. */
  get pending(): number {
    return this.#waiting.size
  }

  /** @throws what `NodeEncoder.encode` throws, `worker-died`. */
  async encode(file: Uint8Array, name: string): Promise<Embedding> {
    const answer = await this.#ask((request) => ({ type: 'encode', request, file, name }))
    if (answer.type !== 'encoded') throw new Error(`the thread answered with ${answer.type}`)
    return { space: this.space, vector: answer.vector }
  }

  /** Milliseconds of one picture. @throws what `NodeEncoder.time` throws, `worker-died`. */
  async time(): Promise<number> {
    const answer = await this.#ask((request) => ({ type: 'time', request }))
    if (answer.type !== 'timed') throw new Error(`the thread answered with ${answer.type}`)
    return answer.milliseconds
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }

  get #open(): { space: Space; modelFile: string } {
    if (!this.#identity) throw new Error('the thread is not open')
    return this.#identity
  }

  #ask(question: (request: number) => EncodeRequest): Promise<Answer> {
    if (this.#failure) return Promise.reject(this.#failure)
    const request = this.#requests++
    return new Promise((resolve, reject) => {
      this.#waiting.set(request, { resolve, reject })
      this.#worker.postMessage(question(request))
    })
  }

  #settle(reply: Exclude<EncodeReply, { type: 'opened' }>): void {
    const waiting = this.#waiting.get(reply.request as number)
    this.#waiting.delete(reply.request as number)
    if (reply.type === 'failed') waiting?.reject(toError(reply))
    else waiting?.resolve(reply)
  }
}

function toError({ code, message, subject }: Extract<EncodeReply, { type: 'failed' }>): SimilarItemsError {
  return new SimilarItemsError(code, message, subject === null ? {} : { subject })
}
