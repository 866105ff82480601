/** After so many seconds without a byte, a file is asked for once more beside the request that is quiet. */
export const quietSeconds = 5

/** A request that gets no byte for so many seconds has stalled: where another was made beside it, and the last one. */
export const stallSeconds = [10, 15] as const

/** A browser has few connections to a host: while others get bytes, a download that gets none may only wait its turn. */
const turnSeconds = 60

/**
 * Counts the pieces that any download of this thread has got. It goes by a name: the worker and the code that encodes each
 * have a copy of this file.
 */
const pieces = Symbol.for('similar-items.pieces')
const thread = globalThis as { [pieces]?: number }

/**
 * Notices that a download gets no more bytes. It counts the ticks of a clock and not the time: while the thread computes,
 * or the page sleeps, nothing can arrive and nothing is missed.
 */
export class StallWatch {
  readonly #clock: ReturnType<typeof setInterval>
  #quiet = 0
  #quietEverywhere = 0
  #seen = piecesOfAll()

  /** @param limit in seconds. @param onQuiet is called each time that it has been quiet for `quietSeconds`. @param onStall is told for how long. */
  constructor(limit: number, onQuiet: () => void, onStall: (seconds: number) => void) {
    this.#clock = setInterval(() => {
      this.#quiet++
      this.#quietEverywhere = this.#seen === piecesOfAll() ? this.#quietEverywhere + 1 : 0
      this.#seen = piecesOfAll()
      if (this.#quietEverywhere >= limit || this.#quiet >= turnSeconds) onStall(this.#quiet)
      else if (this.#quietEverywhere === quietSeconds) onQuiet()
    }, 1000)
  }

  /** Bytes, or the headers, have come. */
  heard(): void {
    this.#quiet = 0
    thread[pieces] = piecesOfAll() + 1
  }

  end(): void {
    clearInterval(this.#clock)
  }
}

function piecesOfAll(): number {
  return thread[pieces] ?? 0
}
