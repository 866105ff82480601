/** What it takes to encode a picture that nobody has encoded yet: loaded when the first one comes. */

export { decodeImage } from './decode.js'
export { browserBackends } from './onnxruntime-web.js'
export { openEncoder } from './open-encoder.js'
export { Resampler } from './resample.js'
