import { SimilarItemsError } from '../../errors.js'
import type { RankingOptions } from '../../types.js'
import { fromBase64 } from '../stored-vector.js'
import type { StoredVector } from '../vector-engine.js'
import type { HandlerLimits, HandlerOptions } from './handler-options.js'
import type { Question } from './question.js'
import { readConditions } from './read-conditions.js'

type Reading = Pick<HandlerOptions, 'filters'> & { readonly limits: HandlerLimits }

/** Options of a list as parameters of an address, with the numbers that they may be. */
const numbers = {
  limit: [1, Number.POSITIVE_INFINITY],
  minScore: [-1, 1],
  nearDuplicate: [0, 2],
  diversity: [0, 1],
  perGroup: [1, 1000],
} as const

/** @throws SimilarItemsError `invalid-argument` for a filter by whose name a request asks for something else. */
export function assertDeclarable(filters: NonNullable<HandlerOptions['filters']>): void {
  const taken = ['item', 'describe', ...Object.keys(numbers)]
  const name = Object.keys(filters).find((name) => taken.includes(name))
  if (name === undefined) return
  throw invalid(`A filter cannot be called "${name}": ${taken.join(', ')} mean something else in a request.`)
}

/** @throws SimilarItemsError `invalid-argument`, saying which parameter is at fault. */
export function readAddress(parameters: URLSearchParams, { filters = {}, limits }: Reading): Question {
  const ranking: Record<string, number> = {}
  const asked = new Map<string, string[]>()
  for (const [name, text] of parameters) {
    if (name === 'item') continue
    if (Object.hasOwn(numbers, name))
      ranking[name] = numberOf(name, text.trim() === '' ? Number.NaN : Number(text))
    else if (!asked.get(name)?.push(text)) asked.set(name, [text])
  }
  const items = parameters.getAll('item')
  return {
    start: { items: checkItems(items, limits), weights: items.map(() => 1) },
    ranking: withinLimits(ranking, limits),
    conditions: readConditions(asked, filters),
  }
}

/** @throws SimilarItemsError `invalid-argument`, saying what of the body is at fault. */
export function readBody(body: unknown, { filters = {}, limits }: Reading): Question {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw invalid('The body is no JSON object.')
  const { vector, scale, space, items, weights, filters: asked, ...options } = body as Record<string, unknown>
  const ranking: Record<string, number> = {}
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(numbers, name)) throw invalid(`A question has no "${name}".`)
    ranking[name] = numberOf(name, value)
  }
  const isVector = vector !== undefined
  if (isVector === (items !== undefined)) throw invalid('A question has a vector or items.')
  return {
    start: isVector ? readVector(vector, scale, space) : readItems(items, weights, limits),
    ranking: withinLimits(ranking, limits),
    conditions: readConditions(listsOf(asked), filters),
  }
}

function readVector(
  levels: unknown,
  scale: unknown,
  space: unknown,
): { vector: StoredVector; space: string } {
  const isRead = typeof levels === 'string' && typeof scale === 'number' && typeof space === 'string'
  // Three bytes are four letters: how many components there are is compared with the engine's space later.
  const length = isRead ? Math.floor((levels.replace(/={1,2}$/, '').length * 3) / 4) : 0
  if (!isRead || !(scale > 0 && Number.isFinite(scale)) || length === 0) {
    throw invalid(
      'A vector is its levels in Base64, with a positive "scale" and the fingerprint of its "space".',
    )
  }
  try {
    const vector = { levels: fromBase64(levels, length), scale }
    if (vector.levels.some((level) => level !== 0)) return { vector, space }
  } catch (cause) {
    throw invalid('The vector is not Base64.', cause)
  }
  throw invalid('The vector is zero: it has no direction.')
}

function readItems(items: unknown, weights: unknown, limits: HandlerLimits) {
  const areIds = Array.isArray(items) && items.every((id) => typeof id === 'string')
  if (!areIds) throw invalid('"items" is a list of ids.')
  const all = weights ?? items.map(() => 1)
  const areWeights = Array.isArray(all) && all.length === items.length && all.every(Number.isFinite)
  if (!areWeights) throw invalid('"weights" is a list of as many numbers as there are items.')
  return { items: checkItems(items, limits), weights: all as number[] }
}

function checkItems(items: readonly string[], limits: HandlerLimits): readonly string[] {
  if (items.length === 0) throw invalid('A question is about an item: ?item=ID.')
  if (items.length > limits.items) throw invalid(`A question is about ${limits.items} items at most.`)
  if (items.some((id) => id === '' || id.length > longestId)) {
    throw invalid(`An id has from 1 to ${longestId} characters.`)
  }
  return items
}

const longestId = 1000

function numberOf(name: string, value: unknown): number {
  const [least, most] = numbers[name as keyof typeof numbers]
  if (typeof value === 'number' && value >= least && value <= most) return value
  throw invalid(`"${name}" is a number from ${least} to ${most}.`)
}

function withinLimits(ranking: RankingOptions, { list }: HandlerLimits): RankingOptions {
  return { ...ranking, limit: Math.min(list, Math.floor(ranking.limit ?? 12)) }
}

function listsOf(asked: unknown): Map<string, readonly string[]> {
  if (asked === undefined || asked === null) return new Map()
  const entries = typeof asked === 'object' && !Array.isArray(asked) ? Object.entries(asked) : null
  const areTexts = entries?.every(
    ([, values]) => Array.isArray(values) && values.every((value) => typeof value === 'string'),
  )
  if (entries && areTexts) return new Map(entries)
  throw invalid('"filters" is an object of lists of texts, as in an address.')
}

function invalid(message: string, cause?: unknown): SimilarItemsError {
  return new SimilarItemsError('invalid-argument', message, { cause })
}
