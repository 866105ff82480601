import { abortable } from '../../abortable.js'
import { download } from '../../encoder/download.js'
import { SimilarItemsError } from '../../errors.js'
import type { Space } from '../../types.js'
import { type Projection, readProjection } from '../../vectors/projection.js'

/** The file of a projection; it is downloaded once, when the projection is first needed. */
export class ProjectionFile {
  readonly #url: string
  readonly #check: (bytes: Uint8Array<ArrayBuffer>) => Promise<void>
  #projection: Promise<Projection> | null = null

  /** @param check throws for bytes that are not those expected. */
  constructor(url: string, check: (bytes: Uint8Array<ArrayBuffer>) => Promise<void> = async () => undefined) {
    this.#url = url
    this.#check = check
  }

  /** @throws SimilarItemsError `pack-unreachable`, `pack-invalid`; what `check` throws; the signal's reason on abort. */
  load(signal: AbortSignal): Promise<Projection> {
    this.#projection ??= this.#load().catch((error: unknown) => {
      this.#projection = null
      throw error
    })
    return abortable(this.#projection, signal)
  }

  /**
   * The space that vectors of `encoder` have after the projection.
   * @throws as `load`, and SimilarItemsError `space-mismatch`, naming both spaces, where it is one of another encoder.
   */
  async spaceAfter(encoder: Space, signal: AbortSignal): Promise<Space> {
    const { from, to } = await this.load(signal)
    if (from.fingerprint === encoder.fingerprint) return to
    throw new SimilarItemsError(
      'space-mismatch',
      `The projection ${this.#url} is for vectors of space "${from.fingerprint}", but the page's model makes vectors ` +
        `of space "${encoder.fingerprint}". Tune with the model that the page has.`,
      { subject: this.#url },
    )
  }

  async #load(): Promise<Projection> {
    const { bytes } = await download(this.#url, { errorCode: 'pack-unreachable', check: this.#check })
    return readProjection(bytes, this.#url)
  }
}
