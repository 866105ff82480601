import { seededRandom } from '../../src/measure/statistics/seeded-random.js'
import type { Fault } from '../browser/server.js'

/** One thing that happens in a round. A seed decides on all of them before the round begins. */
export type Step =
  | { readonly do: 'fault'; readonly path: string; readonly fault: Fault; readonly times: number }
  | { readonly do: 'mend' }
  | { readonly do: 'ask'; readonly product: number; readonly abortAfter: number | null }
  | { readonly do: 'search'; readonly photo: number }
  | { readonly do: 'change the element'; readonly product: number }
  | { readonly do: 'wait'; readonly milliseconds: number }
  | { readonly do: (typeof plainSteps)[number] }

const plainSteps = [
  'sync',
  'prepare',
  'clear',
  'kill the worker',
  'clear site data',
  'delete the database',
  'go offline',
  'come back online',
  'reload the page',
  'move the element',
  'remove the element',
] as const

/** Where a server fails. Feeds and pictures have no hash, so a flipped bit in them is another feed, another picture. */
const places = [
  { path: '/catalog.json', hasHash: false },
  { path: '/dist/worker.js', hasHash: false },
  { path: '/dist/ort-wasm-simd-threaded.mjs', hasHash: false },
  { path: '/dist/ort-wasm-simd-threaded.wasm', hasHash: true },
  { path: 'self-check.json', hasHash: false },
  { path: 'config.json', hasHash: false },
  { path: '.onnx', hasHash: true },
  { path: '.safetensors', hasHash: true },
  { path: '/photos/', hasHash: false },
  { path: '/photos/', hasHash: false },
] as const

/** The steps of a round; the same seed gives the same ones. */
export function script(seed: number, products: number): readonly Step[] {
  const random = seededRandom(seed)
  const pick = <T>(values: readonly T[]): T => values[random.below(values.length)] as T
  const fault = (): Step => {
    const { path, hasHash } = pick(places)
    const faults: Fault[] = [
      { kind: 'status', status: pick([500, 503, 404]) },
      { kind: 'html' },
      { kind: 'truncate', after: random.below(3000) },
      { kind: 'hang', after: random.below(3000) },
      { kind: 'delay', milliseconds: random.below(2000) },
    ]
    if (hasHash) faults.push({ kind: 'corrupt', at: random.below(3000) })
    return { do: 'fault', path, fault: pick(faults), times: pick([1, 2, 5, 100]) }
  }
  const step = (): Step => {
    const dice = random.next()
    if (dice < 0.25) return fault()
    if (dice < 0.3) return { do: 'mend' }
    if (dice < 0.55) {
      const abortAfter = random.next() < 0.3 ? random.below(1500) : null
      return { do: 'ask', product: random.below(products), abortAfter }
    }
    if (dice < 0.63) return { do: 'search', photo: random.below(products) }
    if (dice < 0.75) return { do: 'wait', milliseconds: random.below(1200) }
    if (dice < 0.8) return { do: 'change the element', product: random.below(products) }
    return { do: pick(plainSteps) }
  }
  return Array.from({ length: 8 + random.below(8) }, step)
}
