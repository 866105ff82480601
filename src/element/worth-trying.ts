import { settle } from '../engine/page-idle.js'

/** Pauses double up to a minute; after so many, only the network's return is worth another attempt. */
const mostAttempts = 10

/** Resolves when what failed is worth another attempt: after a pause, or when the network is back. Rejects with the signal's reason. */
export function worthTrying(attempt: number, signal: AbortSignal): Promise<void> {
  return settle(signal, (resolve) => {
    const again = () => resolve()
    addEventListener('online', again)
    const timer = attempt < mostAttempts && setTimeout(again, Math.min(1000 * 2 ** attempt, 60_000))
    return () => {
      removeEventListener('online', again)
      if (timer) clearTimeout(timer)
    }
  })
}
