import { recognizeFile } from '../../../encoder/decode/file-kind.js'
import { isSimilarItemsError } from '../../../errors.js'
import type { PlainWord } from '../../words/strings.js'

/** The sentence for the shopper about what kept a search from working. */
export async function problemSentence(error: unknown, image: Blob | string): Promise<PlainWord> {
  if (isSimilarItemsError(error, 'image-too-large')) return 'tooLarge'
  if (isSimilarItemsError(error, 'image-unreachable')) return 'unreachable'
  if (isSimilarItemsError(error, 'no-backend')) return 'cannotSearch'
  if (isSimilarItemsError(error, 'decoder-failed')) return 'heic'
  if (!isSimilarItemsError(error, 'image-undecodable')) return 'searchFailed'
  if (typeof image === 'string') return 'undecodable'
  const kind = recognizeFile(new Uint8Array(await image.slice(0, 1100).arrayBuffer()))
  if (kind.description.includes('HEIC')) return 'heic'
  return kind.image ? 'undecodable' : 'notPicture'
}

/** Whether another picture is what helps, rather than another try. */
export function isAboutPicture(error: unknown): boolean {
  return isSimilarItemsError(error) && error.code.startsWith('image-')
}
