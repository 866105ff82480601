import { abortable } from '../../abortable.js'
import type { SimilarityEngine } from '../../engine/similarity-engine.js'
import type { RankedList } from '../../types.js'

/** While a catalogue is being indexed every encoded product is a change; a list follows at this pace. */
const refreshMilliseconds = 300

/**
 * The answers to a question, again whenever the engine can rank more or other products, but no more often than
 * every `pace` milliseconds. Ends by throwing the signal's reason, or what `ask` throws.
 */
export async function* rankedLists(
  engine: SimilarityEngine,
  ask: () => Promise<RankedList>,
  signal: AbortSignal,
  pace = refreshMilliseconds,
): AsyncGenerator<RankedList, never> {
  let notify = () => {}
  engine.addEventListener('change', () => notify(), { signal })
  for (;;) {
    // Made before the question is put: a change that happens meanwhile may not be in the answer.
    const change = new Promise<void>((resolve) => {
      notify = resolve
    })
    yield await ask()
    await abortable(change, signal)
    await abortable(new Promise((resolve) => setTimeout(resolve, pace)), signal)
  }
}
