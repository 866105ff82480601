import { download } from '../../encoder/download.js'
import { runSession } from '../../encoder/image-encoder.js'
import { type ModelFile, modelFilesFor } from '../../encoder/model/model-files.js'
import type { ModelFolder } from '../../encoder/model/model-folder.js'
import { describePreprocessing } from '../../encoder/model/preprocessing.js'
import { saturationHint } from '../../encoder/open-encoder.js'
import { checkSession } from '../../encoder/runtime/check-session.js'
import { chequerboard } from '../../encoder/self-check-picture.js'
import { openKernelRuntime } from '../../encoder/tower/kernel-runtime.js'
import { isSimilarItemsError, SimilarItemsError } from '../../errors.js'
import type { Space } from '../../types.js'
import { fileFetch } from '../files/file-fetch.js'
import { openRuntime } from './node-runtime.js'
import { readModelFolder } from './read-model-folder.js'

/** What was found out about one weights file. */
export interface CheckedFile {
  readonly url: string
  readonly compute: ModelFile['compute']
  readonly bytes: number
  /** Length of the embedding; 0 where there is none. */
  readonly dimensions: number
  /** The lowest cosine to the folder's reference embeddings on this processor; null where there are none. */
  readonly cosine: number | null
  /** Milliseconds of one inference on one thread; 0 where there was none. */
  readonly milliseconds: number
  /** Why a page would not use the file, or null. */
  readonly problem: string | null
  /** Why the file could not be tried here, or null: onnxruntime-node is not installed. */
  readonly untried: string | null
}

export interface CheckedModel {
  readonly url: string
  readonly preprocessing: string
  /** Null where the folder has no `self-check.json`: a page then has to load the weights to know it. */
  readonly space: Space | null
  readonly files: readonly CheckedFile[]
  /** What the folder should have; null where nothing is missing. */
  readonly advice: string | null
}

/**
 * Tries every weights file of a model folder as a page would: hash, inputs and outputs, the reference embeddings.
 * @param model folder or URL.
 * @throws SimilarItemsError `model-unreachable`, `model-invalid` for the folder itself, `package-missing` where not one
 * file can be tried without it.
 */
export async function checkModel(model: string, signal?: AbortSignal): Promise<CheckedModel> {
  const folder = await readModelFolder(model, signal)
  const backends = ['kernel', 'wasm'] as const
  const candidates = backends.flatMap((backend) => modelFilesFor(folder, backend, 'auto', false))
  const files: CheckedFile[] = []
  for (const file of candidates) {
    const checked = await checkFile(folder, file, signal)
    if (checked) files.push(checked)
  }
  const untried = files.map((file) => file.untried)
  if (untried[0] && untried.every(Boolean)) throw new SimilarItemsError('package-missing', untried[0])
  const { url, preprocessing, space } = folder
  return { url, preprocessing: describePreprocessing(preprocessing), space, files, advice: adviceOn(folder) }
}

function adviceOn({ selfCheck }: ModelFolder): string | null {
  const write = '--write-self-check writes one, from weights in full precision.'
  if (!selfCheck) return `Without self-check.json no backend can be checked: ${write}`
  if (selfCheck.pictures.every(({ draw }) => draw !== chequerboard)) return null
  return `Its self-check.json has one picture, which does not tell whether sums of 8-bit weights saturate: ${write}`
}

/** Null for a file that the folder merely might have, and has not. */
async function checkFile(
  folder: ModelFolder,
  file: ModelFile,
  signal: AbortSignal | undefined,
): Promise<CheckedFile | null> {
  const { url, compute, sha256 } = file
  const found = { url, compute, bytes: 0, dimensions: 0, cosine: null, milliseconds: 0, untried: null }
  try {
    const { bytes } = await download(url, {
      errorCode: 'model-unreachable',
      sha256,
      signal,
      fetch: fileFetch,
    })
    found.bytes = bytes.length
    return { ...found, ...(await tryWeights(folder, file, bytes)) }
  } catch (error) {
    signal?.throwIfAborted()
    if (isSimilarItemsError(error, 'package-missing'))
      return { ...found, problem: null, untried: error.message }
    if (isSimilarItemsError(error, 'model-unreachable') && sha256 === undefined) return null
    return { ...found, problem: error instanceof Error ? error.message : String(error) }
  }
}

async function tryWeights(folder: ModelFolder, file: ModelFile, bytes: Uint8Array) {
  const runtime = await (file.compute === 'int7' ? openKernelRuntime() : openRuntime(1))
  const session = await runtime.createSession(bytes)
  try {
    const { dimensions, cosine, minCosine } = await checkSession(session, folder, file)
    const { width, height } = folder.preprocessing
    const started = performance.now()
    await runSession(session, new Uint8Array(width * height * 3), folder.preprocessing, file.url)
    const milliseconds = performance.now() - started
    const isTrusted = cosine === null || cosine >= minCosine
    const problem = isTrusted
      ? null
      : `It does not reproduce the reference embeddings here (${minCosine} is needed)${saturationHint(file.compute)}.`
    return { dimensions, cosine, milliseconds, problem }
  } finally {
    await session.close()
  }
}
