import { SimilarItemsError } from '../errors.js'
import type { Space } from '../types.js'
import type { EncodedVectors } from './encoded-vectors.js'
import {
  parseSafetensors,
  type Tensor,
  type TensorFile,
  textTensor,
  toBytes,
  toFloat32Array,
  toText,
  writeSafetensors,
} from './safetensors.js'
import { parseSpace } from './space.js'
import type { VectorEntry } from './vector-table.js'

/**
 * The vectors of a catalogue: row `i` of `vectors` is the vector of `entries[i]`. Ids are unique, vectors have
 * norm 1 up to the rounding of their number format.
 *
 * A content key in a pack is the product's `image_link` as the page's `catalog.json` has it. A page compares it
 * after resolving both against the URL that `catalog.json` came from, so a pack of relative links fits on every
 * origin.
 */
export interface Pack {
  readonly space: Space
  readonly entries: readonly VectorEntry[]
  readonly vectors: EncodedVectors
}

/** The `format` that the metadata of a pack states. */
export const packFormat = 'similar-items-pack-1'

/**
 * So many characters of ids and content keys go into the header, where every safetensors library finds them. Readers
 * refuse headers of more than 100 MB, and in UTF-8 with escapes a character may take several bytes.
 */
const headerCharacters = 20_000_000

/**
 * Reads a pack: a safetensors file with the tensor `vectors` `[N, d]` (I8 or F32), for I8 `scales` `[N]` (F32),
 * and in `__metadata__` the JSON texts `space`, `ids` and `content_keys`. Ids and content keys that are too long for
 * the header are tensors of their UTF-8 bytes (U8) instead.
 * @param name what to call the file in errors.
 * @throws SimilarItemsError `pack-invalid`, naming the id where one vector is at fault.
 */
export function readPack(bytes: Uint8Array<ArrayBuffer>, name: string): Pack {
  const file = parseSafetensors(bytes, name)
  const invalid = (what: string, cause?: unknown) =>
    new SimilarItemsError('pack-invalid', `${name} is not a usable pack: ${what}.`, { cause, subject: name })
  const json = (field: string): unknown => {
    try {
      const text = textOf(file, field)
      if (text !== undefined) return JSON.parse(text)
    } catch (cause) {
      throw invalid(`its "${field}" is not JSON in UTF-8`, cause)
    }
    throw invalid(`it has no "${field}"`)
  }
  const space = parseSpace(json('space'))
  if (!space) throw invalid('its "space" is not model, preprocessing, projection and dimensions')
  const ids = json('ids')
  const contentKeys = json('content_keys')
  if (!isTextList(ids) || !isTextList(contentKeys))
    throw invalid('ids or content keys are not lists of texts')
  const vectors = readVectors(file, space.dimensions, invalid)
  if (ids.length !== vectors.count || contentKeys.length !== vectors.count) {
    const counts = `${ids.length} ids, ${contentKeys.length} content keys and ${vectors.count} vectors`
    throw invalid(`it has ${counts}`)
  }
  const seen = new Set<string>()
  for (let row = 0; row < ids.length; row++) {
    const id = ids[row] as string
    if (id === '') throw invalid(`the id of row ${row} is empty`)
    if (seen.has(id)) throw invalid(`the id "${id}" occurs twice`)
    seen.add(id)
  }
  const defect = findDefectiveRow(vectors)
  if (defect) throw invalid(`the vector of "${ids[defect.row]}" ${defect.what}`)
  const entries = ids.map((id, row) => ({ id, contentKey: contentKeys[row] as string }))
  return { space, entries, vectors }
}

/**
 * Writes a pack.
 * @throws SimilarItemsError `invalid-argument` where it is not what `readPack` would accept.
 */
export function writePack({ space, entries, vectors }: Pack): Uint8Array<ArrayBuffer> {
  const defect = findDefectiveRow(vectors)
  if (defect) {
    const id = entries[defect.row]?.id
    throw new SimilarItemsError('invalid-argument', `The vector of "${id}" ${defect.what}.`, {
      ...(id !== undefined && { subject: id }),
    })
  }
  const { data, scales, count, dimensions } = vectors
  if (count !== entries.length || dimensions !== space.dimensions) {
    const message = `${count} vectors of ${dimensions} components do not fit ${entries.length} entries of a space of ${space.dimensions}.`
    throw new SimilarItemsError('invalid-argument', message)
  }
  const tensors = new Map<string, Tensor>()
  // First the numbers that a reader may want aligned.
  if (scales) tensors.set('scales', { dtype: 'F32', shape: [count], bytes: toBytes(scales) })
  const dtype = vectors.format === 'int8' ? 'I8' : 'F32'
  tensors.set('vectors', { dtype, shape: [count, dimensions], bytes: toBytes(data) })
  const metadata = new Map([
    ['format', packFormat],
    ['space', JSON.stringify(space)],
  ])
  const ids = JSON.stringify(entries.map(({ id }) => id))
  const contentKeys = JSON.stringify(entries.map(({ contentKey }) => contentKey))
  if (ids.length + contentKeys.length <= headerCharacters) {
    metadata.set('ids', ids).set('content_keys', contentKeys)
  } else {
    tensors.set('ids', textTensor(ids)).set('content_keys', textTensor(contentKeys))
  }
  return writeSafetensors({ tensors, metadata })
}

function textOf({ tensors, metadata }: TensorFile, field: string): string | undefined {
  const tensor = tensors.get(field)
  return tensor ? toText(tensor) : metadata.get(field)
}

function readVectors(
  { tensors }: TensorFile,
  dimensions: number,
  invalid: (what: string) => SimilarItemsError,
): EncodedVectors {
  const tensor = tensors.get('vectors')
  if (!tensor) throw invalid('it has no tensor "vectors"')
  const [count, width, ...more] = tensor.shape
  if (count === undefined || width !== dimensions || more.length > 0) {
    throw invalid(`"vectors" has shape [${tensor.shape}]; its space has ${dimensions} dimensions`)
  }
  if (tensor.dtype === 'F32') {
    return { format: 'float32', dimensions, count, data: toFloat32Array(tensor), scales: null }
  }
  const scales = tensors.get('scales')
  if (scales?.dtype !== 'F32' || scales.shape.length !== 1 || scales.shape[0] !== count) {
    throw invalid(`I8 vectors need a tensor "scales" of type F32 and shape [${count}]`)
  }
  const data = new Int8Array(tensor.bytes.slice().buffer)
  return { format: 'int8', dimensions, count, data, scales: toFloat32Array(scales) }
}

/** How far the norm of a vector may be from 1: 8-bit rounding stays well inside. */
const normTolerance = 0.03

function findDefectiveRow(vectors: EncodedVectors): { row: number; what: string } | null {
  const { data, dimensions, count, scales } = vectors
  for (let row = 0; row < count; row++) {
    let squares = 0
    for (let index = row * dimensions; index < (row + 1) * dimensions; index++) {
      const component = data[index] as number
      squares += component * component
    }
    const norm = Math.sqrt(squares) * (scales ? (scales[row] as number) : 1)
    if (Math.abs(norm - 1) <= normTolerance) continue
    if (!Number.isFinite(norm)) return { row, what: 'has a component that is not a finite number' }
    return { row, what: `has norm ${norm.toPrecision(3)}; divide it by its norm first` }
  }
  return null
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((text) => typeof text === 'string')
}
