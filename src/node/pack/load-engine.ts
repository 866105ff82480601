import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { VectorEngine } from '../../engines/vector-engine.js'
import { isAbort, SimilarItemsError } from '../../errors.js'

const methods = ['describe', 'nearest', 'vectorOf', 'write', 'remove', 'versions', 'activate'] as const

/** What a module that names an engine exports. */
export interface EngineModule {
  /** Opens the engine; again after it was closed. */
  readonly open: () => Promise<VectorEngine>
  /** `export const isExact = true`: the engine promises to find the very best. */
  readonly isExact: boolean
  /** `export const isDurable = false`: what is written is gone with the process. */
  readonly isDurable: boolean
}

/**
 * Loads a module whose default export is an engine, or a function that opens one.
 * @throws SimilarItemsError `engine-invalid`.
 */
export async function loadEngine(path: string): Promise<EngineModule> {
  const module = (await import(pathToFileURL(resolve(path)).href).catch((cause: unknown) => {
    throw invalid(path, `cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}`, cause)
  })) as Record<string, unknown>
  const { default: given, isExact, isDurable } = module
  const open = async () => {
    const engine: unknown = typeof given === 'function' ? await given() : await given
    const missing = methods.filter(
      (name) => typeof (engine as Record<string, unknown> | null)?.[name] !== 'function',
    )
    if (missing.length === 0) return engine as VectorEngine
    throw invalid(path, `has no engine as its default export: ${missing.join(', ')} are missing`)
  }
  return { open, isExact: isExact === true, isDurable: isDurable !== false }
}

/**
 * What a database said, as a sentence that names the module of its engine. Other errors as they are: those of this
 * package say enough, and of a mistake in the module the stack is what helps.
 */
export function engineFailure(path: string, error: unknown): unknown {
  const { code } = (error ?? {}) as { code?: unknown }
  if (error instanceof SimilarItemsError || isAbort(error) || typeof code !== 'string') return error
  return new SimilarItemsError('engine-unreachable', `The database of ${path} failed.`, {
    cause: error,
    subject: path,
    mayPass: true,
  })
}

function invalid(path: string, what: string, cause?: unknown): SimilarItemsError {
  return new SimilarItemsError('engine-invalid', `${path} ${what}.`, { cause, subject: path })
}
