/**
 * The shared words. Every other room may import this file; it imports nothing.
 */

/**
 * One item of the catalogue, in the attribute names of the Google Merchant product feed.
 * A `Product` has passed validation: its `image_link` (and `link`, where it has one) is an absolute `http(s)`
 * URL, and every other attribute is text or a list of texts.
 */
export interface Product {
  readonly id: string
  readonly title: string
  /** Absolute `http(s)` URL of the product page; absent where the shop navigates by events. */
  readonly link?: string
  /** Absolute `http(s)` URL of the main picture. */
  readonly image_link: string
  /** What identifies the main picture where its URL changes though it stays the same; a page resolves it as a URL. */
  readonly picture_key?: string
  /** Amount and ISO 4217 currency, as in the feed: `"24.90 EUR"`. */
  readonly price?: string
  readonly sale_price?: string
  /** When the sale price holds: two ISO 8601 dates with a slash between them. */
  readonly sale_price_effective_date?: string
  readonly availability?: string
  readonly brand?: string
  readonly product_type?: string
  readonly color?: string
  /** Variants of one product (sizes, colours) share it; they are not similar items of each other. */
  readonly item_group_id?: string
  readonly [attribute: string]: string | readonly string[] | undefined
}

/**
 * What makes two vectors comparable. Two spaces are the same when their fingerprints are.
 * The number format in which vectors are stored is not part of it.
 */
export interface Space {
  /** SHA-256 (hex) of the folder's reference vectors, or of the model file where the folder has none. */
  readonly model: string
  /** Canonical text of the preprocessing, e.g. `bicubic-224x224-mean0.5,0.5,0.5-std0.5,0.5,0.5`. */
  readonly preprocessing: string
  /** SHA-256 (hex) of the projection applied after the encoder, or `null`. */
  readonly projection: string | null
  /** Number of components of a vector. */
  readonly dimensions: number
  /** Where the projection subtracts the mean of a catalogue. Cosines are lower in such a space; bounds differ. */
  readonly centered?: true
  /** Short text made of the first four; equal fingerprints mean comparable vectors. */
  readonly fingerprint: string
}

/** An L2-normalised embedding together with the space it lives in. */
export interface Embedding {
  readonly space: Space
  /** Length `space.dimensions`, Euclidean norm 1. */
  readonly vector: Float32Array
}

/** One entry of a ranked list. */
export interface Hit {
  readonly product: Product
  /** Cosine similarity to the query, in [-1, 1]. */
  readonly score: number
  /** Position in the list, from 0. */
  readonly rank: number
}

/** The answer to one query. */
export interface RankedList {
  /** Unique per query; events that follow from this list carry it. */
  readonly queryId: string
  readonly hits: readonly Hit[]
  /** The space that the scores are of; null where the list was made before the page was loaded. */
  readonly space: Space | null
  /** How many products had a vector when the list was made, of how many in the catalogue. */
  readonly ranked: number
  readonly total: number
  /** True when every product that can be ranked was: asking again gives the same list. */
  readonly complete: boolean
  readonly timings: QueryTimings
}

/** Milliseconds spent on one query, by step; a step that did not happen is 0. */
export interface QueryTimings {
  readonly fetch: number
  readonly decode: number
  readonly resize: number
  readonly inference: number
  readonly rank: number
}

/** A region of a picture, in fractions of its upright width and height (0..1). */
export interface CropBox {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** What a query may set; everything has a default. */
export interface RankingOptions {
  /** Longest list wanted. Default 12. */
  limit?: number
  /** Hits below this cosine similarity are left out. Default -1: none is. */
  minScore?: number
  /**
   * Two hits at least this similar to each other are one picture; the better-ranked one stays. In a list for a product,
   * what is so similar to it is its own picture, and is left out.
   * Default 0.985, in a centered space 0.98; 1.01 or more switches it off.
   */
  nearDuplicate?: number
  /** At most so many products with the same `item_group_id` are in a list, the best of them. Default 1. */
  perGroup?: number
  /**
   * Maximal marginal relevance (Carbonell and Goldstein 1998): 0 ranks by similarity alone, 1 by novelty alone.
   * Default 0.
   */
  diversity?: number
}

export interface QueryOptions extends RankingOptions {
  /** Products for which it returns false are left out. It runs on the page, not in the worker. */
  filter?: (product: Product) => boolean
  signal?: AbortSignal
}

export interface ImageQueryOptions extends QueryOptions {
  /** Search with this region of the picture only. */
  crop?: CropBox
}

/**
 * What a search without a picture starts from: a vector, or products of the catalogue, together. Weights are 1 by
 * default; a negative one leads away from its product.
 */
export type VectorQuery =
  | { readonly vector: Embedding }
  | { readonly items: readonly string[]; readonly weights?: readonly number[] | undefined }

/** A picture in any form a page has it in. A string is a URL. */
export type ImageSource = Blob | string | URL | ImageBitmap | HTMLCanvasElement | OffscreenCanvas

/** Which part of the work a progress report is about. */
export type ProgressPhase = 'catalog' | 'pack' | 'runtime' | 'model' | 'index'

/** How far one part of the work is. `total` is 0 while it is unknown. */
export interface Progress {
  readonly phase: ProgressPhase
  /** Bytes for `pack`, `runtime` and `model`, products for `index` and `catalog`. */
  readonly loaded: number
  readonly total: number
}

/** Which implementation runs the encoder. */
export type BackendName = 'webgpu' | 'kernel' | 'wasm'

/** A product that was left out, and why. */
export interface SkippedItem {
  /** Its id where it has one, else its position in the feed as `#12`. */
  readonly id: string
  /** A sentence for the shop's developers. */
  readonly reason: string
}

/** Where the vectors in use came from and how the engine is doing. Plain data, safe to show or log. */
export interface EngineStatus {
  /** `idle` until something needs the encoder; `ready` once it runs. */
  readonly encoder: 'idle' | 'loading' | 'ready' | 'failed'
  readonly backend: BackendName | null
  /** Threads of the processor at work; 0 on WebGPU. The kernel's come one by one, and go where one of them fails. */
  readonly threads: number
  /** Model file in use, as a URL. */
  readonly modelFile: string | null
  /** Why better candidates were passed over, in order. */
  readonly rejectedBackends: readonly string[]
  readonly space: Space | null
  readonly products: number
  /** Products with a vector, by where the vector came from. */
  readonly vectors: { readonly stored: number; readonly encoded: number }
  /** Items of the feed or pictures that were left out, with reasons. */
  readonly skipped: readonly SkippedItem[]
  /** `memory` when IndexedDB could not be used; then nothing survives the page. */
  readonly storage: 'indexeddb' | 'memory'
  readonly warnings: readonly string[]
  /** Bytes that came over the network or from Cache Storage, by what they were. */
  readonly bytes: {
    readonly catalog: number
    /** Vectors made before the page was loaded. */
    readonly pack: number
    readonly runtime: number
    readonly model: number
    readonly images: number
    readonly modelFromCache: boolean
  }
  /** Milliseconds, medians over this engine's life; 0 where it did not happen. */
  readonly timings: {
    readonly openCatalog: number
    readonly openStore: number
    readonly openEncoder: number
    readonly decode: number
    readonly resize: number
    readonly inference: number
  }
}
