import { codeLoader } from '../code-loader.js'
import type { Query } from './question/query.js'

/** What opens engines. Lists from neighbour files and from a server need none. @throws SimilarItemsError `runtime-unreachable`. */
export const loadEngineCode = codeLoader('the engine', () => import('./question/item-lists.js'))

/** Elements without neighbour files need not load what reads them. @throws SimilarItemsError `runtime-unreachable`. */
export const loadNeighborCode = codeLoader('neighbour files', () => import('./question/neighbor-list.js'))

/** What asks a server. @throws SimilarItemsError `runtime-unreachable`. */
export const loadEndpointCode = codeLoader('lists of a server', () => import('../engine/endpoint.js'))

/** The photo search as a part of the page. @throws SimilarItemsError `runtime-unreachable`. */
export const loadPhotoPanelCode = codeLoader(
  'the photo search',
  () => import('./photo-search/photo-panel.js'),
)

/** The photo search in a dialog. @throws SimilarItemsError `runtime-unreachable`. */
export const loadPhotoDialogCode = codeLoader(
  'the photo search',
  () => import('./photo-search/photo-search-dialog.js'),
)

/** Begins to load what a question will need first, while the moment to put it is waited for. */
export function loadAhead({ neighbors, engine }: Query): void {
  const code = neighbors !== '' ? loadNeighborCode() : engine === '' && loadEngineCode()
  if (code) code.catch(() => undefined) // Told when it is needed.
}
