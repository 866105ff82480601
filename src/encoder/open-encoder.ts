import { isAbort, isSimilarItemsError, SimilarItemsError } from '../errors.js'
import { sha256 } from '../sha256.js'
import type { BackendName, Progress, Space } from '../types.js'
import { download } from './download.js'
import { ImageEncoder } from './image-encoder.js'
import { type ModelFile, modelFilesFor, type Precision } from './model/model-files.js'
import { type ModelFolder, modelSpace } from './model/model-folder.js'
import { checkSession } from './runtime/check-session.js'
import type { InferenceRuntime, InferenceSession } from './runtime/inference-runtime.js'
import type { Compute } from './self-check.js'

/** A backend that may be tried. Nothing of it is loaded before `load` is called. */
export interface BackendCandidate {
  readonly backend: BackendName
  readonly hasShaderF16: boolean
  load(report: { onProgress?: (progress: Progress) => void; signal?: AbortSignal }): Promise<InferenceRuntime>
}

export interface OpenEncoderOptions {
  precision?: Precision
  /** Cache Storage cache for the weights; they are not kept without. */
  cacheName?: string
  onProgress?: (progress: Progress) => void
  signal?: AbortSignal
  /** Backends that are not to be tried. */
  except?: ReadonlySet<BackendName>
  /** Default: the global `fetch`. */
  fetch?: typeof fetch
}

export interface OpenedEncoder {
  readonly encoder: ImageEncoder
  /** Why better candidates were passed over, a sentence each. */
  readonly rejected: readonly string[]
  readonly modelBytes: number
  readonly modelFromCache: boolean
}

/**
 * Opens `folder` on the first candidate that reproduces the folder's reference embeddings.
 * A folder without `self-check.json` has no reference: then WASM, the backend that is the same everywhere, is
 * trusted as it is, and WebGPU is not tried.
 * @throws SimilarItemsError `no-backend` naming what was tried; `model-*` and `runtime-unreachable` where that is
 * the only reason; the signal's reason on abort.
 */
export async function openEncoder(
  folder: ModelFolder,
  candidates: Iterable<BackendCandidate> | AsyncIterable<BackendCandidate>,
  options: OpenEncoderOptions = {},
): Promise<OpenedEncoder> {
  const rejected: string[] = []
  const errors: unknown[] = []
  for await (const candidate of candidates) {
    if (options.except?.has(candidate.backend)) continue
    if (!folder.selfCheck && candidate.backend === 'webgpu') {
      rejected.push(`${candidate.backend}: the model folder has no self-check.json to check it with`)
      continue
    }
    const files = modelFilesFor(
      folder,
      candidate.backend,
      options.precision ?? 'auto',
      candidate.hasShaderF16,
    )
    // Few folders have weights for the kernel: that those of others go elsewhere is nothing to tell.
    if (files.length === 0 && candidate.backend !== 'kernel')
      rejected.push(`${candidate.backend}: the model folder has no weights for it`)
    for (const file of files) {
      try {
        const { passedOver, ...opened } = await openOn(candidate, folder, file, options)
        return { ...opened, rejected: [...rejected, ...passedOver] }
      } catch (error) {
        options.signal?.throwIfAborted()
        if (isAbort(error)) throw error
        errors.push(error)
        rejected.push(`${candidate.backend}: ${error instanceof Error ? error.message : String(error)}`)
        // It is the same for every file of the backend.
        if (isSimilarItemsError(error, 'runtime-unreachable')) break
      }
    }
  }
  throw summarise(folder, rejected, errors)
}

async function openOn(
  candidate: BackendCandidate,
  folder: ModelFolder,
  file: ModelFile,
  { cacheName, onProgress, signal, fetch }: OpenEncoderOptions,
): Promise<Omit<OpenedEncoder, 'rejected'> & { readonly passedOver: readonly string[] }> {
  const report = { ...(onProgress && { onProgress }), ...(signal && { signal }) }
  const [{ bytes, fromCache }, runtime] = await settleBoth(
    download(file.url, {
      errorCode: 'model-unreachable',
      sha256: file.sha256,
      expectedBytes: file.bytes,
      cacheName,
      onProgress: onProgress && ((loaded, total) => onProgress({ phase: 'model', loaded, total })),
      signal,
      fetch,
    }),
    candidate.load(report),
  )
  signal?.throwIfAborted()
  const session = await runtime.createSession(bytes).catch((cause: unknown) => {
    // Only what is wrong with the bytes is about this file.
    const isOurs = isSimilarItemsError(cause)
    if (isOurs && cause.code !== 'model-invalid' && cause.code !== 'pack-invalid') throw cause
    const why = isOurs ? cause.message : String(cause)
    const message = `${file.url} cannot be loaded: ${why}`
    throw new SimilarItemsError('model-invalid', message, { cause, subject: file.url })
  })
  try {
    const space = await trustedSpace(session, folder, file, candidate.backend, bytes)
    signal?.throwIfAborted()
    const { preprocessing } = folder
    const { passedOver = [] } = runtime
    const encoder = new ImageEncoder({ space, preprocessing, runtime, modelFile: file.url, session })
    return { encoder, modelBytes: bytes.length, modelFromCache: fromCache, passedOver }
  } catch (error) {
    await session.close()
    throw error
  }
}

/** The space that the session computes in, once it has reproduced the folder's reference embeddings. */
async function trustedSpace(
  session: InferenceSession,
  folder: ModelFolder,
  file: ModelFile,
  backend: BackendName,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Space> {
  const { dimensions, cosine, minCosine } = await checkSession(
    session,
    folder,
    file,
    picturesToCheck(backend),
  )
  if (cosine !== null && cosine < minCosine) throw failedSelfCheck(backend, file, cosine, minCosine)
  return folder.space ?? modelSpace(await sha256(bytes), folder.preprocessing, dimensions)
}

/**
 * The kernel multiplies whole numbers exactly, on every engine and processor alike: where one picture comes out right, all
 * do. Others may saturate sums, which not every picture shows.
 */
function picturesToCheck(backend: BackendName): number {
  return backend === 'kernel' ? 1 : Number.POSITIVE_INFINITY
}

function failedSelfCheck(
  backend: BackendName,
  { url, compute }: ModelFile,
  cosine: number,
  minCosine: number,
): SimilarItemsError {
  return new SimilarItemsError(
    'no-backend',
    `self-check failed on ${backend} with ${url}: cosine ${cosine.toFixed(4)} to the reference embeddings, ` +
      `${minCosine} is needed${saturationHint(compute)}`,
    { subject: url },
  )
}

/** Why weights may fail the self-check though their file is whole, and what to do; begins with a full stop. */
export function saturationHint(compute: Compute): string {
  if (compute !== 'int8') return ''
  return (
    '. Weights that use all 8 bits saturate the sums of some processors (x86 without VNNI): use weights of 7 bits, ' +
    'or full precision'
  )
}

/** Both results, or the first error, but never before both are over: nothing goes on behind a failure. */
async function settleBoth<A, B>(a: Promise<A>, b: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([a, b])
  return Promise.all([a, b])
}

function summarise(folder: ModelFolder, rejected: readonly string[], errors: readonly unknown[]): unknown {
  const [first, ...more] = distinctErrors(errors)
  // Two files with the same thing wrong are one reason: a folder that was uploaded badly, say.
  if (first && more.every((error) => isSameProblem(first, error))) return first
  return new SimilarItemsError('no-backend', `No backend can run ${folder.url}. ${rejected.join('; ')}.`, {
    cause: errors[0],
    subject: folder.url,
    mayPass: errors.some((error) => isSimilarItemsError(error) && error.mayPass),
  })
}

function isSameProblem(a: unknown, b: unknown): boolean {
  if (!(isSimilarItemsError(a) && isSimilarItemsError(b))) return false
  return a.code === b.code && a.code !== 'no-backend'
}

/** Files that a folder without a list merely might have are not worth telling when another was there. */
function distinctErrors(errors: readonly unknown[]): unknown[] {
  const telling = errors.filter(
    (error) => !(isSimilarItemsError(error) && error.code === 'model-unreachable'),
  )
  return telling.length > 0 ? telling : errors.slice(0, 1)
}
