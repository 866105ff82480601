import type { Matrix } from './matrix.js'

/** What makes vectors of titles, for pictures to be compared with while a projection is learned. */
export interface TitleSide {
  /** Items with a title that can be embedded and may be learned from. */
  readonly items: readonly number[]
  /** One row per item, as long as what the projection gives. */
  embed(items: readonly number[]): Matrix
  /** Whether two titles say the same: then neither picture is a mismatch for the other's title. */
  areAlike(a: number, b: number): boolean
  /** @param gradient of the loss by the rows of `embed(items)`. */
  step(items: readonly number[], gradient: Matrix, learningRate: number): void
}
