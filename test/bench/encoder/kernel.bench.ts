import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { modelPath } from '../../browser/engine/engine-page.js'
import type { KernelSteps } from '../../browser/entries/kernel-steps.js'
import { type Shop, test } from '../../browser/harness.js'
import { publish, type Row, ratioRow } from '../results-file.js'
import { median, milliseconds } from '../statistics.js'
import { instructionLimit } from './instruction-limit.js'
import { loadRivals } from './rivals.js'

const folder = fileURLToPath(new URL(`../../../public${modelPath}`, import.meta.url))
const rounds = 40
const layers = 'linear layers, queries with keys'
/** What the kernel's functions do, in the words of the table. */
const parts: Readonly<Record<string, string>> = {
  multiply: layers,
  multiplyWords: 'shares with values',
  shareTokens: 'softmax',
  activateAndQuantize: 'GELU and rounding',
  normalizeAndQuantize: 'layer norm and rounding',
}

test('the kernel against plain onnxruntime-web, and against what its instructions allow', async ({
  page,
  browser,
  shop,
}) => {
  await page.goto(shop.page('', { isolate: true }))
  await loadRivals(page, shop)
  const { kernel, plain } = await measure(page, shop)
  const whole = median(kernel.map((sample) => sample.whole))
  const plainInference = median(plain)
  const together = median(kernel.map((sample) => sample.together))
  const steps = Object.keys(kernel[0]?.steps ?? {})
  const of = (step: string) => median(kernel.map((sample) => sample.steps[step] ?? 0))
  const named = steps.filter((step) => step in parts)
  const rest = steps.filter((step) => !(step in parts)).reduce((sum, step) => sum + of(step), 0)
  const work = multiplyAdds()
  const reached = work.multiply / of('multiply') / 1e6
  const allowed = median(kernel.map(({ limit }) => limit)) / 1e9
  const rows: Row[] = [
    { what: 'one picture', value: milliseconds(whole) },
    { what: 'plain onnxruntime-web, the same weights', value: milliseconds(plainInference) },
    ratioRow('one picture against plain', whole / plainInference, { atMost: 0.4 }),
    { what: 'one picture, two threads', value: milliseconds(together) },
    {
      what: 'one thread against two',
      value: `${(whole / together).toFixed(2)}x`,
      target: '>= 1.7x',
      met: whole / together >= 1.7,
    },
    { what: 'the kernel compiled', value: milliseconds(kernel[0]?.compile ?? Number.NaN) },
    { what: 'weights put into its memory', value: milliseconds(kernel[0]?.place ?? Number.NaN) },
    ...named.map((step) => ({ what: `of it, ${parts[step]}`, value: milliseconds(of(step)) })),
    { what: 'of it, all else', value: milliseconds(rest) },
    { what: `multiply-adds a second, ${layers}`, value: `${reached.toFixed(1)} G` },
    { what: 'multiply-adds a second, these instructions alone', value: `${allowed.toFixed(1)} G` },
    { what: 'the one of the other', value: `${((reached / allowed) * 100).toFixed(0)} %` },
    {
      what: 'multiply-adds a second, whole picture',
      value: `${((work.multiply + work.values) / whole / 1e6).toFixed(1)} G`,
    },
  ]
  const numbers = { arithmetic: kernel[0]?.arithmetic, multiplyAdds: work, kernel, plain }
  publish('kernel', rows, numbers, `Chromium ${browser.version()}`)
})

/** By turns, one picture each. */
async function measure(page: Page, shop: Shop): Promise<{ kernel: KernelSteps[]; plain: number[] }> {
  shop.write('/limit.wasm', await instructionLimit())
  return page.evaluate(
    async ({ entry, weights, rounds }) => {
      const bytes = async (url: string) => new Uint8Array(await (await fetch(url)).arrayBuffer())
      const worker = new Worker(entry, { type: 'module' })
      const ask = (message: unknown) =>
        new Promise<unknown>((resolve, reject) => {
          worker.onmessage = ({ data }) =>
            'error' in data ? reject(new Error(data.error)) : resolve(data.value)
          worker.onerror = ({ message }) => reject(new Error(message))
          worker.postMessage(message)
        })
      await ask({ weights: await bytes(weights), limit: await bytes('/limit.wasm') })
      const runPlain = await window.rivals.plain()
      const kernel: KernelSteps[] = []
      const plain: number[] = []
      for (let round = -5; round < rounds; round++) {
        const steps = (await ask('run')) as KernelSteps
        const inference = await runPlain()
        // The first rounds warm both up.
        if (round < 0) continue
        kernel.push(steps)
        plain.push(inference)
      }
      worker.terminate()
      return { kernel, plain }
    },
    {
      entry: await shop.entry('kernel-steps'),
      weights: `${modelPath}onnx/vision_model_int7.safetensors`,
      rounds,
    },
  )
}

/** Multiply-adds of one picture: those of `multiply`, and those of shares with values. */
function multiplyAdds(): { multiply: number; values: number } {
  const config = JSON.parse(readFileSync(`${folder}config.json`, 'utf8')) as Record<string, number>
  const {
    hidden_size: hidden = 0,
    intermediate_size: inner = 0,
    num_hidden_layers: count = 0,
    image_size: size = 0,
    patch_size: patch = 1,
  } = config
  const tokens = (size / patch) ** 2
  const embedding = tokens * 3 * patch ** 2 * hidden
  const layer = tokens * (4 * hidden ** 2 + 2 * hidden * inner)
  const attention = tokens ** 2 * hidden
  return { multiply: embedding + count * (layer + attention), values: count * attention }
}
