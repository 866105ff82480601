import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { colorHistogram } from './color-histogram.js'
import { compareMethods } from './compare-methods.js'
import { type Comparison, comparisonPath } from './comparison.js'
import { type EncodedCatalogue, encodeCatalogue } from './encode-catalogue.js'
import { type FeedItem, feedFile, feedFolder, type SiteFile, shelfOf } from './feed.js'
import { keptFolder } from './kept-folder.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** Where the code is that the numbers come from. */
const SOURCES = ['src/measure', 'src/tune', 'src/vectors', 'demo/data']

/**
 * The comparison of methods on a catalogue, as a file of the site. It takes some seconds; where neither pictures nor
 * code have changed since the last time, the result of that time is taken.
 * @param files of the catalogue, its feed among them.
 */
export async function catalogueComparison(catalogue: string, files: readonly SiteFile[]): Promise<SiteFile> {
  const kept = join(keptFolder(catalogue), 'comparison.json')
  if (!existsSync(kept)) console.log(`Measuring on the ${catalogue}; later builds take what has not changed`)
  const feed = contentOf(files, feedFile(catalogue, []).path)
  const items = JSON.parse(String(feed)) as FeedItem[]
  const pictures = new Map(
    items.map(({ image_link }) => [image_link, contentOf(files, `${feedFolder(catalogue)}/${image_link}`)]),
  )
  const encoded = await encodeCatalogue(catalogue, items, pictures)
  const key = await hashOf([encoded.packName, feed, ...pictures.values()])
  const known = await readKept(kept, key)
  if (known) return comparisonFile(catalogue, known)
  const comparison = compareMethods(await describe(items, pictures, encoded))
  await writeFile(kept, JSON.stringify({ key, comparison }))
  return comparisonFile(catalogue, comparison)
}

const comparisonFile = (catalogue: string, comparison: Comparison): SiteFile => ({
  path: comparisonPath(catalogue),
  content: JSON.stringify(comparison),
})

function describe(
  items: readonly FeedItem[],
  pictures: ReadonlyMap<string, SiteFile['content']>,
  { vectorOf }: EncodedCatalogue,
) {
  return Promise.all(
    items.map(async ({ id, image_link, product_type }) => {
      const picture = sharp(pictures.get(image_link) as Uint8Array).toColourspace('srgb')
      const colors = colorHistogram(await picture.ensureAlpha().raw().toBuffer())
      return { id, shelf: shelfOf(product_type), colors, vector: vectorOf(id) }
    }),
  )
}

function contentOf(files: readonly SiteFile[], path: string): SiteFile['content'] {
  const file = files.find((candidate) => candidate.path === path)
  if (!file) throw new Error(`The catalogue has no file ${path}`)
  return file.content
}

/** Of everything that the numbers depend on: the pictures, the vectors and the code. */
async function hashOf(contents: readonly SiteFile['content'][]): Promise<string> {
  const hash = createHash('sha256')
  for (const content of contents) hash.update(content).update('\0')
  for (const folder of SOURCES) {
    const names = await readdir(join(root, folder))
    for (const name of names.filter((file) => file.endsWith('.ts')).sort()) {
      hash.update(await readFile(join(root, folder, name)))
    }
  }
  return hash.digest('hex')
}

/** What was measured the last time; null where that was something else, or cannot be read. */
async function readKept(path: string, key: string): Promise<Comparison | null> {
  try {
    const kept = JSON.parse(await readFile(path, 'utf8')) as { key: string; comparison: Comparison }
    return kept.key === key ? kept.comparison : null
  } catch {
    return null // The first time, or a file that was cut off: it is measured and written anew.
  }
}
