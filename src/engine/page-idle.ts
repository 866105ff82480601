/**
 * When the page has time for what nobody waits for.
 */
import { pageLoaded, settle, threadIdle } from './page-moments.js'

/** Seconds before each piece of work, where the visitor saves data. */
const restOfSavers = 5

/**
 * Resolves when the page has time: it has loaded, somebody sees it, and its thread is idle. Where the visitor has
 * asked to save data, it takes its time. Rejects with the signal's reason.
 */
export async function pageIdle(signal: AbortSignal): Promise<void> {
  await pageLoaded(signal)
  if (savesData()) await rest(signal)
  do {
    await pageVisible(signal)
    await threadIdle(signal)
  } while (document.hidden)
}

function pageVisible(signal: AbortSignal): Promise<void> {
  if (!document.hidden) return Promise.resolve()
  return settle(signal, (resolve) => {
    const changed = () => {
      if (!document.hidden) resolve()
    }
    document.addEventListener('visibilitychange', changed)
    return () => document.removeEventListener('visibilitychange', changed)
  })
}

function rest(signal: AbortSignal): Promise<void> {
  return settle(signal, (resolve) => {
    const timer = setTimeout(resolve, restOfSavers * 1000)
    return () => clearTimeout(timer)
  })
}

/** Chromium tells; elsewhere nobody is known to save data. */
function savesData(): boolean {
  const { connection } = navigator as Navigator & { readonly connection?: { readonly saveData?: boolean } }
  return connection?.saveData === true
}
