import { SimilarItemsError } from '../errors.js'

/** A script takes at most so many seconds: unlike a download, an import says nothing in between and cannot be ended. */
const importLimit = 30

export interface ImportOptions {
  /** What to call the script in errors. */
  readonly what: string
  /** Its address, where that is known. */
  readonly subject?: string
  /** What to do about a script that cannot be loaded. */
  readonly hint: string
  /** Told when another thread is needed. */
  readonly onLost: () => void
  readonly signal: AbortSignal | undefined
}

/**
 * What a script exports, or an error that names it. A browser need not ask again for a script that failed, and asks
 * nothing while it waits for one: whoever wants it again needs another thread.
 * @throws SimilarItemsError `runtime-unreachable`; the signal's reason on abort.
 */
export function importScript<T>(
  script: Promise<T>,
  { what, subject, hint, onLost, signal }: ImportOptions,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let hasCome = false
    let isOver = false
    let seconds = 0
    const lose = (why: string, cause?: unknown) => {
      onLost()
      const message = `${what} cannot be loaded: ${why}. ${hint}`
      reject(
        new SimilarItemsError('runtime-unreachable', message, {
          cause,
          ...(subject !== undefined && { subject }),
          mayPass: true,
        }),
      )
    }
    // Ticks are counted, not time: while the thread computes, nothing can arrive.
    const clock = setInterval(() => {
      if (++seconds < importLimit) return
      end()
      lose(`it did not come within ${importLimit} seconds`)
    }, 1000)
    const abort = () => {
      end()
      reject(signal?.reason)
      // One that is only slow may still be used.
      setTimeout(() => hasCome || onLost(), 2000)
    }
    const end = () => {
      isOver = true
      clearInterval(clock)
      signal?.removeEventListener('abort', abort)
    }
    signal?.addEventListener('abort', abort)
    if (signal?.aborted) abort()
    script.then(
      (exports) => {
        hasCome = true
        end()
        resolve(exports)
      },
      (cause: unknown) => {
        hasCome = true
        // Whoever does not wait any more has heard of it.
        if (isOver) return
        end()
        lose(String(cause), cause)
      },
    )
  })
}
