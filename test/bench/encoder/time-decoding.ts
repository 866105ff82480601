import type { Page } from '@playwright/test'

/** Milliseconds of every round: decoding alone, and decoding with the exact resize. */
export interface DecodingTimes {
  readonly decodeOnly: number[]
  readonly decodeAndResize: number[]
}

/** Times a picture at `url` in a worker of its own, which runs the built entry `decode-and-resize`. */
export function timeDecoding(page: Page, entry: string, url: string, rounds: number): Promise<DecodingTimes> {
  return page.evaluate(
    async ({ entry, url, rounds }) => {
      const picture = await (await fetch(url)).blob()
      const worker = new Worker(entry, { type: 'module' })
      const result = await new Promise<DecodingTimes>((resolve, reject) => {
        worker.onmessage = ({ data }) => resolve(data)
        worker.onerror = ({ message }) => reject(new Error(message))
        worker.postMessage({ picture, rounds })
      })
      worker.terminate()
      return result
    },
    { entry, url, rounds },
  )
}
