import { SimilarItemsError } from '../../errors.js'
import { linesOf } from '../text-lines.js'
import type { FeedSource } from './feed-source.js'

/**
 * The items of a JSON feed: an array, an object with such an array as `items` or `products`, or one object a line.
 * Only the last may be longer than a string, which is half a gigabyte in Node.
 * @throws SimilarItemsError `catalog-invalid`.
 */
export async function readJsonItems({ text, location, omit }: FeedSource): Promise<readonly unknown[]> {
  const lines = linesOf(text)
  const first = await lines.next()
  const value = first.done ? undefined : tryParse(first.value)
  if (isObject(value) && !toList(value)) return readLines(value, lines, { location, omit })
  let whole = first.value ?? ''
  try {
    for await (const line of lines) whole += `\n${line}`
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw invalid(location, 'too long for one JSON text: write it as JSON Lines, one item a line', cause)
  }
  const list = toList(tryParse(whole))
  if (list) return list.map((item) => without(item, omit))
  throw invalid(location, 'not valid JSON or JSON Lines')
}

async function readLines(
  first: unknown,
  lines: AsyncIterable<string>,
  { location, omit }: Omit<FeedSource, 'text'>,
): Promise<readonly unknown[]> {
  const items = [without(first, omit)]
  let number = 1
  for await (const line of lines) {
    number++
    if (line.trim() === '') continue
    const item = tryParse(line)
    if (item === undefined) {
      throw invalid(location, `not valid JSON or JSON Lines: line ${number} is no JSON object`)
    }
    items.push(without(item, omit))
  }
  return items
}

/** What is no object is left to those who say so. */
function without(item: unknown, omit: ReadonlySet<string>): unknown {
  if (!isObject(item) || Array.isArray(item) || omit.size === 0) return item
  return Object.fromEntries(Object.entries(item).filter(([name]) => !omit.has(name)))
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function toList(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value
  const { items, products } = (value ?? {}) as Record<string, unknown>
  return [items, products].find((list) => Array.isArray(list)) as unknown[] | undefined
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // The caller tries the other form, and then says so.
  }
}

function invalid(location: string, what: string, cause?: unknown): SimilarItemsError {
  return new SimilarItemsError('catalog-invalid', `The feed ${location} is ${what}.`, {
    cause,
    subject: location,
  })
}
