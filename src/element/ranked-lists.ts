import type { SimilarityEngine } from '../engine/similarity-engine.js'
import type { QueryOptions, RankedList } from '../types.js'

/** While a catalogue is being indexed every encoded product is a change; the list follows at this pace. */
const refreshMilliseconds = 300

/**
 * The similar products of an item, again whenever the engine can rank more or other products.
 * Ends by throwing the signal's reason, or what the engine throws.
 */
export async function* rankedLists(
  engine: SimilarityEngine,
  id: string,
  options: QueryOptions,
  signal: AbortSignal,
): AsyncGenerator<RankedList, never> {
  let changed = false
  let wake = () => {}
  const onChange = () => {
    changed = true
    wake()
  }
  engine.addEventListener('change', onChange, { signal })
  signal.addEventListener('abort', () => wake(), { once: true })
  for (;;) {
    signal.throwIfAborted()
    changed = false
    yield await engine.similarTo(id, { ...options, signal })
    if (!changed) {
      await new Promise<void>((resolve) => {
        wake = resolve
        if (signal.aborted) resolve()
      })
    }
    await pause(refreshMilliseconds, signal)
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    const abort = () => {
      clearTimeout(timer)
      resolve()
    }
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })
}
