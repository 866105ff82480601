import type { Page } from '@playwright/test'
import type { Answer } from '../../browser/answer-in-turn.js'
import { modelPath } from '../../browser/engine/engine-page.js'
import type { Shop } from '../../browser/harness.js'
import { serveTransformersModel } from './transformers-model.js'

declare global {
  interface Window {
    /** Starts what we are compared with, on the same model; each call of what it resolves with is one photo. */
    rivals: {
      /** Resolves with the milliseconds of one inference. */
      plain(): Promise<() => Promise<number>>
      /** Resolves with the milliseconds from the address of a photo to its features. */
      transformers(): Promise<(photo: string) => Promise<number>>
    }
  }
}

/** Puts plain onnxruntime-web and transformers.js into the page, each in a worker of its own with one thread. */
export async function loadRivals(page: Page, shop: Shop): Promise<void> {
  serveTransformersModel((path, body) => shop.write(path, body))
  const entries = {
    plain: await shop.entry('plain-onnxruntime'),
    transformers: await shop.entry('transformers'),
  }
  await page.evaluate(
    ({ entries, modelPath }) => {
      const start = async (entry: string, setup: unknown) => {
        const worker = new Worker(entry, { type: 'module' })
        const ask = (question: unknown) =>
          new Promise<number>((resolve, reject) => {
            worker.onmessage = ({ data }: MessageEvent<Answer>) => {
              if ('error' in data) reject(new Error(`${entry}: ${data.error}`))
              else resolve(data.value as number)
            }
            worker.onerror = ({ message }) => reject(new Error(message))
            worker.postMessage(question)
          })
        await ask(setup)
        return ask
      }
      window.rivals = {
        async plain() {
          const weights = await fetch(`${modelPath}onnx/vision_model_quantized.onnx`)
          const model = new Uint8Array(await weights.arrayBuffer())
          const runtime = `${location.origin}/ort/`
          const ask = await start(entries.plain, { model, runtime, threads: 1, size: 224 })
          return () => ask(0)
        },
        async transformers() {
          const models = `${location.origin}/hf/`
          const runtime = `${location.origin}/transformers-ort/`
          return start(entries.transformers, { models, model: 'tiny', runtime, threads: 1 })
        },
      }
    },
    { entries, modelPath },
  )
}
