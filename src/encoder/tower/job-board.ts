/** Words of the board, all 0 at first. */
const word = {
  /** Counts the runs; threads wait for the next one. */
  run: 0,
  /** Jobs that nobody has taken; less than 0 where more was asked for. */
  left: 1,
  /** Jobs that are done. */
  done: 2,
  /** Jobs before this one may begin: those of earlier steps are done. */
  open: 3,
  /** Threads that have come to help. */
  helpers: 4,
  /** Not 0 where a thread has failed. */
  failed: 5,
} as const

/** Bytes of a board, and of one for its first thread alone behind it. */
export const BOARD_BYTES = 64

/** Before it sleeps, a thread looks so many times whether it may go on: steps are short, and waking up takes longer. */
const looks = 500
/** A thread that computes one job for so many seconds is dead. */
const patience = 10

/**
 * Jobs, in steps, that threads take in turn from memory that they share: each takes the next, and begins it when all jobs of
 * the earlier steps are done. Nobody waits for a thread that has taken none: one that starts late or sleeps is no loss.
 * On memory of its own, one thread does all jobs in order.
 */
export class JobBoard {
  readonly #jobs: readonly number[]
  readonly #memory: WebAssembly.Memory
  readonly #address: number
  readonly #words: Int32Array
  /** Number of the first job behind each step. */
  readonly #ends: readonly number[]

  constructor(memory: WebAssembly.Memory, address: number, jobs: readonly number[]) {
    this.#jobs = jobs
    this.#memory = memory
    this.#address = address
    this.#words = boardWords(memory, address)
    let end = 0
    this.#ends = jobs.map((count) => {
      end += count
      return end
    })
  }

  get helpers(): number {
    return Atomics.load(this.#words, word.helpers)
  }

  /**
   * Does all jobs once, with whoever helps.
   * @throws StoppedHelperError where a helper has failed, or hangs; others may go on with their jobs for a while.
   */
  run(work: Work): void {
    const words = this.#words
    Atomics.store(words, word.done, 0)
    Atomics.store(words, word.open, this.#ends[0] as number)
    Atomics.store(words, word.left, this.#all)
    Atomics.add(words, word.run, 1)
    Atomics.notify(words, word.run)
    try {
      this.#work(work, (job) => this.#waitFor(job))
      this.#waitFor(this.#all)
    } catch (error) {
      // Whoever comes later must not go on with what was given up.
      Atomics.store(words, word.left, 0)
      throw error
    }
  }

  /**
   * A board behind this one, between two runs, on which nobody helps: browsers let a thread that is ended go on for
   * seconds, and it would end in the middle of a job.
   */
  alone(): JobBoard {
    return new JobBoard(this.#memory, this.#address + BOARD_BYTES / 2, this.#jobs)
  }

  /** Counts this thread among those that help. */
  join(): void {
    Atomics.add(this.#words, word.helpers, 1)
  }

  /** Helps with every run from now on; never returns. */
  help(work: Work): never {
    const words = this.#words
    try {
      for (;;) {
        const run = Atomics.load(words, word.run)
        this.#work(work, (job) => this.#sleepUntil(job))
        Atomics.wait(words, word.run, run)
      }
    } catch (error) {
      Atomics.store(words, word.failed, 1)
      Atomics.notify(words, word.open)
      throw error
    }
  }

  #work(work: Work, waitFor: (job: number) => void): void {
    const words = this.#words
    let step = 0
    for (;;) {
      const left = Atomics.sub(words, word.left, 1)
      if (left <= 0) return
      const job = this.#all - left
      // A new run may have begun in between.
      if (job < (this.#ends[step - 1] ?? 0)) step = 0
      while (job >= (this.#ends[step] as number)) step++
      waitFor(job)
      work(step, job - (this.#ends[step - 1] ?? 0))
      if (Atomics.add(words, word.done, 1) + 1 !== this.#ends[step]) continue
      Atomics.store(words, word.open, this.#ends[step + 1] ?? this.#all + 1)
      Atomics.notify(words, word.open)
    }
  }

  get #all(): number {
    return this.#ends.at(-1) as number
  }

  #waitFor(job: number): void {
    const words = this.#words
    // Ticks are counted, not time: where the page sleeps, so do all.
    for (let seconds = 0; !this.#isOpen(job); ) {
      if (Atomics.load(words, word.failed)) throw new StoppedHelperError('A thread failed')
      const open = Atomics.load(words, word.open)
      if (open > job || Atomics.wait(words, word.open, open, 1000) !== 'timed-out') continue
      if (++seconds >= patience) throw new StoppedHelperError('A thread did not answer')
    }
  }

  #sleepUntil(job: number): void {
    const words = this.#words
    while (!this.#isOpen(job)) {
      const open = Atomics.load(words, word.open)
      if (open <= job) Atomics.wait(words, word.open, open)
    }
  }

  #isOpen(job: number): boolean {
    for (let look = 0; look < looks; look++) {
      if (Atomics.load(this.#words, word.open) > job) return true
    }
    return false
  }
}

type Work = (step: number, job: number) => void

/** A thread that helps has stopped. */
export class StoppedHelperError extends Error {}

/** Forgets a board that was copied together with what lies beside it. */
export function clearBoard(memory: WebAssembly.Memory, address: number): void {
  boardWords(memory, address).fill(0)
}

function boardWords(memory: WebAssembly.Memory, address: number): Int32Array {
  return new Int32Array(memory.buffer, address, 8)
}
