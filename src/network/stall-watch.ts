/**
 * A download that gets no byte for so many seconds has stalled: the first attempt, and the second, which a slow server
 * may need. What hangs seldom goes on, and a new connection finds another way.
 */
export const stallSeconds = [5, 15] as const

/** A browser has few connections to a host: while others get bytes, a download that gets none may only wait its turn. */
const turnSeconds = 60

/** Counts the pieces that any download of this thread has got. */
let piecesOfAll = 0

/**
 * Notices that a download gets no more bytes. It counts the ticks of a clock and not the time: while the thread computes,
 * or the page sleeps, nothing can arrive and nothing is missed.
 */
export class StallWatch {
  readonly #clock: ReturnType<typeof setInterval>
  #quiet = 0
  #quietEverywhere = 0
  #seen = piecesOfAll

  /** @param limit in seconds. */
  constructor(limit: number, onStall: () => void) {
    this.#clock = setInterval(() => {
      this.#quiet++
      this.#quietEverywhere = this.#seen === piecesOfAll ? this.#quietEverywhere + 1 : 0
      this.#seen = piecesOfAll
      if (this.#quietEverywhere >= limit || this.#quiet >= turnSeconds) onStall()
    }, 1000)
  }

  /** Bytes, or the headers, have come. */
  heard(): void {
    this.#quiet = 0
    piecesOfAll++
  }

  end(): void {
    clearInterval(this.#clock)
  }
}
