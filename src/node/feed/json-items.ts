import { SimilarItemsError } from '../../errors.js'

/**
 * The items of a JSON feed: an array, an object with such an array as `items` or `products`, or one object a line.
 * @throws SimilarItemsError `catalog-invalid`.
 */
export async function readJsonItems(
  text: AsyncIterable<string>,
  location: string,
): Promise<readonly unknown[]> {
  let whole = ''
  for await (const piece of text) whole += piece
  const list = toList(tryParse(whole))
  return list ?? readLines(whole, location)
}

function readLines(text: string, location: string): readonly unknown[] {
  const items: unknown[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue
    const item = tryParse(line)
    if (item === undefined) {
      const where = items.length === 0 ? '' : `: line ${index + 1} is no JSON object`
      throw new SimilarItemsError(
        'catalog-invalid',
        `The feed ${location} is not valid JSON or JSON Lines${where}.`,
        {
          subject: location,
        },
      )
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
