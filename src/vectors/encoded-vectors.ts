/** How the components of stored vectors are written down. */
export type VectorFormat = 'int8' | 'float32'

/**
 * `count` vectors of `dimensions` components in one buffer, row after row.
 * For `int8` component `j` of row `i` is `data[i * dimensions + j] * scales[i]`; for `float32` it is the number
 * itself and `scales` is null.
 */
export type EncodedVectors =
  | {
      readonly format: 'int8'
      readonly dimensions: number
      readonly count: number
      readonly data: Int8Array
      readonly scales: Float32Array
    }
  | {
      readonly format: 'float32'
      readonly dimensions: number
      readonly count: number
      readonly data: Float32Array
      readonly scales: null
    }

/**
 * Writes vectors down in `format`.
 * `int8` is symmetric: a row's scale is its largest magnitude / 127, so the error of a component is at most
 * half a scale.
 * @throws RangeError where a vector has another length or a component that is not finite.
 */
export function encodeVectors(
  vectors: readonly Float32Array[],
  dimensions: number,
  format: VectorFormat,
): EncodedVectors {
  for (const vector of vectors) assertFinite(vector, dimensions)
  const count = vectors.length
  if (format === 'float32') {
    const data = new Float32Array(count * dimensions)
    for (const [row, vector] of vectors.entries()) data.set(vector, row * dimensions)
    return { format, dimensions, count, data, scales: null }
  }
  const data = new Int8Array(count * dimensions)
  const scales = new Float32Array(count)
  for (const [row, vector] of vectors.entries()) {
    scales[row] = quantizeRow(vector, data.subarray(row * dimensions, (row + 1) * dimensions))
  }
  return { format, dimensions, count, data, scales }
}

/** Row `row` as 32-bit floats, in a new array. */
export function decodeVector(vectors: EncodedVectors, row: number): Float32Array {
  const { dimensions } = vectors
  const start = row * dimensions
  if (vectors.format === 'float32') return vectors.data.slice(start, start + dimensions)
  const scale = vectors.scales[row] as number
  return Float32Array.from(vectors.data.subarray(start, start + dimensions), (level) => level * scale)
}

/** The rows with these indices, in their order, in new buffers. */
export function pickVectors(vectors: EncodedVectors, rows: readonly number[]): EncodedVectors {
  const { dimensions } = vectors
  const count = rows.length
  const copyTo = <Numbers extends Int8Array | Float32Array>(data: Numbers, source: Numbers): Numbers => {
    for (const [index, row] of rows.entries()) {
      data.set(source.subarray(row * dimensions, (row + 1) * dimensions), index * dimensions)
    }
    return data
  }
  if (vectors.format === 'float32') {
    const data = copyTo(new Float32Array(count * dimensions), vectors.data)
    return { format: 'float32', dimensions, count, data, scales: null }
  }
  const data = copyTo(new Int8Array(count * dimensions), vectors.data)
  const scales = Float32Array.from(rows, (row) => vectors.scales[row] as number)
  return { format: 'int8', dimensions, count, data, scales }
}

/** The same vectors in another number format, or themselves where they have it. */
export function convertVectors(vectors: EncodedVectors, format: VectorFormat): EncodedVectors {
  if (vectors.format === format) return vectors
  const rows = Array.from({ length: vectors.count }, (_, row) => decodeVector(vectors, row))
  return encodeVectors(rows, vectors.dimensions, format)
}

/** Quantises `vector` into `levels` and returns the scale. */
function quantizeRow(vector: Float32Array, levels: Int8Array): number {
  let largest = 0
  for (const component of vector) largest = Math.max(largest, Math.abs(component))
  // Rounded to single precision first: the levels must belong to the scale that is stored.
  const scale = Math.fround(largest / 127)
  if (scale > 0) {
    for (const [index, component] of vector.entries()) levels[index] = Math.round(component / scale)
  }
  return scale
}

function assertFinite(vector: Float32Array, dimensions: number): void {
  if (vector.length !== dimensions) {
    throw new RangeError(`a vector has ${vector.length} components; its space has ${dimensions}`)
  }
  for (const component of vector) {
    if (!Number.isFinite(component))
      throw new RangeError('a vector has a component that is not a finite number')
  }
}
