import type * as EngineCode from '../engine/shared-engine.js'
import { SimilarItemsError } from '../errors.js'
import { settleWithin } from '../settle-within.js'
import type * as NeighborCode from './question/neighbor-list.js'
import type { Query } from './question/query.js'

/** In seconds: an import says nothing while it waits, and cannot be ended. */
const importLimit = 30

/** What opens engines. Lists from neighbour files and from a server need none. @throws SimilarItemsError `runtime-unreachable`. */
export function loadEngineCode(): Promise<typeof EngineCode> {
  return orExplain('the engine', import('../engine/shared-engine.js'))
}

/** Elements without neighbour files need not load what reads them. @throws SimilarItemsError `runtime-unreachable`. */
export function loadNeighborCode(): Promise<typeof NeighborCode> {
  return orExplain('neighbour files', import('./question/neighbor-list.js'))
}

/** Begins to load what a question will need first, while the moment to put it is waited for. */
export function loadAhead({ neighbors, engine }: Query): void {
  const code = neighbors !== '' ? loadNeighborCode() : engine === '' && loadEngineCode()
  if (code) code.catch(() => undefined) // Told when it is needed.
}

async function orExplain<Code>(what: string, loading: Promise<Code>): Promise<Code> {
  const late = () => new Error(`it did not come within ${importLimit} seconds`)
  try {
    return await settleWithin(loading, importLimit, late)
  } catch (cause) {
    const message = `The code for ${what} could not be loaded. Deploy all files of the dist folder together.`
    throw new SimilarItemsError('runtime-unreachable', message, { cause, mayPass: true })
  }
}
