import type { PackedProducts } from '../packed-products.js'
import type { Product, SkippedItem, Space } from '../types.js'
import type { EncodedVectors } from '../vectors/encoded-vectors.js'
import type { VectorEntry } from '../vectors/vector-table.js'
import type { KeptAnswers } from './kept-answers.js'

/** Vectors with what they belong to: row `i` of `vectors` is the vector of `entries[i]`. */
export interface VectorRows {
  readonly entries: readonly VectorEntry[]
  readonly vectors: EncodedVectors
}

/** A validated feed as it was when it was last read. */
export interface StoredCatalog {
  /** As a list in what earlier versions of the package have stored. */
  readonly products: PackedProducts | readonly Product[]
  readonly skipped: readonly SkippedItem[]
  readonly etag: string | null
  readonly lastModified: string | null
  /** The `pack` of the feed, and the URL that what is relative in it refers to; neither is validated. */
  readonly pack?: { readonly value: unknown; readonly base: string } | undefined
  /** Milliseconds since 1970. */
  readonly storedAt: number
}

/** The space a model leads to, so that vectors can be used without loading any of it. */
export interface ModelIdentity {
  readonly space: Space
  /** When the server was last asked; milliseconds since 1970. */
  readonly checkedAt: number
  /** The catalogue that was opened last with the model, and the space of its vectors, which may be those of a pack. */
  readonly opened?: { readonly catalog: string; readonly space: Space } | undefined
}

/**
 * Keeps vectors under their catalogue and space, and what is needed to use them again. A `catalogKey` is whatever
 * tells the catalogues of an origin apart, usually the URL of the feed. What a method returns or was given stays
 * the caller's: buffers may be transferred.
 *
 * Every method but `close` rejects with SimilarItemsError `storage-unavailable` where the storage fails or does
 * not answer, and `engine-closed` after `close`.
 */
export interface VectorStore {
  /** `memory` where nothing survives the page. */
  readonly kind: 'indexeddb' | 'memory'

  /** Lists for the next visit. Absent where none can be kept. */
  readonly answers?: KeptAnswers | undefined

  /**
   * All vectors of a catalogue in a space, each id once, in chunks that may differ in number format.
   * Chunks that cannot be read are dropped and reported as a warning.
   * @throws SimilarItemsError `space-mismatch` where vectors of other dimensions are stored for this fingerprint.
   */
  loadVectors(catalogKey: string, space: Space): Promise<readonly VectorRows[]>

  /**
   * Adds vectors, all or none of them; ids that are stored already get the new vector. Of an id that occurs more
   * than once in `rows` the last one counts.
   * @throws SimilarItemsError `space-mismatch` where dimensions differ from the space's, `invalid-argument` where
   * entries and vectors do not belong together or a number is not finite.
   * @param pack SHA-256 of the pack that all of them come from; `loadPackHash` returns it from then on.
   */
  putVectors(catalogKey: string, space: Space, rows: VectorRows, pack?: string): Promise<void>

  /** SHA-256 of the pack that was last put into a collection; undefined where vectors of it may be missing. */
  loadPackHash(catalogKey: string, space: Space): Promise<string | undefined>

  /** Removes the vectors of `ids`; ids without one are ignored. */
  removeVectors(catalogKey: string, space: Space, ids: Iterable<string>): Promise<void>

  loadCatalog(catalogKey: string): Promise<StoredCatalog | undefined>
  saveCatalog(catalogKey: string, catalog: Omit<StoredCatalog, 'storedAt'>): Promise<void>

  loadModelIdentity(modelUrl: string): Promise<ModelIdentity | undefined>
  saveModelIdentity(modelUrl: string, identity: ModelIdentity): Promise<void>

  /** Removes everything that is stored, for every catalogue. */
  clear(): Promise<void>

  close(): void
}
