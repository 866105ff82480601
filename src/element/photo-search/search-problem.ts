import { recognizeFile } from '../../encoder/file-kind.js'
import { isSimilarItemsError } from '../../errors.js'
import type { ElementStrings } from '../strings.js'

/** A sentence for the shopper, in her language, about what kept a search from working. */
export async function problemSentence(
  error: unknown,
  image: Blob | string,
  strings: ElementStrings,
): Promise<string> {
  if (isSimilarItemsError(error, 'image-too-large')) return strings.tooLarge
  if (isSimilarItemsError(error, 'image-unreachable')) return strings.unreachable
  if (!isSimilarItemsError(error, 'image-undecodable')) return strings.searchFailed
  if (typeof image === 'string') return strings.undecodable
  const kind = recognizeFile(new Uint8Array(await image.slice(0, 1100).arrayBuffer()))
  if (kind.description.includes('HEIC')) return strings.heic
  return kind.image ? strings.undecodable : strings.notPicture
}

/** Whether another picture is what helps, rather than another try. */
export function isAboutPicture(error: unknown): boolean {
  return isSimilarItemsError(error) && error.code.startsWith('image-')
}
