import { SimilarItemsError } from '../../errors.js'

/** Filters of Pillow's `Image.resize` that image processors ask for. */
export type ResampleFilter = 'bicubic' | 'bilinear'

/** How a picture becomes the encoder's input, as the model folder's `preprocessor_config.json` says. */
export interface Preprocessing {
  readonly width: number
  readonly height: number
  readonly filter: ResampleFilter
  readonly rescaleFactor: number
  /** Per channel R, G, B, subtracted after rescaling. */
  readonly mean: readonly [number, number, number]
  /** Per channel R, G, B, divided by after that. */
  readonly std: readonly [number, number, number]
}

/**
 * Reads a Hugging Face image processor configuration.
 * @throws SimilarItemsError `model-invalid` for one that asks for something SigLIP processors do not do (a
 * centre crop, resizing by the shortest edge, another filter) or lacks a size.
 */
export function parsePreprocessing(config: unknown, url: string): Preprocessing {
  const invalid = (what: string) =>
    new SimilarItemsError('model-invalid', `${url} ${what}. Use the image processor of a SigLIP export.`, {
      subject: url,
    })
  if (typeof config !== 'object' || config === null) throw invalid('is not a JSON object')
  const processor = config as Record<string, unknown>
  if (processor.do_center_crop === true) throw invalid('asks for a centre crop, which SigLIP does not do')
  const { width, height } = (processor.size ?? {}) as Record<string, unknown>
  if (!isPixelCount(width) || !isPixelCount(height)) throw invalid('states no size with width and height')
  const filter = filters.get(processor.resample ?? 3)
  if (!filter)
    throw invalid(`asks for resampling filter ${String(processor.resample)}; 2 and 3 are supported`)
  const rescale = processor.do_rescale !== false
  const normalize = processor.do_normalize !== false
  const rescaleFactor = rescale ? (processor.rescale_factor ?? 1 / 255) : 1
  if (!isNumber(rescaleFactor)) throw invalid('has a rescale_factor that is not a number')
  const mean = normalize ? toTriple(processor.image_mean ?? 0.5) : toTriple(0)
  const std = normalize ? toTriple(processor.image_std ?? 0.5) : toTriple(1)
  if (!mean || !std || std.includes(0))
    throw invalid('has an image_mean or image_std that is not three numbers')
  return { width, height, filter, rescaleFactor, mean, std }
}

/** The part of a space's fingerprint that says how pictures were prepared. */
export function describePreprocessing(preprocessing: Preprocessing): string {
  const { width, height, filter, rescaleFactor, mean, std } = preprocessing
  const scale = Number(rescaleFactor.toPrecision(6))
  return `${filter}-${width}x${height}-scale${scale}-mean${mean.join(',')}-std${std.join(',')}`
}

/** The numbers of `PIL.Image.Resampling`. */
const filters = new Map<unknown, ResampleFilter>([
  [2, 'bilinear'],
  [3, 'bicubic'],
])

/** Larger than any SigLIP input, and small enough to allocate. */
const largestInput = 4096

function isPixelCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= largestInput
}

/** JSON knows no infinity, but numbers that are too large become one. */
function isNumber(value: unknown): value is number {
  return Number.isFinite(value)
}

function toTriple(value: unknown): [number, number, number] | null {
  const [r, g, b, ...rest] = Array.isArray(value) ? value : [value, value, value]
  const isTriple = [r, g, b].every(isNumber) && rest.length === 0
  return isTriple ? [r, g, b] : null
}
