/** Runs in the page: keeps its handle on its workers, as `window.workers`. */
export function keepWorkers(): void {
  const workers: Worker[] = []
  const Original = window.Worker
  window.Worker = class extends Original {
    constructor(...args: ConstructorParameters<typeof Original>) {
      super(...args)
      workers.push(this)
    }
  }
  Object.assign(window, { workers })
}

/**
 * Runs in a page whose workers are kept: ends the first one during a call, as the browser does when memory runs out.
 * @returns how that call ended, what the next one finds, and how many workers there have been.
 */
export async function endWorkerDuringSync(): Promise<{ code: unknown; total: number; workers: number }> {
  const { workers } = window as unknown as { workers: Worker[] }
  const answer = window.engine.sync().catch((error: { code: string }) => error.code)
  await new Promise((resolve) => setTimeout(resolve, 100))
  workers[0]?.terminate()
  const code = await answer
  const list = await window.engine.similarTo('sku-01')
  return { code, total: list.total, workers: workers.length }
}
