import type { CatalogProducts } from '../../catalog/catalog-products.js'
import { contentKey } from '../../catalog/content-key.js'
import { parsePackReference } from '../../catalog/pack-reference.js'
import { isSimilarItemsError } from '../../errors.js'
import type { StoredCatalog } from '../../store/vector-store.js'
import type { Embedding, Space } from '../../types.js'
import type { Pack } from '../../vectors/pack.js'
import type { VectorCollection } from '../collection/vector-collection.js'
import type { Retries } from '../session/retries.js'
import type { SessionReports } from '../session/session-reports.js'
import type { StatusBoard } from '../session/status-board.js'
import { CatalogPack, pickEntries } from './catalog-pack.js'

/** Decides whether the pack of a catalogue is used, and with it, in which space the vectors are. */
export class PackInUse {
  readonly #status: StatusBoard
  readonly #reports: SessionReports
  /** Null where the catalogue has none, or one that does not fit the model. */
  #pack: CatalogPack | null = null

  readonly #retries: Pick<Retries, 'failed'>
  /** What the feed says about it, as JSON. */
  #written: string | undefined
  #isMissing = false
  /** A download that was begun, and of which pack. */
  #loading: { readonly pack: CatalogPack; readonly loaded: Promise<Pack> } | null = null

  constructor(status: StatusBoard, reports: SessionReports, retries: Pick<Retries, 'failed'>) {
    this.#status = status
    this.#reports = reports
    this.#retries = retries
  }

  /** Whether the pack could not be loaded: its server may have had trouble, or been in the middle of a deploy. */
  get isMissing(): boolean {
    return this.#isMissing
  }

  /** SHA-256 of the pack. */
  get hash(): string | null {
    return this.#pack?.reference.sha256 ?? null
  }

  get space(): Space | null {
    return this.#pack?.space ?? null
  }

  /** Pictures that could not be used when the pack was made, as content keys of this page. */
  get unusable(): readonly string[] {
    return this.#pack?.unusable ?? []
  }

  /** Takes what a version of the feed says about its pack. */
  take(written: StoredCatalog['pack']): void {
    const text = JSON.stringify(written)
    // A download of it may be under way, or have failed and be due again.
    if (this.#pack && text === this.#written) return
    this.#isMissing = false
    this.#written = text
    this.#pack = null
    if (!written) return
    try {
      const reference = parsePackReference(written.value, written.base)
      this.#pack = reference && new CatalogPack(reference, written.base)
    } catch (error) {
      this.#reports.gaveUp(error)
    }
  }

  /** Whether vectors of an encoder with this space go with the pack's, where there is one. */
  fits(encoder: Space): boolean {
    return this.#pack?.isMadeBy(encoder) ?? true
  }

  /** The space in which an encoder's vectors are kept. A pack that the encoder did not make is given up. */
  spaceFor(encoder: Space): Space {
    if (!this.#pack) return encoder
    if (this.#pack.isMadeBy(encoder)) return this.#pack.space
    this.#reports.gaveUp(this.#pack.mismatchWith(encoder))
    this.#pack = null
    this.#loading = null
    return encoder
  }

  /** An embedding of the encoder in the space of the vectors. @throws as `CatalogPack.project`. */
  async project(embedding: Embedding, signal: AbortSignal): Promise<Embedding> {
    return this.#pack ? this.#pack.project(embedding, signal) : embedding
  }

  /** Begins to download the pack, for who knows that nothing of it can be stored. */
  prefetch(signal: AbortSignal): void {
    if (this.#pack) void this.#load(this.#pack, signal)
  }

  /**
   * Takes over the vectors of the pack that belong to `products`, where they are not stored. A pack that cannot be
   * loaded is a warning: without it pictures are encoded here, until it comes after all.
   * @returns whether they came from the pack now.
   * @throws the signal's reason on abort.
   */
  async loadInto(
    collection: VectorCollection,
    products: () => Pick<CatalogProducts, 'get'>,
    signal: AbortSignal,
  ): Promise<boolean> {
    const pack = this.#pack
    // The catalogue may have got another pack since the collection was opened, which then is opened for that one.
    if (!pack || pack.space.fingerprint !== collection.space.fingerprint) return false
    if (await collection.hasPack(pack.reference.sha256)) {
      this.#loading = null
      return false
    }
    try {
      const loaded = await this.#load(pack, signal)
      const isWanted = (id: string, key: string, row: number) => {
        const product = products().get(id, row)
        return product !== undefined && contentKey(product) === key
      }
      collection.addPack(pickEntries(loaded, isWanted), pack.reference.sha256)
      this.#isMissing = false
      return true
    } catch (error) {
      signal.throwIfAborted()
      this.#reports.gaveUp(error)
      this.#isMissing = this.#pack === pack && !isSimilarItemsError(error, 'pack-invalid')
      // What is no pack only another version of the catalogue can mend.
      this.#retries.failed()
      return false
    } finally {
      this.#loading = null
    }
  }

  /** Downloads a pack, or goes on with the download that was begun. */
  #load(pack: CatalogPack, signal: AbortSignal): Promise<Pack> {
    if (this.#loading?.pack !== pack) {
      const loaded = pack.load((loaded, total) => {
        this.#status.bytes.pack = loaded
        this.#reports.progress({ phase: 'pack', loaded, total })
      }, signal)
      loaded.catch(() => undefined) // Whoever takes it over hears of it.
      this.#loading = { pack, loaded }
    }
    return this.#loading.loaded
  }
}
