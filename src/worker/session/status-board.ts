import type { ImageEncoder } from '../../encoder/image-encoder.js'
import type { EngineStatus, SkippedItem, Space } from '../../types.js'
import type { StatusReport } from '../protocol.js'

type Step = keyof EngineStatus['timings']

/** Collects what `engine.status` shows, and tells when it changed, at most every 100 ms. */
export class StatusBoard {
  encoder: EngineStatus['encoder'] = 'idle'
  storage: EngineStatus['storage'] = 'memory'
  rejectedBackends: readonly string[] = []
  space: Space | null = null
  products = 0
  stored = 0
  encoded = 0
  readonly bytes = { catalog: 0, pack: 0, runtime: 0, model: 0, images: 0, modelFromCache: false }
  readonly warnings: string[] = []
  #feedSkipped: readonly SkippedItem[] = []
  #pictureSkipped = new Map<string, string>()
  #backend: Pick<ImageEncoder, 'backend' | 'threads' | 'modelFile'> | null = null
  readonly #samples = new Map<Step, number[]>()
  readonly #publish: (report: StatusReport) => void
  #reports = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(publish: (report: StatusReport) => void) {
    this.#publish = publish
  }

  set activeEncoder(encoder: ImageEncoder | null) {
    this.#backend = encoder
    this.encoder = encoder ? 'ready' : 'idle'
    this.changed()
  }

  set feedSkipped(items: readonly SkippedItem[]) {
    this.#feedSkipped = items
  }

  /** Products whose picture cannot be encoded, by id, with the reason. */
  get pictureSkipped(): Map<string, string> {
    return this.#pictureSkipped
  }

  /** Notes how long a step took, in milliseconds. */
  time(step: Step, milliseconds: number): void {
    const samples = this.#samples.get(step) ?? []
    samples.push(milliseconds)
    // A median over the last hundred is as telling, and a long visit must not grow memory.
    if (samples.length > 100) samples.shift()
    this.#samples.set(step, samples)
  }

  changed(): void {
    this.#timer ??= setTimeout(() => {
      const report = this.takeReport()
      if (report) this.#publish(report)
    }, 100)
  }

  /** The status where it has changed and nobody was told, otherwise null. Who takes it tells it. */
  takeReport(): StatusReport | null {
    if (this.#timer === undefined) return null
    clearTimeout(this.#timer)
    this.#timer = undefined
    return { number: this.#reports++, status: this.snapshot() }
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  snapshot(): EngineStatus {
    const timing = (step: Step) => median(this.#samples.get(step) ?? [])
    return {
      encoder: this.encoder,
      backend: this.#backend?.backend ?? null,
      threads: this.#backend?.threads ?? 0,
      modelFile: this.#backend?.modelFile ?? null,
      rejectedBackends: this.rejectedBackends,
      space: this.space,
      products: this.products,
      vectors: { stored: this.stored, encoded: this.encoded },
      skipped: [
        ...this.#feedSkipped,
        ...Array.from(this.#pictureSkipped, ([id, reason]): SkippedItem => ({ id, reason })),
      ],
      storage: this.storage,
      warnings: [...this.warnings],
      bytes: { ...this.bytes },
      timings: {
        openCatalog: timing('openCatalog'),
        openStore: timing('openStore'),
        openEncoder: timing('openEncoder'),
        decode: timing('decode'),
        resize: timing('resize'),
        inference: timing('inference'),
      },
    }
  }
}

function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? 0
}
