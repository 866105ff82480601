import { isPrerendering } from './page-moments.js'

/** One that was started before somebody was there to take charge of it. */
let ahead: Worker | null = null
let wasAhead = false

/**
 * Starts the worker that lies beside the scripts while the engine's code is on its way: the first of a page only. What
 * keeps it from starting is told when it is started again.
 */
export function startWorkerAhead(): void {
  if (wasAhead || isPrerendering()) return
  wasAhead = true
  try {
    ahead = packagedWorker()
    ahead.onerror = endWorkerAhead
  } catch {
    // Whoever needs a worker finds that out.
  }
}

/** Ends that worker, unless somebody has taken charge of it. */
export function endWorkerAhead(): void {
  ahead?.terminate()
  ahead = null
}

/** The worker that lies beside the scripts. @throws what the browser throws where a policy forbids it. */
export function packagedWorker(): Worker {
  // A sandboxed frame has an origin of its own. Browsers refuse it this worker; Firefox does so in an event that says nothing.
  const isSandboxed = globalThis.origin === 'null' && location.protocol !== 'file:'
  if (isSandboxed) throw new DOMException('The frame is sandboxed.', 'SecurityError')
  // Bundlers look for exactly this expression, and copy the worker for each.
  const worker =
    ahead ?? new Worker(new URL(/* @vite-ignore */ './worker.js', import.meta.url), { type: 'module' })
  worker.onerror = ahead = null
  return worker
}
