import { abortable } from '../abortable.js'
import type { PackReference } from '../catalog/pack-reference.js'
import { download } from '../encoder/download.js'
import { SimilarItemsError } from '../errors.js'
import { sha256 } from '../sha256.js'
import type { Embedding, Space } from '../types.js'
import { pickVectors } from '../vectors/encoded-vectors.js'
import { type Pack, readPack } from '../vectors/pack.js'
import { type Projection, project, readProjection } from '../vectors/projection.js'

/** The pack that a catalogue refers to; nothing of it is downloaded before it is needed. */
export class CatalogPack {
  readonly reference: PackReference
  readonly #catalogUrl: string
  #projection: Promise<Projection> | null = null

  /** @param catalogUrl against which the content keys of the pack are resolved. */
  constructor(reference: PackReference, catalogUrl: string) {
    this.reference = reference
    this.#catalogUrl = catalogUrl
  }

  get space(): Space {
    return this.reference.space
  }

  /** Pictures that could not be used when the pack was made, as content keys of this page. */
  get unusable(): readonly string[] {
    return this.reference.unusable.map((key) => this.#contentKey(key))
  }

  /** Whether an encoder with this space makes vectors that can be compared with the pack's, after its projection. */
  isMadeBy({ model, preprocessing, fingerprint }: Space): boolean {
    const { space, projection } = this.reference
    if (!projection) return space.fingerprint === fingerprint
    return space.model === model && space.preprocessing === preprocessing
  }

  /** Says that the encoder makes other vectors than the pack has. */
  mismatchWith(encoder: Space): SimilarItemsError {
    const { url, space } = this.reference
    return new SimilarItemsError(
      'space-mismatch',
      `The pack ${url} is of space "${space.fingerprint}", but the page's model makes vectors of space ` +
        `"${encoder.fingerprint}". The pack is not used. Index the catalogue with the model that the page has.`,
      { subject: url },
    )
  }

  /**
   * Downloads the pack, with the content keys as this page has them.
   * @throws SimilarItemsError `pack-unreachable`, `pack-invalid`; the signal's reason on abort.
   */
  async load(onProgress: (loaded: number, total: number) => void, signal: AbortSignal): Promise<Pack> {
    const { url, bytes: expectedBytes, space } = this.reference
    const options = { errorCode: 'pack-unreachable', expectedBytes, onProgress, signal } as const
    const { bytes } = await download(url, options)
    await this.#assertHash(bytes, this.reference)
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
   * An embedding of the encoder in the pack's space.
   * @throws SimilarItemsError `pack-unreachable` and `pack-invalid` for the projection, `space-mismatch`.
   */
  async project(embedding: Embedding, signal: AbortSignal): Promise<Embedding> {
    const { projection } = this.reference
    if (!projection) return embedding
    this.#projection ??= this.#loadProjection(projection).catch((error: unknown) => {
      this.#projection = null
      throw error
    })
    return project(await abortable(this.#projection, signal), embedding)
  }

  async #loadProjection(file: { url: string; sha256: string }): Promise<Projection> {
    const { bytes } = await download(file.url, { errorCode: 'pack-unreachable' })
    await this.#assertHash(bytes, file)
    return readProjection(bytes, file.url)
  }

  async #assertHash(bytes: Uint8Array<ArrayBuffer>, file: { url: string; sha256: string }): Promise<void> {
    if ((await sha256(bytes)) === file.sha256) return
    throw invalid(file.url, 'is not the file that its catalogue describes (SHA-256 differs)')
  }

  /** The key that a product of this page has when the pack's entry is of its picture. */
  #contentKey(written: string): string {
    return URL.canParse(written, this.#catalogUrl) ? new URL(written, this.#catalogUrl).href : written
  }
}

/** The rows of a pack for which `isWanted` returns true. */
export function pickEntries(pack: Pack, isWanted: (id: string, contentKey: string) => boolean): Pack {
  const rows = [...pack.entries.keys()].filter((row) => {
    const { id, contentKey } = pack.entries[row] as Pack['entries'][number]
    return isWanted(id, contentKey)
  })
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
