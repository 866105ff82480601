import type { Page } from '@playwright/test'
import type { Shop } from '../browser/harness.js'

/** What a page has to do at least: everything in a worker, which then says so. */
const works = {
  /** Reads all that the package has stored. */
  storedBytes: `
    const opening = indexedDB.open('similar-items')
    opening.onsuccess = () => {
      const names = [...opening.result.objectStoreNames]
      const transaction = opening.result.transaction(names)
      const reads = names.map((name) => transaction.objectStore(name).getAll())
      transaction.oncomplete = () => postMessage(reads.reduce((sum, { result }) => sum + result.length, 0))
    }`,
  /** Fetches a catalogue and its pack, and parses the catalogue. */
  fetchedPack: `
    const catalog = await (await fetch('/catalog.json')).json()
    const pack = await (await fetch(new URL(catalog.pack.url, location.origin))).arrayBuffer()
    postMessage(pack.byteLength && catalog.items.length)`,
} as const

/** Serves a bare page that does nothing else. Returns its address. */
export function serveFloor(shop: Shop, name: keyof typeof works): string {
  shop.write(`/floor/${name}.js`, works[name], { 'content-type': 'text/javascript' })
  return shop.page(`
    <script type="module">
      const started = performance.now()
      const worker = new Worker('/floor/${name}.js', { type: 'module' })
      worker.onmessage = ({ data, timeStamp }) => { window.floor = { took: timeStamp - started, read: data } }
      worker.onerror = ({ message }) => { window.floor = { took: NaN, read: 0, message } }
    </script>`)
}

/** Opens such a page. Returns the milliseconds from its script to the answer of its worker. */
export async function visitFloor(page: Page, url: string): Promise<number> {
  await page.goto(url)
  // A page that is asked too often has less time for what is measured.
  const floor = await page.waitForFunction(
    () => (window as unknown as { floor?: { took: number; read: number; message?: string } }).floor,
    undefined,
    { timeout: 60_000, polling: 100 },
  )
  const { took, read, message } = (await floor.jsonValue()) as {
    took: number
    read: number
    message?: string
  }
  if (!(read > 0)) throw new Error(`The floor read nothing. ${message ?? ''}`)
  return took
}
