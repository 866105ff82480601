import { SimilarItemsError } from '../../errors.js'
import { parseSafetensors } from '../../vectors/safetensors.js'
import { importScript } from '../runtime/import-script.js'
import type { InferenceRuntime, InferenceSession, OutputsOf } from '../runtime/inference-runtime.js'
import type { StartThread } from '../threads/thread-script.js'
import type { OpenTower } from './open-tower.js'
import { TowerThreads } from './tower-threads.js'
import type { VisionTower } from './vision-tower.js'

export interface KernelOptions {
  readonly signal?: AbortSignal
  /** Default: this one computes alone. */
  readonly threads?: KernelThreads
}

export interface KernelThreads {
  /** Threads that compute, this one among them. More than one needs memory that threads share. */
  readonly count: number
  readonly startThread: StartThread
  /** Told when a thread has come to help, and, with the reason, when all is done by one from now on. */
  readonly onThreads: (warning: string | null) => void
}

/**
 * The package's own kernel behind the seam of ONNX Runtime: it takes files of 7-bit weights.
 * @throws SimilarItemsError `no-backend` where the engine does not run it, `runtime-unreachable` where its script is
 * not there; the signal's reason on abort.
 */
export async function openKernelRuntime(options: KernelOptions = {}): Promise<InferenceRuntime> {
  const { threads = alone, signal } = options
  const openTower = await prepare(signal, threads.count)
  let session: TowerSession | null = null
  return {
    backend: 'kernel',
    get threads() {
      return session?.threads ?? 1
    },
    async createSession(bytes) {
      const own = new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength)
      const opened = await openTower(parseSafetensors(own, 'The file of weights'))
      session = new TowerSession(opened, threads)
      return session
    },
  }
}

const alone: KernelThreads = {
  count: 1,
  startThread: () => () => undefined,
  onThreads: () => undefined,
}

async function prepare(signal: AbortSignal | undefined, threads: number) {
  const { prepareTowers } = await importScript(import('./open-tower.js'), {
    what: 'The script of the kernel',
    hint: "Copy the package's dist folder as it is.",
    // Another backend takes over.
    onLost: () => undefined,
    signal,
  })
  try {
    return await prepareTowers(threads)
  } catch (cause) {
    throw new SimilarItemsError(
      'no-backend',
      `This engine does not run the kernel, which needs WebAssembly with SIMD: ${String(cause)}`,
      { cause },
    )
  }
}

/** A vision tower as a session with the inputs and outputs that an export has. */
class TowerSession implements InferenceSession {
  readonly inputNames = ['pixel_values']
  readonly outputNames = ['last_hidden_state', 'pooler_output']
  readonly #opened: OpenTower
  readonly #onThreads: KernelThreads['onThreads']
  readonly #threads: TowerThreads
  #tower: VisionTower

  constructor(opened: OpenTower, { startThread, onThreads }: KernelThreads) {
    this.#opened = opened
    this.#tower = opened.tower
    this.#onThreads = onThreads
    this.#threads = new TowerThreads(opened.tasks, startThread, {
      joined: () => onThreads(null),
      failed: (why) => {
        opened.tower.computeAlone()
        this.#warn(why)
      },
    })
    if (opened.failure !== null) this.#warn(opened.failure)
  }

  get threads(): number {
    return this.#tower.threads
  }

  async run<const Names extends readonly string[]>(
    { data, shape }: Parameters<InferenceSession['run']>[0],
    outputs: Names,
  ): Promise<OutputsOf<Names>> {
    const { imageSize } = this.#tower.shape
    if (shape.join() !== [1, 3, imageSize, imageSize].join()) {
      throw new SimilarItemsError(
        'model-invalid',
        `The weights are for pictures of ${imageSize} pixels; the folder's preprocessor_config.json asks for others.`,
      )
    }
    const { lastHiddenState, poolerOutput } = await this.#compute(data)
    const named: Record<string, Float32Array> = {
      last_hidden_state: lastHiddenState,
      pooler_output: poolerOutput,
    }
    return outputs.map((name) => named[name]) as OutputsOf<Names>
  }

  async close(): Promise<void> {
    this.#threads.close()
  }

  async #compute(pixels: Float32Array) {
    try {
      return this.#tower.run(pixels)
    } catch (error) {
      if (this.#tower.threads === 1) throw error
      this.#threads.close()
      // The thread may still write to the memory that they shared.
      this.#tower = await this.#opened.copyForOne()
      this.#warn(String(error))
      return this.#tower.run(pixels)
    }
  }

  #warn(why: string): void {
    this.#onThreads(
      `The kernel runs on one thread: ${why}. Threads need Cross-Origin-Embedder-Policy on worker.js too.`,
    )
  }
}
