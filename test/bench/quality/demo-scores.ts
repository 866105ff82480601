import { type FeedItem, feedFile, feedFolder, type SiteFile, shelfOf } from '../../../demo/data/feed.js'
import { objectCatalogue } from '../../../demo/data/objects.js'
import { photoCatalogue } from '../../../demo/data/photos.js'
import { publish, type Row } from '../results-file.js'
import { QualityEncoder } from './quality-vectors.js'
import { type Labelled, shareOfKind } from './score-statistics.js'

const catalogues = { photos: photoCatalogue, objects: objectCatalogue }

const encoder = await QualityEncoder.open('int8')
const rows = await shelfRows(encoder)
await encoder.close()
publish('demo-scores', rows, {}, 'none: onnxruntime-node, 2 threads')

/** Of the twelve nearest of a product, how many stand on its shelf, by steps of the score. */
async function shelfRows(encoder: QualityEncoder): Promise<Row[]> {
  const rows: Row[] = []
  for (const [name, catalogue] of Object.entries(catalogues)) {
    const pictures = await encodeFiles(encoder, name, await catalogue())
    const shares = shareOfKind(pictures, pictures, { nearest: 12, step: 0.05 })
    const text = shares.map(
      ({ least, share, count }) => `${least.toFixed(2)}: ${Math.round(100 * share)} % of ${count}`,
    )
    rows.push({ what: `the demo's ${name}: same shelf by score`, value: text.join(', ') })
  }
  return rows
}

async function encodeFiles(
  encoder: QualityEncoder,
  catalogue: string,
  files: readonly SiteFile[],
): Promise<Labelled[]> {
  const contents = new Map(files.map(({ path, content }) => [path, content]))
  const items = JSON.parse(String(contents.get(feedFile(catalogue, []).path))) as FeedItem[]
  const pictures: Labelled[] = []
  for (const { id, image_link, product_type } of items) {
    const file = contents.get(`${feedFolder(catalogue)}/${image_link}`) as Uint8Array
    pictures.push({ id, label: shelfOf(product_type), vector: await encoder.encode(file, id) })
  }
  return pictures
}
