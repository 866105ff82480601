import { readFileSync } from 'node:fs'
import type { Shop } from '../browser/other-browsers/harness.js'

const worker = readFileSync(new URL('../../dist/worker.js', import.meta.url), 'utf8')

/** Serves the package's worker with something of its browser broken: `breakIt` runs before the worker's own code. */
export function breakWorker(shop: Shop, ...breakIt: readonly (() => void)[]): void {
  const broken = breakIt.map((each) => `(${each})();\n`).join('')
  // The build's imports and its own address have to stay as they are.
  shop.write('/dist/worker.js', broken + worker, { 'content-type': 'text/javascript' })
}

/** For `breakWorker`: the clock by which the worker counts how long it waits runs three times as fast. */
export function hastenClock(): void {
  const { setInterval } = self
  self.setInterval = ((run: () => void, every: number) => setInterval(run, every / 3)) as typeof setInterval
}

/** For `breakWorker`: the same clock hardly runs, so that on a busy machine no tab takes another for silent. */
export function slowClock(): void {
  const { setInterval } = self
  self.setInterval = ((run: () => void, every: number) => setInterval(run, every * 10)) as typeof setInterval
}
