/** Rows times a matrix. */
export type Multiply = (
  panels: number,
  rows: number,
  first: number,
  last: number,
  inputs: number,
  weights: number,
  channels: number,
  outputs: number,
  to: number,
  stride: number,
  isAdded: boolean,
) => void

/** Exports of `assembly/tower.ts`; all arguments are addresses, counts and plain numbers. */
export interface TowerExports {
  /** Address from which on memory is the caller's. */
  readonly firstFree: WebAssembly.Global
  packWeights(
    from: number,
    outputs: number,
    inputs: number,
    scales: number,
    biases: number,
    to: number,
    channels: number,
    form: number,
  ): number
  gatherPatches(pixels: number, size: number, patch: number, first: number, last: number, to: number): void
  quantizeRows(
    from: number,
    stride: number,
    length: number,
    first: number,
    last: number,
    panels: number,
    rows: number,
    form: number,
  ): void
  quantizeWithin(
    from: number,
    length: number,
    first: number,
    last: number,
    panels: number,
    rows: number,
    least: number,
    largest: number,
    form: number,
  ): void
  normalizeRows(
    from: number,
    length: number,
    first: number,
    last: number,
    gains: number,
    epsilon: number,
    to: number,
  ): void
  normalizeAndQuantize(
    from: number,
    length: number,
    first: number,
    last: number,
    gains: number,
    epsilon: number,
    room: number,
    panels: number,
    rows: number,
    form: number,
  ): void
  activateAndQuantize(
    at: number,
    length: number,
    first: number,
    last: number,
    panels: number,
    rows: number,
    form: number,
  ): void
  multiply: Multiply
  multiplyWords: Multiply
  packKeys(
    keys: number,
    stride: number,
    width: number,
    tokens: number,
    factor: number,
    to: number,
    channels: number,
    form: number,
  ): void
  packValues(
    values: number,
    stride: number,
    width: number,
    tokens: number,
    to: number,
    channels: number,
  ): void
  shareTokens(
    scores: number,
    stride: number,
    rows: number,
    tokens: number,
    panels: number,
    worths: number,
  ): void
  poolTokens(
    from: number,
    length: number,
    tokens: number,
    keys: number,
    heads: number,
    room: number,
    to: number,
  ): void
}

/** Exports of `assembly/tower-relaxed.ts`. */
export interface RelaxedExports {
  multiplyByDots: Multiply
  multiplyByPairs: Multiply
  probePairs(weight: number, byte: number): number
  probe(): number
}
