import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { test } from '../../browser/harness.js'
import { publish, type Row, ratioRow } from '../results-file.js'
import { median, milliseconds } from '../statistics.js'
import { timeDecoding } from './time-decoding.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const photo = `${root}node_modules/@vendure/create/assets/images/abel-y-costa-716024-unsplash.jpg`
const rounds = 21

test('decode with exact resize against decode alone, for photos that phones store turned', async ({
  page,
  browser,
  shop,
}) => {
  const entry = await shop.entry('decode-and-resize')
  await page.goto(shop.page(''))
  const rows: Row[] = []
  const numbers: Record<string, unknown> = {}
  const pixels = await sharp(photo).resize(3000, 2000, { fit: 'cover' }).toBuffer()
  for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
    const jpeg = await sharp(pixels).withMetadata({ orientation }).jpeg({ quality: 90 }).toBuffer()
    const url = shop.write(`/pictures/orientation-${orientation}.jpg`, jpeg)
    const measured = await timeDecoding(page, entry, url, rounds)
    const alone = median(measured.decodeOnly)
    const both = median(measured.decodeAndResize)
    const what = `6 megapixels, EXIF orientation ${orientation}: ${milliseconds(both)} against ${milliseconds(alone)}`
    rows.push(ratioRow(what, both / alone, { atMost: 1.5 }))
    numbers[`orientation ${orientation}`] = measured
  }
  publish('photo-turned', rows, numbers, `Chromium ${browser.version()}`)
})
