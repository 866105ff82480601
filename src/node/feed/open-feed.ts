import { createReadStream } from 'node:fs'
import { SimilarItemsError } from '../../errors.js'
import { splitCredentials, withoutCredentials } from '../download/credentials.js'
import { WebClient } from '../download/web-client.js'
import { isWebUrl } from '../files/file-fetch.js'

/** The bytes of a feed on disk or on the web. @throws SimilarItemsError `catalog-unreachable`; the signal's reason. */
export async function* openFeed(
  location: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const name = withoutCredentials(location)
  const unreachable = (what: string, cause?: unknown) =>
    new SimilarItemsError('catalog-unreachable', `The feed ${name} ${what}.`, { cause, subject: name })
  // Whoever names a feed may name one of this machine.
  const client = new WebClient({ mayBePrivate: () => true })
  try {
    if (!isWebUrl(location)) {
      yield* createReadStream(location, { signal })
      return
    }
    const { url, authorization } = splitCredentials(location)
    const answer = await client.get(url, { authorization, signal })
    const { statusCode = 0 } = answer
    if (statusCode < 200 || statusCode >= 300) throw unreachable(`answered with status ${statusCode}`)
    yield* answer as AsyncIterable<Uint8Array>
  } catch (cause) {
    signal?.throwIfAborted()
    throw cause instanceof SimilarItemsError
      ? cause
      : unreachable('cannot be read: check its path or URL', cause)
  } finally {
    client.close()
  }
}
