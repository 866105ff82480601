import { readFileSync } from 'node:fs'
import type { Shop } from '../browser/other-browsers/harness.js'

const worker = readFileSync(new URL('../../dist/worker.js', import.meta.url), 'utf8')

/** Serves the package's worker with something of its browser broken: `breakIt` runs before the worker's own code. */
export function breakWorker(shop: Shop, breakIt: () => void): void {
  // The build's imports and its own address have to stay as they are.
  shop.write('/dist/worker.js', `(${breakIt})();\n${worker}`, { 'content-type': 'text/javascript' })
}
