import { SimilarItemsError } from '../errors.js'
import type { Embedding } from '../types.js'
import { normalize } from './normalize.js'
import { assertSameSpace } from './space.js'

/**
 * The direction of the weighted sum of embeddings: between those of positive weight, away from those of negative.
 * @param weights one for each embedding; 1 each by default.
 * @throws SimilarItemsError `invalid-argument` where there is nothing to combine, where weights are missing or not
 * finite, and where the sum has no direction; `space-mismatch` where the embeddings are of several spaces.
 */
export function combineEmbeddings(
  embeddings: readonly Embedding[],
  weights: readonly number[] = embeddings.map(() => 1),
): Embedding {
  const [first] = embeddings
  if (!first) throw invalid('A search needs at least one item.')
  if (weights.length !== embeddings.length || !weights.every(Number.isFinite)) {
    throw invalid(`${embeddings.length} items need as many weights, all of them finite numbers.`)
  }
  const sum = new Float64Array(first.space.dimensions)
  for (const [index, { space, vector }] of embeddings.entries()) {
    assertSameSpace(first.space, space)
    for (let at = 0; at < sum.length; at++) {
      sum[at] = (sum[at] as number) + (weights[index] as number) * (vector[at] as number)
    }
  }
  try {
    return { space: first.space, vector: normalize(sum) }
  } catch (cause) {
    throw invalid('The items cancel each other out: their weighted sum has no direction.', cause)
  }
}

/**
 * The embedding with norm 1, whatever length its vector had.
 * @throws SimilarItemsError `invalid-argument` where it has another number of components than its space, and where it
 * has no direction.
 */
export function unitEmbedding({ space, vector }: Embedding): Embedding {
  if (vector.length !== space.dimensions) {
    throw invalid(`A vector of ${vector.length} components is none of space "${space.fingerprint}".`)
  }
  try {
    return { space, vector: normalize(vector) }
  } catch (cause) {
    throw invalid('A vector to search with needs finite components that are not all zero.', cause)
  }
}

function invalid(message: string, cause?: unknown): SimilarItemsError {
  return new SimilarItemsError('invalid-argument', message, { cause })
}
