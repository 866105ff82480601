import { SimilarItemsError } from '../errors.js'
import type * as NeighborCode from './neighbor-list.js'

/** Elements without neighbour files need not load what reads them. @throws SimilarItemsError `runtime-unreachable`. */
export async function loadNeighborCode(): Promise<typeof NeighborCode> {
  try {
    return await import('./neighbor-list.js')
  } catch (cause) {
    const message =
      'The code for neighbour files could not be loaded. Deploy all files of the dist folder together.'
    throw new SimilarItemsError('runtime-unreachable', message, { cause })
  }
}
