import { SimilarItemsError } from '../errors.js'
import { fetchFile } from '../network/fetch-file.js'
import { NetworkFailure } from '../network/network-failure.js'
import { type NeighborList, neighborShardUrl } from '../vectors/neighbor-shard.js'

export interface LoadNeighborsOptions {
  signal?: AbortSignal
  /** Default: the global `fetch`. */
  fetch?: typeof fetch
}

/**
 * The similar items of a product from the files that `similar-items neighbors` wrote: one small request.
 * @param template absolute URL with `{hash:n}` in it.
 * @returns null for a product that the files do not know.
 * @throws SimilarItemsError `neighbors-unreachable`, `download-stalled`, `neighbors-invalid`, `invalid-argument` for a template without
 * `{hash:n}`; the signal's reason on abort.
 */
export async function loadNeighbors(
  template: string,
  id: string,
  { signal, fetch = globalThis.fetch }: LoadNeighborsOptions = {},
): Promise<NeighborList | null> {
  const url = neighborShardUrl(template, id)
  if (url === null) {
    const message = `The address of the neighbour files, "${template}", has no {hash:n} in it. Use what the command line printed.`
    throw new SimilarItemsError('invalid-argument', message)
  }
  const shard = await request(url, signal, fetch)
  const list: unknown = Object.hasOwn(shard, id) ? (shard as Record<string, unknown>)[id] : null
  if (list === null || isNeighborList(list)) return list
  throw invalid(url, `has no list of ids and scores for "${id}"`)
}

async function request(
  url: string,
  signal: AbortSignal | undefined,
  fetch: typeof globalThis.fetch,
): Promise<object> {
  let shard: object | undefined
  const check = (bytes: Uint8Array<ArrayBuffer>) => {
    shard = parseShard(bytes, url)
  }
  await fetchFile(url, { signal, fetch, check }).catch((error: unknown) => {
    if (!(error instanceof NetworkFailure)) throw error
    throw error.toError('neighbors-unreachable', `The neighbour file ${url}`, url, 'Check the address.')
  })
  return shard as object
}

function parseShard(bytes: Uint8Array<ArrayBuffer>, url: string): object {
  try {
    const shard: unknown = JSON.parse(new TextDecoder().decode(bytes))
    if (typeof shard === 'object' && shard !== null && !Array.isArray(shard)) return shard
  } catch (cause) {
    throw invalid(url, 'is not JSON', cause)
  }
  throw invalid(url, 'is not a JSON object')
}

function isNeighborList(value: unknown): value is NeighborList {
  return (
    Array.isArray(value) &&
    value.every((entry) => Array.isArray(entry) && typeof entry[0] === 'string' && Number.isFinite(entry[1]))
  )
}

function invalid(url: string, what: string, cause?: unknown): SimilarItemsError {
  return new SimilarItemsError(
    'neighbors-invalid',
    `The neighbour file ${url} ${what}. Write the files anew.`,
    {
      cause,
      subject: url,
    },
  )
}
