import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import type { Plugin } from 'vite'
import { defineConfig, type ViteUserConfig } from 'vitest/config'

/**
 * `vite build` makes what a page imports. `--mode encoding` makes what encodes pictures, `--mode worker` the worker, which
 * loads that when the first picture comes, and `--mode heic` the thread of HEIC decoders: builds of their own, so that
 * the worker is one file. What it has in common with the code that encodes is in both: as a chunk beside them it would
 * cost each visit a request between the worker's script and its first message. `--mode node` makes what runs in Node,
 * which imports its packages from where they are installed. Run by `.ci/build.mjs`.
 */
export default defineConfig(({ mode }) => (mode === 'node' ? forNode : forBrowsers(mode)))

const pages: Readonly<Record<string, string>> = {
  index: 'src/index.ts',
  define: 'src/define.ts',
  react: 'src/react.ts',
  instantsearch: 'src/instantsearch/index.ts',
}
const scriptsOfThreads: Readonly<Record<string, Record<string, string>>> = {
  encoding: {
    encoding: 'src/encoder/encoding.ts',
    // Loaded by the worker as well: where that is a thread of the kernel, and for the space of a model that it does not know.
    'open-tower': 'src/encoder/tower/open-tower.ts',
    'model-folder': 'src/encoder/model/model-folder.ts',
  },
  worker: { worker: 'src/worker/main.ts' },
  heic: { 'heic-thread': 'src/encoder/decode/heic/heic-thread.ts' },
}

const forBrowsers = (mode: string): ViteUserConfig => ({
  publicDir: false,
  plugins: [withoutIgnoreMarks(), withoutCssSpace(), withoutRuntimeChunk()],
  define: mode === 'encoding' ? { RUNTIME_SHA256: JSON.stringify(runtimeHashes()) } : {},
  resolve: { conditions: ['onnxruntime-web-use-extern-wasm', 'module', 'browser', 'import', 'default'] },
  build: {
    target: 'es2022',
    outDir: 'dist',
    emptyOutDir: false,
    minify: true,
    // A library's: its dynamic imports are the browser's own, without Vite's code for preloading around them.
    lib: {
      entry: scriptsOfThreads[mode] ?? pages,
      formats: ['es'],
    },
    rolldownOptions: {
      // The code that encodes imports what reads models as it is: a script that only names it would be another request.
      preserveEntrySignatures: mode === 'encoding' ? 'allow-extension' : 'strict',
      external: ['react', ...(mode === 'worker' ? [builtBefore] : [])],
      // All in one folder: the scripts find the worker and ONNX Runtime beside themselves.
      output: {
        entryFileNames: mode === 'encoding' || mode === 'heic' ? '[name]-[hash].js' : '[name].js',
        chunkFileNames: '[name]-[hash].js',
        ...(mode === 'worker' && { paths: besideWorker }),
        minify: true,
        banner: clientMark,
        ...(!(mode in scriptsOfThreads) && { codeSplitting: { groups: chunksOfPages } }),
      },
    },
  },
  // A busy machine is no failure: the limit is there for what hangs.
  // Vitest leaves one processor free, which halves the speed where there are two.
  test: { include: ['test/unit/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000, maxWorkers: '100%' },
})

/**
 * What an element and the engine share is one chunk, and the engine's own code another, which `define.js` loads when it
 * is needed: a chunk that imports a third costs every visit another request before the worker can start.
 */
const chunksOfPages = [
  {
    name: 'common',
    test: /src\/(errors|abortable|code-loader|query-id|settle-within|engine\/(page-moments|assets-path|packaged-worker)|catalog\/plain-items)\.ts$/,
    priority: 1,
  },
  {
    name: 'engine',
    test: /src\/(engine\/(?!cells\/|endpoint|remote-search)|element\/question\/(item|ranked)-lists|start-script|trusted-types)|\/comlink\//,
  },
]

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

/** What is built when the worker is. */
const builtBefore = /\/(encoding|open-tower|model-folder|heic-thread)\.js$/

/** Where the worker finds that. */
function besideWorker(id: string): string {
  const [, entry] = builtBefore.exec(id) ?? []
  const file = entry && readdirSync('dist').find((name) => name.startsWith(`${entry}-`))
  return file ? `./${file}` : id
}

/** Style sheets stand in template literals, whose spaces minifiers keep. None of ours has a text with such signs. */
function withoutCssSpace(): Plugin {
  return {
    name: 'without-css-space',
    enforce: 'pre',
    transform(code) {
      return code.replace(/(?<=\/\* css \*\/ `)[^`]*/g, (css) => {
        return css
          .replace(/\/\*.*?\*\//gs, '')
          .replace(/\s+/g, ' ')
          .replace(/ ?([{};,>]) ?|(?<=:) /g, '$1')
          .replace(/;(?=})|(?<![\w.])0(?=\.\d)/g, '')
          .trim()
      })
    },
  }
}

/** The bundler's helper for namespaces is not worth a request: it goes into the chunks that use it. */
function withoutRuntimeChunk(): Plugin {
  return {
    name: 'without-runtime-chunk',
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((output) => output.type === 'chunk')
      const runtime = chunks.find(({ name }) => name === 'rolldown-runtime')
      const [, code, helper] = /^(.*)export\{(\w+)\};\s*$/s.exec(runtime?.code ?? '') ?? []
      if (!runtime || !code) return
      for (const chunk of chunks) {
        const uses = new RegExp(`import\\{${helper} as (\\w+)\\}from"./${runtime.fileName}";`)
        chunk.code = chunk.code.replace(uses, `const $1=(()=>{${code}return ${helper}})();`)
      }
      delete bundle[runtime.fileName]
    },
  }
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
