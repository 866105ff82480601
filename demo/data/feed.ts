/** One item of a catalogue feed, in Google Merchant attribute names; links are relative to the feed. */
export interface FeedItem {
  id: string
  title: string
  link: string
  image_link: string
  additional_image_link?: string
  description?: string
  price?: string
  availability?: string
  brand?: string
  color?: string
  product_type: string
  item_group_id?: string
  [attribute: string]: string | string[] | undefined
}

/** A file of the static build: its path below the site, and its content. */
export interface SiteFile {
  path: string
  content: string | Uint8Array
}

/** Where a feed lives below the site, and from there the way back to the page. */
export const feedFolder = (catalogue: string) => `data/${catalogue}`
export const pageLink = (catalogue: string, id: string) => `../../#/${catalogue}/${encodeURIComponent(id)}`

/** The feed itself, as the element will fetch it. */
export function feedFile(catalogue: string, items: FeedItem[]): SiteFile {
  return { path: `${feedFolder(catalogue)}/catalog.json`, content: JSON.stringify(items) }
}

/** The shelf of the shop that a product stands on: the last part of its `product_type`. */
export const shelfOf = (productType: string) => productType.split(' > ').at(-1) ?? productType
