import type { Page } from '@playwright/test'
import type { Answer } from '../../browser/answer-in-turn.js'

/** Starts a benchmark's worker in the page, sets it up, asks it one question and returns the answer. */
export function askWorker<Result>(
  page: Page,
  { entry, setup, question }: { readonly entry: string; readonly setup: object; readonly question: unknown },
): Promise<Result> {
  return page.evaluate(
    async ({ entry, setup, question }) => {
      const worker = new Worker(entry, { type: 'module' })
      const ask = (message: unknown) =>
        new Promise<unknown>((resolve, reject) => {
          worker.onmessage = ({ data }: MessageEvent<Answer>) => {
            if ('error' in data) reject(new Error(`${entry}: ${data.error}`))
            else resolve(data.value)
          }
          worker.onerror = ({ message }) => reject(new Error(message))
          worker.postMessage(message)
        })
      try {
        await ask(setup)
        return (await ask(question)) as Result
      } finally {
        worker.terminate()
      }
    },
    { entry, setup, question },
  )
}
