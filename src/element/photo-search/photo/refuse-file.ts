import { recognizeFile } from '../../../encoder/decode/file-kind.js'
import { MOST_PIXELS, readImageHeader } from '../../../encoder/decode/image-header.js'
import type { PlainWord } from '../../words/strings.js'

const headBytes = 16 * 1024

/**
 * The sentence for the shopper about a file with which nothing can be found, as far as its first bytes tell. Nobody then
 * waits for the model, and the page does not try to show hundreds of megapixels. Null for all others: the engine judges
 * them, and those that cannot be read.
 */
export async function refusalOf(image: Blob | string): Promise<PlainWord | null> {
  if (typeof image === 'string') return null
  const head = await image
    .slice(0, headBytes)
    .arrayBuffer()
    .catch(() => null)
  if (!head) return null
  const bytes = new Uint8Array(head)
  if (!recognizeFile(bytes).image) return 'notPicture'
  const header = readImageHeader(bytes)
  return header && header.width * header.height > MOST_PIXELS ? 'tooLarge' : null
}
