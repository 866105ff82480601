import { SimilarItemsError } from '../errors.js'

/**
 * Starts the package's worker: from the page's own origin directly, and from another one through a blob that
 * imports it, since browsers forbid the direct way there.
 * @param assets absolute URL of a copy of `dist`, or null for wherever this script came from.
 * @throws SimilarItemsError `worker-unavailable` where the page's policy forbids workers.
 */
export function startWorker(assets: string | null): Worker {
  try {
    if (assets !== null) return fromUrl(new URL('worker.js', assets))
    try {
      // Bundlers look for exactly this expression.
      return new Worker(new URL(/* @vite-ignore */ './worker.js', import.meta.url), { type: 'module' })
    } catch (error) {
      if (!isForbiddenAcrossOrigins(error)) throw error
      return fromBlob(new URL(workerFile, import.meta.url))
    }
  } catch (cause) {
    throw new SimilarItemsError(
      'worker-unavailable',
      "The worker cannot be started. Allow it in the Content-Security-Policy: worker-src 'self', and blob: where the " +
        'scripts come from another origin.',
      { cause },
    )
  }
}

/** Kept in a variable, so that bundlers do not copy the worker a second time. */
const workerFile = './worker.js'

function fromUrl(url: URL): Worker {
  return url.origin === location.origin ? new Worker(url, { type: 'module' }) : fromBlob(url)
}

function fromBlob(url: URL): Worker {
  const blob = new Blob([`import ${JSON.stringify(url.href)}`], { type: 'text/javascript' })
  const blobUrl = URL.createObjectURL(blob)
  const worker = new Worker(blobUrl, { type: 'module' })
  // The worker has fetched its script by its first message or its failure.
  for (const type of ['message', 'error']) {
    worker.addEventListener(type, () => URL.revokeObjectURL(blobUrl), { once: true })
  }
  return worker
}

function isForbiddenAcrossOrigins(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'SecurityError'
}
