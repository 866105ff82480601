import { AutoImageProcessor, env, RawImage, SiglipVisionModel } from '@huggingface/transformers'
import { answerInTurn } from '../answer-in-turn.js'

/** What the first message says. */
interface Setup {
  /** Folder of model folders, and the name of one. */
  readonly models: string
  readonly model: string
  /** Folder of the ONNX Runtime that transformers.js brings. */
  readonly runtime: string
  readonly threads: number
}

/**
 * `@huggingface/transformers` in a worker: picture URL in, embedding out. After the setup, every message is the
 * URL of a picture and is answered with the milliseconds from there to the embedding.
 */
answerInTurn(async ({ models, model: name, runtime, threads }: Setup) => {
  env.allowRemoteModels = false
  env.allowLocalModels = true
  env.localModelPath = models
  env.useBrowserCache = false
  const { wasm } = env.backends.onnx
  if (!wasm) throw new Error('transformers.js has no WASM backend here')
  wasm.wasmPaths = runtime
  wasm.numThreads = threads
  const processor = await AutoImageProcessor.from_pretrained(name, {})
  const model = await SiglipVisionModel.from_pretrained(name, { dtype: 'q8', device: 'wasm' })
  return async (url: string) => {
    const started = performance.now()
    const image = await RawImage.read(url)
    await model(await processor(image))
    return performance.now() - started
  }
})
