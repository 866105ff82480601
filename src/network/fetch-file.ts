import { abortable } from '../abortable.js'
import { NetworkFailure } from './network-failure.js'
import { pause } from './pause.js'
import { StallWatch, stallSeconds } from './stall-watch.js'

export interface FetchFileOptions {
  readonly signal?: AbortSignal | undefined
  /** Default: the global `fetch`. */
  readonly fetch?: typeof fetch | undefined
  readonly cache?: RequestCache | undefined
  /** How often to try, where a failure may pass. Default 3. */
  readonly attempts?: number
  /** Bytes that came, and how many there will be; 0 while that is unknown. */
  readonly onProgress?: ((loaded: number, total: number) => void) | undefined
  /** False for an answer whose body nobody needs; it then has no bytes. Default: all are needed. */
  readonly isWanted?: (response: Response) => boolean
  /** Throws for bytes that are not the file. They may have been damaged in the HTTP cache: it is asked past it, once. */
  readonly check?: (bytes: Uint8Array<ArrayBuffer>) => void | Promise<void>
}

export interface FetchedFile {
  /** Its body has been read. */
  readonly response: Response
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** Milliseconds before the second attempt and the third. */
const pauses = [300, 1200]

/** No content, reset content, and a part that nobody asked for. */
const withoutFile = [204, 205, 206]

/** So many requests are made for a file of which nothing comes. */
const mostRequests = 3

/**
 * A whole file from the network. What fails in a way that may pass is tried again, after growing pauses. Beside a request
 * that is quiet for a while another is made: what hangs seldom goes on, and what is only slow is not given up for it.
 * @throws NetworkFailure; what `check` throws; the signal's reason on abort.
 */
export async function fetchFile(url: string, options: FetchFileOptions = {}): Promise<FetchedFile> {
  const file = await persist(url, options)
  const { check, cache, isWanted } = options
  if (!check || isWanted?.(file.response) === false) return file
  try {
    await check(file.bytes)
    return file
  } catch (error) {
    if (cache === 'reload' || !/^https?:/.test(url)) throw error
    const fresh = await persist(url, { ...options, cache: 'reload' })
    await check(fresh.bytes)
    return fresh
  }
}

async function persist(url: string, options: FetchFileOptions): Promise<FetchedFile> {
  const { attempts = 3, signal } = options
  for (let tried = 1; ; tried++) {
    try {
      return await attempt(url, options)
    } catch (error) {
      const mayPass = error instanceof NetworkFailure && error.mayPass
      // What stalled was asked for several times.
      const isOver = !mayPass || error.kind === 'stalled' || tried >= attempts
      if (isOver || globalThis.navigator?.onLine === false) throw error
      await pause(pauses[Math.min(tried, pauses.length) - 1] as number, signal)
    }
  }
}

/** The first of several requests to come, or to fail for good; what may pass is a failure only when the last has failed. */
async function attempt(url: string, options: FetchFileOptions): Promise<FetchedFile> {
  const { signal, onProgress } = options
  signal?.throwIfAborted()
  const race = new AbortController()
  const end = () => race.abort(signal?.reason)
  signal?.addEventListener('abort', end)
  let furthest = 0
  const progress = (loaded: number, total: number) => {
    if (loaded > furthest) onProgress?.(loaded, total)
    furthest = Math.max(furthest, loaded)
  }
  let made = 0
  let running = 0
  let failure: NetworkFailure | undefined
  try {
    return await new Promise((resolve, reject) => {
      const ask = (cache: RequestCache | undefined) => {
        const isLast = ++made === mostRequests
        running++
        // Past the cache: there it would wait for the one that is quiet.
        const askAgain = () => void (made < mostRequests && ask('reload'))
        request(url, { ...options, cache, signal: race.signal, onProgress: progress }, isLast, askAgain).then(
          resolve,
          (error: unknown) => {
            running--
            const mayPass = error instanceof NetworkFailure && error.mayPass
            // One that is still arriving is not given up for a server that refuses another.
            if (mayPass && error.kind !== 'stalled') failure ??= error
            if (!mayPass || running === 0) reject(failure ?? error)
          },
        )
      }
      ask(options.cache)
    })
  } finally {
    race.abort()
    signal?.removeEventListener('abort', end)
  }
}

async function request(
  url: string,
  { signal, fetch = globalThis.fetch, cache, onProgress, isWanted = () => true }: FetchFileOptions,
  isLast: boolean,
  onQuiet: () => void,
): Promise<FetchedFile> {
  const ending = new AbortController()
  const end = () => ending.abort(signal?.reason)
  signal?.addEventListener('abort', end)
  let loaded = 0
  let response: Response | undefined
  const watch = new StallWatch(stallSeconds[isLast ? 1 : 0], onQuiet, (seconds) => {
    const how = `sent nothing for ${seconds} seconds after ${loaded} bytes`
    ending.abort(new NetworkFailure('stalled', how))
  })
  try {
    const init = { signal: ending.signal, ...(cache && { cache }) }
    response = await abortable(fetch(url, init), ending.signal)
    watch.heard()
    if (!response.ok || withoutFile.includes(response.status)) {
      throw new NetworkFailure('refused', `answered with status ${response.status}`, response)
    }
    if (!isWanted(response)) {
      await response.body?.cancel()
      return { response, bytes: new Uint8Array() }
    }
    const total = statedLength(response)
    const chunks: Uint8Array[] = []
    for await (const chunk of read(response.body, ending.signal)) {
      watch.heard()
      chunks.push(chunk)
      loaded += chunk.length
      onProgress?.(loaded, total)
    }
    return { response, bytes: join(chunks, loaded) }
  } catch (cause) {
    signal?.throwIfAborted()
    if (ending.signal.aborted) throw ending.signal.reason
    if (cause instanceof NetworkFailure) throw cause
    if (response) throw new NetworkFailure('broken', `broke off after ${loaded} bytes`, { cause })
    throw new NetworkFailure('unreached', 'cannot be reached', { cause })
  } finally {
    watch.end()
    signal?.removeEventListener('abort', end)
  }
}

/** A compressed answer states its compressed length, but what is counted here is unpacked. */
function statedLength({ headers }: Response): number {
  return headers.has('content-encoding') ? 0 : Number(headers.get('content-length'))
}

/** Safari streams cannot be iterated directly. */
async function* read(
  body: ReadableStream<Uint8Array> | null,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader()
  if (!reader) return
  try {
    for (;;) {
      const { done, value } = await abortable(reader.read(), signal)
      if (done) return
      yield value
    }
  } finally {
    // Ends the transfer when the consumer stops early; on a finished stream it does nothing.
    reader.cancel().catch(() => undefined)
  }
}

function join(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.length
  }
  return bytes
}
