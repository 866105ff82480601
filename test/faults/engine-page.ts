import type * as Package from '../../src/index.js'
import { keepWorkers } from '../browser/engine/dying-worker.js'
import { modelPath, type SendableOptions } from '../browser/engine/engine-page.js'
import type { Tab } from '../browser/other-browsers/browser.js'
import { openEngine } from '../browser/other-browsers/engine-page.js'
import { openPage, type Shop } from '../browser/other-browsers/harness.js'

export interface Answer {
  readonly ids: readonly string[]
  readonly ranked: number
  readonly total: number
  readonly complete: boolean
}

/** Opens a page whose workers are kept as `window.workers`, and an engine in it. */
export async function openShop(tab: Tab, shop: Shop, options: SendableOptions = {}): Promise<string> {
  const url = await openPage(tab, shop)
  await tab.evaluate(keepWorkers)
  await openEngine(tab, options)
  return url
}

/** The code that opening an engine in the page fails with; null where it opens. */
export function codeOfOpening(tab: Tab, options: SendableOptions = {}): Promise<string | null> {
  return tab.evaluate(
    async (options) => {
      window.similarItems = (await import('/dist/index.js' as string)) as typeof Package
      try {
        window.engine = await window.similarItems.SimilarityEngine.open(options)
        return null
      } catch (error) {
        return (error as { code?: string }).code ?? String(error)
      }
    },
    { catalog: '/catalog.json', model: modelPath, ...options },
  )
}

/** How a question ends: its answer, or the code of its error, and after how many milliseconds. */
export function ask(
  tab: Tab,
  id = 'sku-01',
): Promise<{ answer: Answer | null; code: string | null; message: string; milliseconds: number }> {
  return tab.evaluate(async (id) => {
    const started = performance.now()
    const took = () => performance.now() - started
    try {
      const { hits, ranked, total, complete } = await window.engine.similarTo(id, { limit: 5 })
      const ids = hits.map(({ product }) => product.id)
      return { answer: { ids, ranked, total, complete }, code: null, message: '', milliseconds: took() }
    } catch (error) {
      const { code = 'none', message } = error as { code?: string; message: string }
      return { answer: null, code, message, milliseconds: took() }
    }
  }, id)
}

/** Resolves with the first answer that is complete; questions are put again after every `change`, and now and then. */
export function askUntilComplete(tab: Tab, id = 'sku-01'): Promise<Answer> {
  return tab.evaluate(async (id) => {
    let last = ''
    const deadline = performance.now() + 45_000
    while (performance.now() < deadline) {
      const changed = new Promise((resolve) =>
        window.engine.addEventListener('change', resolve, { once: true }),
      )
      try {
        const { hits, ranked, total, complete } = await window.engine.similarTo(id, { limit: 5 })
        const answer = { ids: hits.map(({ product }) => product.id), ranked, total, complete }
        if (complete) return answer
        last = JSON.stringify(answer)
      } catch (error) {
        last = String(error)
      }
      await Promise.race([changed, new Promise((resolve) => setTimeout(resolve, 1000))])
    }
    throw new Error(`no complete answer in 45 s; the last was ${last}`)
  }, id)
}

/** Warnings of `window.engine` from now on, as `window.warned`. */
export function keepWarnings(tab: Tab): Promise<void> {
  return tab.evaluate(() => {
    const warned: { code: string; message: string }[] = []
    Object.assign(window, { warned })
    window.engine.addEventListener('warning', (event) => {
      event.preventDefault()
      const { code, message } = event.error
      warned.push({ code, message })
    })
  })
}

export function warnings(tab: Tab): Promise<{ code: string; message: string }[]> {
  return tab.evaluate(() => (window as unknown as { warned: { code: string; message: string }[] }).warned)
}

/** How many workers the page has started. */
export function workerCount(tab: Tab): Promise<number> {
  return tab.evaluate(() => (window as unknown as { workers: Worker[] }).workers.length)
}
