import { decodeHTMLStrict } from 'entities'
import type { FeedReport } from '../feed-report.js'

/** Attributes that shoppers read, and addresses, of which one with `&amp;` in it leads nowhere. */
const readNames: readonly string[] = [
  'title',
  'product_type',
  'brand',
  'color',
  'size',
  'material',
  'pattern',
  'link',
  'image_link',
  'additional_image_link',
]

/** What is written twice over is that again. */
const mostRounds = 2

/**
 * Items whose texts are shown as meant where plugins of shops have escaped them once too often: `Tom &#8211; Jerry`,
 * `Home &gt; Chairs`. That is decided by attribute for the whole feed: who writes a bare `&` anywhere does not escape,
 * and means `&amp;` where it stands.
 */
export function unescapeItems(items: readonly unknown[], report: FeedReport): readonly unknown[] {
  let current = items
  for (let round = 0; round < mostRounds; round++) {
    const names = readNames.filter((name) => isEscaped(current, name))
    if (names.length === 0) break
    current = current.map((item) => unescapeItem(item, names))
    if (round > 0) continue
    const note = `The feed escapes its ${names.join(', ')} once too often (such as &amp;amp; for an &); they were read as meant.`
    report.note(null, note)
  }
  return current
}

const bareAmpersand = /&(?!(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,30});)/i

function isEscaped(items: readonly unknown[], name: string): boolean {
  let found = false
  for (const item of items) {
    for (const text of textsOf(item, name)) {
      if (bareAmpersand.test(text)) return false
      // Not every name is one: `AT&TX;`.
      found ||= decodeHTMLStrict(text) !== text
    }
  }
  return found
}

function textsOf(item: unknown, name: string): string[] {
  const value = (item as Readonly<Record<string, unknown>> | null)?.[name]
  const list = Array.isArray(value) ? value : [value]
  return list.filter((text) => typeof text === 'string')
}

function unescapeItem(item: unknown, names: readonly string[]): unknown {
  if (typeof item !== 'object' || item === null) return item
  const fields = item as Readonly<Record<string, unknown>>
  const decoded = names.filter((name) => name in fields).map((name) => [name, decodedTexts(fields[name])])
  return { ...fields, ...Object.fromEntries(decoded) }
}

function decodedTexts(value: unknown): unknown {
  const decoded = (one: unknown) => (typeof one === 'string' ? decodeHTMLStrict(one) : one)
  return Array.isArray(value) ? value.map(decoded) : decoded(value)
}
