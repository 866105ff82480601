import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { test } from '../../browser/harness.js'
import { publish, type Row, ratioRow } from '../results-file.js'
import { median, milliseconds } from '../statistics.js'
import { timeDecoding } from './time-decoding.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const photo = `${root}node_modules/@vendure/create/assets/images/abel-y-costa-716024-unsplash.jpg`
const sizes = [
  { name: '1 megapixel', width: 1000, height: 1000 },
  { name: '6 megapixels', width: 3000, height: 2000 },
]
const rounds = 21

test('decode with exact resize against decode alone', async ({ page, browser, shop }) => {
  const entry = await shop.entry('decode-and-resize')
  await page.goto(shop.page(''))
  const rows: Row[] = []
  const numbers: Record<string, unknown> = {}
  for (const { name, width, height } of sizes) {
    const jpeg = await sharp(photo).resize(width, height, { fit: 'cover' }).jpeg({ quality: 90 }).toBuffer()
    const url = shop.write(`/pictures/${width}x${height}.jpg`, jpeg)
    const measured = await timeDecoding(page, entry, url, rounds)
    const alone = median(measured.decodeOnly)
    const both = median(measured.decodeAndResize)
    rows.push(
      { what: `${name}: decode alone`, value: milliseconds(alone) },
      { what: `${name}: decode and exact resize`, value: milliseconds(both) },
      ratioRow(`${name}: together against decode alone`, both / alone, { atMost: 1.5 }),
    )
    numbers[name] = measured
  }
  publish('pixels', rows, numbers, `Chromium ${browser.version()}`)
})
