import type { IncomingMessage } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { similarHandler } from '../../../src/engines/handler/similar-handler.js'
import { memoryEngine } from '../../../src/engines/memory-engine.js'
import { nodeListener } from '../../../src/engines/node-listener.js'
import { storedVector } from '../../../src/engines/stored-vector.js'
import type { FoundRows, VectorEngine } from '../../../src/engines/vector-engine.js'
import type { Product } from '../../../src/types.js'
import type { Pack } from '../../../src/vectors/pack.js'
import { modelPath } from '../../browser/engine/engine-page.js'
import { expect, type Shop, test } from '../../browser/harness.js'
import { publish } from '../results-file.js'
import { median, milliseconds } from '../statistics.js'
import { servePack, timedPage, visit } from './made-shop.js'
import { inNewProfile } from './new-profile.js'

const count = 10_000
/** What the engine takes for each of the two questions that a list needs. */
const engineMilliseconds = 5
const visits = Number(process.env.ENGINE_VISITS ?? 11)
/** Each in a browser profile of its own. */
const coldVisits = Math.ceil(visits / 2)

test(`an item page that asks an engine of ${engineMilliseconds} ms, beside the same page with a pack`, async ({
  page,
  browser,
  shop,
}) => {
  const { items, pack } = await servePack(shop, count)
  await serveEngine(shop, items, pack)
  const ways = {
    engine: timedPage(shop, 'engine="/api/similar"'),
    pack: timedPage(shop, `catalog="/catalog.json" model="${modelPath}"`),
  }
  const cold = { engine: [] as number[], pack: [] as number[] }
  const warm = { engine: [] as number[], pack: [] as number[] }
  let packKilobytes = 0
  const names = ['engine', 'pack'] as const
  // In turns, so that both see the same machine.
  for (let round = 0; round < coldVisits; round++) {
    for (const name of names) {
      shop.clearLog()
      cold[name].push(await inNewProfile(browser, (fresh) => visit(fresh, shop, ways[name])))
      const files = shop.requests(/catalog\.json|\.safetensors/)
      if (name === 'pack') packKilobytes = files.reduce((sum, { bytes }) => sum + bytes, 0) / 1000
    }
  }
  for (const name of names) await visit(page, shop, ways[name])
  for (let round = 0; round < visits; round++) {
    for (const name of names) warm[name].push(await visit(page, shop, ways[name]))
  }
  expect(shop.requests(/ort-wasm|\.onnx|weights/)).toEqual([])
  publish(
    'engine-page',
    [
      ...names.flatMap((name) => [
        { what: `${name}, cold: upgrade to results`, value: milliseconds(median(cold[name])) },
        { what: `${name}, warm: upgrade to results`, value: milliseconds(median(warm[name])) },
      ]),
      { what: 'catalogue and pack', value: `${packKilobytes.toFixed(0)} kB` },
    ],
    { products: count, engineMilliseconds, cold, warm, packKilobytes },
    `Chromium ${browser.version()}`,
  )
})

async function serveEngine(shop: Shop, items: readonly Product[], { space, vectors }: Pack): Promise<void> {
  const engine = memoryEngine()
  await engine.write(
    space,
    items.map((product, row) => {
      const vector = storedVector(vectors, row)
      return { id: product.id, group: null, product: { ...product }, vector, values: {}, version: '1' }
    }),
  )
  await engine.activate(space)
  const listener = nodeListener(
    // No cache answers in place of the engine.
    similarHandler({ engine: lasting(engine), cacheControl: 'no-store' }),
  )
  shop.handle('/api/similar', (request: IncomingMessage, response) => listener(request, response))
}

/** The engine, with answers that take as long as wanted: what it is quicker with is waited for. */
function lasting(engine: VectorEngine): VectorEngine {
  const last = async (ask: () => Promise<FoundRows>) => {
    const rest = wait(engineMilliseconds)
    const answer = await ask()
    await rest
    return answer
  }
  return {
    ...engine,
    nearest: (query) => last(() => engine.nearest(query)),
    vectorOf: (ids, signal) => last(() => engine.vectorOf(ids, signal)),
  }
}
