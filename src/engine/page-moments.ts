/**
 * What elements and engines wait for in a page.
 */

/** Whether the browser renders the page before anybody visits it: neither workers nor locks get on. */
export function isPrerendering(): boolean {
  return (document as { readonly prerendering?: boolean }).prerendering === true
}

/** Resolves when the page and what belongs to it have loaded. Rejects with the signal's reason. */
export function pageLoaded(signal: AbortSignal): Promise<void> {
  if (document.readyState === 'complete') return Promise.resolve()
  return settle(signal, (resolve) => {
    const loaded = () => resolve()
    window.addEventListener('load', loaded)
    return () => window.removeEventListener('load', loaded)
  })
}

/** Resolves when the main thread has a moment, within two seconds. Rejects with the signal's reason. */
export function threadIdle(signal: AbortSignal): Promise<void> {
  return settle(signal, (resolve) => {
    // Safari has no requestIdleCallback.
    if (!('requestIdleCallback' in globalThis)) {
      const timer = setTimeout(resolve, 1)
      return () => clearTimeout(timer)
    }
    const handle = requestIdleCallback(() => resolve(), { timeout: 2000 })
    return () => cancelIdleCallback(handle)
  })
}

/** A promise that ends with the signal at the latest; `start` returns how to stop what it started. */
export function settle<T>(
  signal: AbortSignal,
  start: (resolve: (value: T) => void) => () => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const abort = () => {
      stop()
      reject(signal.reason)
    }
    const stop = start((value) => {
      stop()
      signal.removeEventListener('abort', abort)
      resolve(value)
    })
    signal.addEventListener('abort', abort, { once: true })
  })
}
