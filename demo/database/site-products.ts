import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type FeedItem, feedFolder } from '../data/feed.js'
import { shopFolder } from '../data/kept-folder.js'

/** What gives the products of some ids as the site has them: links relative to `api/similar/` instead of to the feed. */
export async function siteProducts(
  catalogue: string,
): Promise<(ids: readonly string[]) => Promise<FeedItem[]>> {
  const items = JSON.parse(await readFile(join(shopFolder(catalogue), 'feed.json'), 'utf8')) as FeedItem[]
  const picture = (name: string) => `../../${feedFolder(catalogue)}/${name}`
  const products = new Map(
    items.map(({ additional_image_link: photo, ...item }) => [
      item.id,
      {
        ...item,
        image_link: picture(item.image_link),
        ...(photo !== undefined && { additional_image_link: picture(photo) }),
      } as FeedItem,
    ]),
  )
  return async (ids) => ids.flatMap((id) => products.get(id) ?? [])
}
