import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const entries = fileURLToPath(new URL('entries', import.meta.url))

/**
 * Where built entries are kept; the test server serves it as `/entries`. Test processes that run side by side have a
 * folder each.
 */
export const builtEntries = fileURLToPath(
  new URL(`../../.cache/browser-entries/${process.env.TEST_PARALLEL_INDEX ?? 0}`, import.meta.url),
)

const built = new Map<string, Promise<void>>()

/**
 * Bundles `entries/<name>.ts`, which may import any module of `src`, for use in a page: once per test process.
 * The page imports it from `/entries/<name>/index.js` and gets its exports.
 *
 * @throws {Error} when there is no such entry or it does not build.
 */
export function buildEntry(name: string): Promise<void> {
  const known = built.get(name)
  if (known !== undefined) return known
  const source = join(entries, `${name}.ts`)
  if (!existsSync(source)) throw new Error(`test/browser/entries/${name}.ts does not exist`)
  const building = bundle(name, source)
  built.set(name, building)
  return building
}

async function bundle(name: string, source: string): Promise<void> {
  await build({
    configFile: false,
    root: entries,
    logLevel: 'warn',
    base: `/entries/${name}/`,
    publicDir: false,
    resolve: {
      conditions: ['onnxruntime-web-use-extern-wasm', 'module', 'browser', 'development|production'],
    },
    worker: { format: 'es' },
    build: {
      target: 'es2022',
      outDir: join(builtEntries, name),
      emptyOutDir: true,
      minify: false,
      assetsInlineLimit: 0,
      modulePreload: false,
      rolldownOptions: {
        input: source,
        preserveEntrySignatures: 'strict',
        output: {
          entryFileNames: 'index.js',
          chunkFileNames: '[name].js',
          assetFileNames: '[name][extname]',
        },
      },
    },
  })
}
