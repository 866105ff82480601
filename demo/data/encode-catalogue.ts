import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FeedItem, SiteFile } from './feed.js'
import { packFolder, shopFolder } from './kept-folder.js'

type Indexer = typeof import('../../src/node/index.js')

/** The built package, as a shop would import it. */
const packageUrl = new URL('../../dist/node/index.js', import.meta.url)
const model = fileURLToPath(new URL('../../public/models/siglip-tiny-patch16-224', import.meta.url))

export interface EncodedCatalogue {
  /** Name of the pack, which is made of its content. */
  readonly packName: string
  /** The encoder's vector of a product's picture. */
  vectorOf(id: string): Float32Array
}

/**
 * The vectors of a catalogue, made as a shop makes them: its feed and pictures lie in a folder, and `similar-items
 * index` writes a pack. Pictures that are in the folder already, unchanged, are not encoded again.
 */
export async function encodeCatalogue(
  catalogue: string,
  items: readonly FeedItem[],
  pictures: ReadonlyMap<string, SiteFile['content']>,
): Promise<EncodedCatalogue> {
  const { indexCatalog, openPack, decodeVector } = (await import(packageUrl.href)) as Indexer
  const shop = shopFolder(catalogue)
  await mkdir(shop, { recursive: true })
  const feed = join(shop, 'feed.json')
  await writeFile(feed, JSON.stringify(items))
  for (const [name, content] of pictures) await writeWhereChanged(join(shop, name), content)

  const out = packFolder(catalogue)
  const report = await indexCatalog({ feed, model, out })
  const [skipped] = report.skipped
  if (skipped) throw new Error(`${skipped.id} cannot be compared: ${skipped.reason}`)
  const { pack } = await openPack(out)
  const rows = new Map(pack.entries.map(({ id }, row) => [id, row]))
  return {
    packName: report.pack,
    vectorOf: (id) => decodeVector(pack.vectors, rows.get(id) as number),
  }
}

/** A file that is written again counts as changed, even where it is not. */
async function writeWhereChanged(path: string, content: SiteFile['content']): Promise<void> {
  const known = await readFile(path).catch(() => null) // Not there yet.
  if (!known?.equals(Buffer.from(content))) await writeFile(path, content)
}
