import { SimilarItemsError } from '../errors.js'
import type { Space } from '../types.js'
import { makeSpace } from '../vectors/space.js'
import { describePreprocessing, type Preprocessing, parsePreprocessing } from './preprocessing.js'
import { parseSelfCheck, type SelfCheck } from './self-check.js'

/** A model folder in the Hugging Face layout, known from its small files; no weights are loaded yet. */
export interface ModelFolder {
  /** Absolute, ends in a slash. */
  readonly url: string
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
 * @throws SimilarItemsError `model-unreachable`, or `model-invalid` where the folder is not a SigLIP export.
 */
export async function loadModelFolder(url: string, options: ReadOptions = {}): Promise<ModelFolder> {
  const folder = url.endsWith('/') ? url : `${url}/`
  const [config, processor, selfCheckText] = await Promise.all([
    readText(`${folder}config.json`, options),
    readText(`${folder}preprocessor_config.json`, options),
    readOptionalText(`${folder}self-check.json`, options),
  ])
  assertVisionModel(parseJson(config, `${folder}config.json`), `${folder}config.json`)
  const processorUrl = `${folder}preprocessor_config.json`
  const preprocessing = parsePreprocessing(parseJson(processor, processorUrl), processorUrl)
  if (selfCheckText === null) return { url: folder, preprocessing, selfCheck: null, space: null }
  const selfCheckUrl = `${folder}self-check.json`
  const selfCheck = await parseSelfCheck(selfCheckText, selfCheckUrl)
  const space = modelSpace(selfCheck.model, preprocessing, selfCheck.pictures[0]?.embedding.length ?? 0)
  return { url: folder, preprocessing, selfCheck, space }
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
  throw new SimilarItemsError('model-unreachable', `${url} does not exist. A model folder needs this file.`, {
    subject: url,
  })
}

/** The text, or null where the server says that there is no such file. */
async function readOptionalText(
  url: string,
  { signal, fetch = globalThis.fetch }: ReadOptions,
): Promise<string | null> {
  const response = await fetch(url, { cache: 'no-cache', ...(signal && { signal }) }).catch(
    (cause: unknown) => {
      signal?.throwIfAborted()
      throw new SimilarItemsError(
        'model-unreachable',
        `${url} cannot be reached. Check the address and, across origins, CORS.`,
        { cause, subject: url },
      )
    },
  )
  if (response.status === 404 || response.status === 410) return null
  if (!response.ok) {
    throw new SimilarItemsError('model-unreachable', `${url} answered with status ${response.status}.`, {
      subject: url,
    })
  }
  const text = await response.text()
  // Servers of single-page apps answer with their page for a file that does not exist.
  return text.trimStart().startsWith('<') ? null : text
}

function parseJson(text: string, url: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new SimilarItemsError('model-invalid', `${url} is not JSON.`, { cause, subject: url })
  }
}
