import { setTimeout } from 'node:timers/promises'

/** Seconds that are waited for at most; a host that wants more is not asked again in that time. */
const longestPause = 120

/** What hosts have said about when to come back (`Retry-After`), for all requests to them. */
export class HostPauses {
  readonly #until = new Map<string, number>()

  /**
   * Notes the header of an answer: seconds, or a date.
   * @param now milliseconds since 1970.
   */
  note(host: string, retryAfter: string | undefined, now = Date.now()): void {
    if (retryAfter === undefined) return
    const seconds = /^\s*\d+\s*$/.test(retryAfter)
      ? Number(retryAfter)
      : (Date.parse(retryAfter) - now) / 1000
    if (seconds > 0) this.#until.set(host, Math.max(this.#until.get(host) ?? 0, now + seconds * 1000))
  }

  /** Seconds until a host may be asked again; 0 where it may be now. */
  left(host: string, now = Date.now()): number {
    return Math.max(0, ((this.#until.get(host) ?? 0) - now) / 1000)
  }

  /** Waits until a host may be asked. @throws the signal's reason. */
  async wait(host: string, signal: AbortSignal | undefined): Promise<void> {
    for (let left = this.left(host); left > 0; left = this.left(host)) {
      if (left > longestPause) return
      await setTimeout(left * 1000, undefined, signal ? { signal } : {}).catch((error: unknown) => {
        signal?.throwIfAborted()
        throw error
      })
    }
  }
}
