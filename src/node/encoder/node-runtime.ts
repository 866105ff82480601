import type { InferenceRuntime, OutputsOf } from '../../encoder/runtime/inference-runtime.js'
import { loadOptional } from '../optional-package.js'

/** onnxruntime-node on `threads` threads of the processor. @throws SimilarItemsError `package-missing`. */
export async function openRuntime(threads: number): Promise<InferenceRuntime> {
  const { InferenceSession, Tensor } = await loadOptional('onnxruntime-node')
  return {
    backend: 'wasm',
    threads,
    async createSession(model) {
      const session = await InferenceSession.create(model, { intraOpNumThreads: threads })
      return {
        inputNames: session.inputNames,
        outputNames: session.outputNames,
        async run({ input, data, shape }, outputs) {
          const results = await session.run({ [input]: new Tensor('float32', data, shape) }, outputs)
          const values = outputs.map((name) => Float32Array.from(results[name]?.data as Float32Array))
          return values as OutputsOf<typeof outputs>
        },
        close: () => session.release(),
      }
    },
  }
}
