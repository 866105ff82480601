import { SimilarItemsError } from '../errors.js'
import type { Space } from '../types.js'

/** Completes a space with its fingerprint, which is made of everything else in it. */
export function makeSpace(parts: Omit<Space, 'fingerprint'>): Space {
  const { model, preprocessing, projection, dimensions } = parts
  const fingerprint = [
    model.slice(0, 16),
    preprocessing,
    projection?.slice(0, 16) ?? 'none',
    dimensions,
  ].join('|')
  return { model, preprocessing, projection, dimensions, fingerprint }
}

/**
 * Passes when vectors of both spaces may be compared.
 * @throws SimilarItemsError `space-mismatch`, naming both.
 */
export function assertSameSpace(expected: Space, actual: Space): void {
  if (expected.fingerprint === actual.fingerprint) return
  throw new SimilarItemsError(
    'space-mismatch',
    `Vectors of space "${actual.fingerprint}" cannot be compared with vectors of space ` +
      `"${expected.fingerprint}": they were made by another model, preprocessing or projection. ` +
      'Make both with the same model folder.',
  )
}
