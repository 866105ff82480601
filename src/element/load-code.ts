import { loadCode } from '../load-code.js'
import type * as EngineCode from './question/item-lists.js'
import type * as NeighborCode from './question/neighbor-list.js'
import type { Query } from './question/query.js'

/** What opens engines. Lists from neighbour files and from a server need none. @throws SimilarItemsError `runtime-unreachable`. */
export function loadEngineCode(): Promise<typeof EngineCode> {
  return loadCode('the engine', import('./question/item-lists.js'))
}

/** Elements without neighbour files need not load what reads them. @throws SimilarItemsError `runtime-unreachable`. */
export function loadNeighborCode(): Promise<typeof NeighborCode> {
  return loadCode('neighbour files', import('./question/neighbor-list.js'))
}

/** Begins to load what a question will need first, while the moment to put it is waited for. */
export function loadAhead({ neighbors, engine }: Query): void {
  const code = neighbors !== '' ? loadNeighborCode() : engine === '' && loadEngineCode()
  if (code) code.catch(() => undefined) // Told when it is needed.
}
