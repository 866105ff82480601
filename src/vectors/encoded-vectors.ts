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
  return encodeRows(vectors.length, dimensions, format, (row) => vectors[row] as Float32Array)
}

/** The same for vectors that are made one by one. */
export function encodeRows(
  count: number,
  dimensions: number,
  format: VectorFormat,
  vectorOf: (row: number) => Float32Array,
): EncodedVectors {
  const encoded = allocate(count, dimensions, format)
  for (let row = 0; row < count; row++) encodeRow(encoded, row, vectorOf(row))
  return encoded
}

/** Row `row` as 32-bit floats, in a new array. */
export function decodeVector(vectors: EncodedVectors, row: number): Float32Array {
  const decoded = new Float32Array(vectors.dimensions)
  decodeRow(vectors, row, decoded)
  return decoded
}

/** The rows with these indices, in their order, in new buffers. */
export function pickVectors(vectors: EncodedVectors, rows: ArrayLike<number>): EncodedVectors {
  const { dimensions } = vectors
  const count = rows.length
  const copyTo = <Numbers extends Int8Array | Float32Array>(data: Numbers, source: Numbers): Numbers => {
    for (let index = 0; index < count; index++) {
      const row = rows[index] as number
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
  const { count, dimensions } = vectors
  const converted = allocate(count, dimensions, format)
  const decoded = new Float32Array(dimensions)
  for (let row = 0; row < count; row++) {
    decodeRow(vectors, row, decoded)
    encodeRow(converted, row, decoded)
  }
  return converted
}

function allocate(count: number, dimensions: number, format: VectorFormat): EncodedVectors {
  const length = count * dimensions
  return format === 'float32'
    ? { format, dimensions, count, data: new Float32Array(length), scales: null }
    : { format, dimensions, count, data: new Int8Array(length), scales: new Float32Array(count) }
}

function encodeRow({ format, data, scales, dimensions }: EncodedVectors, row: number, vector: Float32Array) {
  if (vector.length !== dimensions) {
    throw new RangeError(`a vector has ${vector.length} components; its space has ${dimensions}`)
  }
  const start = row * dimensions
  let largest = 0
  for (let index = 0; index < dimensions; index++) {
    const component = vector[index] as number
    if (!Number.isFinite(component)) {
      throw new RangeError('a vector has a component that is not a finite number')
    }
    largest = Math.max(largest, Math.abs(component))
  }
  if (format === 'float32') {
    data.set(vector, start)
    return
  }
  // Rounded to single precision first: the levels must belong to the scale that is stored.
  const scale = Math.fround(largest / 127)
  scales[row] = scale
  if (scale === 0) return
  for (let index = 0; index < dimensions; index++) {
    data[start + index] = Math.round((vector[index] as number) / scale)
  }
}

function decodeRow({ data, scales, dimensions }: EncodedVectors, row: number, decoded: Float32Array): void {
  const start = row * dimensions
  const scale = scales === null ? 1 : (scales[row] as number)
  for (let index = 0; index < dimensions; index++) decoded[index] = (data[start + index] as number) * scale
}
