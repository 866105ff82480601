import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type BrowserContext, test as base, type ConsoleMessage, expect } from '@playwright/test'
import { generateModel, type ModelOptions } from '../fixtures/generate-model.js'
import { buildEntry, builtEntries } from './entry.js'
import {
  type Fault,
  type FaultRule,
  matches,
  type OriginOptions,
  type Request,
  TestServer,
} from './server.js'

export type { Fault, FaultRule, Request }
export { expect }

/** How a page is served. */
export interface PageOptions {
  /** `true` for the strictest policy the package promises to work under, or a policy of your own. */
  readonly csp?: boolean | string
  /** Served cross-origin isolated, so that WASM threads are possible. */
  readonly isolate?: boolean
}

/** The strictest Content Security Policy the package promises to work under. */
export const strictPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "style-src 'self'",
  "base-uri 'none'",
].join('; ')

/** A shop's web server as the tests see it. Everything a test sets is forgotten after it. */
export class Shop {
  /** Base URL of the pages, without a slash at the end. */
  readonly origin: string
  /** The same files, cross-origin isolated. */
  readonly isolatedOrigin: string
  /** The same files from another host; other origins may read them while `cdn.cors` is true (default false). */
  readonly cdn: OriginOptions & { readonly origin: string }
  /** File names of the 54 photos below `/photos/`, in alphabetical order. */
  readonly photos: readonly string[]
  private readonly server: TestServer
  private readonly allowed: (string | RegExp)[] = []
  private pages = 0
  private models = 0

  private constructor(server: TestServer, origin: string, isolatedOrigin: string, cdn: Shop['cdn']) {
    this.server = server
    this.origin = origin
    this.isolatedOrigin = isolatedOrigin
    this.cdn = cdn
    this.photos = readdirSync(folders.photos)
      .filter((name) => name.endsWith('.jpg'))
      .sort()
  }

  static async open(): Promise<Shop> {
    const server = new TestServer()
    for (const [name, folder] of Object.entries(folders)) server.mount(`/${name}`, folder)
    const origin = await server.listen({ isolated: false, cors: false })
    const isolatedOrigin = await server.listen({ isolated: true, cors: false })
    const options: OriginOptions = { isolated: false, cors: false }
    const cdnOrigin = await server.listen(options)
    return new Shop(server, origin, isolatedOrigin, Object.assign(options, { origin: cdnOrigin }))
  }

  /** Every request since the test began, on every origin, in order of arrival. */
  get log(): readonly Request[] {
    return this.server.log
  }

  /** Requests whose path contains or matches `pattern`. */
  requests(pattern: string | RegExp): readonly Request[] {
    return this.log.filter(({ path }) => matches(pattern, path))
  }

  /** Forgets the requests so far, to look at a second visit alone. */
  clearLog(): void {
    this.server.log.length = 0
  }

  /** Absolute URL of a path on the pages' origin. */
  url(path: string): string {
    return new URL(path, this.origin).href
  }

  /** Serves a file at `path` and returns its URL. */
  write(path: string, body: string | Uint8Array, headers?: Readonly<Record<string, string>>): string {
    this.server.write(path, body, headers)
    return this.url(path)
  }

  /** Serves a page and returns its URL. A fragment is put into the body of a complete page. */
  page(html: string, { csp = false, isolate = false }: PageOptions = {}): string {
    const path = `/pages/${++this.pages}.html`
    const policy = csp === true ? strictPolicy : csp
    this.server.write(path, complete(html), policy === false ? {} : { 'content-security-policy': policy })
    return (isolate ? this.isolatedOrigin : this.origin) + path
  }

  /**
   * Serves `/catalog.json`: the first `count` photos as products `sku-01`, `sku-02`, ..., each with a link to
   * `/p/<id>`. Returns its path, good on every origin.
   */
  photoCatalog(count = this.photos.length): string {
    const items = this.photos.slice(0, count).map((photo, index) => {
      const id = `sku-${String(index + 1).padStart(2, '0')}`
      return {
        id,
        title: photo.replace(/(-unsplash)?\.jpg$/, '').replaceAll('-', ' '),
        link: `/p/${id}`,
        image_link: `/photos/${photo}`,
        price: `${10 + index}.90 EUR`,
        availability: index % 7 === 6 ? 'out_of_stock' : 'in_stock',
      }
    })
    this.server.write('/catalog.json', JSON.stringify(items))
    return '/catalog.json'
  }

  /** Lets a listener answer the requests to a path. */
  handle(path: string, listener: Parameters<TestServer['handle']>[1]): void {
    this.server.handle(path, listener)
  }

  /** Serves a generated model folder below `/generated/` and returns its path, which ends in a slash. */
  async model(options?: ModelOptions): Promise<string> {
    const folder = `/generated/${++this.models}/`
    for (const [path, bytes] of await generateModel(options)) this.server.write(folder + path, bytes)
    return folder
  }

  /**
   * Bundles `test/browser/entries/<name>.ts` and returns the path of the module: a page gets its exports by
   * `await import(path)`.
   */
  async entry(name: string): Promise<string> {
    await buildEntry(name)
    return `/entries/${name}/index.js`
  }

  /** Lets `fault` strike the requests whose URL contains or matches `pattern`, at most `times` times. */
  fault(pattern: string | RegExp, fault: Fault, times?: number): FaultRule {
    // The browser reports failed requests on the console; these are wanted.
    this.allowed.push(pattern)
    return this.server.fault(pattern, fault, times)
  }

  /** Lets console and page errors that match pass; all others fail the test. */
  allowErrors(pattern: string | RegExp): void {
    this.allowed.push(pattern)
  }

  /** Whether an error text was allowed by the test. */
  allows(text: string): boolean {
    return this.allowed.some((pattern) => matches(pattern, text))
  }

  reset(): void {
    this.server.reset()
    this.allowed.length = 0
    this.cdn.cors = false
  }

  close(): Promise<void> {
    return this.server.close()
  }
}

/** Playwright's `test` with a `shop`; a test fails on console errors and page errors it did not allow. */
export const test = base.extend<{ shop: Shop }, { shopOfWorker: Shop }>({
  shopOfWorker: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright demands a destructuring pattern.
    async ({}, use) => {
      const shop = await Shop.open()
      await use(shop)
      await shop.close()
    },
    { scope: 'worker' },
  ],
  shop: [
    async ({ shopOfWorker: shop, context }, use) => {
      const errors = collectErrors(context)
      await use(shop)
      const unexpected = errors.filter((text) => !shop.allows(text))
      shop.reset()
      expect(unexpected, 'errors on the console or thrown in the page').toEqual([])
    },
    { auto: true },
  ],
})

const root = new URL('../../', import.meta.url)
const folders = {
  dist: fileURLToPath(new URL('dist', root)),
  entries: builtEntries,
  models: fileURLToPath(new URL('public/models', root)),
  ort: fileURLToPath(new URL('node_modules/onnxruntime-web/dist', root)),
  photos: fileURLToPath(new URL('node_modules/@vendure/create/assets/images', root)),
  reference: fileURLToPath(new URL('test/fixtures/reference', root)),
}

function collectErrors(context: BrowserContext): string[] {
  const errors: string[] = []
  context.on('console', (message: ConsoleMessage) => {
    if (message.type() === 'error') errors.push(`${message.text()} (${message.location().url})`)
  })
  context.on('weberror', (event) => {
    const error = event.error()
    errors.push(error.stack ?? error.message)
  })
  return errors
}

function complete(html: string): string {
  if (/^\s*<!doctype/i.test(html)) return html
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>A shop</title></head>
<body>
${html}
</body>
</html>
`
}
