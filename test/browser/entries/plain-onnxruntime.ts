import * as ort from 'onnxruntime-web/wasm'

/**
 * The yardstick of the benchmarks, as a worker: onnxruntime-web alone on the same weights, without anything of
 * this package. Send `{ model, glue, threads, size }`, then one message per run; each answers with milliseconds.
 */
let session: ort.InferenceSession | undefined
let pixelValues: Float32Array

addEventListener('message', async ({ data }) => {
  if (!session) {
    ort.env.logLevel = 'error'
    ort.env.wasm.numThreads = data.threads
    ort.env.wasm.wasmPaths = data.glue
    session = await ort.InferenceSession.create(data.model, { executionProviders: ['wasm'] })
    pixelValues = Float32Array.from({ length: 3 * data.size * data.size }, (_, index) => Math.sin(index))
    postMessage('ready')
    return
  }
  const [, , size] = [1, 3, Math.sqrt(pixelValues.length / 3)]
  const started = performance.now()
  const input = new ort.Tensor('float32', pixelValues, [1, 3, size as number, size as number])
  await session.run({ pixel_values: input }, ['pooler_output'])
  postMessage(performance.now() - started)
})
