import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Plugin } from 'vite'
import { defineConfig, type ViteUserConfig } from 'vitest/config'

/**
 * `vite build` makes what a page imports, `vite build --mode worker` the worker and `vite build --mode heic` the thread of
 * HEIC decoders: builds of their own, so that the worker
 * is one file plus what it loads on first need. `vite build --mode node` makes what runs in Node,
 * which imports its packages from where they are installed. Run by `.ci/build.mjs`.
 */
export default defineConfig(({ mode }) => (mode === 'node' ? forNode : forBrowsers(mode)))

const entries: Readonly<Record<string, Record<string, string>>> & { readonly pages: Record<string, string> } =
  {
    pages: {
      index: 'src/index.ts',
      define: 'src/define.ts',
      react: 'src/react.ts',
      instantsearch: 'src/instantsearch/index.ts',
    },
    worker: { worker: 'src/worker/main.ts' },
    heic: { 'heic-worker': 'src/encoder/heic/thread.ts' },
  }

const forBrowsers = (mode: string): ViteUserConfig => ({
  publicDir: false,
  plugins: [withoutIgnoreMarks()],
  define: mode === 'worker' ? { RUNTIME_SHA256: JSON.stringify(runtimeHashes()) } : {},
  resolve: { conditions: ['onnxruntime-web-use-extern-wasm', 'module', 'browser', 'import', 'default'] },
  build: {
    target: 'es2022',
    outDir: 'dist',
    emptyOutDir: false,
    minify: true,
    // A library's: its dynamic imports are the browser's own, without Vite's code for preloading around them.
    lib: {
      entry: entries[mode] ?? entries.pages,
      formats: ['es'],
    },
    rolldownOptions: {
      preserveEntrySignatures: 'strict',
      external: ['react'],
      // All in one folder: the scripts find the worker and ONNX Runtime beside themselves.
      output: {
        entryFileNames: '[name].js',
        chunkFileNames: '[name]-[hash].js',
        minify: true,
        banner: clientMark,
      },
    },
  },
  // A busy machine is no failure: the limit is there for what hangs.
  // Vitest leaves one processor free, which halves the speed where there are two.
  test: { include: ['test/unit/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000, maxWorkers: '100%' },
})

const forNode: ViteUserConfig = {
  publicDir: false,
  build: {
    ssr: true,
    target: 'node20',
    outDir: 'dist/node',
    emptyOutDir: false,
    rolldownOptions: {
      input: {
        index: 'src/node/index.ts',
        server: 'src/engines/index.ts',
        conformance: 'src/engines/conformance/index.ts',
        cli: 'src/node/cli.ts',
        'encode-worker': 'src/node/encoder/encode-worker.ts',
      },
      // All in one folder: an encoder finds the script of its threads beside itself.
      output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
}

/** Frameworks that render React on the server need to be told that a component works in the browser. */
function clientMark({ name }: { readonly name: string }): string {
  return name === 'react' ? "'use client'" : ''
}

/** Of ONNX Runtime's binaries: what a page downloads is compared with them. */
function runtimeHashes() {
  const hash = (name: string) => {
    const file = new URL(`node_modules/onnxruntime-web/dist/${name}.wasm`, import.meta.url)
    return createHash('sha256').update(readFileSync(file)).digest('hex')
  }
  return { wasm: hash('ort-wasm-simd-threaded'), jspi: hash('ort-wasm-simd-threaded.jspi') }
}

/**
 * The marks tell our Vite to leave the URLs of worker and ONNX Runtime alone, which exist beside the built scripts
 * only. In what is published they would tell the bundlers of shops the same, which have to follow these URLs.
 */
function withoutIgnoreMarks(): Plugin {
  return {
    name: 'without-ignore-marks',
    generateBundle(_, bundle) {
      for (const output of Object.values(bundle)) {
        if (output.type === 'chunk')
          output.code = output.code.replace(/\s*\/\* @vite-ignore \*\/\s*(?=[`'"])/g, '')
      }
    },
  }
}
