import type { VectorEngine } from '../vector-engine.js'
import type { ConformanceData } from './made-rows.js'

/** What checks run against. */
export interface CheckContext {
  readonly engine: VectorEngine
  /** An exact engine with the same rows: what is right. */
  readonly oracle: VectorEngine
  readonly data: ConformanceData
  /** Whether the engine promises to find the very best. */
  readonly isExact: boolean
}

/** One promise of an engine. */
export interface Check {
  readonly name: string
  /** Resolves with what was measured, if anything. Throws where the promise is broken; the message says how. */
  run(context: CheckContext): Promise<string | undefined>
}

/** @throws Error with `message` where `condition` does not hold. */
export function ensure(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message)
}

/** Passes where both are the same as JSON. */
export function ensureEqual(found: unknown, expected: unknown, what: string): void {
  const [a, b] = [JSON.stringify(found), JSON.stringify(expected)]
  ensure(a === b, `${what}: ${shorten(a)} in place of ${shorten(b)}`)
}

/** Passes where the promise rejects with what `isExpected` knows. */
export async function ensureRejects(
  promise: Promise<unknown>,
  isExpected: (error: unknown) => boolean,
  what: string,
): Promise<void> {
  const outcome = await promise.then(
    () => 'it resolved',
    (error: unknown) => (isExpected(error) ? null : `it rejected with ${String(error)}`),
  )
  ensure(outcome === null, `${what}, but ${outcome}`)
}

function shorten(text: string | undefined): string {
  return text === undefined || text.length <= 300 ? String(text) : `${text.slice(0, 300)}…`
}
