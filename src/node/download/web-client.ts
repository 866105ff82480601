import { type LookupAddress, lookup } from 'node:dns'
import { type Agent, get as getPlain, Agent as HttpAgent, type IncomingMessage } from 'node:http'
import { get as getSecure, Agent as HttpsAgent } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { splitCredentials } from './credentials.js'
import { isPrivateAddress } from './private-addresses.js'

export interface WebClientOptions {
  /**
   * Whether a host may be on this machine or a private network. Default: none may. Links of a feed come from
   * elsewhere, and so do redirects.
   */
  readonly mayBePrivate?: ((hostname: string) => boolean) | undefined
}

export interface GetOptions {
  readonly headers?: Readonly<Record<string, string>>
  /** Value of an `Authorization` header; a redirect to another origin does not get it. */
  readonly authorization?: string | undefined
  readonly signal?: AbortSignal | undefined
  /** Is called with where a redirect leads. */
  readonly onRedirect?: ((url: string) => void) | undefined
}

/** The host is on this machine or a private network, and is not allowed to be. */
export class PrivateHostError extends Error {
  override readonly name = 'PrivateHostError'
  readonly hostname: string

  constructor(hostname: string) {
    super(`${hostname} is on this machine or a private network`)
    this.hostname = hostname
  }
}

export class TooManyRedirectsError extends Error {
  override readonly name = 'TooManyRedirectsError'
}

const mostRedirects = 20

/**
 * Gets files from the web: `fetch` of Node takes no URL with credentials, and connects to any address. Connections are
 * kept until `close`.
 */
export class WebClient {
  readonly #mayBePrivate: (hostname: string) => boolean
  readonly #agents: { readonly 'http:': HttpAgent; readonly 'https:': HttpsAgent }

  constructor({ mayBePrivate = () => false }: WebClientOptions = {}) {
    this.#mayBePrivate = mayBePrivate
    this.#agents = {
      'http:': new HttpAgent({ keepAlive: true }),
      'https:': new HttpsAgent({ keepAlive: true }),
    }
  }

  /**
   * The answer after redirects, whatever its status. Its body has to be read or destroyed.
   * @param written `http:` or `https:`, with or without credentials.
   * @throws PrivateHostError, TooManyRedirectsError; the errors of `node:http`; AbortError on abort.
   */
  async get(written: string, options: GetOptions = {}): Promise<IncomingMessage> {
    let { url, authorization = options.authorization } = splitCredentials(written)
    for (let redirects = 0; redirects <= mostRedirects; redirects++) {
      const answer = await this.#getOnce(new URL(url), { ...options, authorization })
      const { statusCode = 0, headers } = answer
      if (statusCode < 300 || statusCode >= 400 || headers.location === undefined) return answer
      answer.destroy()
      const next = splitCredentials(new URL(headers.location, url).href)
      const isSameOrigin = new URL(next.url).origin === new URL(url).origin
      authorization = next.authorization ?? (isSameOrigin ? authorization : undefined)
      url = next.url
      options.onRedirect?.(url)
    }
    throw new TooManyRedirectsError(`more than ${mostRedirects} redirects`)
  }

  /** Ends the connections that are kept. */
  close(): void {
    for (const agent of Object.values(this.#agents)) agent.destroy()
  }

  async #getOnce(url: URL, options: GetOptions): Promise<IncomingMessage> {
    if (url.protocol !== 'http:' && url.protocol !== 'https:') {
      throw new Error(`a redirect to ${url.protocol} cannot be followed`)
    }
    // The name of a host may be the address itself, which is not looked up.
    const hostname = url.hostname.replace(/^\[|\]$/g, '')
    const isAllowed = this.#mayBePrivate(hostname)
    if (!isAllowed && isIP(hostname) !== 0 && isPrivateAddress(hostname)) throw new PrivateHostError(hostname)
    const connect = () => this.#connect(url, isAllowed ? undefined : publicLookup, options)
    try {
      return await connect()
    } catch (error) {
      // The server has ended a connection that was kept while the request was on its way.
      if (!(error instanceof StaleConnectionError)) throw error
      return await connect()
    }
  }

  #connect(
    url: URL,
    lookupAddress: LookupFunction | undefined,
    { headers, authorization, signal }: GetOptions,
  ): Promise<IncomingMessage> {
    const isSecure = url.protocol === 'https:'
    const agent: Agent = this.#agents[isSecure ? 'https:' : 'http:']
    return new Promise((resolve, reject) => {
      const request = (isSecure ? getSecure : getPlain)(url, {
        agent,
        headers: {
          'user-agent': userAgent,
          accept: '*/*',
          ...headers,
          ...(authorization !== undefined && { authorization }),
        },
        ...(lookupAddress && { lookup: lookupAddress }),
        ...(signal && { signal }),
      })
      request.once('response', resolve)
      request.once('error', (error: NodeJS.ErrnoException) => {
        const isStale = request.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE')
        reject(isStale ? new StaleConnectionError(error.message, { cause: error }) : error)
      })
    })
  }
}

const userAgent = 'similar-items (indexer of product pictures)'

class StaleConnectionError extends Error {}

/** Looks a name up, and refuses it where one of its addresses is private. What it finds is what is connected to. */
const publicLookup: LookupFunction = (hostname, options, done) => {
  lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    const [first] = addresses ?? []
    if (error || !first) return done(error ?? new Error(`${hostname} has no address`), '', 0)
    if (addresses.some(({ address }) => isPrivateAddress(address))) {
      return done(new PrivateHostError(hostname), '', 0)
    }
    if (options.all) return done(null, addresses)
    done(null, first.address, first.family)
  })
}
