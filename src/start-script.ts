import { trustedScriptUrl } from './trusted-types.js'

/**
 * Starts a worker from its address: from one's own origin directly, and from another one through a blob that imports it,
 * since browsers forbid the direct way there.
 * @throws what the browser throws where a policy forbids it.
 */
export function startScript(url: URL, options: WorkerOptions = {}): Worker {
  const all: WorkerOptions = { type: 'module', ...options }
  return url.origin === location.origin ? new Worker(trustedScriptUrl(url), all) : fromBlob(url, all)
}

/** Whether a worker was not started because its script is of another origin. */
export function isForbiddenAcrossOrigins(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'SecurityError'
}

function fromBlob(url: URL, options: WorkerOptions): Worker {
  const script = `import ${JSON.stringify(url.href)}`
  // A sandboxed frame has an origin of its own. Chromium starts no module from a blob there, and a worker that WebKit starts
  // from such data can read no blob.
  if (globalThis.origin === 'null' && navigator.userAgent.includes('Chrome/')) {
    return new Worker(trustedScriptUrl(`data:text/javascript,${encodeURIComponent(script)}`), options)
  }
  const blob = new Blob([script], { type: 'text/javascript' })
  const blobUrl = URL.createObjectURL(blob)
  const worker = new Worker(trustedScriptUrl(blobUrl), options)
  const revoke = () => URL.revokeObjectURL(blobUrl)
  // The worker has fetched its script by its first message or its failure, and does not need it once it is ended.
  for (const type of ['message', 'error']) worker.addEventListener(type, revoke, { once: true })
  worker.terminate = () => {
    revoke()
    Worker.prototype.terminate.call(worker)
  }
  return worker
}
