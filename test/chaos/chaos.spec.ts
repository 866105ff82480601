import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { openEngine } from '../browser/engine/engine-page.js'
import { expect, test } from '../browser/harness.js'
import { playRound, products, type RoundReport, type Truth } from './round.js'

const seed = Number(process.env.CHAOS_SEED ?? 7)
const minutes = Number(process.env.CHAOS_MINUTES ?? 0.4)
/** Milliseconds in which an engine should be well again. */
const wellWithin = 10_000
/** The first round. */
const from = Number(process.env.CHAOS_FROM ?? 0)
const onlyRound = process.env.CHAOS_ROUND === undefined ? null : Number(process.env.CHAOS_ROUND)

test('whatever fails: no hang, no wrong answer, and well again', async ({ browser, page, shop }) => {
  test.setTimeout(minutes * 60_000 + 400_000)
  shop.allowErrors(/./)
  shop.photoCatalog(products)
  await page.goto(shop.page(''))
  await openEngine(page, { storage: 'memory' })
  const lists = await page.evaluate(async (products) => {
    await window.engine.sync()
    const ids = Array.from({ length: products }, (_, index) => `sku-0${index + 1}`)
    const list = async (id: string) => {
      const { hits } = await window.engine.similarTo(id, { limit: 50, nearDuplicate: 1.01 })
      return { id, cosines: hits.map(({ product, score }): [string, number] => [product.id, score]) }
    }
    return Promise.all(ids.map(list))
  }, products)
  const truth: Truth = new Map(lists.map(({ id, cosines }) => [id, new Map(cosines)]))
  await page.close()

  const reports: RoundReport[] = []
  const end = Date.now() + minutes * 60_000
  for (let round = onlyRound ?? from; onlyRound === null ? Date.now() < end : round === onlyRound; round++) {
    const context = await browser.newContext()
    const report = await playRound(context, shop, seed * 100_000 + round, truth)
    await context.close()
    shop.reset()
    shop.allowErrors(/./)
    reports.push(report)
    for (const what of report.violations) console.log(`--seed ${seed} --round ${round}: ${what}`)
    const { recovery, trail } = report
    if (recovery === null || recovery > wellWithin) {
      console.log(`--seed ${seed} --round ${round}: well again after ${recovery} ms\n  ${trail.join('\n  ')}`)
    }
  }
  const summary = summarise(reports, browser.version())
  console.log(JSON.stringify(summary, null, 2))
  if (process.env.CHAOS_RECORD) {
    const file = new URL('../bench/results/chaos.json', import.meta.url)
    const { runs } = JSON.parse(readFileSync(file, 'utf8')) as { runs: (typeof summary)[] }
    const others = runs.filter((run) => run.seed !== seed || run.from !== from)
    writeFileSync(file, `${JSON.stringify({ runs: [...others, summary] }, null, 2)}\n`)
  }
  expect(reports.length).toBeGreaterThan(0)
  expect(reports.flatMap(({ violations }) => violations)).toEqual([])
})

function summarise(reports: readonly RoundReport[], browserVersion: string) {
  const endings = reports.flatMap(({ endings }) => endings)
  const violations = reports.flatMap(({ violations }) => violations)
  const counted = (pattern: RegExp) => violations.filter((what) => pattern.test(what)).length
  const recoveries = reports.flatMap(({ recovery }) => recovery ?? []).toSorted((a, b) => a - b)
  const errors: Record<string, number> = {}
  for (const { error } of endings) if (error) errors[error] = (errors[error] ?? 0) + 1
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: { cpu: cpus()[0]?.model ?? '', cores: cpus().length, browser: `Chromium ${browserVersion}` },
    seed,
    from,
    minutes,
    rounds: reports.length,
    questions: endings.length,
    answered: endings.filter(({ error }) => error === null).length,
    errors,
    hangs: counted(/did not end/),
    wrong: counted(/similarity|first place/),
    falselyComplete: counted(/said to be complete/),
    unhandled: counted(/unhandled/),
    notRecovered: counted(/not well again/),
    recoveredWithin10Seconds: recoveries.filter((milliseconds) => milliseconds <= wellWithin).length,
    medianRecovery: Math.round(recoveries[recoveries.length >> 1] ?? 0),
    longestRecovery: Math.round(recoveries.at(-1) ?? 0),
    longestQuestion: Math.round(Math.max(0, ...endings.map(({ milliseconds }) => milliseconds))),
  }
}
