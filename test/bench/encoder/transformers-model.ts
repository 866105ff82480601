import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { modelPath } from '../../browser/engine/engine-page.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** Serves the package's model below `/hf/tiny/`: transformers.js takes the model type of the two-tower model, and its own build of ONNX Runtime. */
export function serveTransformersModel(write: (path: string, body: Uint8Array | string) => void): void {
  const folder = `${root}public${modelPath}`
  const config = JSON.parse(readFileSync(`${folder}config.json`, 'utf8')) as Record<string, unknown>
  write('/hf/tiny/config.json', JSON.stringify({ ...config, model_type: 'siglip' }))
  for (const file of ['preprocessor_config.json', 'onnx/vision_model_quantized.onnx']) {
    write(`/hf/tiny/${file}`, readFileSync(folder + file))
  }
  const runtime = `${root}node_modules/@huggingface/transformers/node_modules/onnxruntime-web/dist/`
  for (const build of ['', '.asyncify', '.jsep', '.jspi']) {
    for (const extension of ['mjs', 'wasm']) {
      const file = `ort-wasm-simd-threaded${build}.${extension}`
      write(`/transformers-ort/${file}`, readFileSync(runtime + file))
    }
  }
}
