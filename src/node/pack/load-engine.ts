import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { VectorEngine } from '../../engines/vector-engine.js'
import { isAbort, SimilarItemsError } from '../../errors.js'

const methods = ['describe', 'nearest', 'vectorOf', 'write', 'remove', 'versions', 'activate'] as const

/** What a module that names an engine exports. */
export interface EngineModule {
  /** Opens the engine; again after it was closed. @throws SimilarItemsError `engine-invalid`, `engine-unreachable`. */
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
    const engine = await opened(given).catch((error: unknown) => {
      throw engineFailure(path, error)
    })
    const missing = methods.filter(
      (name) => typeof (engine as Record<string, unknown> | null)?.[name] !== 'function',
    )
    if (missing.length === 0) return engine as VectorEngine
    throw invalid(path, `has no engine as its default export: ${missing.join(', ')} are missing`)
  }
  return { open, isExact: isExact === true, isDurable: isDurable !== false }
}

/** What a module exports as its engine: it, or what opens it. */
async function opened(given: unknown): Promise<unknown> {
  return typeof given === 'function' ? given() : given
}

/**
 * What a database said, as a sentence that names the module of its engine. Other errors as they are: those of this
 * package say enough, and of a mistake in the module the stack is what helps.
 */
export function engineFailure(path: string, error: unknown): unknown {
  if (error instanceof SimilarItemsError || isAbort(error)) return error
  const said = saidByDatabase(error)
  if (said === null) return error
  const message = `The database of ${path} failed: ${said}.`
  return new SimilarItemsError('engine-unreachable', message, { cause: error, subject: path, mayPass: true })
}

/** Of an error and what caused it, the first that comes from a database or the way to it; null for a mistake in code. */
function saidByDatabase(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null
  const { code, message, cause, errors } = error as Partial<
    Record<'code' | 'message' | 'cause' | 'errors', unknown>
  >
  if (typeof code !== 'string') {
    // `pg` gives no code where a connection ends.
    return lostConnection.test(String(message)) ? String(message) : saidByDatabase(cause)
  }
  if (codeOfMistake.test(code)) return null
  // A host with several addresses fails once for each, and has no words of its own.
  const [first] = Array.isArray(errors) ? (errors as { message?: unknown }[]) : []
  return String(message || first?.message || code)
}

const lostConnection = /^(Connection terminated|timeout exceeded when trying to connect)/

/** Node's own errors are about arguments and modules, except for those of TLS. */
const codeOfMistake = /^(ERR_(?!SSL_|TLS_)|UND_ERR_INVALID|MODULE_NOT_FOUND)/

function invalid(path: string, what: string, cause?: unknown): SimilarItemsError {
  return new SimilarItemsError('engine-invalid', `${path} ${what}.`, { cause, subject: path })
}
