import { SimilarItemsError } from '../errors.js'
import { fetchPastCache } from './fetch-past-cache.js'
import type { SentPicture } from './protocol.js'

/** A picture that can be decoded. */
export interface OpenedPicture {
  readonly image: Blob | ImageBitmap
  /** Pictures with the same key are the same; `null` where nothing tells. */
  readonly key: string | null
  /** What to call it in errors: its URL. */
  readonly name: string | undefined
  /** Bytes that were fetched. */
  readonly bytes: number
}

/** @throws SimilarItemsError `image-unreachable`; the signal's reason on abort. */
export async function openPicture(picture: SentPicture, signal: AbortSignal): Promise<OpenedPicture> {
  if (typeof picture === 'string') return fetchPicture(picture, signal)
  if (picture instanceof ImageBitmap) return { image: picture, key: null, name: undefined, bytes: 0 }
  return { image: picture.blob, key: `blob ${picture.number}`, name: undefined, bytes: 0 }
}

async function fetchPicture(url: string, signal: AbortSignal): Promise<OpenedPicture> {
  const unreachable = (what: string, cause?: unknown) =>
    new SimilarItemsError('image-unreachable', `The picture ${url} ${what}.`, { cause, subject: url })
  try {
    const response = await fetchPastCache(url, signal)
    if (!response.ok) throw unreachable(`answered with status ${response.status}`)
    const image = await response.blob()
    return { image, key: versionOf(response, image.size), name: url, bytes: image.size }
  } catch (cause) {
    signal.throwIfAborted()
    if (cause instanceof SimilarItemsError) throw cause
    throw unreachable(
      'cannot be fetched: check the address and, across origins, that its server sends CORS headers',
      cause,
    )
  }
}

/** What stands at an address may change; servers say when it does. */
function versionOf({ url, headers }: Response, bytes: number): string | null {
  const version = headers.get('etag') ?? headers.get('last-modified')
  return version && `${url} ${version} ${bytes}`
}
