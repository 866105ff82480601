import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'
import type { ScanTimes } from '../../browser/entries/scan.js'
import type { LibraryResult } from '../../browser/entries/vector-libraries.js'
import { test } from '../../browser/harness.js'
import { publish, type Row } from '../results-file.js'
import { median, milliseconds } from '../statistics.js'
import { askWorker } from './ask-worker.js'

const packages = fileURLToPath(new URL('../../../node_modules/', import.meta.url))

/** More 32-bit floats than this are not held in memory: the loop runs over fewer rows, and its time is multiplied. */
const mostFloats = 1.3e8

const sizes = [
  { rows: 10_000, dimensions: 128, rounds: 21 },
  { rows: 100_000, dimensions: 128, rounds: 21 },
  { rows: 1_000_000, dimensions: 128, rounds: 21 },
  { rows: 10_000, dimensions: 768, rounds: 21 },
  { rows: 100_000, dimensions: 768, rounds: 21 },
  { rows: 1_000_000, dimensions: 768, rounds: 11 },
]

test('the ten best of many rows, against reading the rows and a plain loop', async ({
  page,
  browser,
  shop,
}) => {
  const entry = await shop.entry('scan')
  const reader = [...(await compileReader())]
  await page.goto(shop.page(''))
  const rows: Row[] = []
  const numbers: Record<string, unknown> = {}
  for (const { rows: count, dimensions, rounds } of sizes) {
    const floatRows = Math.min(count, Math.floor(mostFloats / dimensions))
    const setup = { rows: count, dimensions, floatRows, reader }
    const measured = await askWorker<ScanTimes>(page, { entry, setup, question: rounds })
    const name = `${count.toLocaleString('en')} x ${dimensions}`
    rows.push(...table(name, measured, count / floatRows))
    numbers[name] = measured
  }
  publish('scan', rows, numbers, `Chromium ${browser.version()}`)
})

function table(name: string, { chosen, times, recall }: ScanTimes, floatFactor: number): Row[] {
  const of = (contender: string) => median(times[contender] ?? [])
  const others = Object.keys(times).filter((kernel) => ![chosen, 'read', 'plain', 'float32'].includes(kernel))
  const part = floatFactor > 1 ? `, 1/${floatFactor.toFixed(1)} of the rows` : ''
  const againstReading = ratio(times[chosen], times.read)
  const againstPlain = ratio(times.plain, times[chosen]) * floatFactor
  // The targets are for the largest catalogue; smaller ones stay in the processor's caches.
  const isTarget = name === '1,000,000 x 128'
  return [
    { what: `${name}: reading the rows`, value: `${of('read').toFixed(2)} ms` },
    { what: `${name}: ours, int8 (${chosen})`, value: `${of(chosen).toFixed(2)} ms` },
    ...others.map((kernel) => ({
      what: `${name}: ours with ${kernel}`,
      value: `${of(kernel).toFixed(2)} ms`,
    })),
    { what: `${name}: ours, float32${part}`, value: `${of('float32').toFixed(2)} ms` },
    { what: `${name}: plain loop over 32-bit floats${part}`, value: milliseconds(of('plain')) },
    {
      what: `${name}: ours against reading`,
      value: `${againstReading.toFixed(2)}x`,
      ...(isTarget && { target: '<= 1.5x', met: againstReading <= 1.5 }),
    },
    {
      what: `${name}: plain loop against ours`,
      value: `${againstPlain.toFixed(1)}x`,
      ...(isTarget && { target: '>= 20x', met: againstPlain >= 20 }),
    },
    { what: `${name}: recall@10 of int8${part}`, value: recall.int8.toFixed(3) },
    {
      what: `${name}: recall@10 of float32, candidates by int8${part}`,
      value: recall.float32.toFixed(3),
      target: '>= 0.99',
      met: recall.float32 >= 0.99,
    },
  ]
}

/** The median of the ratios of each round: what else the machine does then strikes both. */
function ratio(times: readonly number[] = [], others: readonly number[] = []): number {
  return median(times.map((time, round) => time / (others[round] as number)))
}

/** The limit of every scan: a loop that only reads, 64 bytes at a time. */
async function compileReader(): Promise<Uint8Array> {
  const source = `
    export function read(address: usize, bytes: usize): i32 {
      let a = i32x4.splat(0), b = a, c = a, d = a
      for (const end = address + bytes; address < end; address += 64) {
        a = v128.xor(a, v128.load(address))
        b = v128.xor(b, v128.load(address, 16))
        c = v128.xor(c, v128.load(address, 32))
        d = v128.xor(d, v128.load(address, 48))
      }
      const all = v128.xor(v128.xor(a, b), v128.xor(c, d))
      return i32x4.extract_lane(all, 0) ^ i32x4.extract_lane(all, 1)
    }`
  const { binary, error, stderr } = await asc.compileString(source, {
    optimizeLevel: 3,
    runtime: 'stub',
    noAssert: true,
    importMemory: true,
    enable: ['simd'],
  })
  if (!binary) throw new Error(`the reader does not compile: ${stderr}`, { cause: error })
  return binary
}

test('browser libraries for vector search on the same vectors', async ({ page, browser, shop }) => {
  const entry = await shop.entry('vector-libraries')
  const wasm = { edgevec: '/libraries/edgevec.wasm', voy: '/libraries/voy.wasm' }
  shop.write(wasm.edgevec, readFileSync(`${packages}edgevec/edgevec_bg.wasm`))
  shop.write(wasm.voy, readFileSync(`${packages}voy-search/voy_search_bg.wasm`))
  await page.goto(shop.page(''))
  const absolute = { edgevec: shop.url(wasm.edgevec), voy: shop.url(wasm.voy) }
  const setup = { rows: 10_000, dimensions: 128, wasm: absolute }
  const measured = await askWorker<LibraryResult[]>(page, { entry, setup, question: 50 })
  const table: Row[] = measured.map(({ name, build, queries, recall }) => ({
    what: `10,000 x 128: ${name} ${versionOf(name)}`,
    value: `build ${build.toFixed(0)} ms, query ${median(queries).toFixed(2)} ms, recall@10 ${recall.toFixed(3)}`,
  }))
  publish('scan-libraries', table, measured, `Chromium ${browser.version()}`)
})

function versionOf(name: string): string {
  if (name === 'similar-items') return '(int8)'
  return (JSON.parse(readFileSync(`${packages}${name}/package.json`, 'utf8')) as { version: string }).version
}
