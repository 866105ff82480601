import type { FeedReport } from '../feed-report.js'

/**
 * The items of a feed without what no text has in it: control characters go, with a note.
 * @param omit attributes that are left out.
 */
export async function* cleanItems(
  items: AsyncIterable<unknown>,
  omit: ReadonlySet<string>,
  report: FeedReport,
): AsyncGenerator<unknown> {
  let position = 0
  for await (const item of items) {
    position++
    if (typeof item !== 'object' || item === null || Array.isArray(item)) {
      yield item
      continue
    }
    const kept: Record<string, unknown> = {}
    const cleaned: string[] = []
    for (const [name, value] of Object.entries(item)) {
      const clean = withoutControls(value)
      if (clean !== value) cleaned.push(name)
      // An own `__proto__` would become the prototype by assignment.
      if (!omit.has(name) && name !== '__proto__') kept[name] = clean
    }
    if (cleaned.length > 0) {
      const { id } = item as { id?: unknown }
      const which = typeof id === 'string' || typeof id === 'number' ? String(id) : `#${position}`
      report.note(which, `Control characters were taken out of its ${cleaned.join(', ')}.`)
    }
    yield kept
  }
}

/** The same value where it has none. */
function withoutControls(value: unknown): unknown {
  if (typeof value === 'string') {
    return value.search(controlCharacter) < 0 ? value : value.replace(everyControlCharacter, '')
  }
  if (!Array.isArray(value)) return value
  // What is nested deeper is no text of an item.
  const clean = value.map((part) => (typeof part === 'string' ? withoutControls(part) : part))
  return clean.some((part, index) => part !== value[index]) ? clean : value
}

/** As itself, or as the reference to one that XML forbids; a tab or the end of a line is none. */
const controlCharacter =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]|&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|x0*(?:[0-8bcef]|1[0-9a-f]));/i
const everyControlCharacter = new RegExp(controlCharacter, 'gi')
