import { stat } from 'node:fs/promises'
import { loadModelFolder, type ModelFolder } from '../../encoder/model/model-folder.js'
import { SimilarItemsError } from '../../errors.js'
import { fileFetch, isWebUrl, toUrl } from '../files/file-fetch.js'

/**
 * The model folder at a path or URL.
 * @throws SimilarItemsError `model-unreachable`, also for a path where there is no such folder; `model-invalid`; the
 * signal's reason on abort.
 */
export async function readModelFolder(model: string, signal?: AbortSignal | undefined): Promise<ModelFolder> {
  if (!isWebUrl(model) && !model.startsWith('file:')) await assertFolder(model)
  return loadModelFolder(toUrl(model), { signal, fetch: fileFetch })
}

async function assertFolder(path: string): Promise<void> {
  const found = await stat(path).catch(() => null)
  if (found?.isDirectory()) return
  const what = found ? 'is a file, no folder' : 'does not exist'
  const message = `The model folder ${path} ${what}. Name a folder that has the model's config.json, or its URL.`
  throw new SimilarItemsError('model-unreachable', message, { subject: path })
}
