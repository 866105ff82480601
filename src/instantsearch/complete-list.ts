import type { QueryOptions, RankedList } from '../types.js'

/** What lists come from: a `SimilarityEngine`, or anything that answers like one. */
export interface SimilarSource {
  similarTo(id: string, options?: QueryOptions): Promise<RankedList>
  /** Hears of `change`: the next list may be a better one. A source without it gives complete lists. */
  addEventListener?(type: 'change', listener: () => void, options: { readonly signal: AbortSignal }): void
}

/** While products are being encoded each one is a change; lists follow at this pace. */
const paceMilliseconds = 300

/** The list for a product once it is complete, or as it is after `patience` milliseconds. Throws as `similarTo`. */
export async function completeList(
  source: SimilarSource,
  id: string,
  options: QueryOptions,
  patience: number,
): Promise<RankedList> {
  const waiting = new AbortController()
  const { signal } = waiting
  const timer = setTimeout(() => waiting.abort(), patience)
  let notify = () => {}
  source.addEventListener?.('change', () => notify(), { signal })
  try {
    for (;;) {
      // Made before the question is put: a change that happens meanwhile may not be in the answer.
      const change = new Promise<void>((resolve) => {
        notify = resolve
      })
      const list = await source.similarTo(id, options)
      if (list.complete || !source.addEventListener || signal.aborted) return list
      await unless(signal, change)
      await unless(signal, new Promise((resolve) => setTimeout(resolve, paceMilliseconds)))
    }
  } finally {
    clearTimeout(timer)
    waiting.abort()
  }
}

/** Resolves with the promise, or when the signal is aborted. */
function unless(signal: AbortSignal, promise: Promise<unknown>): Promise<unknown> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    signal.addEventListener('abort', resolve, { once: true })
    void promise.then(resolve)
  })
}
