import { type FetchFileOptions, fetchFile } from '../../network/fetch-file.js'
import { NetworkFailure } from '../../network/network-failure.js'
import type { SentPicture } from '../protocol.js'
import { fetchPastCache } from './fetch-past-cache.js'

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

export type FetchOptions = Pick<FetchFileOptions, 'attempts' | 'cache'>

/** @throws SimilarItemsError `image-unreachable`, `download-stalled`; the signal's reason on abort. */
export async function openPicture(
  picture: SentPicture,
  signal: AbortSignal,
  options: FetchOptions = {},
): Promise<OpenedPicture> {
  if (typeof picture === 'string') return fetchPicture(picture, signal, options)
  if (picture instanceof ImageBitmap) return { image: picture, key: null, name: undefined, bytes: 0 }
  return { image: picture.blob, key: `blob ${picture.number}`, name: undefined, bytes: 0 }
}

async function fetchPicture(url: string, signal: AbortSignal, options: FetchOptions): Promise<OpenedPicture> {
  try {
    const { response, bytes } = await fetchFile(url, { signal, fetch: fetchPastCache, ...options })
    const image = new Blob([bytes], { type: response.headers.get('content-type') ?? '' })
    return { image, key: versionOf(response, image.size), name: url, bytes: image.size }
  } catch (error) {
    if (!(error instanceof NetworkFailure)) throw error
    const advice = 'Check the address and, across origins, that its server sends CORS headers.'
    throw error.toError('image-unreachable', `The picture ${url}`, url, advice)
  }
}

/** What stands at an address may change; servers say when it does. */
function versionOf({ url, headers }: Response, bytes: number): string | null {
  const version = headers.get('etag') ?? headers.get('last-modified')
  return version && `${url} ${version} ${bytes}`
}
