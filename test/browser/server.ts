import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize, sep } from 'node:path'
import { PassThrough, type Readable } from 'node:stream'

/** What goes wrong with a request, instead of the answer it would have had. */
export type Fault =
  | { readonly kind: 'status'; readonly status: number }
  /** 200 with a web page where something else was asked for, as single-page hosts do. */
  | { readonly kind: 'html' }
  | { readonly kind: 'content-type'; readonly type: string }
  /** The connection breaks after this many bytes of the body; the announced length stays. */
  | { readonly kind: 'truncate'; readonly after: number }
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /** Nothing more is sent after this many bytes of the body; before the headers when absent. */
  | { readonly kind: 'hang'; readonly after?: number }
  | { readonly kind: 'redirect-loop' }
  | { readonly kind: 'redirect'; readonly to: string }
  /** One bit of the body is flipped. */
  | { readonly kind: 'corrupt'; readonly at: number }

/** A fault that is in force until it is removed, has struck `times` times, or the server is reset. */
export interface FaultRule {
  readonly hits: number
  remove(): void
}

/** One request as the server saw it. */
export interface Request {
  readonly method: string
  readonly url: string
  /** Path without query: `/models/x/config.json`. */
  readonly path: string
  /** Status sent; 0 while the answer is held back. */
  status: number
  /** Bytes of the body handed to the network so far. */
  bytes: number
  /** Milliseconds from arrival to the end of the answer, or null while it is not over. */
  milliseconds: number | null
}

type Listener = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** How one origin answers. */
export interface OriginOptions {
  /** Sends COOP and COEP: its pages are cross-origin isolated. */
  readonly isolated: boolean
  /**
   * Sends CORS headers, so that other origins may read its files; `'asked'`: only to who sends an `Origin`, and without
   * `Vary`, as some hosts do. Tests switch it.
   */
  cors: boolean | 'asked'
}

interface Written {
  readonly body: Buffer
  readonly type: string
  readonly headers: Readonly<Record<string, string>>
}

interface ActiveRule extends FaultRule {
  hits: number
  readonly pattern: string | RegExp
  readonly fault: Fault
  readonly times: number
}

/**
 * Serves folders and written files over HTTP on 127.0.0.1 from several origins, remembers every request and
 * injects faults. Files are sent with an ETag and `no-cache`, so a browser revalidates and gets a 304.
 */
export class TestServer {
  readonly log: Request[] = []
  private readonly mounts = new Map<string, string>()
  private readonly written = new Map<string, Written>()
  private readonly listeners = new Map<string, Listener>()
  private rules: ActiveRule[] = []
  private readonly held = new Set<ServerResponse>()
  private readonly servers: Server[] = []

  /** Opens one more origin and returns its base URL without a slash at the end. */
  async listen(options: OriginOptions): Promise<string> {
    const server = createServer((request, response) => {
      this.answer(request, response, options).catch((error: unknown) => response.destroy(error as Error))
    })
    this.servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  /** Serves the files of `folder` below `prefix` (`/photos`). */
  mount(prefix: string, folder: string): void {
    this.mounts.set(`${prefix}/`, folder)
  }

  /** Serves `body` at `path` until the next reset. */
  write(path: string, body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}): void {
    const type = headers['content-type'] ?? contentType(path)
    this.written.set(path, { body: Buffer.from(body), type, headers })
  }

  /** Lets `listener` answer every request to `path` that no fault has struck, until the next reset. */
  handle(path: string, listener: Listener): void {
    this.listeners.set(path, listener)
  }

  /** Lets `fault` strike every request whose URL contains or matches `pattern`, at most `times` times. */
  fault(pattern: string | RegExp, fault: Fault, times = Number.POSITIVE_INFINITY): FaultRule {
    const rule: ActiveRule = {
      pattern,
      fault,
      times,
      hits: 0,
      remove: () => {
        this.rules = this.rules.filter((other) => other !== rule)
      },
    }
    this.rules.push(rule)
    return rule
  }

  /** Forgets requests, faults and written files, and drops the answers that are held back. */
  reset(): void {
    for (const response of this.held) response.destroy()
    this.held.clear()
    this.log.length = 0
    this.rules = []
    this.written.clear()
    this.listeners.clear()
  }

  async close(): Promise<void> {
    this.reset()
    await Promise.all(
      this.servers.map((server) => {
        server.closeAllConnections()
        return new Promise((resolve) => server.close(resolve))
      }),
    )
  }

  private async answer(request: IncomingMessage, response: ServerResponse, origin: OriginOptions) {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`)
    // Whether a browser asks for it depends on its mood, so it is nobody's business.
    if (url.pathname === '/favicon.ico') return void response.writeHead(204).end()
    const entry = this.remember(request.method ?? 'GET', url, response)
    setOriginHeaders(request, response, origin)
    const fault = this.strike(url.href)
    switch (fault?.kind) {
      case 'status':
        return send(
          response,
          entry,
          fault.status,
          'text/plain',
          `status ${fault.status}, as the test wants it`,
        )
      case 'html':
        return send(response, entry, 200, 'text/html', '<!doctype html><title>Shop</title><p>Welcome')
      case 'redirect':
        response.setHeader('location', fault.to)
        return send(response, entry, 302, 'text/plain', '')
      case 'redirect-loop':
        response.setHeader('location', url.href)
        return send(response, entry, 302, 'text/plain', '')
      case 'delay':
        await new Promise((resolve) => setTimeout(resolve, fault.milliseconds))
        break
      case 'hang':
        this.held.add(response)
        if (fault.after === undefined) return
    }
    const listener = this.listeners.get(url.pathname)
    if (!listener) return this.sendFile(request, response, url, entry, fault)
    if (fault?.kind === 'hang') return
    await listener(request, response)
    entry.status = response.statusCode
  }

  private remember(method: string, url: URL, response: ServerResponse): Request {
    const started = performance.now()
    const path = decodeURIComponent(url.pathname)
    const entry: Request = { method, url: url.href, path, status: 0, bytes: 0, milliseconds: null }
    this.log.push(entry)
    response.on('close', () => {
      entry.milliseconds = performance.now() - started
    })
    return entry
  }

  private strike(url: string): Fault | undefined {
    const rule = this.rules.find(({ pattern, hits, times }) => hits < times && matches(pattern, url))
    if (rule !== undefined) rule.hits++
    return rule?.fault
  }

  private async sendFile(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    entry: Request,
    fault: Fault | undefined,
  ) {
    const file = await this.open(decodeURIComponent(url.pathname))
    if (file === null) return send(response, entry, 404, 'text/plain', `${url.pathname} is not served here`)
    // Damaged bytes under the ETag of the good ones would stay in the browser's cache when the fault is gone.
    if (fault?.kind !== 'corrupt') response.setHeader('etag', file.etag)
    response.setHeader('cache-control', 'no-cache')
    for (const [name, value] of Object.entries(file.headers)) response.setHeader(name, value)
    response.setHeader('content-type', fault?.kind === 'content-type' ? fault.type : file.type)
    if (request.headers['if-none-match'] === file.etag && fault === undefined) {
      entry.status = response.statusCode = 304
      response.end()
      return
    }
    response.setHeader('content-length', file.length)
    entry.status = 200
    if (request.method === 'HEAD') {
      response.end()
      return
    }
    await sendBody(response, entry, file.read(), fault)
  }

  private async open(path: string) {
    const written = this.written.get(path)
    if (written !== undefined) {
      const { body, type, headers } = written
      const read = () => new PassThrough().end(body)
      return { type, headers, length: body.length, etag: `"${body.length}-${hash(body)}"`, read }
    }
    const prefix = [...this.mounts.keys()].find((prefix) => path.startsWith(prefix))
    if (prefix === undefined) return null
    const folder = this.mounts.get(prefix) ?? ''
    const file = normalize(join(folder, path.slice(prefix.length)))
    if (!file.startsWith(normalize(folder) + sep)) return null
    const found = await stat(file).catch(() => null)
    if (!found?.isFile()) return null
    const etag = `"${found.size}-${found.mtimeMs}"`
    return {
      type: contentType(file),
      headers: {},
      length: found.size,
      etag,
      read: () => createReadStream(file),
    }
  }
}

function setOriginHeaders(request: IncomingMessage, response: ServerResponse, origin: OriginOptions) {
  if (origin.isolated) {
    response.setHeader('cross-origin-opener-policy', 'same-origin')
    response.setHeader('cross-origin-embedder-policy', 'require-corp')
  }
  if (origin.cors === 'asked' ? request.headers.origin !== undefined : origin.cors) {
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('cross-origin-resource-policy', 'cross-origin')
  }
}

function send(response: ServerResponse, entry: Request, status: number, type: string, body: string) {
  entry.status = status
  entry.bytes = Buffer.byteLength(body)
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8`, 'content-length': entry.bytes })
  response.end(body)
}

async function sendBody(
  response: ServerResponse,
  entry: Request,
  body: Readable,
  fault: Fault | undefined,
): Promise<void> {
  const end =
    fault?.kind === 'truncate' || fault?.kind === 'hang' ? (fault.after ?? 0) : Number.POSITIVE_INFINITY
  response.flushHeaders()
  for await (const chunk of body as AsyncIterable<Buffer>) {
    if (response.destroyed) return
    const wanted = chunk.subarray(0, end - entry.bytes)
    const piece = fault?.kind === 'corrupt' ? flipBit(wanted, fault.at - entry.bytes) : wanted
    entry.bytes += piece.length
    if (!response.write(piece)) await drained(response)
    if (entry.bytes < end) continue
    // What was written must reach the browser before the connection breaks.
    if (fault?.kind === 'truncate') setTimeout(() => response.destroy(), 50)
    return
  }
  response.end()
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done)
      resolve()
    }
    response.on('drain', done).on('close', done)
  })
}

function flipBit(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes)
  const byte = copy[at]
  if (byte !== undefined) copy[at] = byte ^ 1
  return copy
}

/** Whether a text contains a string or matches an expression. */
export function matches(pattern: string | RegExp, text: string): boolean {
  return typeof pattern === 'string' ? text.includes(pattern) : pattern.test(text)
}

function hash(bytes: Uint8Array): number {
  return bytes.reduce((hash, byte) => (Math.imul(hash, 31) + byte) | 0, 0)
}

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.gif': 'image/gif',
  '.html': 'text/html; charset=utf-8',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webp': 'image/webp',
}

function contentType(path: string): string {
  return contentTypes[extname(path).toLowerCase()] ?? 'application/octet-stream'
}
