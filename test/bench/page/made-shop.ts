import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { loadModelFolder } from '../../../src/encoder/model/model-folder.js'
import { writeCatalog } from '../../../src/node/indexing/write-catalog.js'
import type { Product } from '../../../src/types.js'
import { encodeVectors } from '../../../src/vectors/encoded-vectors.js'
import type { Pack } from '../../../src/vectors/pack.js'
import { modelPath } from '../../browser/engine/engine-page.js'
import type { Shop } from '../../browser/harness.js'
import { ClusteredVectors } from '../vectors/clustered-vectors.js'
import { visitMeasured } from './floor.js'

/** Serves `/catalog.json` of so many made products, with its pack, in the space of the shipped model. */
export async function servePack(shop: Shop, count: number): Promise<{ items: Product[]; pack: Pack }> {
  const { space } = await loadModelFolder(shop.url(modelPath))
  if (!space) throw new Error('the shipped model has a self-check')
  const items = Array.from({ length: count }, (_, index) => ({
    id: `sku-${String(index).padStart(5, '0')}`,
    title: `Product number ${index}`,
    link: `/p/${index}`,
    image_link: `/img/${index}.jpg`,
    price: '19.90 EUR',
  }))
  const source = new ClusteredVectors(space.dimensions)
  const vectors = encodeVectors(
    items.map(() => source.next()),
    space.dimensions,
    'int8',
  )
  const entries = items.map(({ id, image_link }) => ({ id, contentKey: image_link }))
  const pack = { space, entries, vectors }
  const out = mkdtempSync(join(tmpdir(), 'similar-items-pack-'))
  await writeCatalog(out, { items, pack, projection: null, unusable: [] })
  for (const name of readdirSync(out)) shop.write(`/${name}`, readFileSync(join(out, name)))
  rmSync(out, { recursive: true })
  // The cards' pictures are no matter here.
  shop.allowErrors('/img/')
  return { items, pack }
}

/** A page with one element in it that notes when it was upgraded, and when it had results. */
export function timedPage(shop: Shop, attributes: string): string {
  return shop.page(`
    <script type="module">
      addEventListener('si-results', ({ timeStamp }) => {
        window.results = timeStamp
        fetch('/measured')
      }, { once: true })
      await customElements.whenDefined('similar-items')
      window.upgraded = performance.now()
    </script>
    <script type="module" src="/dist/define.js"></script>
    <similar-items ${attributes} item="sku-00001" loading="eager"></similar-items>`)
}

/** Milliseconds from the upgrade of the element to its results. */
export async function visit(page: Page, shop: Shop, url: string): Promise<number> {
  await visitMeasured(page, shop, url)
  return page.evaluate(() => {
    const { results, upgraded } = window as unknown as { results: number; upgraded: number }
    return results - upgraded
  })
}
