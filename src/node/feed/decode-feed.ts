import { SimilarItemsError } from '../../errors.js'
import type { FeedReport } from './feed-report.js'

export interface DecodeOptions {
  /** What to call the feed in errors. */
  readonly location: string
  /** Default: what a byte order mark or the XML declaration says, else UTF-8. */
  readonly encoding: string | undefined
  readonly report: FeedReport
}

/**
 * The text of a feed, piece by piece, the first piece long enough to recognise the format by. Bytes that are not
 * text in the encoding are an error rather than replacement characters in titles.
 * @throws SimilarItemsError `catalog-invalid`.
 */
export async function* decodeFeed(
  bytes: AsyncIterable<Uint8Array>,
  options: DecodeOptions,
): AsyncGenerator<string> {
  const { location } = options
  let decoder: TextDecoder | undefined
  let held = new Uint8Array(0)
  for await (const chunk of bytes) {
    if (decoder) {
      yield decode(decoder, chunk, location)
      continue
    }
    held = Buffer.concat([held, chunk])
    if (held.length < sniffedBytes) continue
    decoder = openDecoder(held, options)
    yield decode(decoder, held, location)
  }
  const isShort = decoder === undefined
  decoder ??= openDecoder(held, options)
  yield decode(decoder, isShort ? held : new Uint8Array(0), location, true)
}

const sniffedBytes = 4096

function encodingOf(start: Uint8Array, report: FeedReport): string {
  if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) return 'utf-8'
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le'
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be'
  const wide = wideEncoding(start)
  if (wide !== null) return wide
  const [, declared] =
    /^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["']/.exec(Buffer.from(start).toString('latin1')) ?? []
  if (declared === undefined) return 'utf-8'
  // Who can read the declaration byte by byte has no text in two bytes a character.
  if (!/^(utf-?16|ucs-?2|utf-?32)/i.test(declared)) return declared
  report.note(null, `The feed says that it is in ${declared}, but it is not; it was read as UTF-8.`)
  return 'utf-8'
}

/** Text in two bytes a character without a mark: its headings are ASCII, of which every other byte is zero. */
function wideEncoding(start: Uint8Array): string | null {
  const length = Math.min(start.length, 512) & ~1
  const zeros = [0, 0]
  for (let at = 0; at < length; at++) {
    if (start[at] === 0) zeros[at & 1] = (zeros[at & 1] as number) + 1
  }
  const [even = 0, odd = 0] = zeros
  if (Math.max(even, odd) < length / 4) return null
  return odd > even ? 'utf-16le' : 'utf-16be'
}

function openDecoder(start: Uint8Array, { location, encoding, report }: DecodeOptions): TextDecoder {
  const name = encoding ?? encodingOf(start, report)
  try {
    return new TextDecoder(name, { fatal: true })
  } catch (cause) {
    throw invalid(`is in the encoding "${name}", which is not known here`, location, cause)
  }
}

function decode(decoder: TextDecoder, bytes: Uint8Array, location: string, last = false): string {
  try {
    return decoder.decode(bytes, { stream: !last })
  } catch (cause) {
    throw invalid(
      `is not ${decoder.encoding}, in which it should be. Save it so, or give its encoding (--encoding windows-1252, for example)`,
      location,
      cause,
    )
  }
}

function invalid(what: string, location: string, cause: unknown): SimilarItemsError {
  return new SimilarItemsError('catalog-invalid', `The feed ${location} ${what}.`, {
    cause,
    subject: location,
  })
}
