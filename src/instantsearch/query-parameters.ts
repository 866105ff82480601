import { SimilarItemsError } from '../errors.js'
import type { Condition } from './condition.js'
import { parseFilters } from './parse-filters.js'

/** What a widget's parameters ask of a list. */
export interface ListParameters {
  /** Null where every product may be in it. */
  readonly condition: Condition | null
  readonly limit: number | undefined
  readonly perGroup: number | undefined
}

/** They change what is told about a list, or who hears of it, but not which products are in it. */
const withoutEffect: ReadonlySet<string> = new Set([
  'highlightPreTag',
  'highlightPostTag',
  'attributesToHighlight',
  'attributesToSnippet',
  'attributesToRetrieve',
  'snippetEllipsisText',
  'restrictHighlightAndSnippetArrays',
  'responseFields',
  'getRankingInfo',
  'clickAnalytics',
  'analytics',
  'analyticsTags',
  'userToken',
  'enableABTest',
  'percentileComputation',
  'facets',
  'maxValuesPerFacet',
])

/**
 * What `queryParameters` or `fallbackParameters` of a widget ask for.
 * @throws SimilarItemsError `invalid-argument` for one that cannot be followed, named with what to do.
 */
export function readQueryParameters(
  where: string,
  parameters: Readonly<Record<string, unknown>> = {},
): ListParameters {
  const conditions: Condition[] = []
  let limit: number | undefined
  let perGroup: number | undefined
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined || withoutEffect.has(name)) continue
    if (name === 'hitsPerPage') limit = positive(where, name, value)
    else if (name === 'distinct') perGroup = perGroupOf(where, value)
    else if (name === 'filters')
      conditions.push(...(isBlank(value) ? [] : [parseFilters(text(where, name, value))]))
    else if (name === 'facetFilters') conditions.push(...nested(where, name, value, facetFilter))
    else if (name === 'numericFilters') conditions.push(...nested(where, name, value, parseFilters))
    else if (name === 'tagFilters') conditions.push(...nested(where, name, value, tagFilter))
    else {
      const message =
        `${where}.${name} of a lookingSimilar widget has no meaning for similar-items. Leave it out, or say it in filters; ` +
        'what is hidden everywhere is better left out of the catalogue.'
      throw new SimilarItemsError('invalid-argument', message, { subject: name })
    }
  }
  return { condition: conditions.length === 0 ? null : { kind: 'all', of: conditions }, limit, perGroup }
}

/** A list is met as a whole, a list inside it by one of its parts. A text alone is one filter, or several with commas. */
function nested(where: string, name: string, value: unknown, read: (text: string) => Condition): Condition[] {
  const parts = typeof value === 'string' ? value.split(',') : value
  if (!Array.isArray(parts)) throw wrong(where, name, 'a list of texts')
  return parts
    .filter((part) => !isBlank(part) && !(Array.isArray(part) && part.length === 0))
    .map((part) =>
      Array.isArray(part)
        ? { kind: 'any', of: part.map((option) => read(text(where, name, option))) }
        : read(text(where, name, part)),
    )
}

/** `brand:Oak`, or `brand:-Oak` for all others; `brand:\-Oak` for a value that begins with a minus. */
function facetFilter(filter: string): Condition {
  const [, attribute, minus, value = ''] = /^\s*(?:"([^"]*)"|[^:]+?)\s*:\s*(-?)(.*)$/s.exec(filter) ?? []
  const name = attribute ?? filter.split(':')[0]?.trim() ?? ''
  if (name === '' || !filter.includes(':')) {
    const message = `The facet filter ${JSON.stringify(filter)} cannot be read: it has to be attribute:value.`
    throw new SimilarItemsError('invalid-argument', message, { subject: filter })
  }
  const has: Condition = { kind: 'value', attribute: name, value: value.trim().replace(/^\\-/, '-') }
  return minus ? { kind: 'not', of: has } : has
}

function tagFilter(tag: string): Condition {
  const has: Condition = {
    kind: 'value',
    attribute: '_tags',
    value: tag.trim().replace(/^\\?-/, (start) => (start === '-' ? '' : '-')),
  }
  return tag.trim().startsWith('-') ? { kind: 'not', of: has } : has
}

function isBlank(value: unknown): boolean {
  return typeof value === 'string' && value.trim() === ''
}

function perGroupOf(where: string, value: unknown): number {
  if (value === true) return 1
  if (value === false || value === 0) return 1000 // More than a list has.
  return positive(where, 'distinct', value)
}

function positive(where: string, name: string, value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value
  throw wrong(where, name, 'a positive whole number')
}

function text(where: string, name: string, value: unknown): string {
  if (typeof value === 'string') return value
  throw wrong(where, name, 'text')
}

function wrong(where: string, name: string, what: string): SimilarItemsError {
  return new SimilarItemsError(
    'invalid-argument',
    `${where}.${name} of a lookingSimilar widget must be ${what}.`,
  )
}
