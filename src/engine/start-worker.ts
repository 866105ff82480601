import { SimilarItemsError } from '../errors.js'
import { isForbiddenAcrossOrigins, startScript } from '../start-script.js'
import { packagedWorker } from './packaged-worker.js'

/**
 * Starts the package's worker: from the page's own origin directly, and from another one through a blob that
 * imports it, since browsers forbid the direct way there.
 * @param assets absolute URL of a copy of `dist`, or null for wherever this script came from.
 * @throws SimilarItemsError `worker-unavailable` where the page's policy forbids workers.
 */
export function startWorker(assets: string | null): Worker {
  try {
    if (assets !== null) return startScript(new URL('worker.js', assets))
    try {
      return packagedWorker()
    } catch (error) {
      // Trusted Types forbid that expression; a policy would hide it from bundlers.
      if (!isForbiddenAcrossOrigins(error) && !(error instanceof TypeError)) throw error
      return startScript(new URL(workerFile, scriptUrl))
    }
  } catch (cause) {
    throw new SimilarItemsError(
      'worker-unavailable',
      "The worker cannot be started. Allow it in the Content-Security-Policy: worker-src 'self', and blob: with the " +
        'origin of the scripts where that is another one; trusted-types similar-items where it requires Trusted Types.',
      { cause },
    )
  }
}

/**
 * The same where a first worker did not start. A script that hangs keeps another request for it waiting, in Firefox for 20
 * seconds and in WebKit for good: it is asked for by another address, where its own is known.
 */
export async function startWorkerAgain(assets: string | null): Promise<Worker> {
  const url = new URL(workerFile, assets ?? scriptUrl)
  url.search = 'again'
  const isThere = assets !== null || (await isScript(url))
  try {
    if (isThere) return startScript(url)
  } catch {
    // A policy may allow the first way alone.
  }
  return startWorker(assets)
}

/** In milliseconds. */
const headLimit = 2000

/** Whether a script is where the package has it; bundlers put it elsewhere. */
async function isScript({ href, protocol }: URL): Promise<boolean> {
  if (!protocol.startsWith('http')) return false
  const response = await fetch(href, { method: 'HEAD', signal: AbortSignal.timeout(headLimit) }).catch(
    () => null,
  )
  return response?.ok === true && /javascript/i.test(response.headers.get('content-type') ?? '')
}

/**
 * Why a worker did not start, as far as its script tells when it is asked for again: browsers do not say.
 * @param assets as `startWorker` was given it.
 */
export async function explainStart(assets: string | null): Promise<string> {
  const { href, protocol } = new URL(workerFile, assets ?? scriptUrl)
  // Some bundlers put the script's place on the disk of the build.
  if (!protocol.startsWith('http')) return serveTogether
  const response = await fetch(href, {
    method: 'HEAD',
    cache: 'no-cache',
    signal: AbortSignal.timeout(5000),
  }).catch(() => null)
  if (!response) return `${href} cannot be read; from another origin it needs CORS headers. ${serveTogether}`
  if (!response.ok) return `${href} answered with status ${response.status}. ${serveTogether}`
  const type = response.headers.get('content-type') ?? ''
  if (!/javascript/i.test(type)) return `${href} was sent as "${type}", not as a script. ${serveTogether}`
  const isOwn = new URL(href).origin === location.origin
  if (!isOwn || response.headers.has('cross-origin-embedder-policy')) {
    return `${href} can be read. Allow it in the Content-Security-Policy: worker-src 'self'${isOwn ? '' : `, blob: and ${new URL(href).origin}`}.`
  }
  return (
    `${href} was sent without Cross-Origin-Embedder-Policy, which a worker needs where the page sends it: send ` +
    'require-corp, or credentialless as the page does, with worker.js and the ort-* files too. Where the page sends none, ' +
    'a script that worker.js imports is missing beside it.'
  )
}

const serveTogether =
  "Serve the package's files together: run `similar-items copy` and name their folder with setAssetsPath, or in the " +
  'attribute `assets`.'

/** Kept in variables, so that bundlers do not copy the worker a second time, or warn that they cannot. */
const workerFile = './worker.js'
const { url: scriptUrl } = import.meta
