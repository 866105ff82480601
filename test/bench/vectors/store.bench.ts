import { test } from '../../browser/harness.js'
import { publish, type Row } from '../results-file.js'
import { median, milliseconds } from '../statistics.js'
import { askWorker } from './ask-worker.js'

const rows = 100_000
const dimensions = 128
const rounds = 9

interface StoreTimes {
  /** Milliseconds to write everything, by contender. */
  readonly written: Readonly<Record<string, number>>
  /** Milliseconds from a closed database to the first ranked list, one per round, by contender. */
  readonly read: Readonly<Record<string, readonly number[]>>
}

test('vectors of 100 000 products from IndexedDB to the first list', async ({ page, browser, shop }) => {
  const entry = await shop.entry('store-at-scale')
  await page.goto(shop.page(''))
  const setup = { rows, dimensions }
  const measured = await askWorker<StoreTimes>(page, { entry, setup, question: rounds })
  const { written, read } = measured
  const ratio = (a: string, b: string) =>
    median((read[a] ?? []).map((time, round) => time / (read[b]?.[round] as number)))
  const againstItems = ratio('record per item', 'ours')
  const againstWhole = ratio('ours', 'one record')
  const table: Row[] = [
    ...Object.entries(written).map(([name, time]) => ({ what: `${name}: write`, value: milliseconds(time) })),
    ...Object.entries(read).map(([name, times]) => ({
      what: `${name}: open, read, first list`,
      value: milliseconds(median(times)),
    })),
    {
      what: 'record per item against ours',
      value: `${againstItems.toFixed(1)}x`,
      target: '> 1x',
      met: againstItems > 1,
    },
    { what: 'ours against one record', value: `${againstWhole.toFixed(2)}x` },
  ]
  publish('store', table, measured, `Chromium ${browser.version()}`)
})
