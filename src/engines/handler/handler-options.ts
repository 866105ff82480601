import type { VectorEngine } from '../vector-engine.js'

/** A filter that clients may set. Its name in requests is its key in `HandlerOptions.filters`. */
export interface FilterDeclaration {
  /** The attribute of products that it is about; `price` is the price to pay, as a number. */
  readonly attribute: string
  /** `text` takes up to 20 values of which a product has to have one, `number` a range: `10..50`, `10..`, `..50`. */
  readonly kind: 'text' | 'number'
  /** The only values that a text filter takes. Default: any of up to 200 characters. */
  readonly values?: readonly string[]
}

export interface HandlerLimits {
  /** Longest list. Default 100. */
  readonly list: number
  /** Milliseconds that an answer may take. Default 5000. */
  readonly time: number
  /** Bytes of a question's body. Default 16384. */
  readonly body: number
  /** Products that one question may start from. Default 20. */
  readonly items: number
}

export interface HandlerOptions {
  readonly engine: VectorEngine
  /**
   * Gives the products of some ids as they are now; those it leaves out are not shown. Default: as they were when they
   * were pushed.
   */
  readonly products?: (ids: readonly string[], signal: AbortSignal) => Promise<readonly unknown[]>
  /** Default: none. */
  readonly filters?: Readonly<Record<string, FilterDeclaration>>
  /** Whether a request is answered; a `Response` is sent in place of the answer. Default: every one is. */
  readonly allow?: (request: Request) => boolean | Response | Promise<boolean | Response>
  readonly limits?: Partial<HandlerLimits>
  /** `Cache-Control` of answers to GET. Default: a minute in every cache, or only in the browser's with `allow`. */
  readonly cacheControl?: string
  /** URL of the projection that takes a page's vectors to the engine's space, where it has one. */
  readonly projection?: string
  /** Told what the engine, `products` or `allow` threw: clients hear no more than that something failed. */
  readonly onError?: (error: unknown, request: Request) => void | Promise<void>
}

export const defaultLimits: HandlerLimits = { list: 100, time: 5000, body: 16_384, items: 20 }
