import type * as Package from '../../../src/index.js'
import { modelPath, type SendableOptions } from '../engine/engine-page.js'
import type { Tab } from './browser.js'

/**
 * Opens an engine of the built package in the page, as `window.engine`: the package's model on the kernel, which starts
 * in a tenth of ONNX Runtime's time, others in WASM.
 */
export async function openEngine(tab: Tab, options: SendableOptions = {}): Promise<void> {
  const backend = options.model ? 'wasm' : 'auto'
  const defaults = { catalog: '/catalog.json', model: modelPath, backend } as const
  await tab.evaluate(
    async (given) => {
      window.similarItems = (await import('/dist/index.js' as string)) as typeof Package
      window.engine = await window.similarItems.SimilarityEngine.open(given)
    },
    { ...defaults, ...options },
  )
}

/** A question to `window.engine`, as plain data. */
export function similarTo(tab: Tab, id: string) {
  return tab.evaluate(async (id) => {
    const { hits, ranked, complete } = await window.engine.similarTo(id, { limit: 5 })
    return { hits: hits.map(({ product, score }) => ({ id: product.id, score })), ranked, complete }
  }, id)
}
