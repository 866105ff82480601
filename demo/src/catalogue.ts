import { shelfOf } from '../data/feed.js'
import type { CatalogueName } from './route.js'

/** One product as the shop's own pages show it. */
export interface ShopProduct {
  readonly id: string
  readonly title: string
  /** Address of the small picture, for cards. */
  readonly card: string
  /** Address of the large picture, for the product page. */
  readonly photo: string
  /** Shelf of the shop: the last part of the feed's `product_type`. */
  readonly type: string
  readonly description?: string
  readonly price?: string
  readonly brand?: string
  readonly color?: string
  readonly availability?: string
  readonly photographer?: string
  readonly variants: readonly Variant[]
}

/** One version of a product: `13 inch, 8GB` for `1299.00 USD`. */
export interface Variant {
  readonly name: string
  readonly price: string
}

/** An item that exists on this device only. */
export interface LocalItem {
  readonly id: string
  readonly title: string
  /** A `blob:` address, valid in this page alone. */
  readonly image_link: string
  readonly product_type: string
}

export interface ShopCatalogue {
  readonly name: CatalogueName
  readonly products: readonly ShopProduct[]
  /** What the element is given: the feed's address, or the items themselves. */
  readonly source: string | readonly LocalItem[]
  /** Pictures are cut-outs on nothing rather than photos that fill their frame. */
  readonly cutouts: boolean
}

const loading = new Map<CatalogueName, Promise<ShopCatalogue>>()

/** The shop's own copy of a feed, fetched once. Rejects where the feed cannot be read. */
export function loadCatalogue(name: 'photos' | 'objects'): Promise<ShopCatalogue> {
  let catalogue = loading.get(name)
  if (!catalogue) {
    catalogue = fetchCatalogue(name)
    loading.set(name, catalogue)
    catalogue.catch(() => loading.delete(name))
  }
  return catalogue
}

type FeedItem = Omit<ShopProduct, 'card' | 'photo' | 'type' | 'variants'> & {
  readonly image_link: string
  readonly additional_image_link?: string
  readonly product_type: string
  readonly variants?: readonly string[]
}

async function fetchCatalogue(name: 'photos' | 'objects'): Promise<ShopCatalogue> {
  const source = `data/${name}/catalog.json`
  const response = await fetch(source)
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}`)
  const items = (await response.json()) as FeedItem[]
  const products = items.map((item) => {
    const { image_link, additional_image_link = image_link, product_type, variants = [], ...rest } = item
    return {
      ...rest,
      card: new URL(image_link, response.url).href,
      photo: new URL(additional_image_link, response.url).href,
      type: shelfOf(product_type),
      variants: variants.map(parseVariant),
    }
  })
  return { name, products, source, cutouts: name === 'objects' }
}

/** `13 inch, 8GB: 1299.00 USD` */
function parseVariant(text: string): Variant {
  const [name = '', price = ''] = text.split(': ')
  return { name, price }
}
