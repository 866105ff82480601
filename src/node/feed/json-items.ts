import { SimilarItemsError } from '../../errors.js'
import { linesOf } from '../text-lines.js'

/**
 * The items of a JSON feed: an array, an object with such an array as `items` or `products`, or one object a line.
 * Only the last may be longer than a string, which is half a gigabyte in Node.
 * @throws SimilarItemsError `catalog-invalid`.
 */
export async function readJsonItems(
  text: AsyncIterable<string>,
  location: string,
): Promise<readonly unknown[]> {
  const lines = linesOf(text)
  const first = await lines.next()
  const value = first.done ? undefined : tryParse(first.value)
  const isItem = typeof value === 'object' && value !== null && toList(value) === undefined
  if (isItem) return readLines(value, lines, location)
  let whole = first.value ?? ''
  try {
    for await (const line of lines) whole += `\n${line}`
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw invalid(location, 'too long for one JSON text: write it as JSON Lines, one item a line', cause)
  }
  const list = toList(tryParse(whole))
  if (list) return list
  throw invalid(location, 'not valid JSON or JSON Lines')
}

async function readLines(
  first: unknown,
  lines: AsyncIterable<string>,
  location: string,
): Promise<readonly unknown[]> {
  const items = [first]
  let number = 1
  for await (const line of lines) {
    number++
    if (line.trim() === '') continue
    const item = tryParse(line)
    if (item === undefined) {
      throw invalid(location, `not valid JSON or JSON Lines: line ${number} is no JSON object`)
    }
    items.push(item)
  }
  return items
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
