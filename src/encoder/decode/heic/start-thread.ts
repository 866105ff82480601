import { SimilarItemsError } from '../../../errors.js'
import { isForbiddenAcrossOrigins, startScript } from '../../../start-script.js'

/**
 * Starts the thread that a decoder runs in.
 * @param assets as in `HeicDecoder`.
 * @throws SimilarItemsError `decoder-failed` where a policy forbids it.
 */
export function startThread(assets: string | null): Worker {
  try {
    if (assets !== null) return startScript(new URL(scriptName, assets))
    try {
      // Bundlers look for exactly this expression.
      return new Worker(new URL(/* @vite-ignore */ './heic-worker.js', import.meta.url), { type: 'module' })
    } catch (error) {
      // Trusted Types forbid that expression.
      if (!isForbiddenAcrossOrigins(error) && !(error instanceof TypeError)) throw error
      return startScript(new URL(`./${scriptName}`, ownUrl))
    }
  } catch (cause) {
    throw new SimilarItemsError(
      'decoder-failed',
      `The thread for the HEIC decoder cannot be started. Allow it in the Content-Security-Policy that is sent with worker.js: worker-src 'self'.`,
      { cause },
    )
  }
}

/** Kept in variables, so that bundlers do not copy the script a second time, or warn that they cannot. */
const scriptName = 'heic-worker.js'
const { url: ownUrl } = import.meta
