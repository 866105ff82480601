import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { SimilarItemsError } from '../../errors.js'

/** From here on it is looked at how far a file unpacks. */
const looksAfter = 50e6
/** Text repeats itself, but a feed hardly more than a hundred times; gzip's limit is 1032. */
const largestRatio = 250

/** What else is given in place of a feed, by the hexadecimal digits that it begins with. */
const otherFiles: readonly (readonly [magic: string, what: string])[] = [
  ['504b0304', 'is a ZIP archive, as those of Excel are: unpack it or save it as CSV, or pack it with gzip'],
  ['d0cf11e0', 'is a file of Excel: save it as CSV'],
  ['425a68', 'is packed with bzip2: unpack it, or pack it with gzip'],
  ['28b52ffd', 'is packed with Zstandard: unpack it, or pack it with gzip'],
  ['fd377a58', 'is packed with xz: unpack it, or pack it with gzip'],
  ['377abcaf', 'is a 7z archive: unpack it, or pack it with gzip'],
  ['52617221', 'is a RAR archive: unpack it, or pack it with gzip'],
  ['25504446', 'is a PDF. A feed is XML, a table or JSON'],
  ['ffd8ff', 'is a picture. A feed is XML, a table or JSON'],
  ['89504e47', 'is a picture. A feed is XML, a table or JSON'],
]

/**
 * The bytes of a feed, unpacked where they begin as gzip does, whatever the file is called.
 * @throws SimilarItemsError `catalog-invalid` for a damaged file, one that unpacks to far more than a feed has in it,
 * and for what is no text.
 */
export function gunzipFeed(bytes: AsyncIterable<Uint8Array>, location: string): AsyncGenerator<Uint8Array> {
  // A server that packs what it sends packs what is packed once more.
  return unpack(unpack(bytes, location), location)
}

async function* unpack(bytes: AsyncIterable<Uint8Array>, location: string): AsyncGenerator<Uint8Array> {
  const [start, rest] = await takeStart(bytes)
  const begins = Buffer.from(start.subarray(0, 4)).toString('hex')
  const other = otherFiles.find(([magic]) => begins.startsWith(magic))
  if (other) throw invalid(location, other[1])
  if (start[0] !== 0x1f || start[1] !== 0x8b) {
    yield start
    yield* rest
    return
  }
  const gunzip = createGunzip({ chunkSize: 1 << 16 })
  let unpacked = 0
  // What fails, there or here, ends the stream with that error.
  const packing = pipeline(Readable.from(prepend(start, rest), { objectMode: false }), gunzip)
  packing.catch(() => undefined)
  try {
    for await (const chunk of gunzip as AsyncIterable<Uint8Array>) {
      unpacked += chunk.length
      if (unpacked > looksAfter && unpacked > largestRatio * gunzip.bytesWritten) {
        const size = `${Math.round(unpacked / 1e6)} MB and more from ${Math.ceil(gunzip.bytesWritten / 1e6)} MB`
        throw invalid(location, `unpacks to ${size}: that is no feed. Give it unpacked if it is one`)
      }
      yield chunk
    }
  } catch (cause) {
    if (!isZlibError(cause)) throw cause
    throw invalid(location, `is damaged: it cannot be unpacked (${cause.message})`, cause)
  } finally {
    gunzip.destroy()
  }
}

/** The first bytes, at least as many as tell what a file is, and those after them. */
async function takeStart(
  bytes: AsyncIterable<Uint8Array>,
): Promise<[Uint8Array, AsyncGenerator<Uint8Array>]> {
  const iterator = bytes[Symbol.asyncIterator]()
  let start = new Uint8Array(0)
  while (start.length < 4) {
    const next = await iterator.next()
    if (next.done) break
    start = Buffer.concat([start, next.value])
  }
  return [start, remaining(iterator)]
}

async function* remaining(iterator: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value
  } finally {
    await iterator.return?.()
  }
}

async function* prepend<T>(first: T, rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield first
  yield* rest
}

function isZlibError(error: unknown): error is Error {
  return error instanceof Error && String((error as NodeJS.ErrnoException).code).startsWith('Z_')
}

function invalid(location: string, what: string, cause?: unknown): SimilarItemsError {
  return new SimilarItemsError('catalog-invalid', `The feed ${location} ${what}.`, {
    cause,
    subject: location,
  })
}
