import { plainItems } from '../catalog/plain-items.js'
import type { Precision } from '../encoder/model/model-files.js'
import { packagedModelName } from '../encoder/model/packaged-model.js'
import { SimilarItemsError } from '../errors.js'
import type { BackendName, Progress } from '../types.js'
import type { VectorFormat } from '../vectors/encoded-vectors.js'
import type { CatalogSource, WorkerConfig } from '../worker/protocol.js'
import { assetsPath } from './assets-path.js'

/** What an engine works on. Relative URLs are resolved against the document. */
export interface EngineOptions {
  /**
   * URL of `similarHandler` of `similar-items/server`: lists come from a vector engine on the shop's server, and the
   * vector of a photo is sent there. With a `catalog` as well, that is what the page falls back to where the server is
   * slow or down.
   */
  engine?: string | URL
  /**
   * URL of the `cells.json` that `similar-items cells` writes: for a photo, the page loads the cells that are nearest to
   * it and ranks these, so that neither photo nor vector leaves it, also beside an `engine`. Which cells are loaded says
   * about what kind of product is looked for. With a `catalog` as well, that is what the page falls back to.
   */
  cells?: string | URL
  /**
   * Needed without `engine` or `cells`. The product feed in Google Merchant attribute names: the URL of a JSON file, or the parsed items themselves.
   * Pictures of inline items may be `blob:` URLs of this page. What is data of them is taken: they may be proxies that a
   * framework watches, and have functions or other objects in them.
   */
  catalog?: string | URL | readonly unknown[]
  /**
   * Names what an inline catalogue is stored under. Those of one name share the vectors of their pictures, on all pages
   * of the origin; so do those without one. Default: none.
   */
  catalogName?: string
  /** URL of the model folder. Default: the one that the package brings, beside its scripts. */
  model?: string | URL
  /**
   * URL of a projection that is applied to what the model computes, as `similar-items tune` writes it. Packs bring their
   * own; a pack of another space than model and projection lead to is not used. Default: none.
   */
  projection?: string | URL
  /** URL of a copy of the package's `dist` folder. Default: that of `setAssetsPath`, else wherever this script came from. */
  assets?: string | URL
  /**
   * URL of a module with the function `decode` of `HeicDecoderModule`, for HEIC photos in browsers that cannot decode
   * them. Loaded with the first such photo. Default: those photos are refused.
   */
  heicDecoder?: string | URL
  /**
   * Default `auto`: the kernel where the model folder has light weights for it, else WebGPU on a hardware adapter, else
   * WASM, each once it passed the self-check. `webgpu` tries a software adapter as well, and still falls back; `kernel`
   * and `wasm` never try WebGPU.
   */
  backend?: 'auto' | BackendName
  /** Default `auto`: 8-bit weights on WASM, fp16 or fp32 on WebGPU. */
  precision?: Precision
  /**
   * Threads that encode on cross-origin isolated pages, 8 at most in the kernel, 1 in Firefox. Default: by number of cores,
   * 4 at most.
   */
  threads?: number
  /** How vectors are kept. Default `int8`; `float32` takes four times the space. */
  format?: VectorFormat
  /** Default `indexeddb`. `memory` leaves nothing behind. */
  storage?: 'indexeddb' | 'memory'
  /** Name of the database and the model cache, for pages of one origin that must not share. */
  storeName?: string
  /**
   * Whether a list is asked for as soon as the engine is open, as elements do: what it needs on a first visit is then
   * fetched beside the catalogue. Default false: nothing more is fetched before a question needs it.
   */
  asksAtOnce?: boolean
  onProgress?: (progress: Progress) => void
}

/** The options as plain data for the worker, with every URL absolute. @throws SimilarItemsError `invalid-argument`. */
export function toWorkerConfig(options: EngineOptions): WorkerConfig {
  const { backend = 'auto', precision = 'auto', threads, format = 'int8', storage = 'indexeddb' } = options
  const assets = assetsFolder(options.assets)
  for (const name of ['engine', 'cells'] as const) {
    if (options[name] !== undefined) absoluteUrl(name, options[name])
  }
  return {
    catalog: toCatalogSource(options),
    model: options.model === undefined ? packagedModel(assets) : folderUrl('model', options.model),
    projection: options.projection === undefined ? null : absoluteUrl('projection', options.projection),
    assets,
    heicDecoder: options.heicDecoder === undefined ? null : absoluteUrl('heicDecoder', options.heicDecoder),
    backend: oneOf('backend', backend, ['auto', 'webgpu', 'kernel', 'wasm']),
    precision: oneOf('precision', precision, ['auto', 'int8', 'fp16', 'fp32']),
    threads: threads === undefined ? null : positiveInteger('threads', threads),
    format: oneOf('format', format, ['int8', 'float32']),
    storage: oneOf('storage', storage, ['indexeddb', 'memory']),
    storeName: text('storeName', options.storeName ?? 'similar-items'),
    asksAtOnce: options.asksAtOnce === true,
  }
}

/** Whether lists come from somewhere else than a catalogue of the page. */
export function isRemote({ engine, cells }: EngineOptions): boolean {
  return engine !== undefined || cells !== undefined
}

/** Text that is equal for options that may share an engine, as long as inline catalogues are the same array. */
export function sharingKey(options: EngineOptions): string {
  const { catalog, engine, cells } = options
  const { asksAtOnce: _, ...others } = options
  const shared = { ...others, ...(catalog !== undefined && { catalog: isInline(catalog) ? [] : catalog }) }
  const beside = isRemote(options)
    ? [
        engine === undefined ? '' : absoluteUrl('engine', engine),
        cells === undefined ? '' : absoluteUrl('cells', cells),
        isInline(catalog) ? '' : catalog,
      ]
    : []
  return JSON.stringify([toWorkerConfig(shared), ...beside])
}

export function isInline(catalog: EngineOptions['catalog']): catalog is readonly unknown[] {
  return Array.isArray(catalog)
}

function toCatalogSource(options: EngineOptions): CatalogSource {
  const { catalog, catalogName } = options
  // Then the worker is there for photos alone.
  if (isRemote(options)) return { key: 'engine', baseUrl: document.baseURI, items: [] }
  if (isInline(catalog)) {
    const key = `inline:${text('catalogName', catalogName ?? '')}`
    return { key, baseUrl: document.baseURI, items: plainItems(catalog) }
  }
  const url = absoluteUrl('catalog', catalog)
  return { key: url, url }
}

function assetsFolder(own: string | URL | undefined): string | null {
  const folder = own ?? assetsPath()
  return folder === undefined ? null : folderUrl('assets', folder)
}

/** The URL of the packaged model in a copied folder; null where the worker finds it beside itself. */
function packagedModel(assets: string | null): string | null {
  return assets && new URL(`models/${packagedModelName}/`, assets).href
}

function folderUrl(name: string, value: string | URL): string {
  const url = absoluteUrl(name, value)
  return url.endsWith('/') ? url : `${url}/`
}

export function absoluteUrl(name: string, value: unknown): string {
  const isText = typeof value === 'string' || value instanceof URL
  if (isText && String(value) !== '' && URL.canParse(String(value), document.baseURI)) {
    return new URL(value, document.baseURI).href
  }
  const what = typeof value === 'string' ? JSON.stringify(value) : describe(value)
  throw new SimilarItemsError('invalid-argument', `${name} must be a URL; it is ${what}.`)
}

function text(name: string, value: unknown): string {
  if (typeof value === 'string') return value
  throw new SimilarItemsError('invalid-argument', `${name} must be text; it is ${describe(value)}.`)
}

/** A value that should be another. An object may have no text of its own. */
function describe(value: unknown): string {
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}

function oneOf<T extends string>(name: string, value: T, values: readonly T[]): T {
  if (values.includes(value)) return value
  throw new SimilarItemsError(
    'invalid-argument',
    `${name} must be one of ${values.join(', ')}; it is ${describe(value)}.`,
  )
}

function positiveInteger(name: string, value: number): number {
  if (Number.isInteger(value) && value > 0) return value
  throw new SimilarItemsError(
    'invalid-argument',
    `${name} must be a positive whole number; it is ${describe(value)}.`,
  )
}
