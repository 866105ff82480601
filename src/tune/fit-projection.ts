import { SimilarItemsError } from '../errors.js'
import { seededRandom } from '../measure/seeded-random.js'
import { heldOutScore } from './held-out-score.js'
import { Learner, type Pair } from './learner.js'
import { identity, type Matrix, zeros } from './matrix.js'
import { linearParameters, lowRankParameters } from './projection-parameters.js'
import { holdOut, type Relations } from './relations.js'
import { TitleSide } from './title-side.js'

export interface TrainingData {
  /** Frozen vectors of the items, all of one length. */
  readonly vectors: readonly Float32Array[]
  readonly relations: Relations
  /** Titles of the items, where they are to be learned from, too. */
  readonly titles?: readonly (string | undefined)[] | undefined
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

/**
 * Fits a projection to frozen vectors, so that related items come nearer to each other than others, with the pairwise
 * sigmoid loss over pairs of pictures and over pictures with titles. The same data, options and seed give the same
 * matrix.
 * @throws SimilarItemsError `invalid-argument` for vectors of several lengths, dimensions beyond them, or too few
 * pairs to hold some out.
 */
export function fitProjection(data: TrainingData, options: FitOptions = {}): FittedProjection {
  const { steps = 200, checkEvery = 10, patience = 4, batchSize = 256, learningRate = 3e-4 } = options
  const { titleWeight = 1, decay = 1, strength = 0.4, rank, seed = 1 } = options
  const vectors = stack(data.vectors)
  const dimensions = [...new Set(options.dimensions ?? [vectors.columns])].sort((a, b) => b - a)
  const [rows = 0] = dimensions
  if (!dimensions.every((length) => Number.isInteger(length) && length > 0 && length <= vectors.columns)) {
    throw invalid(`Dimensions ${dimensions.join(', ')} are not all between 1 and ${vectors.columns}.`)
  }
  const random = seededRandom(seed)
  const { areRelated, pairs } = data.relations
  const { training, heldOut } = holdOut(pairs, options.heldOut ?? 0.15, random)
  if (training.length === 0 || heldOut.length === 0) {
    throw invalid(`${pairs.length} pairs are too few to learn from some and hold out others.`)
  }
  const start = (known: readonly Pair[], without: ReadonlySet<number>) => {
    const seeded = seededRandom(seed)
    const parameters =
      rank === undefined
        ? linearParameters(rows, vectors.columns, decay)
        : lowRankParameters(rows, vectors.columns, { rank, decay, random: seeded })
    const learner = new Learner({
      vectors,
      parameters,
      pairs: known,
      areRelated,
      titles: data.titles && titleWeight > 0 ? titleSide(data.titles, vectors, rows, without) : null,
      dimensions,
      batchSize: Math.min(batchSize, known.length),
      learningRate,
      titleWeight,
      random: seeded,
    })
    return { parameters, learner }
  }

  const trial = start(training, new Set(heldOut)).learner
  const history: Check[] = []
  const check = (step: number, loss: number | null): Check => {
    const done = { step, loss, score: heldOutScore(trial.projected(), heldOut, areRelated, dimensions) }
    history.push(done)
    options.onCheck?.(done)
    return done
  }
  let best = check(0, null)
  for (
    let step = checkEvery;
    step <= steps && step - best.step <= patience * checkEvery;
    step += checkEvery
  ) {
    let loss = 0
    for (let count = 0; count < checkEvery; count++) loss += trial.step() / checkEvery
    const done = check(step, loss)
    if (done.score > best.score) best = done
  }

  // The held-out items have done their part: as many steps once more, on everything.
  const { parameters, learner } = start(pairs, new Set())
  for (let step = 0; step < best.step; step++) learner.step()
  return {
    matrix: mixWithIdentity(parameters.matrix(), strength),
    dimensions,
    history,
    chosen: best.step,
    trainingPairs: training.length,
    heldOutItems: heldOut.length,
  }
}

function mixWithIdentity(learned: Matrix, strength: number): Float32Array<ArrayBuffer> {
  const untuned = identity(learned.rows, learned.columns).data
  return Float32Array.from(
    learned.data,
    (element, index) => strength * element + (1 - strength) * (untuned[index] as number),
  )
}

function titleSide(
  titles: readonly (string | undefined)[],
  vectors: Matrix,
  length: number,
  heldOut: ReadonlySet<number>,
): TitleSide {
  const items = titles.flatMap((title, item) => (title !== undefined && !heldOut.has(item) ? [item] : []))
  const start = zeros(vectors.rows, length)
  for (let row = 0; row < vectors.rows; row++) {
    start.data.set(vectors.data.subarray(row * vectors.columns, row * vectors.columns + length), row * length)
  }
  return new TitleSide(titles, start, items)
}

function stack(vectors: readonly Float32Array[]): Matrix {
  const columns = vectors[0]?.length ?? 0
  const stacked = zeros(vectors.length, columns)
  for (const [row, vector] of vectors.entries()) {
    if (vector.length !== columns) throw invalid(`Vectors have ${columns} and ${vector.length} components.`)
    stacked.data.set(vector, row * columns)
  }
  return stacked
}

function invalid(message: string): SimilarItemsError {
  return new SimilarItemsError('invalid-argument', message)
}
