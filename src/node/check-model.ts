import { download } from '../encoder/download.js'
import { runSession } from '../encoder/image-encoder.js'
import { type ModelFile, modelFilesFor } from '../encoder/model-files.js'
import { loadModelFolder, type ModelFolder } from '../encoder/model-folder.js'
import { describePreprocessing } from '../encoder/preprocessing.js'
import { selfCheckCosine, selfCheckPicture } from '../encoder/self-check.js'
import { isSimilarItemsError } from '../errors.js'
import type { Space } from '../types.js'
import { fileFetch, toUrl } from './file-fetch.js'
import { openRuntime } from './node-runtime.js'

/** What was found out about one weights file. */
export interface CheckedFile {
  readonly url: string
  readonly compute: ModelFile['compute']
  readonly bytes: number
  /** Length of the embedding; 0 where there is none. */
  readonly dimensions: number
  /** Cosine to the folder's reference embedding; null where there is nothing to compare. */
  readonly cosine: number | null
  /** Milliseconds of one inference on one thread; 0 where there was none. */
  readonly milliseconds: number
  /** Why a page would not use the file, or null. */
  readonly problem: string | null
}

export interface CheckedModel {
  readonly url: string
  readonly preprocessing: string
  /** Null where the folder has no `self-check.json`: a page then has to load the weights to know it. */
  readonly space: Space | null
  readonly files: readonly CheckedFile[]
}

/**
 * Tries every weights file of a model folder as a page would: hash, inputs and outputs, the reference embedding.
 * @param model folder or URL.
 * @throws SimilarItemsError `model-unreachable`, `model-invalid` for the folder itself, `package-missing`.
 */
export async function checkModel(model: string, signal?: AbortSignal): Promise<CheckedModel> {
  const folder = await loadModelFolder(toUrl(model), { signal, fetch: fileFetch })
  const candidates = modelFilesFor(folder, 'wasm', 'auto', false)
  const files: CheckedFile[] = []
  for (const file of candidates) {
    const checked = await checkFile(folder, file, signal)
    if (checked) files.push(checked)
  }
  const { url, preprocessing, space } = folder
  return { url, preprocessing: describePreprocessing(preprocessing), space, files }
}

/** Null for a file that the folder merely might have, and has not. */
async function checkFile(
  folder: ModelFolder,
  { url, compute, sha256 }: ModelFile,
  signal: AbortSignal | undefined,
): Promise<CheckedFile | null> {
  const found = { url, compute, bytes: 0, dimensions: 0, cosine: null, milliseconds: 0 }
  try {
    const { bytes } = await download(url, {
      errorCode: 'model-unreachable',
      sha256,
      signal,
      fetch: fileFetch,
    })
    found.bytes = bytes.length
    return { ...found, ...(await tryWeights(folder, url, bytes)) }
  } catch (error) {
    signal?.throwIfAborted()
    if (isSimilarItemsError(error, 'package-missing')) throw error
    if (isSimilarItemsError(error, 'model-unreachable') && sha256 === undefined) return null
    return { ...found, problem: error instanceof Error ? error.message : String(error) }
  }
}

async function tryWeights({ preprocessing, selfCheck }: ModelFolder, url: string, bytes: Uint8Array) {
  const session = await (await openRuntime(1)).createSession(bytes)
  try {
    const picture = selfCheckPicture(preprocessing.width, preprocessing.height)
    const computed = await runSession(session, picture, preprocessing, url)
    const started = performance.now()
    await runSession(session, picture, preprocessing, url)
    const milliseconds = performance.now() - started
    const cosine = selfCheck && selfCheckCosine(selfCheck, computed)
    const isTrusted = cosine === null || cosine >= (selfCheck?.minCosine ?? -1)
    const problem = isTrusted
      ? null
      : `It does not reproduce the reference embedding (${selfCheck?.minCosine} is needed).`
    return { dimensions: computed.length, cosine, milliseconds, problem }
  } finally {
    await session.close()
  }
}
