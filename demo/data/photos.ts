import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import sharp from 'sharp'
import { parseCsv } from './csv.js'
import { type FeedItem, feedFile, feedFolder, pageLink, type SiteFile } from './feed.js'
import { SAMPLES, samplePath } from './samples.js'

const CATALOGUE = 'photos'
const CARD_PIXELS = 480
const SAMPLE_PIXELS = 1024

/**
 * The shop that Vendure's project generator installs as sample data: 54 products with photos by Unsplash
 * photographers, less those that are held back to search with. Read from the npm package at build time; nothing of it
 * is kept in this repository.
 */
export async function photoCatalogue(): Promise<SiteFile[]> {
  const assets = join(
    dirname(createRequire(import.meta.url).resolve('@vendure/create/package.json')),
    'assets',
  )
  const heldBack = new Set(SAMPLES.map(({ file }) => file))
  const rows = groupVariants(parseCsv(await readFile(join(assets, 'products.csv'), 'utf8')))
  const products = rows.filter(([{ assets: photo = '' }]) => !heldBack.has(photo))
  const pictures = await Promise.all(
    products.map(async ([{ assets: name = '' }]) => {
      const photo = await readFile(join(assets, 'images', name))
      // Cards and the encoder take the small picture; the product page shows the photo as it came.
      const card = await sharp(photo)
        .resize({ width: CARD_PIXELS, height: CARD_PIXELS, fit: 'outside' })
        .webp({ quality: 80 })
      return [
        { path: `${feedFolder(CATALOGUE)}/${cardName(name)}`, content: await card.toBuffer() },
        { path: `${feedFolder(CATALOGUE)}/${name}`, content: photo },
      ]
    }),
  )
  const samples = SAMPLES.map(async (sample) => {
    const photo = sharp(join(assets, 'images', sample.file))
    const size = { width: SAMPLE_PIXELS, height: SAMPLE_PIXELS, fit: 'inside' } as const
    return { path: samplePath(sample), content: await photo.resize(size).webp({ quality: 85 }).toBuffer() }
  })
  return [feedFile(CATALOGUE, products.map(feedItem)), ...pictures.flat(), ...(await Promise.all(samples))]
}

type Row = Record<string, string>
type ProductRows = [first: Row, ...others: Row[]]

/** A row without a name is a further variant of the product above it. */
function groupVariants(rows: Row[]): ProductRows[] {
  const products: ProductRows[] = []
  for (const row of rows) {
    if (row.name) products.push([row])
    else products.at(-1)?.push(row)
  }
  return products
}

function feedItem(rows: ProductRows): FeedItem {
  const [row] = rows
  const { slug: id = '', assets: photo = '' } = row
  const facets = (row.facets ?? '')
    .split('|')
    .map((facet) => facet.split(':') as [name: string, value?: string])
  const facet = (name: string) => facets.flatMap(([key, value]) => (key === name && value ? [value] : []))
  const prices = rows.map((variant) => Number(variant.price))
  const color = facet('color').join('/')
  const [brand] = facet('brand')
  return {
    id,
    title: row.name ?? '',
    description: row.description ?? '',
    link: pageLink(CATALOGUE, id),
    image_link: cardName(photo),
    additional_image_link: photo,
    price: `${Math.min(...prices).toFixed(2)} USD`,
    availability: rows.some((variant) => Number(variant.stockOnHand) > 0) ? 'in_stock' : 'out_of_stock',
    product_type: facet('category').join(' > '),
    item_group_id: id,
    ...(brand ? { brand } : {}),
    ...(color ? { color } : {}),
    ...(rows.length > 1 ? { variants: rows.map(variantText) } : {}),
    photographer: photographer(photo),
  }
}

/** `13 inch, 8GB: 1299.00 USD` */
function variantText(row: Row): string {
  return `${(row.optionValues ?? '').split('|').join(', ')}: ${Number(row.price).toFixed(2)} USD`
}

const cardName = (photo: string) => photo.replace(/\.jpg$/, '.webp')

/** `derick-david-409858-unsplash.jpg` was taken by Derick David. */
function photographer(file: string): string {
  const words = file.replace(/-\d+-unsplash\.jpg$/, '').split('-')
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ')
}
