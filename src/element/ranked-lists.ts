import { abortable } from '../abortable.js'
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
  let notify = () => {}
  engine.addEventListener('change', () => notify(), { signal })
  for (;;) {
    // Made before the question is put: a change that happens meanwhile may not be in the answer.
    const change = new Promise<void>((resolve) => {
      notify = resolve
    })
    yield await engine.similarTo(id, { ...options, signal })
    await abortable(change, signal)
    await abortable(new Promise((resolve) => setTimeout(resolve, refreshMilliseconds)), signal)
  }
}
