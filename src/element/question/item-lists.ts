/** What elements load when a question needs an engine. */
import type { EngineOptions } from '../../engine/engine-options.js'
import { keptList } from '../../engine/kept-list.js'
import type { SimilarityEngine } from '../../engine/similarity-engine.js'
import type { Progress, QueryOptions, RankedList } from '../../types.js'
import { rankedLists } from './ranked-lists.js'

export { acquireEngine } from '../../engine/shared-engine.js'

/** What is similar to an item? */
export interface ItemQuestion extends QueryOptions {
  readonly id: string
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
  /** Given the list that an earlier page has kept, where that is there before the engine is open. Null: none is looked for. */
  readonly onKept: ((list: RankedList) => void) | null
}

/**
 * The lists of an engine for a question; the first may say the same as the one that was kept. Ends as `rankedLists`.
 * @param engine the options that it is being opened with.
 */
export async function* itemLists(
  { id, onProgress, onKept, ...options }: ItemQuestion,
  engine: EngineOptions,
  opening: Promise<SimilarityEngine>,
): AsyncGenerator<RankedList, never> {
  const { signal } = options
  if (onKept) {
    // What fails is told below, by the engine.
    const opened = opening.then(
      () => null,
      () => null,
    )
    const keeping = keptList(engine, id, options).catch(() => null)
    const kept = await Promise.race([keeping, opened])
    signal.throwIfAborted()
    if (kept) onKept(kept)
  }
  const open = await opening
  signal.throwIfAborted()
  open.addEventListener('progress', ({ progress }) => onProgress(progress), { signal })
  return yield* rankedLists(open, () => open.similarTo(id, options), signal)
}
