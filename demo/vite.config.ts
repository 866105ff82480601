import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'
import { catalogueComparison } from './data/compare-catalogue.js'
import { measuredFile } from './data/measured.js'
import { objectCatalogue } from './data/objects.js'
import { photoCatalogue } from './data/photos.js'
import { DATABASE_MODE, shopDatabase } from './database/plugin.js'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/**
 * A static site that works under any path of any host: every address in it is relative. In the mode `database` its pages
 * may ask the server that shows them; they lie elsewhere, so that nobody publishes them without that server.
 */
export default defineConfig(({ mode }) => ({
  root: here('.'),
  base: './',
  publicDir: false,
  plugins: [shopData(), builtPackage(), mode === DATABASE_MODE && shopDatabase()],
  build: {
    outDir: here(mode === DATABASE_MODE ? '../.cache/demo/site' : '../dist-demo'),
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: false,
    reportCompressedSize: false,
    // Making the pictures takes nearly all of the time, and should.
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  preview: {
    // With these two headers a page is cross-origin isolated, and the encoder may use threads.
    headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
  },
}))

/** Both catalogues, made from npm packages while building, and what was measured on them. */
function shopData(): Plugin {
  return {
    name: 'shop-data',
    async generateBundle() {
      const [photos, objects] = await Promise.all([photoCatalogue(), objectCatalogue()])
      const files = [
        ...photos,
        ...objects,
        // One after the other: each takes all cores.
        await catalogueComparison('photos', photos),
        await catalogueComparison('objects', objects),
        await measuredFile(),
      ]
      for (const { path, content } of files) this.emitFile({ type: 'asset', fileName: path, source: content })
    },
  }
}

/** The package as a shop would deploy it: its `dist` folder copied beside the pages, loaded by a script tag. */
function builtPackage(): Plugin {
  return {
    name: 'built-package',
    async writeBundle({ dir = '' }) {
      await cp(here('../dist'), join(dir, 'similar-items'), {
        recursive: true,
        filter: (path) => !path.endsWith('.d.ts'),
      })
    },
  }
}
