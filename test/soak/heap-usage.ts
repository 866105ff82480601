import type { CDPSession, Page } from '@playwright/test'

/** Bytes in use after a garbage collection. */
export interface HeapUsage {
  /** Objects of JavaScript. */
  readonly heap: number
  /** Buffers, with the memory of WebAssembly. */
  readonly buffers: number
}

interface Usage {
  readonly usedSize: number
  readonly embedderHeapUsedSize: number
  readonly backingStorageSize: number
}

/** Measures what a page and its worker hold, as Chromium's debugger tells it. */
export class HeapProbe {
  readonly #session: CDPSession
  /** The newest worker's. */
  #worker: string | null = null
  #calls = 0
  readonly #waiting = new Map<number, (result: unknown) => void>()

  private constructor(session: CDPSession) {
    this.#session = session
    session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
      if (targetInfo.type === 'worker') this.#worker = sessionId
    })
    session.on('Target.receivedMessageFromTarget', ({ message }) => {
      const { id, result } = JSON.parse(message) as { id?: number; result?: unknown }
      if (id === undefined) return
      this.#waiting.get(id)?.(result)
      this.#waiting.delete(id)
    })
  }

  /** To be opened before the page starts its worker. */
  static async open(page: Page): Promise<HeapProbe> {
    const session = await page.context().newCDPSession(page)
    const probe = new HeapProbe(session)
    await session.send('Target.setAutoAttach', {
      autoAttach: true,
      waitForDebuggerOnStart: false,
      flatten: false,
    })
    return probe
  }

  async page(): Promise<HeapUsage> {
    await this.#session.send('HeapProfiler.collectGarbage')
    return toUsage((await this.#session.send('Runtime.getHeapUsage')) as unknown as Usage)
  }

  async worker(): Promise<HeapUsage> {
    await this.#ask('HeapProfiler.collectGarbage')
    return toUsage((await this.#ask('Runtime.getHeapUsage')) as Usage)
  }

  async #ask(method: string): Promise<unknown> {
    if (this.#worker === null) throw new Error('the page has no worker')
    const id = ++this.#calls
    const answer = new Promise((resolve) => this.#waiting.set(id, resolve))
    await this.#session.send('Target.sendMessageToTarget', {
      sessionId: this.#worker,
      message: JSON.stringify({ id, method }),
    })
    return answer
  }
}

function toUsage({ usedSize, embedderHeapUsedSize, backingStorageSize }: Usage): HeapUsage {
  return { heap: usedSize + embedderHeapUsedSize, buffers: backingStorageSize }
}
