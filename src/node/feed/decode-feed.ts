import { SimilarItemsError } from '../../errors.js'

/**
 * The text of a feed, piece by piece, the first piece long enough to recognise the format by. Bytes that are not
 * text in the encoding are an error rather than replacement characters in titles.
 * @throws SimilarItemsError `catalog-invalid`.
 */
export async function* decodeFeed(
  bytes: AsyncIterable<Uint8Array>,
  location: string,
  encoding: string | undefined,
): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined
  let held = new Uint8Array(0)
  for await (const chunk of bytes) {
    if (decoder) {
      yield decode(decoder, chunk, location)
      continue
    }
    held = Buffer.concat([held, chunk])
    if (held.length < sniffedBytes) continue
    decoder = openDecoder(encoding ?? declaredEncoding(held), location)
    yield decode(decoder, held, location)
  }
  decoder ??= openDecoder(encoding ?? declaredEncoding(held), location)
  yield decode(decoder, held.length < sniffedBytes ? held : new Uint8Array(0), location, true)
}

const sniffedBytes = 1024

function declaredEncoding(start: Uint8Array): string {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le'
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be'
  const declaration = /^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["']/.exec(
    Buffer.from(start).toString('latin1'),
  )
  return declaration?.[1] ?? 'utf-8'
}

function openDecoder(encoding: string, location: string): TextDecoder {
  try {
    return new TextDecoder(encoding, { fatal: true })
  } catch (cause) {
    throw invalid(`is in the encoding "${encoding}", which is not known here`, location, cause)
  }
}

function decode(decoder: TextDecoder, bytes: Uint8Array, location: string, last = false): string {
  try {
    return decoder.decode(bytes, { stream: !last })
  } catch (cause) {
    throw invalid(
      `is not ${decoder.encoding}, in which it should be. Save it so, or give its encoding`,
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
