import type { Terminal } from './command.js'

/** Shows how far a long task is: a bar on a terminal, elsewhere a plain line now and then. */
export class ProgressLine {
  readonly #stream: Terminal['err']
  readonly #noun: string
  /** When the first work was done, and how much: what came before is no measure of the rest. */
  #from: { readonly time: number; readonly worked: number } | null = null
  #shownAt = Number.NEGATIVE_INFINITY

  /** @param noun what is counted, in the plural. */
  constructor(stream: Terminal['err'], noun: string) {
    this.#stream = stream
    this.#noun = noun
  }

  /**
   * @param done of `total`, including what needed no work.
   * @param worked how many of these took time: they make the rate.
   */
  update(done: number, total: number, worked: number, note = ''): void {
    const now = performance.now()
    if (worked > 0) this.#from ??= { time: now, worked }
    const isLast = done === total
    if (now - this.#shownAt < (this.#stream.isTTY ? 100 : 5000) && !isLast) return
    this.#shownAt = now
    const { time = now, worked: before = worked } = this.#from ?? {}
    const rate = now > time ? (1000 * (worked - before)) / (now - time) : 0
    const pace = rate > 0 ? `, ${rate.toFixed(1)}/s` : ''
    const left = rate > 0 && !isLast ? `, ${duration((total - done) / rate)} left` : ''
    const text = `${done}/${total} ${this.#noun}${pace}${left}${note}`
    this.#stream.write(this.#stream.isTTY ? `\r\x1b[K${this.#bar(done / total)} ${text}` : `${text}\n`)
  }

  /** Leaves the line, so that what is written next starts on its own. */
  end(): void {
    if (this.#stream.isTTY && this.#shownAt > 0) this.#stream.write('\n')
  }

  #bar(share: number): string {
    const width = Math.max(10, Math.min(40, (this.#stream.columns ?? 80) - 60))
    const filled = Math.round(share * width)
    return `[${'='.repeat(filled)}${' '.repeat(width - filled)}]`
  }
}

function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`
  if (seconds < 3600) return `${Math.ceil(seconds / 60)} min`
  return `${(seconds / 3600).toFixed(1)} h`
}
