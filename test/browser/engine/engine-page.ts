import type { Page } from '@playwright/test'
import type * as Package from '../../../src/index.js'
import type { EngineOptions } from '../../../src/index.js'

declare global {
  interface Window {
    /** The package as the page has it. */
    similarItems: typeof Package
    engine: Package.SimilarityEngine
  }
}

export const modelPath = '/models/siglip-tiny-patch16-224/'

/** Options that can be sent to a page. */
export type SendableOptions = Pick<
  EngineOptions,
  'backend' | 'precision' | 'threads' | 'format' | 'storage' | 'assets' | 'storeName' | 'asksAtOnce'
> & { catalog?: string | unknown[]; model?: string; projection?: string; heicDecoder?: string }

/** Imports the built package into the page. */
export async function loadPackage(page: Page, script = '/dist/index.js'): Promise<void> {
  await page.evaluate(async (url) => {
    window.similarItems = (await import(url)) as typeof Package
  }, script)
}

/**
 * Opens an engine in the page, as `window.engine`. Without a backend the package's model runs on the kernel, which
 * starts in a tenth of ONNX Runtime's time.
 */
export async function openEngine(page: Page, options: SendableOptions = {}): Promise<void> {
  await loadPackage(page)
  const defaults = { catalog: '/catalog.json', model: modelPath }
  await page.evaluate(
    async (given) => {
      window.engine = await window.similarItems.SimilarityEngine.open(given)
    },
    { ...defaults, ...options },
  )
}

/** What a call that must fail failed with. */
export interface Failure {
  readonly name: string
  readonly code: string | undefined
  readonly message: string
}
