import { SimilarItemsError } from '../errors.js'
import type { CropBox, RankingOptions, VectorQuery } from '../types.js'

/** Only what the worker knows: callers may pass richer objects, and functions cannot be sent. */
export function plainRanking(options: RankingOptions): RankingOptions {
  const { limit, minScore, nearDuplicate, diversity, perGroup } = options
  const given = { limit, minScore, nearDuplicate, diversity, perGroup }
  const plain: RankingOptions = {}
  for (const name of Object.keys(given) as (keyof RankingOptions)[]) {
    const value: unknown = given[name]
    if (value === undefined) continue
    if (typeof value !== 'number' || Number.isNaN(value)) throw notNumber(name, 'a number', value)
    if (name === 'perGroup' && value < 1) throw notNumber(name, '1 or more', value)
    plain[name] = value
  }
  return plain
}

function notNumber(name: string, expected: string, value: unknown): SimilarItemsError {
  return new SimilarItemsError('invalid-argument', `${name} has to be ${expected}; it is ${String(value)}.`)
}

/** @throws SimilarItemsError `invalid-argument` for anything but a vector or a list of ids. */
export function plainQuery(query: VectorQuery): VectorQuery {
  if ('vector' in query) {
    const { space, vector } = query.vector ?? {}
    if (space && vector instanceof Float32Array) return { vector: { space, vector } }
    const message = 'A search by vector needs one with its space, as embed() gives it.'
    throw new SimilarItemsError('invalid-argument', message)
  }
  const { items, weights } = query
  const areTexts = Array.isArray(items) && items.every((id) => typeof id === 'string')
  if (areTexts && items.length > 0) return { items: [...items], ...(weights && { weights: [...weights] }) }
  throw new SimilarItemsError('invalid-argument', 'A search needs a vector, or a list of product ids.')
}

/** @throws SimilarItemsError `invalid-argument` where a number is missing. */
export function plainCrop({ x, y, width, height }: CropBox): CropBox {
  const crop = { x, y, width, height }
  if (Object.values(crop).every(Number.isFinite)) return crop
  throw new SimilarItemsError('invalid-argument', 'crop has to have the numbers x, y, width and height.')
}
