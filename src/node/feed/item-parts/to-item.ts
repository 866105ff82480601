import type { FeedItem } from '../feed-source.js'

/** What a shape finds out about one product; what is undefined or empty is left out. */
export interface ItemParts {
  /** Of the first one `image_link` is made, of the others `additional_image_link`. */
  readonly pictures: readonly string[]
  readonly [attribute: string]: string | readonly string[] | undefined
}

export function toItem({ pictures, ...attributes }: ItemParts): FeedItem {
  const [first, ...others] = new Set(pictures.map((link) => link.trim()).filter((link) => link !== ''))
  const entries = Object.entries({
    ...attributes,
    image_link: first,
    additional_image_link: others,
  }).filter(([, value]) => value !== undefined && value.length > 0)
  return Object.fromEntries(entries)
}
