/** What `http.createServer` hands over, as far as it matters here. */
interface NodeRequest extends AsyncIterable<Uint8Array> {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Whether all of the body has been read, as by `express.json()`. */
  readonly readableEnded?: boolean
  /** What was read of it. */
  readonly body?: unknown
}

interface NodeResponse {
  readonly writableEnded: boolean
  writeHead(status: number, headers: Record<string, string | string[]>): unknown
  end(body?: Uint8Array): unknown
  on(event: 'close', listener: () => void): unknown
}

/**
 * A handler as a listener for Node's `http.createServer`, Express and the like. A connection that closes early aborts
 * the request's signal. The host of the request's address is always `localhost`: what clients call this server is not
 * taken on trust. Where the handler fails, or the body of its response, the answer is 500 and the console says why.
 */
export function nodeListener(
  handler: (request: Request) => Promise<Response>,
): (request: NodeRequest, response: NodeResponse) => Promise<void> {
  return async (incoming, outgoing) => {
    const leaving = new AbortController()
    outgoing.on('close', () => outgoing.writableEnded || leaving.abort())
    const request = toRequest(incoming, leaving.signal)
    const { status, headers, body } = await answerTo(request, handler)
    if (leaving.signal.aborted) return
    outgoing.writeHead(status, headers)
    outgoing.end(body)
  }
}

async function answerTo(request: Request | null, handler: (request: Request) => Promise<Response>) {
  try {
    const response = request ? await handler(request) : new Response(null, { status: 400 })
    const body = new Uint8Array(await response.arrayBuffer())
    const cookies = response.headers.getSetCookie()
    // Each is a field of its own; all others are one.
    const headers = {
      ...Object.fromEntries(response.headers),
      ...(cookies.length > 0 && { 'set-cookie': cookies }),
    }
    return { status: response.status, headers, body }
  } catch (error) {
    console.error('The answer to a request for similar items failed', error)
    return { status: 500, headers: {}, body: new Uint8Array() }
  }
}

/** Null where the address or the method is none. */
function toRequest(incoming: NodeRequest, signal: AbortSignal): Request | null {
  const { method = 'GET', url = '/' } = incoming
  const headers = new Headers()
  try {
    for (const [name, value] of Object.entries(incoming.headers)) {
      // Those of HTTP/2 that begin with a colon are no fields.
      if (value !== undefined && !name.startsWith(':')) headers.set(name, [value].flat().join(', '))
    }
    const hasBody = method !== 'GET' && method !== 'HEAD'
    const body = hasBody ? { body: bodyOf(incoming), duplex: 'half' } : {}
    return new Request(`http://localhost${url}`, { method, headers, signal, ...body } as RequestInit)
  } catch {
    return null
  }
}

/** What is left to be read, or what a parser before has read: bytes and texts as they are, else the JSON that it was. */
function bodyOf(incoming: NodeRequest): ReadableStream<Uint8Array> | Uint8Array | string {
  const { readableEnded, body } = incoming
  if (!readableEnded || body === undefined) return toStream(incoming)
  return typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
}

function toStream(chunks: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]()
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next()
      if (done) controller.close()
      else controller.enqueue(new Uint8Array(value))
    },
    // Whoever does not read on gets the connection closed by Node once the answer is sent.
  })
}
