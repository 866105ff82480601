import { SimilarItemsError } from '../../errors.js'
import type { Condition } from '../vector-engine.js'
import type { FilterDeclaration } from './handler-options.js'

const mostValues = 20
const longestValue = 200

/**
 * The conditions that a client asks for, by the names of filters.
 * @throws SimilarItemsError `invalid-argument` for a filter that is not declared, and for values that it does not take.
 */
export function readConditions(
  asked: ReadonlyMap<string, readonly string[]>,
  declared: Readonly<Record<string, FilterDeclaration>>,
): Condition[] {
  return Array.from(asked, ([name, values]) => {
    const filter = Object.hasOwn(declared, name) ? declared[name] : undefined
    if (!filter) {
      const names = Object.keys(declared)
      const others = names.length > 0 ? `Filters are ${names.join(', ')}.` : 'There are no filters.'
      throw invalid(`There is no "${name.slice(0, 100)}". ${others}`)
    }
    return filter.kind === 'text' ? readTexts(name, filter, values) : readRange(name, filter, values)
  })
}

function readTexts(
  name: string,
  { attribute, values: known }: FilterDeclaration,
  values: readonly string[],
): Condition {
  if (values.length === 0 || values.length > mostValues)
    throw invalid(`"${name}" takes 1 to ${mostValues} values.`)
  for (const value of values) {
    if (value.length > longestValue || (known && !known.includes(value))) {
      const which = known ? `one of ${known.join(', ')}` : `at most ${longestValue} characters`
      throw invalid(`A value of "${name}" is ${which}.`)
    }
  }
  return { attribute, oneOf: values }
}

function readRange(name: string, { attribute }: FilterDeclaration, values: readonly string[]): Condition {
  const [, from = '', to = ''] =
    /^(-?\d*(?:\.\d*)?)\.\.(-?\d*(?:\.\d*)?)$/.exec(values.length === 1 ? String(values[0]) : '') ?? []
  const range = {
    attribute,
    from: from === '' ? Number.NEGATIVE_INFINITY : Number(from),
    to: to === '' ? Number.POSITIVE_INFINITY : Number(to),
  }
  if ((from !== '' || to !== '') && range.from <= range.to) return range
  throw invalid(`"${name}" takes one range, such as 10..50, 10.. or ..50.`)
}

function invalid(message: string): SimilarItemsError {
  return new SimilarItemsError('invalid-argument', message)
}
