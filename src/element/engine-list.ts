import type { RankedList } from '../types.js'
import { type Query, queryOptions } from './query.js'

/** An engine that has not answered by then is passed over, where there is another source. */
const patienceBesideOthers = 800

/**
 * The similar items of a product from an engine on a server: one request, without worker, feed or model.
 * @throws SimilarItemsError as `Endpoint.ask`; the signal's reason on abort.
 */
export async function engineList(query: Query, signal: AbortSignal): Promise<RankedList> {
  const { Endpoint } = await import('../engine/endpoint.js')
  const patience = hasOtherSource(query) ? patienceBesideOthers : undefined
  const endpoint = new Endpoint(query.engine)
  return endpoint.ask({ items: [query.item] }, { ...queryOptions(query), signal, patience })
}

/** Whether the list can come from neighbour files or the page's own catalogue as well. */
export function hasOtherSource({ neighbors, catalog }: Query): boolean {
  return neighbors !== '' || catalog !== ''
}
