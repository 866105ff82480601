import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { PixelSource } from '../../../src/encoder/decode/pixels.js'
import { toPixelValues } from '../../../src/encoder/resample/pixel-values.js'
import { Resampler } from '../../../src/encoder/resample/resample.js'
import type { CropBox } from '../../../src/types.js'
import { normalize } from '../../../src/vectors/normalize.js'
import { shippedModel } from './quality-vectors.js'

/** What the shipped model takes. */
export const inputSize = { width: 224, height: 224 }
const half = [0.5, 0.5, 0.5]

/** The encoder with what a box is proposed from. */
export class BoxEncoder {
  readonly #session: InferenceSession
  readonly #resampler: Resampler

  private constructor(session: InferenceSession, resampler: Resampler) {
    this.#session = session
    this.#resampler = resampler
  }

  static async open(): Promise<BoxEncoder> {
    const weights = `${shippedModel}onnx/vision_model_quantized.onnx`
    const session = await InferenceSession.create(weights, { intraOpNumThreads: 1 })
    return new BoxEncoder(session, await Resampler.open())
  }

  async encode(pixels: PixelSource, box: CropBox | null) {
    const region = box ? regionOf(pixels, box) : undefined
    const rgb = await this.#resampler.resize(
      pixels,
      { ...inputSize, filter: 'bicubic' },
      region && { region },
    )
    const data = toPixelValues(rgb, { ...inputSize, rescaleFactor: 1 / 255, mean: half, std: half })
    const feed = { pixel_values: new Tensor('float32', data, [1, 3, inputSize.height, inputSize.width]) }
    const outputs = await this.#session.run(feed)
    const poolerOutput = outputs.pooler_output?.data as Float32Array
    const patchTokens = outputs.last_hidden_state?.data as Float32Array
    return { rgb, poolerOutput, patchTokens, vector: normalize(poolerOutput) }
  }

  async close(): Promise<void> {
    this.#resampler.close()
    await this.#session.release()
  }
}

function regionOf({ width, height }: PixelSource, box: CropBox) {
  const [x, y] = [Math.floor(box.x * width), Math.floor(box.y * height)]
  const [right, bottom] = [(box.x + box.width) * width, (box.y + box.height) * height]
  return { x, y, width: Math.round(right) - x, height: Math.round(bottom) - y }
}
