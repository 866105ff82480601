import { SimilarItemsError } from '../../../errors.js'
import { linksOf } from './links-of.js'

/** Where each attribute is in a record, such as `image_link` at `images[0].src`. */
export type AttributeMap = ReadonlyMap<string, RecordPath>

/** Steps into a record: a name, a position in a list, or every element of a list. */
export type RecordPath = readonly (string | number | typeof everyElement)[]

export const everyElement = '[*]'

/** Stands for where the records themselves are. */
export const recordsName = 'items'

/**
 * Reads `title=Name,image_link=images[0].src`: attributes and the paths of them. A path has names parted by points,
 * each with positions from 0 behind it, or `[*]` for all of a list.
 * @throws SimilarItemsError `invalid-argument`.
 */
export function parseAttributeMap(text: string): AttributeMap {
  const pairs = text.split(',').map((pair): [string, RecordPath] => {
    const [, name = '', path = ''] = /^\s*([\w-]+)\s*=\s*(.+?)\s*$/.exec(pair) ?? []
    if (name === '') {
      const message = `A map is written as title=Name,image_link=images[0].src; it has "${pair.trim()}".`
      throw new SimilarItemsError('invalid-argument', message)
    }
    return [name, parsePath(path)]
  })
  return new Map(pairs)
}

function parsePath(path: string): RecordPath {
  // A heading of a table may have anything in it; the whole of it is tried first where there is such a name.
  return [path, ...Array.from(path.matchAll(/\[(\d+|\*)\]|[^.[\]]+/g), stepOf)]
}

function stepOf([text, position]: RegExpMatchArray): RecordPath[number] {
  if (position === undefined) return text.trim()
  return position === '*' ? everyElement : Number(position)
}

/** What is at a path of a record; undefined where nothing is. */
export function valueAt(record: unknown, [whole, ...steps]: RecordPath): unknown {
  if (isRecord(record) && typeof whole === 'string' && Object.hasOwn(record, whole)) return record[whole]
  return follow(record, steps)
}

function follow(value: unknown, steps: readonly RecordPath[number][]): unknown {
  const [step, ...rest] = steps
  if (step === undefined || value === undefined || value === null) return value
  if (step === everyElement) return listOf(value).map((element) => follow(element, rest))
  if (typeof step === 'number') return follow(listOf(value)[step], rest)
  const plain = Array.isArray(value) ? value[0] : value
  return isRecord(plain) && Object.hasOwn(plain, step) ? follow(plain[step], rest) : undefined
}

/** A text with several links or other parts in it is a list of these. */
function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  if (typeof value !== 'string') return [value]
  if (isPicture.test(value)) return linksOf(value)
  const parts = value.split(/[,;|\n]/).map((part) => part.trim())
  return parts.filter((part) => part !== '')
}

const isPicture = /^\s*(?:https?:|\/)|\.(?:jpe?g|png|webp|gif|avif)\b/i

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
