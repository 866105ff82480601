import { modelPath } from '../../browser/engine/engine-page.js'
import { expect, type Shop, test } from '../../browser/harness.js'
import { publish, type Row, ratioRow } from '../results-file.js'
import { median, milliseconds } from '../statistics.js'
import { serveFloor, visitFloor } from './floor.js'
import { servePack, timedPage, visit } from './made-shop.js'
import { inNewProfile } from './new-profile.js'

const count = 10_000
const visits = 11
/** Each in a browser profile of its own. */
const coldVisits = 5

test('an item page of a catalogue with 10 000 products and a pack, cold and warm', async ({
  page,
  browser,
  shop,
}) => {
  await servePack(shop, count)
  const url = timedPage(shop, `catalog="/catalog.json" model="${modelPath}"`)
  const floorUrls = { cold: serveFloor(shop, 'fetchedPack'), warm: serveFloor(shop, 'storedBytes') }
  const cold: number[] = []
  const coldFloor: number[] = []
  let coldBytes = 0
  for (let round = 0; round < coldVisits; round++) {
    shop.clearLog()
    cold.push(await inNewProfile(browser, (fresh) => visit(fresh, shop, url)))
    coldBytes = bytes(shop)
    coldFloor.push(await inNewProfile(browser, (fresh) => visitFloor(fresh, shop, floorUrls.cold)))
  }
  await visit(page, shop, url)
  const warm: number[] = []
  const warmFloor: number[] = []
  const unkept: number[] = []
  let warmBytes = 0
  for (let round = 0; round < visits; round++) {
    shop.clearLog()
    warm.push(await visit(page, shop, url))
    warmBytes = bytes(shop)
    warmFloor.push(await visitFloor(page, shop, floorUrls.warm))
    // No earlier visit has kept a list of this length.
    const attributes = `catalog="/catalog.json" model="${modelPath}" limit="${13 + round}"`
    unkept.push(await visit(page, shop, timedPage(shop, attributes)))
  }
  expect(shop.requests(/ort-wasm|\.onnx/)).toEqual([])
  const rows: Row[] = [
    { what: `cold: upgrade to results (median of ${coldVisits})`, value: milliseconds(median(cold)) },
    { what: 'cold: the same bytes fetched and parsed', value: milliseconds(median(coldFloor)) },
    ratioRow('cold: upgrade to results against that floor', median(cold) / median(coldFloor), {
      atMost: 1.5,
    }),
    { what: 'cold: catalogue and pack', value: `${(coldBytes / 1e6).toFixed(2)} MB` },
    { what: `warm: upgrade to results (median of ${visits})`, value: milliseconds(median(warm)) },
    { what: 'warm: a bare page and its worker reading the same', value: milliseconds(median(warmFloor)) },
    ratioRow('warm: upgrade to results against that floor', median(warm) / median(warmFloor), {
      atMost: 1.5,
    }),
    {
      what: 'warm: upgrade to results, of a page whose list no visit has kept',
      value: milliseconds(median(unkept)),
    },
    ratioRow(
      'warm: of a page whose list no visit has kept, against that floor',
      median(unkept) / median(warmFloor),
      { atMost: 1.5 },
    ),
    { what: 'warm: catalogue and pack', value: `${(warmBytes / 1e6).toFixed(2)} MB` },
    { what: 'ONNX Runtime and weights, cold and warm', value: '0 MB', target: '0 MB', met: true },
  ]
  publish(
    'pack-page',
    rows,
    { cold, coldFloor, warm, unkept, warmFloor, coldBytes, warmBytes },
    `Chromium ${browser.version()}`,
  )
})

function bytes(shop: Shop): number {
  return shop.requests(/catalog\.json|\.safetensors/).reduce((sum, { bytes }) => sum + bytes, 0)
}
