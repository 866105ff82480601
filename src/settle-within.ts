/**
 * Settles as `promise` does, or rejects with `late()` when it has not settled after `seconds`, or with the signal's
 * reason. Only seconds in which this thread answers its timers count: while inference keeps a worker busy, or the
 * browser has frozen the page, nothing can settle.
 */
export function settleWithin<T>(
  promise: Promise<T>,
  seconds: number,
  late: () => Error,
  signal?: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let elapsed = 0
    const clock = setInterval(() => {
      elapsed++
      if (elapsed >= seconds) fail(late())
    }, 1000)
    const abort = () => fail(signal?.reason)
    const release = () => {
      clearInterval(clock)
      signal?.removeEventListener('abort', abort)
    }
    const fail = (reason: unknown) => {
      release()
      reject(reason)
    }
    promise.then((value) => {
      release()
      resolve(value)
    }, fail)
    if (signal?.aborted) abort()
    else signal?.addEventListener('abort', abort)
  })
}
