/** The conformance kit: what every vector engine is held to, ours and a shop's own. */

import { SimilarItemsError } from '../../errors.js'
import { memoryEngine } from '../memory-engine.js'
import type { VectorEngine } from '../vector-engine.js'
import { borderChecks } from './border-checks.js'
import { type Check, ensureEqual } from './check.js'
import { lifeChecks, refill } from './life-checks.js'
import { listChecks } from './list-checks.js'
import { conformanceModel, madeRows } from './made-rows.js'

export interface ConformanceOptions {
  /** Opens the engine; again after it was closed, to see what is left. */
  readonly open: () => VectorEngine | Promise<VectorEngine>
  /** The engine promises to find the very best: lists have to equal those of the scan. Default false: recall is measured. */
  readonly isExact?: boolean
  /** What was written is there after the engine was closed and opened again. Default true. */
  readonly isDurable?: boolean
  /** Default 4000. */
  readonly rows?: number
  /** Default 32. */
  readonly dimensions?: number
  readonly signal?: AbortSignal
}

export interface CheckResult {
  readonly name: string
  /** What was measured, if anything. */
  readonly detail: string
  /** How the promise was broken, or null. */
  readonly failure: string | null
  readonly milliseconds: number
}

/**
 * Holds an engine to its promises, one after the other. It has to be empty, or hold what an earlier run has left: its
 * rows are replaced.
 * @throws SimilarItemsError `invalid-argument` where the engine holds something else; what opening and filling it
 * throws; the signal's reason on abort.
 */
export async function* checkConformance(options: ConformanceOptions): AsyncGenerator<CheckResult, void> {
  const { open, isExact = false, isDurable = true, rows = 4000, dimensions = 32, signal } = options
  const data = madeRows(rows, dimensions)
  const oracle = memoryEngine()
  await refill({ engine: oracle, data })
  let engine = await open()
  try {
    await assertOwn(engine)
    await refill({ engine, data })
    for (const check of [...listChecks, ...borderChecks, ...lifeChecks]) {
      signal?.throwIfAborted()
      yield await measure(check.name, () => check.run({ engine, oracle, data, isExact }))
    }
    if (!isDurable) return
    yield await measure('after a restart everything is there', async () => {
      await engine.close?.()
      engine = await open()
      ensureEqual(await engine.describe(), { space: data.space, count: data.rows.length }, 'what is left')
      return (listChecks[0] as Check).run({ engine, oracle, data, isExact })
    })
  } finally {
    await engine.close?.()
  }
}

/** What is a shop's is not written over. */
async function assertOwn(engine: VectorEngine): Promise<void> {
  const found = await engine.describe()
  if (!found || found.space.model.startsWith(conformanceModel)) return
  const message = `The engine holds ${found.count} products of space "${found.space.fingerprint}". Check an empty one: ours take another "name".`
  throw new SimilarItemsError('invalid-argument', message)
}

async function measure(name: string, run: () => Promise<string | undefined>): Promise<CheckResult> {
  const started = performance.now()
  const outcome = await run().then(
    (detail = '') => ({ detail, failure: null }),
    (error: unknown) => ({ detail: '', failure: error instanceof Error ? error.message : String(error) }),
  )
  return { name, ...outcome, milliseconds: performance.now() - started }
}
