import type { Relations } from './relations.js'

export interface TrainingData {
  /** Frozen vectors of the items, all of one length. */
  readonly vectors: readonly Float32Array[]
  readonly relations: Relations
  /** Titles of the items, where they are to be learned from, too. */
  readonly titles?: readonly (string | undefined)[] | undefined
  /** Vectors of the titles by a text tower, all of one length. Default: a vector per word is learned. */
  readonly titleVectors?: readonly (Float32Array | undefined)[] | undefined
}

export interface FitOptions {
  /** Lengths at which the projected vectors may be cut; the largest is their own. Default: that of the vectors. */
  readonly dimensions?: readonly number[] | undefined
  /** Learn only the identity plus a product of this rank. Default: every element. */
  readonly rank?: number | undefined
  /** Most steps. Default 200. */
  readonly steps?: number | undefined
  /** Steps from one look at the held-out items to the next. Default 10. */
  readonly checkEvery?: number | undefined
  /** Looks without a better score after which it stops. Default 4. */
  readonly patience?: number | undefined
  /** Pairs whose items are compared with each other in one step. Default 256. */
  readonly batchSize?: number | undefined
  /** Default 0.0003. */
  readonly learningRate?: number | undefined
  /** Pull towards the identity, in its share per step of the learning rate. Default 1. */
  readonly decay?: number | undefined
  /** Weight of the titles' loss against that of the pairs. Default 1. */
  readonly titleWeight?: number | undefined
  /**
   * How far to go from the untuned encoder (0) to what was learned (1). Less than 1 gives up some of the gain and keeps
   * more of what the encoder knows of other things (as in M. Wortsman et al.: Robust Fine-Tuning of Zero-Shot Models,
   * CVPR 2022, who mix weights in the same way). Default 0.4.
   */
  readonly strength?: number | undefined
  /** Share of the items by which the step is chosen. Default 0.15. */
  readonly heldOut?: number | undefined
  readonly seed?: number | undefined
  readonly onCheck?: ((check: Check) => void) | undefined
}

/** A look at the held-out items. */
export interface Check {
  /** 0 is the untuned encoder. */
  readonly step: number
  /** Mean loss of the steps since the last look; null before the first step. */
  readonly loss: number | null
  /** Mean nDCG@5 over the held-out items and all dimensions. */
  readonly score: number
}

export interface FittedProjection {
  /** `[dimensions[0], length of the vectors]`, row after row. */
  readonly matrix: Float32Array<ArrayBuffer>
  /** Where projected vectors may be cut, largest first. */
  readonly dimensions: readonly number[]
  readonly history: readonly Check[]
  /**
   * The number of steps with the best score, after which `matrix` was fitted to all pairs, those of the held-out items
   * too. 0, and the identity, where no look was better than the untuned encoder.
   */
  readonly chosen: number
  /** How many pairs were learned from, and how many items were held out. */
  readonly trainingPairs: number
  readonly heldOutItems: number
}
