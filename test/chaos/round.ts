import type { BrowserContext, Page } from '@playwright/test'
import { modelPath } from '../browser/engine/engine-page.js'
import type { Shop } from '../browser/harness.js'
import { type ChaosWindow, type Ending, open, prepare } from './page.js'
import { type Step, script } from './script.js'

export const products = 6

/** Cosines of every product to every other, by ids, as they are without faults. */
export type Truth = ReadonlyMap<string, ReadonlyMap<string, number>>

export interface RoundReport {
  readonly seed: number
  readonly endings: readonly Ending[]
  /** Sentences about what must not happen. */
  readonly violations: readonly string[]
  /** Milliseconds from the end of the faults to a right and complete answer; null where none came. */
  readonly recovery: number | null
  readonly trail: readonly string[]
}

/** A question has to end within so many seconds: two stalled downloads, one after the other, and the work. */
const longestQuestion = 120
const longestRecovery = 60
/** 8-bit vectors and those just computed differ by less. */
const tolerance = 0.02

const element = `<similar-items catalog="/catalog.json" item="sku-01" loading="eager"></similar-items>`

/** One round of chaos: what its seed decides, then peace, and whether the engine is well again. */
export async function playRound(
  context: BrowserContext,
  shop: Shop,
  seed: number,
  truth: Truth,
): Promise<RoundReport> {
  // The kernel is what pages have; ONNX Runtime brings scripts and a binary of its own that may fail.
  const backend = seed % 3 === 0 ? 'wasm' : 'auto'
  const options = { catalog: '/catalog.json', model: modelPath, backend } as const
  const page = await context.newPage()
  await page.addInitScript(prepare)
  const url = shop.page(`<script type="module" src="/dist/define.js"></script>${element}`)
  shop.write('/clear', 'cleared', { 'clear-site-data': '"storage"' })
  shop.photoCatalog(products)
  await page.goto(url)
  await page.evaluate(open, options)
  const rules: { remove(): void }[] = []
  const endings: Ending[] = []
  const violations: string[] = []
  let damagesPictures = false

  const collect = async () => {
    const { ended, unhandled } = await page.evaluate(() => {
      const chaos = window as unknown as ChaosWindow
      return { ended: chaos.endings.splice(0), unhandled: chaos.unhandled.splice(0) }
    })
    endings.push(...ended)
    for (const text of unhandled) violations.push(`unhandled rejection: ${text}`)
  }
  const play = async (step: Step) => {
    if (step.do === 'fault') {
      // What a server says for good about a picture is believed until somebody asks for more.
      const { fault } = step
      const isPassing = fault.kind === 'hang' || fault.kind === 'truncate' || fault.kind === 'delay'
      if (step.path === '/photos/' && !isPassing && !(fault.kind === 'status' && fault.status >= 500))
        damagesPictures = true
      rules.push(shop.fault(step.path, fault, step.times))
    } else if (step.do === 'mend') for (const rule of rules.splice(0)) rule.remove()
    else if (step.do === 'go offline') await context.setOffline(true)
    else if (step.do === 'come back online') await context.setOffline(false)
    else if (step.do === 'reload the page') {
      await collect()
      await context.setOffline(false)
      await page.goto(url)
      await page.evaluate(open, options)
    } else if (step.do === 'wait') await page.waitForTimeout(step.milliseconds)
    else await page.evaluate(playInPage, step)
  }
  const steps = script(seed, products)
  for (const step of steps) await play(step)

  for (const rule of rules.splice(0)) rule.remove()
  await context.setOffline(false)
  const { milliseconds: recovery, trail } = await recover(page, damagesPictures)
  if (recovery === null) violations.push(`not well again ${longestRecovery} seconds after the faults`)
  const hanging = await settled(page)
  for (const question of hanging)
    violations.push(`did not end within ${longestQuestion} seconds: ${question}`)
  await collect()
  for (const ending of endings) violations.push(...defects(ending, truth, damagesPictures))
  await page.close()
  return { seed, endings, violations, recovery, trail }
}

/** Runs in the page. */
function playInPage(step: Step): void {
  const chaos = window as unknown as ChaosWindow
  const shown = document.querySelector('similar-items')
  const id = (index: number) => `sku-0${index + 1}`
  const all = { limit: 50, nearDuplicate: 1.01 }
  switch (step.do) {
    case 'ask': {
      const { product, abortAfter } = step
      const signal = abortAfter === null ? undefined : AbortSignal.timeout(abortAfter)
      chaos.put(`similarTo ${id(product)}`, (engine) =>
        engine.similarTo(id(product), { ...all, ...(signal && { signal }) }),
      )
      return
    }
    case 'search':
      chaos.put(`search ${id(step.photo)}`, async (engine) => {
        const product = (await engine.products())[step.photo]
        return engine.searchByImage(product?.image_link ?? '', all)
      })
      return
    case 'sync':
      chaos.put('sync', (engine) => engine.sync())
      return
    case 'prepare':
      chaos.put('prepare', (engine) => engine.prepare())
      return
    case 'clear':
      chaos.put('clear', (engine) => engine.clear())
      return
    case 'kill the worker':
      chaos.workers.at(-1)?.terminate()
      return
    case 'clear site data':
      void fetch('/clear').catch(() => undefined)
      return
    case 'delete the database':
      indexedDB.deleteDatabase('similar-items')
      return
    case 'change the element':
      shown?.setAttribute('item', id(step.product))
      return
    case 'move the element':
      if (shown) document.body.append(shown)
      return
    case 'remove the element':
      shown?.remove()
  }
}

/** How an engine became well again. */
interface Recovery {
  /** Null where it did not. */
  readonly milliseconds: number | null
  /** What was asked meanwhile and what came of it, with the second after the faults in which it did. */
  readonly trail: readonly string[]
}

/** Asks until the answer is right, as somebody would who tries again. */
function recover(page: Page, damagesPictures: boolean): Promise<Recovery> {
  return page.evaluate(
    async ({ limit, damagesPictures }) => {
      const chaos = window as unknown as ChaosWindow
      const started = performance.now()
      const trail: string[] = []
      const note = (what: string) => {
        if (!trail.at(-1)?.endsWith(what)) {
          trail.push(`${((performance.now() - started) / 1000).toFixed(1)} s: ${what}`)
        }
      }
      while (performance.now() - started < limit * 1000) {
        try {
          const engine = await chaos.opened
          note('open')
          if (damagesPictures) await engine.sync()
          for (const id of ['sku-01', 'sku-02']) {
            const { complete, ranked, total } = await engine.similarTo(id)
            note(`${id} has ${ranked} of ${total}, ${complete ? 'complete' : 'not complete'}`)
            if (!complete || ranked !== total || total === 0) break
            if (id === 'sku-02') return { milliseconds: performance.now() - started, trail }
          }
        } catch (error) {
          note(String(error))
        }
        await new Promise((resolve) => setTimeout(resolve, 250))
      }
      return { milliseconds: null, trail }
    },
    { limit: longestRecovery, damagesPictures },
  )
}

/** The questions that do not end. */
function settled(page: Page): Promise<string[]> {
  return page.evaluate(async (limit) => {
    const { pending } = window as unknown as ChaosWindow
    const started = performance.now()
    while (pending.size > 0 && performance.now() - started < limit * 1000) {
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    return [...pending]
  }, longestQuestion)
}

function defects({ question, list }: Ending, truth: Truth, damagesPictures: boolean): string[] {
  if (!list) return []
  const [kind, id = ''] = question.split(' ')
  const expected = new Map(truth.get(id))
  if (kind === 'search') expected.set(id, 1)
  const found: string[] = []
  const wrong = list.ids.find((other, place) => {
    return Math.abs((expected.get(other) ?? -9) - (list.scores[place] as number)) > tolerance
  })
  if (wrong) found.push(`${question}: ${wrong} has another similarity than without faults`)
  const best = Math.max(...expected.values())
  const [first = ''] = list.ids
  if (list.complete && list.ranked === list.total && (expected.get(first) ?? -9) < best - tolerance) {
    found.push(`${question}: ${first} is in the first place`)
  }
  if (list.complete && list.ranked < list.total && !damagesPictures) {
    found.push(`${question}: ${list.ranked} of ${list.total} are said to be complete`)
  }
  return found
}
