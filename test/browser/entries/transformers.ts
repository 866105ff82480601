import { AutoImageProcessor, env, RawImage, SiglipVisionModel } from '@huggingface/transformers'

/**
 * `@huggingface/transformers` in a worker: picture URL in, embedding out, timed end to end.
 * Send `{ models, model, wasm, threads }`, then picture URLs; each answers with milliseconds.
 */
let encode: ((url: string) => Promise<void>) | undefined

addEventListener('message', async ({ data }) => {
  if (!encode) {
    env.allowRemoteModels = false
    env.localModelPath = data.models
    env.useBrowserCache = false
    const wasm = env.backends.onnx.wasm
    if (!wasm) throw new Error('transformers.js has no WASM backend here')
    wasm.wasmPaths = data.wasm
    wasm.numThreads = data.threads
    const processor = await AutoImageProcessor.from_pretrained(data.model)
    const model = await SiglipVisionModel.from_pretrained(data.model, { dtype: 'q8', device: 'wasm' })
    encode = async (url) => {
      const image = await RawImage.read(url)
      await model(await processor(image))
    }
    postMessage('ready')
    return
  }
  const started = performance.now()
  await encode(data)
  postMessage(performance.now() - started)
})
