import { type ErrorCode, SimilarItemsError } from '../../errors.js'
import { parseUrl } from '../../parse-url.js'

/** So many failures in a row are the server's, not the pictures'. */
const failuresInRow = 4
const unanswered: readonly ErrorCode[] = ['image-unreachable', 'download-stalled']

/** Knows which servers of pictures are out of reach, so that not every picture of theirs is asked for in vain. */
export class ServerHealth {
  readonly #failures = new Map<string, number>()

  answered(picture: string): void {
    this.#failures.delete(serverOf(picture))
  }

  /** Takes note of a picture without a vector: the server has answered where the fault is in the file or its decoder. */
  failed(picture: string, { code, mayPass }: SimilarItemsError): void {
    const server = serverOf(picture)
    if (mayPass && unanswered.includes(code))
      this.#failures.set(server, (this.#failures.get(server) ?? 0) + 1)
    else this.answered(picture)
  }

  /** Why a picture need not be asked for now; undefined where it is worth it. */
  failureOf(picture: string): SimilarItemsError | undefined {
    const server = serverOf(picture)
    if ((this.#failures.get(server) ?? 0) < failuresInRow) return undefined
    const message = `The picture ${picture} was not asked for, since ${server} did not give the ${failuresInRow} before it.`
    return new SimilarItemsError('image-unreachable', message, { subject: picture, mayPass: true })
  }
}

function serverOf(picture: string): string {
  return parseUrl(picture)?.origin ?? picture
}
