/**
 * `promise`, but rejecting with the signal's reason as soon as that is aborted. What the promise stands for goes
 * on; only the waiting ends. Leaves no listener behind on a signal that outlives the wait.
 */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort)
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
