import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parsePackReference } from '../../../catalog/pack-reference.js'
import { SimilarItemsError } from '../../../errors.js'
import { isMissing, isWebUrl } from '../../files/file-fetch.js'
import { journalName } from '../../indexing/index-catalog.js'
import { catalogName, readCatalogFile } from '../../pack/catalog-file.js'
import { suggestion } from '../suggestion.js'
import { type StackName, stackNames } from './stacks.js'

/** @throws SimilarItemsError `invalid-argument` for a file that is not there. */
export async function assertFeed(feed: string): Promise<string> {
  if (isWebUrl(feed)) return feed
  const found = await stat(feed).catch(() => null)
  if (found?.isFile()) return feed
  throw invalid(
    `${feed} is ${found ? 'no file' : 'not there'}. Name the feed that your shop exports, or its URL.`,
  )
}

/** @throws SimilarItemsError `invalid-argument` for a URL, and for what is a file. */
export async function assertServedFolder(folder: string): Promise<string> {
  if (isWebUrl(folder)) throw invalid(`${folder} is a URL. Name a folder on this machine, such as public.`)
  const found = await stat(folder).catch(() => null)
  if (!found || found.isDirectory()) return folder
  throw invalid(`${folder} is a file. Name a folder, such as public.`)
}

/** @throws SimilarItemsError `invalid-argument` where a folder has a catalogue that was not indexed there. */
export async function assertOwnCatalog(folder: string): Promise<void> {
  if (await stat(join(folder, journalName)).catch(() => null)) return
  const path = join(folder, catalogName)
  if (await isOwn(path)) return
  throw invalid(`${path} is there and was not written by \`index\`. Move it, or name another folder.`)
}

/** Whether a catalogue refers to a pack, as those of `index` do, or is not there. */
async function isOwn(path: string): Promise<boolean> {
  try {
    const { pack } = await readCatalogFile(path, null)
    return parsePackReference(pack, 'file:///') !== null
  } catch (error) {
    if (isMissing(error)) return true
    if (error instanceof SimilarItemsError) return false
    throw error
  }
}

/** @throws SimilarItemsError `invalid-argument` for a name that is none of them. */
export function readStack(name: string): StackName {
  const stack = stackNames.find((known) => known === name.toLowerCase())
  if (stack) return stack
  throw invalid(
    `"${name}" is none of ${stackNames.join(', ')}.${suggestion(name, stackNames)} With another bundler, say bundler.`,
  )
}

function invalid(message: string): SimilarItemsError {
  return new SimilarItemsError('invalid-argument', message)
}
