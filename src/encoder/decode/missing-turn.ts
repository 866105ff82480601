import type { ImageHeader } from './image-header.js'
import type { Orientation } from './orientation.js'
import { readStoredOrientation } from './stored-orientation.js'
import { isTurnedByBrowser } from './turned-by-browser.js'

/**
 * How the pixels that this browser decodes become upright; undefined where they are.
 * @param readFile reads the whole file; where that is not needed, it is not called.
 */
export async function missingTurn(
  header: ImageHeader | null,
  readFile: () => Promise<Uint8Array>,
): Promise<Orientation | undefined> {
  const format = header?.format
  if (format !== 'webp' && format !== 'png' && format !== 'avif') return undefined
  if ((format === 'webp' && !header?.exif) || (await isTurnedByBrowser(format))) return undefined
  return readStoredOrientation(await readFile(), format)
}
