import { SimilarItemsError } from '../errors.js'
import { framesAreFast } from './decode/frame-pixels.js'

/** Levels by which a canvas may be off: some browsers change the last bits, which moves no embedding. */
const TOLERANCE = 8
/** Width and height of the known picture. */
const SIDE = 8

/** The shortest of all: its first bytes and its version. */
const EMPTY_MODULE = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)

let truth: Promise<boolean> | undefined

/**
 * Makes sure that this browser can make embeddings of pictures at all, before anything is downloaded for it.
 * @throws SimilarItemsError `no-backend` where there is no WebAssembly, as in the Lockdown Mode of Apple's devices, where
 * a policy forbids it, and where pages get other pixels than a picture has, as from Firefox with `privacy.resistFingerprinting`.
 */
export async function assertCanEncode(): Promise<void> {
  if (typeof WebAssembly !== 'object') {
    throw new SimilarItemsError(
      'no-backend',
      'This browser has no WebAssembly, which its Lockdown Mode switches off, so pictures cannot be encoded here. ' +
        'Packs and neighbour files work without it.',
    )
  }
  try {
    new WebAssembly.Module(EMPTY_MODULE)
  } catch (cause) {
    throw new SimilarItemsError(
      'no-backend',
      "WebAssembly cannot be compiled here: allow it with 'wasm-unsafe-eval' in the script-src of the " +
        'Content-Security-Policy that is sent with worker.js. Packs and neighbour files work without it.',
      { cause },
    )
  }
  truth ??= readsTruePixels()
  if (await truth) return
  throw new SimilarItemsError(
    'no-backend',
    'This browser gives pages noise in place of the pixels of a picture, as Firefox does with ' +
      'privacy.resistFingerprinting, so pictures cannot be encoded here. Packs and neighbour files work without that.',
  )
}

/** Whether pictures are read as they are, found out with known pixels. */
async function readsTruePixels(): Promise<boolean> {
  // Frames are not tampered with.
  if (framesAreFast()) return true
  const known = new ImageData(SIDE, SIDE)
  for (let index = 0; index < known.data.length; index++) {
    known.data[index] = index % 4 === 3 ? 255 : (index * 37) % 256
  }
  const bitmap = await createImageBitmap(known)
  const context = new OffscreenCanvas(SIDE, SIDE).getContext('2d', {
    willReadFrequently: true,
    colorSpace: 'srgb',
  })
  context?.drawImage(bitmap, 0, 0)
  bitmap.close()
  const read = context?.getImageData(0, 0, SIDE, SIDE).data
  return read?.every((level, index) => Math.abs(level - (known.data[index] as number)) <= TOLERANCE) ?? false
}
