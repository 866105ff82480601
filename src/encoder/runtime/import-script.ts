import { SimilarItemsError } from '../../errors.js'
import { StallWatch } from '../../network/stall-watch.js'

/**
 * A script may take so many seconds in which nothing else arrives in this thread either: unlike a download, an import says
 * nothing in between and cannot be ended. While files arrive it may only wait its turn.
 */
const importLimit = 10

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
    const late = (seconds: number) => {
      end()
      lose(`it did not come within ${seconds} seconds`)
    }
    const watch = new StallWatch(importLimit, () => undefined, late)
    const abort = () => {
      end()
      reject(signal?.reason)
      // One that is only slow may still be used.
      setTimeout(() => hasCome || onLost(), 2000)
    }
    const end = () => {
      isOver = true
      watch.end()
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
