/** The layers of a vision transformer in plain JavaScript and 64-bit floats, written from their definitions. */

export function linear(
  rows: readonly number[][],
  weights: readonly number[][],
  biases: readonly number[],
): number[][] {
  return rows.map((row) =>
    weights.map((weight, output) =>
      row.reduce((sum, x, input) => sum + x * (weight[input] as number), biases[output] as number),
    ),
  )
}

export function layerNorm(
  row: readonly number[],
  gains: readonly number[],
  shifts: readonly number[],
  epsilon: number,
): number[] {
  const mean = row.reduce((sum, x) => sum + x, 0) / row.length
  const variance = row.reduce((sum, x) => sum + (x - mean) ** 2, 0) / row.length
  return row.map(
    (x, index) =>
      ((x - mean) / Math.sqrt(variance + epsilon)) * (gains[index] as number) + (shifts[index] as number),
  )
}

export function gelu(x: number): number {
  return (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))
}

export function softmax(scores: readonly number[]): number[] {
  const largest = Math.max(...scores)
  const powers = scores.map((score) => Math.exp(score - largest))
  const sum = powers.reduce((total, power) => total + power, 0)
  return powers.map((power) => power / sum)
}

/** One head: a row of values for each query. */
export function attention(
  queries: readonly number[][],
  keys: readonly number[][],
  values: readonly number[][],
): number[][] {
  const width = keys[0]?.length ?? 1
  return queries.map((query) => {
    const shares = softmax(keys.map((key) => dot(query, key) / Math.sqrt(width)))
    return mix(shares, values)
  })
}

/** The mean of rows for each key, weighted by the softmax of their products. */
export function pool(rows: readonly number[][], keys: readonly number[][]): number[][] {
  return keys.map((key) => mix(softmax(rows.map((row) => dot(row, key))), rows))
}

function mix(shares: readonly number[], rows: readonly number[][]): number[] {
  return (rows[0] ?? []).map((_, index) =>
    rows.reduce((sum, row, at) => sum + (shares[at] as number) * (row[index] as number), 0),
  )
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, index) => sum + x * (b[index] as number), 0)
}
