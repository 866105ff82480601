/** What it takes to encode a picture that nobody has encoded yet: loaded when the first one comes. */

export { decodeImage } from './decode/decode.js'
export { openEncoder } from './open-encoder.js'
export { Resampler } from './resample/resample.js'
export { browserBackends } from './runtime/browser-backends.js'
