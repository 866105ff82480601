import pMap from 'p-map'
import { isAbort } from '../../errors.js'
import type { ReportProduct } from '../../measure/evaluation/evaluation-report.js'
import type { Product } from '../../types.js'
import { fileInFolder, isRelativeLink, nowhere } from '../files/file-in-folder.js'
import { loadOptional } from '../optional-package.js'
import { PictureLoader } from './load-picture.js'

const thumbnailSize = 128

export interface ReportProducts {
  readonly known: ReadonlyMap<string, ReportProduct>
  /** How many products have no picture there. */
  readonly withoutPicture: number
}

/**
 * Titles and small pictures of products, for a report that loads nothing when it is opened. A picture that cannot be
 * had is left out and counted: the report is about the ranking.
 * @param folder where relative links of pictures begin.
 * @throws SimilarItemsError `package-missing`; the signal's reason on abort.
 */
export async function reportProducts(
  products: readonly Product[],
  folder: string,
  { privateHosts, signal }: { privateHosts?: readonly string[] | undefined; signal: AbortSignal },
): Promise<ReportProducts> {
  if (products.length === 0) return { known: new Map(), withoutPicture: 0 }
  const { default: sharp } = await loadOptional('sharp')
  const loader = new PictureLoader({ privateHosts, retries: 0, timeout: 10 })
  const thumbnail = async (link: string): Promise<string | undefined> => {
    try {
      // What names a host but no scheme is fetched as `index` does.
      const url = isRelativeLink(link) ? fileInFolder(folder, link) : new URL(link, nowhere).href
      const picture = await loader.load(url, { signal })
      if (picture.status === 'unchanged') return undefined
      const fitted = sharp(picture.bytes).rotate().resize(thumbnailSize, thumbnailSize, { fit: 'inside' })
      return `data:image/webp;base64,${(await fitted.webp().toBuffer()).toString('base64')}`
    } catch (error) {
      if (signal.aborted || isAbort(error)) throw error
      return undefined
    }
  }
  const entries = await pMap(
    products,
    async ({ id, title, image_link }) => [id, { title, image: await thumbnail(image_link) }] as const,
    { concurrency: 4, signal },
  ).finally(() => loader.close())
  return {
    known: new Map(entries),
    withoutPicture: entries.filter(([, { image }]) => image === undefined).length,
  }
}
