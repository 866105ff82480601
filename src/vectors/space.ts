import { SimilarItemsError } from '../errors.js'
import type { Space } from '../types.js'

/** Completes a space with its fingerprint, which is made of everything else in it. */
export function makeSpace(parts: Omit<Space, 'fingerprint'>): Space {
  const { model, preprocessing, projection, dimensions, centered } = parts
  const fingerprint = [
    model.slice(0, 16),
    preprocessing,
    projection?.slice(0, 16) ?? 'none',
    dimensions,
  ].join('|')
  return { model, preprocessing, projection, dimensions, ...(centered && { centered }), fingerprint }
}

/** A space from parsed JSON, or null where that is none. The fingerprint is made anew: it is not taken on trust. */
export function parseSpace(value: unknown): Space | null {
  if (typeof value !== 'object' || value === null) return null
  const {
    model,
    preprocessing,
    projection = null,
    dimensions,
    centered,
  } = value as Partial<Record<keyof Space, unknown>>
  if (typeof model !== 'string' || typeof preprocessing !== 'string') return null
  if (projection !== null && typeof projection !== 'string') return null
  if (!Number.isInteger(dimensions) || !((dimensions as number) > 0)) return null
  const isCentered = projection !== null && centered === true
  return makeSpace({
    model,
    preprocessing,
    projection,
    dimensions: dimensions as number,
    ...(isCentered && { centered: true }),
  })
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
