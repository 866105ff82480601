import { isSimilarItemsError, type SimilarItemsError } from '../../errors.js'
import type { Embedding } from '../../types.js'
import type { VectorCollection } from '../collection/vector-collection.js'
import type { Priority } from '../pictures/encode-queue.js'
import type { PictureEncoder } from '../pictures/picture-encoder.js'
import type { Retries } from '../session/retries.js'
import type { StatusBoard } from '../session/status-board.js'
import type { VectorCoverage } from './vector-coverage.js'

export interface VectorMakerParts {
  readonly collection: VectorCollection
  readonly coverage: VectorCoverage
  readonly pictures: Pick<PictureEncoder, 'encode'>
  readonly status: StatusBoard
  readonly onChange: () => void
  readonly retries: Pick<Retries, 'failed'>
}

/** Makes the vectors of pictures, each once, whoever and how many ask for it. */
export class VectorMaker {
  readonly #parts: VectorMakerParts
  readonly #life: AbortSignal
  readonly #underWay = new Map<string, Promise<Embedding>>()

  constructor(parts: VectorMakerParts, life: AbortSignal) {
    this.#parts = parts
    this.#life = life
  }

  /**
   * The vector of a picture, encoded and added for all products that show it where there is none yet.
   * @throws what is wrong with the picture, the same error again until that is forgotten; what opening the encoder
   * throws.
   */
  make(key: string, priority: Priority): Promise<Embedding> {
    const { coverage } = this.#parts
    const failure = coverage.failureOf(key)
    // Who looks at a product has it tried again where that may help.
    if (failure && !(failure.mayPass && priority === 'page')) return Promise.reject(failure)
    // Since who asks made its list, the page or another tab may have asked for the picture.
    const known = coverage.embeddingOfPicture(key)
    if (known) {
      this.#add(key, known)
      return Promise.resolve(known)
    }
    const underWay = this.#underWay.get(key)
    if (underWay) return underWay
    const making = this.#encode(key, priority).finally(() => this.#underWay.delete(key))
    this.#underWay.set(key, making)
    return making
  }

  /** Takes note of a picture that cannot be used. A vector that a product has of an earlier picture goes. */
  noteFailure(key: string, error: SimilarItemsError): void {
    const { coverage, status, collection } = this.#parts
    coverage.noteFailure(key, error)
    for (const { id } of coverage.productsShowing(key)) status.pictureSkipped.set(id, error.message)
    const outdated = coverage.productsLacking(key).map(({ id }) => id)
    const removed = outdated.filter((id) => collection.table.rowOf(id) !== undefined)
    // A store that fails has said so itself.
    collection.remove(removed).catch(() => undefined)
    status.changed()
    if (error.mayPass) this.#parts.retries.failed()
  }

  async #encode(key: string, priority: Priority): Promise<Embedding> {
    const { pictures, coverage, onChange } = this.#parts
    // A key need not be where the picture is.
    const picture = coverage.productsShowing(key)[0]?.image_link ?? key
    try {
      const { embedding } = await pictures.encode({ picture, priority }, this.#life)
      coverage.forgetFailureOf(key)
      this.#add(key, embedding)
      onChange()
      return embedding
    } catch (error) {
      if (isSimilarItemsError(error) && isPictureProblem(error, picture)) {
        const isNews = coverage.failureOf(key) === undefined
        this.noteFailure(key, error)
        if (isNews) onChange()
      }
      throw error
    }
  }

  /** Gives the vector of a picture to the products that show it and have none. */
  #add(key: string, embedding: Embedding): void {
    const { status, collection, coverage } = this.#parts
    const entries = coverage.productsLacking(key).map(({ id }) => ({ id, contentKey: key }))
    if (entries.length === 0) return
    collection.add(entries, embedding)
    status.encoded += entries.length
    status.changed()
  }
}

const pictureProblems = [
  'image-unreachable',
  'image-undecodable',
  'image-too-large',
  'decoder-failed',
  'download-stalled',
]

function isPictureProblem({ code, subject }: SimilarItemsError, picture: string): boolean {
  // Other downloads may have stalled: those of the model.
  return pictureProblems.includes(code) && (code !== 'download-stalled' || subject === picture)
}
