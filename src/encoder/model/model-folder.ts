import { SimilarItemsError } from '../../errors.js'
import { fetchFile } from '../../network/fetch-file.js'
import { NetworkFailure } from '../../network/network-failure.js'
import type { Space } from '../../types.js'
import { makeSpace } from '../../vectors/space.js'
import { parseSelfCheck, type SelfCheck } from '../self-check.js'
import { packagedFileUrl, packagedModelName } from './packaged-model.js'
import { describePreprocessing, type Preprocessing, parsePreprocessing } from './preprocessing.js'

/** A model folder in the Hugging Face layout, known from its small files; no weights are loaded yet. */
export interface ModelFolder {
  /** Absolute, ends in a slash; for the packaged model its name. */
  readonly url: string
  /** The URL of one of its files, such as `onnx/model.onnx`. */
  readonly fileUrl: (name: string) => string
  readonly preprocessing: Preprocessing
  /** Null where the folder has no `self-check.json`. */
  readonly selfCheck: SelfCheck | null
  /** Null until the weights are read, where the folder has no `self-check.json`. */
  readonly space: Space | null
}

export interface ReadOptions {
  signal?: AbortSignal | undefined
  /** Default: the global `fetch`. One that answers `file:` URLs opens folders on disk. */
  fetch?: typeof fetch | undefined
}

/**
 * Reads `config.json`, `preprocessor_config.json` and, where it exists, `self-check.json`.
 * @param url of the folder, or null for the model that the package brings.
 * @throws SimilarItemsError `model-unreachable`, `download-stalled`, or `model-invalid` where the folder is not a SigLIP export.
 */
export async function loadModelFolder(url: string | null, options: ReadOptions = {}): Promise<ModelFolder> {
  const place = placeOf(url)
  const [configUrl, processorUrl, selfCheckUrl] = [
    place.fileUrl('config.json'),
    place.fileUrl('preprocessor_config.json'),
    place.fileUrl('self-check.json'),
  ]
  const [config, processor, selfCheckText] = await Promise.all([
    readText(configUrl, options),
    readText(processorUrl, options),
    readOptionalText(selfCheckUrl, options),
  ])
  assertVisionModel(parseJson(config, configUrl), configUrl)
  const preprocessing = parsePreprocessing(parseJson(processor, processorUrl), processorUrl)
  if (selfCheckText === null) return { ...place, preprocessing, selfCheck: null, space: null }
  const selfCheck = await parseSelfCheck(selfCheckText, selfCheckUrl)
  const space = modelSpace(selfCheck.model, preprocessing, selfCheck.pictures[0]?.embedding.length ?? 0)
  return { ...place, preprocessing, selfCheck, space }
}

function placeOf(url: string | null): Pick<ModelFolder, 'url' | 'fileUrl'> {
  if (url === null) return { url: packagedModelName, fileUrl: packagedFileUrl }
  const folder = url.endsWith('/') ? url : `${url}/`
  return { url: folder, fileUrl: (name) => folder + name }
}

/** The space of an encoder without a projection. `model` is the hex SHA-256 that names the model. */
export function modelSpace(model: string, preprocessing: Preprocessing, dimensions: number): Space {
  return makeSpace({
    model,
    preprocessing: describePreprocessing(preprocessing),
    projection: null,
    dimensions,
  })
}

function assertVisionModel(config: unknown, url: string): void {
  const type = (config as { model_type?: unknown } | null)?.model_type
  if (typeof type === 'string' && type.startsWith('siglip')) return
  throw new SimilarItemsError(
    'model-invalid',
    `${url} describes a model of type "${String(type)}". Use a SigLIP or SigLIP 2 export.`,
    { subject: url },
  )
}

async function readText(url: string, options: ReadOptions): Promise<string> {
  const text = await readOptionalText(url, options)
  if (text !== null) return text
  throw new SimilarItemsError('model-unreachable', `${url} does not exist. ${hint}`, {
    subject: url,
  })
}

const hint =
  'A model folder needs this file. The model of the package comes with its other files: run `similar-items copy` and ' +
  'name their folder with setAssetsPath, or in the attribute `assets`.'

/** The text, or null where the server says that there is no such file. */
async function readOptionalText(url: string, { signal, fetch }: ReadOptions): Promise<string | null> {
  if (url.startsWith('data:')) return inlinedText(url)
  try {
    const check = (bytes: Uint8Array) => void (isWebPage(bytes) || parseJson(decode(bytes), url))
    const { bytes } = await fetchFile(url, { cache: 'no-cache', signal, fetch, check })
    return isWebPage(bytes) ? null : decode(bytes)
  } catch (error) {
    if (!(error instanceof NetworkFailure)) throw error
    if (error.status === 404 || error.status === 410) return null
    throw error.toError('model-unreachable', url, url, 'Check the address and, across origins, CORS.')
  }
}

/** Servers of single-page apps answer with their page for a file that does not exist. */
function isWebPage(bytes: Uint8Array): boolean {
  return decode(bytes).trimStart().startsWith('<')
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

/** What a bundler has inlined; fetching it would need a policy that allows `data:`. */
function inlinedText(url: string): string {
  const comma = url.indexOf(',')
  const body = url.slice(comma + 1)
  if (!url.slice(0, comma).endsWith(';base64')) return decodeURIComponent(body)
  return new TextDecoder().decode(Uint8Array.from(atob(body), (character) => character.charCodeAt(0)))
}

function parseJson(text: string, url: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new SimilarItemsError('model-invalid', `${url} is not JSON.`, { cause, subject: url })
  }
}
