import { SimilarItemsError } from '../errors.js'
import { hasDistinctKeys } from './json-pairs.js'

/** Element types that packs and projections use; bytes of one element. */
const elementBytes = { I8: 1, U8: 1, F32: 4 } as const

export type TensorType = keyof typeof elementBytes

/** One tensor: its elements row after row, little-endian. */
export interface Tensor {
  readonly dtype: TensorType
  readonly shape: readonly number[]
  /** A view of the file; it need not be aligned to the element size. */
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** The content of a safetensors file. */
export interface TensorFile {
  readonly tensors: ReadonlyMap<string, Tensor>
  /** `__metadata__`: text by name. */
  readonly metadata: ReadonlyMap<string, string>
}

/** The reference implementation refuses longer headers too. */
const largestHeader = 100_000_000

/**
 * Reads a safetensors file as the format's specification has it: eight bytes of header length, a JSON header, then
 * the tensors without gaps or overlaps. Nothing is copied, and nothing is allocated by what the header claims.
 * @param name what to call the file in errors.
 * @throws SimilarItemsError `pack-invalid` for anything else, saying what is wrong with it.
 */
export function parseSafetensors(bytes: Uint8Array<ArrayBuffer>, name: string): TensorFile {
  const invalid = (what: string, cause?: unknown) =>
    new SimilarItemsError('pack-invalid', `${name} is not a usable safetensors file: ${what}.`, {
      cause,
      subject: name,
    })
  if (bytes.length < 8) throw invalid(`it has ${bytes.length} bytes, fewer than its header length takes`)
  const stated = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true)
  if (stated > BigInt(Math.min(largestHeader, bytes.length - 8))) {
    throw invalid(`it states a header of ${stated} bytes, but has ${bytes.length} in all`)
  }
  const dataStart = 8 + Number(stated)
  const header = parseHeader(bytes.subarray(8, dataStart), invalid)
  const data = bytes.subarray(dataStart)

  const metadata = new Map<string, string>()
  const tensors = new Map<string, Tensor>()
  const ranges: [start: number, end: number][] = []
  for (const [key, value] of Object.entries(header)) {
    if (!isObject(value)) throw invalid(`"${key}" is not an object`)
    if (key === '__metadata__') {
      for (const [field, text] of Object.entries(value)) {
        if (typeof text !== 'string') throw invalid(`the metadata "${field}" is not text`)
        metadata.set(field, text)
      }
      continue
    }
    const range = readRange(value.data_offsets, data.length)
    if (!range) throw invalid(`the offsets of tensor "${key}" are not inside the file`)
    const { dtype, shape } = value
    if (!isTensorType(dtype)) throw invalid(`tensor "${key}" is of type ${String(dtype)}; use I8, U8 or F32`)
    if (!isShape(shape)) throw invalid(`tensor "${key}" has no shape`)
    const [start, end] = range
    const needed = shape.reduce((product, length) => product * length, elementBytes[dtype])
    if (needed !== end - start) {
      throw invalid(`tensor "${key}" takes ${needed} bytes by its shape and ${end - start} by its offsets`)
    }
    tensors.set(key, { dtype, shape, bytes: data.subarray(start, end) })
    ranges.push(range)
  }
  if (!coverWithoutGap(ranges, data.length)) throw invalid('its tensors overlap, or leave bytes unused')
  return { tensors, metadata }
}

/**
 * Writes a safetensors file. Tensors start at multiples of eight bytes where the sizes of those before allow it.
 * @throws SimilarItemsError `invalid-argument` where the header would be longer than readers accept.
 */
export function writeSafetensors({ tensors, metadata }: TensorFile): Uint8Array<ArrayBuffer> {
  let end = 0
  const described = Array.from(tensors, ([name, { dtype, shape, bytes }]) => {
    const start = end
    end += bytes.length
    return [name, { dtype, shape, data_offsets: [start, end] }] as const
  })
  const content = { __metadata__: Object.fromEntries(metadata), ...Object.fromEntries(described) }
  const json = new TextEncoder().encode(JSON.stringify(content))
  const headerLength = Math.ceil(json.length / 8) * 8
  if (headerLength > largestHeader) {
    throw new SimilarItemsError(
      'invalid-argument',
      `The header of a safetensors file takes ${json.length} bytes; the format allows ${largestHeader}.`,
    )
  }
  const file = new Uint8Array(8 + headerLength + end)
  new DataView(file.buffer).setBigUint64(0, BigInt(headerLength), true)
  file.set(json, 8)
  file.fill(0x20, 8 + json.length, 8 + headerLength)
  let offset = 8 + headerLength
  for (const { bytes } of tensors.values()) {
    file.set(bytes, offset)
    offset += bytes.length
  }
  return file
}

/**
 * The text whose UTF-8 bytes a U8 tensor has.
 * @throws TypeError where they are no UTF-8.
 */
export function toText({ bytes }: Tensor): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
}

/** A tensor `[n]` of the UTF-8 bytes of a text: room for what is too long for the header. */
export function textTensor(text: string): Tensor {
  const bytes = new TextEncoder().encode(text)
  return { dtype: 'U8', shape: [bytes.length], bytes }
}

/** The elements of an F32 tensor, copied. */
export function toFloat32Array({ bytes }: Tensor): Float32Array<ArrayBuffer> {
  return new Float32Array(bytes.slice().buffer)
}

/** The bytes of an array of elements, shared with it. */
export function toBytes({
  buffer,
  byteOffset,
  byteLength,
}: Int8Array | Float32Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength)
}

function parseHeader(
  bytes: Uint8Array,
  invalid: (what: string, cause?: unknown) => SimilarItemsError,
): Record<string, unknown> {
  let text: string
  let header: unknown
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    header = JSON.parse(text)
  } catch (cause) {
    throw invalid('its header is not JSON', cause)
  }
  if (!isObject(header)) throw invalid('its header is not a JSON object')
  if (!hasDistinctKeys(text, header)) throw invalid('its header repeats a name or nests objects')
  return header
}

function readRange(value: unknown, limit: number): [number, number] | null {
  if (!Array.isArray(value) || value.length !== 2) return null
  const [start, end] = value as [unknown, unknown]
  return isLength(start) && isLength(end) && start <= end && end <= limit ? [start, end] : null
}

function coverWithoutGap(ranges: readonly [number, number][], length: number): boolean {
  let covered = 0
  for (const [start, end] of ranges.toSorted((a, b) => a[0] - b[0] || a[1] - b[1])) {
    if (start !== covered) return false
    covered = end
  }
  return covered === length
}

function isTensorType(value: unknown): value is TensorType {
  return typeof value === 'string' && Object.hasOwn(elementBytes, value)
}

function isShape(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every(isLength)
}

function isLength(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
