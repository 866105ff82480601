type Granted = (lock: Lock | null) => unknown

interface Waiting {
  readonly grant: () => void
}

/** Web Locks as one origin has them, without the browser: for what is decided above them. */
export class FakeLocks {
  readonly #held = new Map<string, Waiting[]>()
  /** As in a browser that blocks a site's data. */
  isDenied = false

  query = async () => {
    if (this.isDenied) throw new DOMException('denied', 'SecurityError')
    const held = [...this.#held.keys()].map((name) => ({ name }))
    return { held, pending: [] }
  }

  request = (name: string, ...rest: [Granted] | [{ signal?: AbortSignal }, Granted]): Promise<unknown> => {
    const [granted] = rest.slice(-1) as [Granted]
    const { signal } = (rest.length === 2 ? rest[0] : {}) as { signal?: AbortSignal }
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const queue = this.#held.get(name)
      const grant = async () => {
        signal?.removeEventListener('abort', abort)
        try {
          resolve(await granted({ name, mode: 'exclusive' }))
        } catch (error) {
          reject(error)
        }
        this.release(name)
      }
      const waiting = { grant: () => void grant() }
      const abort = () => {
        const left = this.#held.get(name)
        left?.splice(left.indexOf(waiting), 1)
        reject(signal?.reason)
      }
      signal?.addEventListener('abort', abort)
      if (queue) return void queue.push(waiting)
      this.#held.set(name, [])
      waiting.grant()
    })
  }

  /** Gives a lock to who waits next, as when its holder has died. */
  release(name: string): void {
    const next = this.#held.get(name)?.shift()
    if (next) next.grant()
    else this.#held.delete(name)
  }
}
