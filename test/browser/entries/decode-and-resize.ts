import { decodeImage } from '../../../src/encoder/decode/decode.js'
import { Resampler } from '../../../src/encoder/resample/resample.js'

/**
 * Times, as a worker, decoding alone against decoding with the exact resize, taking turns. Send
 * `{ picture, rounds }`; answers with two lists of milliseconds.
 */
addEventListener('message', async ({ data }: MessageEvent<{ picture: Blob; rounds: number }>) => {
  const resampler = await Resampler.open()
  const decodeOnly: number[] = []
  const decodeAndResize: number[] = []
  for (let round = -3; round < data.rounds; round++) {
    const started = performance.now()
    const bitmap = await createImageBitmap(data.picture, { imageOrientation: 'from-image' })
    const decoded = performance.now()
    bitmap.close()
    const again = performance.now()
    const image = await decodeImage(data.picture)
    await resampler.resize(image, { width: 224, height: 224, filter: 'bicubic' })
    image.close()
    const resized = performance.now()
    // The first rounds warm the code up.
    if (round < 0) continue
    decodeOnly.push(decoded - started)
    decodeAndResize.push(resized - again)
  }
  postMessage({ decodeOnly, decodeAndResize })
})
