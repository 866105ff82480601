import { resolveContentKey } from '../../catalog/content-key.js'
import { type LinkResolver, linkResolver } from '../../catalog/link-resolver.js'
import type { PackReference } from '../../catalog/pack-reference.js'
import { download } from '../../encoder/download.js'
import { SimilarItemsError } from '../../errors.js'
import { sha256 } from '../../sha256.js'
import type { Embedding, Space } from '../../types.js'
import { pickVectors } from '../../vectors/encoded-vectors.js'
import { type Pack, readPack } from '../../vectors/pack.js'
import { project } from '../../vectors/projection.js'
import { ProjectionFile } from './projection-file.js'

/** The pack that a catalogue refers to; nothing of it is downloaded before it is needed. */
export class CatalogPack {
  readonly reference: PackReference
  readonly #resolve: LinkResolver
  readonly #projection: ProjectionFile | null

  /** @param catalogUrl against which the content keys of the pack are resolved. */
  constructor(reference: PackReference, catalogUrl: string) {
    this.reference = reference
    this.#resolve = linkResolver(catalogUrl)
    const { projection } = reference
    this.#projection =
      projection && new ProjectionFile(projection.url, (bytes) => this.#assertHash(bytes, projection))
  }

  get space(): Space {
    return this.reference.space
  }

  /** Pictures that could not be used when the pack was made, as content keys of this page. */
  get unusable(): readonly string[] {
    return this.reference.unusable.map((key) => this.#contentKey(key))
  }

  /**
   * Whether a page's vectors of this space can be compared with the pack's: at once, or where they are an encoder's
   * own, after the pack's projection.
   */
  isMadeBy({ model, preprocessing, projection, fingerprint }: Space): boolean {
    const { space } = this.reference
    if (!this.#projection || projection !== null) return space.fingerprint === fingerprint
    return space.model === model && space.preprocessing === preprocessing
  }

  /** Says that the page makes other vectors than the pack has. */
  mismatchWith(page: Space): SimilarItemsError {
    const { url, space } = this.reference
    const makers =
      page.projection === null ? "the page's model makes" : "the page's model and projection make"
    return new SimilarItemsError(
      'space-mismatch',
      `The pack ${url} is of space "${space.fingerprint}", but ${makers} vectors of space "${page.fingerprint}". The ` +
        'pack is not used. Index the catalogue with the model, and the projection, that the page has.',
      { subject: url },
    )
  }

  /**
   * Downloads the pack, with the content keys as this page has them.
   * @throws SimilarItemsError `pack-unreachable`, `pack-invalid`; the signal's reason on abort.
   */
  async load(onProgress: (loaded: number, total: number) => void, signal: AbortSignal): Promise<Pack> {
    const { url, bytes: expectedBytes, space } = this.reference
    const { bytes } = await download(url, {
      errorCode: 'pack-unreachable',
      expectedBytes,
      onProgress,
      signal,
      check: (bytes) => this.#assertHash(bytes, this.reference),
    })
    const pack = readPack(bytes, url)
    if (pack.space.fingerprint !== space.fingerprint) {
      throw invalid(url, `is of space "${pack.space.fingerprint}"; its catalogue says "${space.fingerprint}"`)
    }
    const entries = pack.entries.map(({ id, contentKey }) => ({
      id,
      contentKey: this.#contentKey(contentKey),
    }))
    return { ...pack, entries }
  }

  /**
   * An embedding of the page in the pack's space.
   * @throws SimilarItemsError `pack-unreachable` and `pack-invalid` for the projection, `space-mismatch`.
   */
  async project(embedding: Embedding, signal: AbortSignal): Promise<Embedding> {
    if (!this.#projection || embedding.space.projection !== null) return embedding
    return project(await this.#projection.load(signal), embedding)
  }

  async #assertHash(bytes: Uint8Array<ArrayBuffer>, file: { url: string; sha256: string }): Promise<void> {
    if ((await sha256(bytes)) === file.sha256) return
    throw invalid(file.url, 'is not the file that its catalogue describes (SHA-256 differs)')
  }

  /** The key that a product of this page has when the pack's entry is of its picture. */
  #contentKey(written: string): string {
    return resolveContentKey(written, this.#resolve)
  }
}

/** The rows of a pack for which `isWanted` returns true. */
export function pickEntries(
  pack: Pack,
  isWanted: (id: string, contentKey: string, row: number) => boolean,
): Pack {
  const rows: number[] = []
  for (let row = 0; row < pack.entries.length; row++) {
    const { id, contentKey } = pack.entries[row] as Pack['entries'][number]
    if (isWanted(id, contentKey, row)) rows.push(row)
  }
  if (rows.length === pack.entries.length) return pack
  const entries = rows.map((row) => pack.entries[row] as Pack['entries'][number])
  return { ...pack, entries, vectors: pickVectors(pack.vectors, rows) }
}

function invalid(url: string, what: string): SimilarItemsError {
  return new SimilarItemsError(
    'pack-invalid',
    `The pack ${url} ${what}. Upload what index wrote as a whole.`,
    {
      subject: url,
    },
  )
}
