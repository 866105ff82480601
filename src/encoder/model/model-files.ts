import type { BackendName } from '../../types.js'
import type { Compute } from '../self-check.js'
import type { ModelFolder } from './model-folder.js'

/** Which weights to use: by file suffix, or `auto` for the best the backend can be trusted with. */
export type Precision = 'auto' | 'int8' | 'fp16' | 'fp32'

/** One weights file that a backend may try. */
export interface ModelFile {
  readonly url: string
  readonly compute: Compute
  /** As stated by the folder; undefined where it states nothing. */
  readonly sha256: string | undefined
  readonly bytes: number | undefined
}

/**
 * The files of `folder` for `backend`, best first. The kernel takes 7-bit weights, which only a list of files
 * names. WASM prefers 8-bit weights. WebGPU never gets them, since builds of ONNX Runtime have computed them wrongly
 * there without an error; it gets fp16 arithmetic only where the adapter has `shader-f16`.
 */
export function modelFilesFor(
  folder: ModelFolder,
  backend: BackendName,
  precision: Precision,
  hasShaderF16: boolean,
): ModelFile[] {
  const preference = computePreference(backend, hasShaderF16)
  return listFiles(folder)
    .filter(({ name, compute }) => {
      return preference.includes(compute) && (precision === 'auto' || precisionOf(name) === precision)
    })
    .sort((a, b) => preference.indexOf(a.compute) - preference.indexOf(b.compute))
    .map(({ name, compute, sha256, bytes }) => ({
      url: folder.fileUrl(`onnx/${name}`),
      compute,
      sha256,
      bytes,
    }))
}

function computePreference(backend: BackendName, hasShaderF16: boolean): readonly Compute[] {
  if (backend === 'kernel') return ['int7']
  if (backend === 'wasm') return ['int8', 'fp32', 'fp16']
  return hasShaderF16 ? ['fp16', 'fp32'] : ['fp32']
}

interface ListedFile {
  readonly name: string
  readonly compute: Compute
  readonly sha256?: string
  readonly bytes?: number
}

/** What the folder states, or, since HTTP cannot list a folder, the names that exports use. */
function listFiles(folder: ModelFolder): ListedFile[] {
  const stated = folder.selfCheck?.files
  if (stated?.size) return Array.from(stated, ([name, file]) => ({ name, ...file }))
  return suffixes.flatMap(({ suffix, precision }) =>
    ['vision_model', 'model'].map((base) => ({ name: `${base}${suffix}.onnx`, compute: precision })),
  )
}

const suffixes = [
  { suffix: '_quantized', precision: 'int8' },
  { suffix: '_int8', precision: 'int8' },
  { suffix: '_uint8', precision: 'int8' },
  { suffix: '_fp16', precision: 'fp16' },
  { suffix: '', precision: 'fp32' },
] as const

/** What the suffix of a weights file says of it. `int7` cannot be asked for: it is what the kernel takes. */
export function precisionOf(name: string): Exclude<Precision, 'auto'> | 'int7' {
  if (name.endsWith('.safetensors')) return 'int7'
  const stem = name.replace(/\.onnx$/, '')
  return suffixes.find(({ suffix }) => suffix !== '' && stem.endsWith(suffix))?.precision ?? 'fp32'
}
