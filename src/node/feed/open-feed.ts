import { createReadStream } from 'node:fs'
import { SimilarItemsError } from '../../errors.js'
import { isWebUrl } from '../file-fetch.js'

/** The bytes of a feed on disk or on the web. @throws SimilarItemsError `catalog-unreachable`; the signal's reason. */
export async function* openFeed(
  location: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
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
