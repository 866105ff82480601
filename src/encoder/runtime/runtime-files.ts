import { runtimeHashes } from './runtime-hashes.js'
import type { RuntimeOptions } from './runtime-options.js'

/** Where the files of one build of ONNX Runtime are. */
export interface RuntimeFiles {
  readonly script: URL
  readonly glue: URL
  readonly binary: URL
  /** Of the binary, where it is known. */
  readonly sha256: string | undefined
}

/** Those of the plain build, beside this script or in the folder that the page names. */
// Bundlers copy what they find in exactly this form.
export function wasmFiles({ assets }: Pick<RuntimeOptions, 'assets'>): RuntimeFiles {
  if (assets !== null)
    return filesIn(assets, runtimeHashes?.wasm, 'ort.wasm.min.mjs', 'ort-wasm-simd-threaded')
  return {
    sha256: runtimeHashes?.wasm,
    script: new URL(/* @vite-ignore */ './ort.wasm.min.mjs', import.meta.url),
    glue: new URL(/* @vite-ignore */ './ort-wasm-simd-threaded.mjs', import.meta.url),
    binary: new URL(/* @vite-ignore */ './ort-wasm-simd-threaded.wasm', import.meta.url),
  }
}

/** Those of the build that computes on the GPU, in the same place. */
export function webGpuFiles({ assets }: Pick<RuntimeOptions, 'assets'>): RuntimeFiles {
  if (assets !== null)
    return filesIn(assets, runtimeHashes?.jspi, 'ort.jspi.min.mjs', 'ort-wasm-simd-threaded.jspi')
  return {
    sha256: runtimeHashes?.jspi,
    script: new URL(/* @vite-ignore */ './ort.jspi.min.mjs', import.meta.url),
    glue: new URL(/* @vite-ignore */ './ort-wasm-simd-threaded.jspi.mjs', import.meta.url),
    binary: new URL(/* @vite-ignore */ './ort-wasm-simd-threaded.jspi.wasm', import.meta.url),
  }
}

function filesIn(folder: string, sha256: string | undefined, script: string, build: string): RuntimeFiles {
  return {
    sha256,
    script: new URL(script, folder),
    glue: new URL(`${build}.mjs`, folder),
    binary: new URL(`${build}.wasm`, folder),
  }
}

/** What to do where one of them is missing. */
export const copyHint =
  "Serve the package's files together: run `similar-items copy` and name their folder with setAssetsPath, or in the " +
  'attribute `assets`.'
