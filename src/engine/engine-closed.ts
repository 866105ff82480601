import { SimilarItemsError } from '../errors.js'

/** What a closed engine rejects with. */
export function engineClosed(): SimilarItemsError {
  return new SimilarItemsError('engine-closed', 'The engine is closed. Open another.')
}
