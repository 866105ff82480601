import { SimilarItemsError } from '../../errors.js'

/**
 * The JSON that a request brings, of which no more than `limit` bytes are read.
 * @returns the status to refuse it with where it is no JSON of that size.
 */
export async function readJson(
  request: Request,
  limit: number,
): Promise<{ value: unknown } | { refuse: number }> {
  const type = request.headers.get('content-type') ?? ''
  // Other types could be sent by the forms of any site.
  if (!/^application\/json\s*(;|$)/i.test(type)) return { refuse: 415 }
  if (Number(request.headers.get('content-length') ?? 0) > limit) return { refuse: 413 }
  const bytes = await readUpTo(request, limit)
  if (!bytes) return { refuse: 413 }
  try {
    return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) }
  } catch (cause) {
    throw new SimilarItemsError('invalid-argument', 'The body is not JSON in UTF-8.', { cause })
  }
}

/** Null where there is more. */
async function readUpTo({ body }: Request, limit: number): Promise<Uint8Array | null> {
  const bytes = new Uint8Array(limit)
  let length = 0
  const reader = body?.getReader()
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
    if (done) return bytes.subarray(0, length)
    if (length + value.length > limit) {
      await reader?.cancel()
      return null
    }
    bytes.set(value, length)
    length += value.length
  }
}
