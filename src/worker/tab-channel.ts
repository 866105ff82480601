/** What tabs that share vectors tell each other. */
type TabMessage =
  /** There are new vectors in the store. */
  | { readonly type: 'stored' }
  /** Somebody looks at a product with this picture: encode it next. */
  | { readonly type: 'wanted'; readonly contentKey: string }

/**
 * Keeps tabs from doing the same work: one of them leads, found by a Web Lock, and the others hear what it did.
 * Where the browser has no Web Locks (an insecure context), every tab leads.
 */
export class TabChannel {
  readonly #name: string
  readonly #channel: BroadcastChannel
  #isLeading = false

  constructor(name: string, on: { stored: () => void; wanted: (contentKey: string) => void }) {
    this.#name = name
    this.#channel = new BroadcastChannel(name)
    this.#channel.onmessage = ({ data }: MessageEvent<TabMessage>) => {
      if (data.type === 'stored') on.stored()
      else on.wanted(data.contentKey)
    }
  }

  get isLeading(): boolean {
    return this.#isLeading
  }

  /** Runs `task` once no other tab leads; until then it waits. A tab that dies stops leading. */
  async lead(signal: AbortSignal, task: () => Promise<void>): Promise<void> {
    const leading = async () => {
      this.#isLeading = true
      try {
        await task()
      } finally {
        this.#isLeading = false
      }
    }
    await (navigator.locks ? navigator.locks.request(this.#name, { signal }, leading) : leading())
  }

  async isLedElsewhere(): Promise<boolean> {
    if (this.#isLeading || !navigator.locks) return false
    const { held = [] } = await navigator.locks.query()
    return held.some(({ name }) => name === this.#name)
  }

  announceStored(): void {
    this.#post({ type: 'stored' })
  }

  want(contentKey: string): void {
    this.#post({ type: 'wanted', contentKey })
  }

  close(): void {
    this.#channel.close()
  }

  #post(message: TabMessage): void {
    this.#channel.postMessage(message)
  }
}
