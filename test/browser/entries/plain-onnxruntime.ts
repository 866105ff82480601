import * as ort from 'onnxruntime-web/wasm'
import { answerInTurn } from '../answer-in-turn.js'

/** What the first message says. */
interface Setup {
  readonly model: Uint8Array
  /** Folder of ONNX Runtime's files. */
  readonly runtime: string
  readonly threads: number
  /** Width and height of the model's input. */
  readonly size: number
}

/**
 * The yardstick of the benchmarks, as a worker: onnxruntime-web alone on the same weights, without anything of
 * this package. After the setup, every message is one run and is answered with its milliseconds.
 */
answerInTurn(async ({ model, runtime, threads, size }: Setup) => {
  ort.env.logLevel = 'error'
  ort.env.wasm.numThreads = threads
  ort.env.wasm.wasmPaths = runtime
  const session = await ort.InferenceSession.create(model, { executionProviders: ['wasm'] })
  const pixelValues = Float32Array.from({ length: 3 * size * size }, (_, index) => Math.sin(index))
  return async () => {
    const started = performance.now()
    const input = new ort.Tensor('float32', pixelValues, [1, 3, size, size])
    await session.run({ pixel_values: input }, ['pooler_output'])
    return performance.now() - started
  }
})
