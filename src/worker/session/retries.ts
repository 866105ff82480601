/** Seconds before what failed is tried again. */
const pauses = [1, 2, 4, 8, 16, 32]
/** Whoever asks a question shortens a pause to this many milliseconds. */
const shortestPause = 1500

/**
 * Tries again what failed and may pass: after growing pauses, sooner when somebody asks, and at once when the network is
 * back. Gives up after the last pause, until then.
 */
export class Retries {
  readonly #task: () => Promise<void>
  readonly #onGaveUp: () => void
  #timer: ReturnType<typeof setTimeout> | undefined
  #isRunning = false
  /** Whether something failed since the task began. */
  #failed = false
  #tried = 0
  #lastEnd = Number.NEGATIVE_INFINITY
  #isClosed = false

  /** @param task calls `failed` where something fails again; it may reject, which counts as that. */
  constructor(task: () => Promise<void>, onGaveUp: () => void) {
    this.#task = task
    this.#onGaveUp = onGaveUp
  }

  /** Whether something that failed may still come. */
  get isPending(): boolean {
    return this.#isRunning || this.#timer !== undefined
  }

  /** Something failed that may pass. */
  failed(): void {
    this.#failed = true
    if (!this.isPending) this.#schedule()
  }

  /** Somebody asks. */
  hurry(): void {
    if (this.#timer !== undefined && performance.now() - this.#lastEnd >= shortestPause) void this.#run()
  }

  /** Tries again now what has not succeeded yet. */
  now(): void {
    this.#tried = 0
    if (this.#failed && !this.#isRunning) void this.#run()
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #schedule(): void {
    const seconds = pauses[this.#tried++]
    if (this.#isClosed) return
    if (seconds === undefined) this.#onGaveUp()
    else this.#timer = setTimeout(() => void this.#run(), seconds * 1000)
  }

  async #run(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#failed = false
    this.#isRunning = true
    await this.#task().catch(() => {
      this.#failed = true
    })
    this.#isRunning = false
    this.#lastEnd = performance.now()
    if (this.#failed) this.#schedule()
    else this.#tried = 0
  }
}
