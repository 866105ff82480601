/** Lists that are a request away: without worker, vectors or model. */
import type { RankedList } from '../../types.js'
import { loadEndpointCode, loadNeighborCode } from '../load-code.js'
import { type Query, queryOptions } from './query.js'

/** An engine that has not answered by then is passed over, where there is another source. */
const patienceBesideOthers = 800

/**
 * The similar items of a product from an engine on a server.
 * @throws SimilarItemsError as `Endpoint.ask`, `runtime-unreachable`; the signal's reason on abort.
 */
export async function engineList(query: Query, signal: AbortSignal): Promise<RankedList> {
  const { Endpoint } = await loadEndpointCode()
  const patience = hasOtherSource(query) ? patienceBesideOthers : undefined
  const endpoint = new Endpoint(query.engine)
  return endpoint.ask({ items: [query.item] }, { ...queryOptions(query), signal, patience })
}

/** Whether the list can come from neighbour files or the page's own catalogue as well. */
export function hasOtherSource({ neighbors, catalog }: Query): boolean {
  return neighbors !== '' || catalog !== ''
}

/** The same from neighbour files; null where these do not know the product, but an engine may. */
export async function neighborFileList(query: Query, signal: AbortSignal): Promise<RankedList | null> {
  const { neighborList, emptyNeighborList } = await loadNeighborCode()
  return (await neighborList(query, signal)) ?? (query.catalog === '' ? emptyNeighborList() : null)
}
