import { createReadStream } from 'node:fs'
import { SimilarItemsError } from '../../errors.js'
import { isWebUrl } from '../file-fetch.js'
import { decodeFeed } from './decode-feed.js'
import { readJsonItems } from './json-items.js'
import { readTableItems } from './table-items.js'
import { readXmlItems } from './xml-items.js'

/** The items of a feed in Google Merchant attribute names, as they came and not validated. */
export interface Feed {
  readonly items: readonly unknown[]
  readonly format: 'xml' | 'table' | 'json'
}

export interface ReadFeedOptions {
  /** Default: what a byte order mark or the XML declaration says, else UTF-8. */
  readonly encoding?: string | undefined
  /** Attributes that are left out at once: most of a large feed are descriptions. */
  readonly omit?: ReadonlySet<string> | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Reads a product feed: XML (RSS 2.0 or Atom), TSV or CSV, JSON or JSON Lines, told apart by how it begins.
 * @param location path or URL.
 * @throws SimilarItemsError `catalog-unreachable`, `catalog-invalid` with the line where that is known; the
 * signal's reason on abort.
 */
export async function readFeed(
  location: string,
  { signal, encoding, omit = new Set() }: ReadFeedOptions = {},
): Promise<Feed> {
  const text = decodeFeed(openBytes(location, signal), location, encoding)
  const first = await text.next()
  const start = first.done ? '' : first.value.trimStart()
  if (start === '') {
    throw new SimilarItemsError('catalog-invalid', `The feed ${location} is empty.`, { subject: location })
  }
  const source = { text: prepend(start, text), location, omit }
  if (start.startsWith('<')) return { items: await readXmlItems(source), format: 'xml' }
  if (/^[[{]/.test(start)) return { items: await readJsonItems(source), format: 'json' }
  return { items: await readTableItems(source, start), format: 'table' }
}

async function* openBytes(location: string, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  const unreachable = (what: string, cause?: unknown) =>
    new SimilarItemsError('catalog-unreachable', `The feed ${location} ${what}.`, {
      cause,
      subject: location,
    })
  try {
    if (!isWebUrl(location)) {
      yield* createReadStream(location, { signal })
      return
    }
    const response = await fetch(location, signal ? { signal } : {})
    if (!response.ok) throw unreachable(`answered with status ${response.status}`)
    if (response.body) yield* response.body as AsyncIterable<Uint8Array>
  } catch (cause) {
    signal?.throwIfAborted()
    throw cause instanceof SimilarItemsError
      ? cause
      : unreachable('cannot be read: check its path or URL', cause)
  }
}

async function* prepend(first: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  yield first
  yield* rest
}
