import { isPrerendering, settle } from './page-moments.js'

/**
 * Resolves when the page is visited: while a browser renders it beforehand, neither workers nor locks get on. Rejects with
 * the signal's reason.
 */
export function pageVisited(signal: AbortSignal): Promise<void> {
  if (!isPrerendering()) return Promise.resolve()
  return settle(signal, (resolve) => {
    const visited = () => resolve()
    document.addEventListener('prerenderingchange', visited)
    return () => document.removeEventListener('prerenderingchange', visited)
  })
}
