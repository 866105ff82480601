import { settle } from '../../engine/page-moments.js'

/** Pauses double up to half a minute. */
const longestPause = 30_000
/** After so many, only the network's return, or somebody's to the page, is worth another attempt. */
const mostAttempts = 12

/**
 * Resolves when what failed is worth another attempt: after a pause, when somebody comes back to the page, or when the
 * network is back. Rejects with the signal's reason.
 * @param attempt how many there were, or Infinity for what does not pass by itself: a service worker that answers without
 * network with a page of its own makes the network's return the only thing to wait for.
 */
export function worthTrying(attempt: number, signal: AbortSignal): Promise<void> {
  return settle(signal, (resolve) => {
    const again = () => resolve()
    const seen = () => document.hidden || again()
    const mayPass = attempt < Number.POSITIVE_INFINITY
    addEventListener('online', again)
    if (mayPass) document.addEventListener('visibilitychange', seen)
    const timer = attempt < mostAttempts && setTimeout(again, Math.min(1000 * 2 ** attempt, longestPause))
    return () => {
      removeEventListener('online', again)
      document.removeEventListener('visibilitychange', seen)
      if (timer) clearTimeout(timer)
    }
  })
}
