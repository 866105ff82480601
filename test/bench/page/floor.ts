import type { Page } from '@playwright/test'
import { expect, type Shop } from '../../browser/harness.js'

/** What a page has to do at least: everything in a worker, which then says so. */
const works = {
  /** Reads all that the package has stored, but lists that it has kept. */
  storedBytes: `
    const opening = indexedDB.open('similar-items')
    opening.onsuccess = () => {
      const names = [...opening.result.objectStoreNames].filter((name) => name !== 'answers')
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
      const tell = (floor) => { window.floor = floor; fetch('/measured') }
      worker.onmessage = ({ data, timeStamp }) => tell({ took: timeStamp - started, read: data })
      worker.onerror = ({ message }) => tell({ took: NaN, read: 0, message })
    </script>`)
}

/** Opens such a page. Returns the milliseconds from its script to the answer of its worker. */
export async function visitFloor(page: Page, shop: Shop, url: string): Promise<number> {
  await visitMeasured(page, shop, url)
  const { took, read, message } = await page.evaluate(
    () => (window as unknown as { floor: { took: number; read: number; message?: string } }).floor,
  )
  if (!(read > 0)) throw new Error(`The floor read nothing. ${message ?? ''}`)
  return took
}

/**
 * Opens a page and waits until it has fetched `/measured`. It tells so by itself: a script that asks it, Playwright's too,
 * takes its thread as long as what is measured.
 */
export async function visitMeasured(page: Page, shop: Shop, url: string): Promise<void> {
  shop.write('/measured', '')
  shop.clearLog()
  await page.goto(url)
  await expect.poll(() => shop.requests('/measured').length, { timeout: 120_000 }).toBe(1)
}
