/** Seconds before what failed is tried again. */
const pauses = [1, 2, 4, 8, 16, 32]
/** Whoever asks a question shortens a pause to this many milliseconds. */
const shortestPause = 1500
/** The same after the last pause, when nothing is tried again without being asked. */
const pauseAfterLast = 32_000

/**
 * Tries again what failed and may pass: after growing pauses, sooner when somebody asks, and at once when the network is
 * back. Gives up after the last pause, until somebody asks or the network is back.
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
    if (!this.isPending && !this.#hasGivenUp) this.#schedule()
  }

  /** Somebody asks. */
  hurry(): void {
    const pause = this.#timer === undefined ? pauseAfterLast : shortestPause
    if (this.#failed && !this.#isRunning && performance.now() - this.#lastEnd >= pause) void this.#run()
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

  get #hasGivenUp(): boolean {
    return this.#tried >= pauses.length
  }

  #schedule(): void {
    if (this.#isClosed) return
    const seconds = pauses[this.#tried++] as number
    this.#timer = setTimeout(() => void this.#run(), seconds * 1000)
  }

  async #run(): Promise<void> {
    if (this.#isClosed) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#failed = false
    this.#isRunning = true
    await this.#task().catch(() => {
      this.#failed = true
    })
    this.#isRunning = false
    this.#lastEnd = performance.now()
    if (!this.#failed) this.#tried = 0
    else if (!this.#hasGivenUp) this.#schedule()
    else if (!this.#isClosed) this.#onGaveUp()
  }
}
