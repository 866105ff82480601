import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { PackReference } from '../../catalog/pack-reference.js'
import { SimilarItemsError } from '../../errors.js'
import type { Product } from '../../types.js'
import { linesOf } from '../files/text-lines.js'

/** What a page loads first: the items, and where their vectors are. */
export const catalogName = 'catalog.json'

/** What a catalogue file says, not validated but for there being items. */
export interface CatalogFile {
  readonly pack: unknown
  readonly items: readonly Product[]
}

const start = '{"pack":'
const beforeItems = '"items":['
const end = ']}'

/** The text of a catalogue, an item a line, piece by piece: that of a large one is longer than a string may be. */
export function* catalogText(pack: PackReference, items: readonly Product[]): Generator<string> {
  yield `${start}${JSON.stringify(pack)},\n${beforeItems}\n`
  for (let first = 0; first < items.length; first += piece) {
    const lines = items.slice(first, first + piece).map((item) => JSON.stringify(item))
    yield lines.join(',\n') + (first + piece < items.length ? ',\n' : '\n')
  }
  yield `${end}\n`
}

const piece = 1000

/** What of an item is wanted; null where nothing but the pack is. */
type Keep = ((item: Product) => Product) | null

/**
 * Reads a catalogue: of any size where `catalogText` wrote it, else what fits into a string.
 * @throws SimilarItemsError `catalog-invalid`; the error of the file system.
 */
export async function readCatalogFile(path: string, keep: Keep): Promise<CatalogFile> {
  const found = (await readByLine(path, keep)) ?? (await readWhole(path, keep))
  if (found) return found
  const message = `${path} has no items. Write it with \`similar-items index\`.`
  throw new SimilarItemsError('catalog-invalid', message, { subject: path })
}

/** Null where the lines are not those that are written here. */
async function readByLine(path: string, keep: Keep): Promise<CatalogFile | null> {
  const file = createReadStream(path, { encoding: 'utf8' })
  try {
    let number = 0
    let pack: unknown
    const items: Product[] = []
    for await (const line of linesOf(file)) {
      number++
      if (number === 1) {
        if (!line.startsWith(start) || !line.endsWith(',')) return null
        pack = JSON.parse(line.slice(start.length, -1))
      } else if (!keep) {
        return { pack, items }
      } else if (number === 2) {
        if (line !== beforeItems) return null
      } else if (line === end) {
        return { pack, items }
      } else {
        items.push(keep(JSON.parse(line.endsWith(',') ? line.slice(0, -1) : line)))
      }
    }
    return null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  } finally {
    file.destroy()
  }
}

async function readWhole(path: string, keep: Keep): Promise<CatalogFile | null> {
  try {
    const { pack, items } = JSON.parse(await readFile(path, 'utf8')) ?? {}
    return Array.isArray(items) ? { pack, items: keep ? items.map(keep) : [] } : null
  } catch (cause) {
    if (!(cause instanceof SyntaxError) && (cause as NodeJS.ErrnoException).code !== 'ERR_STRING_TOO_LONG') {
      throw cause
    }
    const what = cause instanceof SyntaxError ? 'is not JSON' : 'is too long for one JSON text'
    throw new SimilarItemsError('catalog-invalid', `${path} ${what}.`, { cause, subject: path })
  }
}
