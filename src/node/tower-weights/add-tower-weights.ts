import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { modelFilesFor } from '../../encoder/model/model-files.js'
import { checkSession } from '../../encoder/runtime/check-session.js'
import { openKernelRuntime } from '../../encoder/tower/kernel-runtime.js'
import { SimilarItemsError } from '../../errors.js'
import { readModelFolder } from '../encoder/read-model-folder.js'
import { writeSelfCheck } from '../encoder/write-self-check.js'
import { isWebUrl } from '../files/file-fetch.js'
import { writeFileAtomically } from '../files/write-file.js'
import { OnnxWeights } from './onnx-weights.js'
import { towerShapeOf } from './tower-shape-of.js'
import { writeTowerWeights } from './write-tower-weights.js'

/** What was written, and what it is worth. */
export interface AddedWeights {
  readonly path: string
  readonly bytes: number
  /** The lowest cosine to the folder's reference embeddings. */
  readonly cosine: number
  /** What pages ask for before they trust the kernel with the file. */
  readonly minCosine: number
}

const fileName = 'vision_model_int7.safetensors'
/** Full precision, best first. */
const sources = ['vision_model.onnx', 'vision_model_fp16.onnx', 'model.onnx', 'model_fp16.onnx']

/**
 * Writes the 7-bit weights of a model folder on disk for the package's own kernel, from weights in full precision, states
 * the file in `self-check.json`, which is written where there is none, and tries it.
 * @throws SimilarItemsError `model-*`, `package-missing`, `output-failed`, `invalid-argument` for the URL of a folder.
 */
export async function addTowerWeights(model: string, signal?: AbortSignal): Promise<AddedWeights> {
  if (isWebUrl(model)) {
    throw new SimilarItemsError('invalid-argument', `${model} is on the web. Write into a folder on disk.`)
  }
  const before = await readModelFolder(model, signal)
  const shape = towerShapeOf(
    JSON.parse(await readFile(join(model, 'config.json'), 'utf8')),
    `${model}/config.json`,
  )
  const source = await readSource(model)
  const weights = writeTowerWeights(await OnnxWeights.read(source.bytes, source.path), shape, source.path)
  signal?.throwIfAborted()
  const path = join(model, 'onnx', fileName)
  await writeFileAtomically(path, weights)
  if (before.selfCheck) await stateFile(model, weights)
  else await writeSelfCheck(model, signal)
  return { path, bytes: weights.length, ...(await tryWeights(model, weights, signal)) }
}

async function readSource(model: string): Promise<{ path: string; bytes: Uint8Array }> {
  for (const name of sources) {
    const path = join(model, 'onnx', name)
    const bytes = await readFile(path).catch(() => null) // The next one may be there.
    if (bytes) return { path, bytes }
  }
  throw new SimilarItemsError(
    'model-invalid',
    `${model} has no weights in full precision to round. Add onnx/vision_model.onnx.`,
    { subject: model },
  )
}

/** Adds the file to `self-check.json` and leaves the rest as it is. */
async function stateFile(model: string, weights: Uint8Array): Promise<void> {
  const path = join(model, 'self-check.json')
  const content = JSON.parse(await readFile(path, 'utf8')) as { files?: Record<string, unknown> }
  const sha256 = createHash('sha256').update(weights).digest('hex')
  content.files = { ...content.files, [fileName]: { sha256, bytes: weights.length, compute: 'int7' } }
  await writeFileAtomically(path, `${JSON.stringify(content, null, 1)}\n`)
}

async function tryWeights(model: string, weights: Uint8Array, signal: AbortSignal | undefined) {
  const folder = await readModelFolder(model, signal)
  const [file] = modelFilesFor(folder, 'kernel', 'auto', false)
  if (!file)
    throw new SimilarItemsError('model-invalid', `${model}/self-check.json does not name ${fileName}.`)
  const session = await (await openKernelRuntime()).createSession(weights)
  try {
    const { cosine, minCosine } = await checkSession(session, folder, file)
    return { cosine: cosine ?? -1, minCosine }
  } finally {
    await session.close()
  }
}
