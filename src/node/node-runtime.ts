import type { InferenceRuntime } from '../encoder/inference-runtime.js'
import { loadOptional } from './optional-package.js'

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
        async run({ input, data, shape }, output) {
          const results = await session.run({ [input]: new Tensor('float32', data, shape) }, [output])
          return Float32Array.from(results[output]?.data as Float32Array)
        },
        close: () => session.release(),
      }
    },
  }
}
