import { SimilarItemsError } from '../errors.js'
import { type Computation, complete } from '../measure/evaluation/computation.js'
import { seededRandom } from '../measure/statistics/seeded-random.js'
import type { Check, FitOptions, FittedProjection, TrainingData } from './fit-options.js'
import { HeldOutScore } from './held-out-score.js'
import { Learner, type Pair } from './learner.js'
import { columnsOf, identity, type Matrix, zeros } from './matrix.js'
import { linearParameters, lowRankParameters } from './projection-parameters.js'
import { holdOut } from './relations.js'
import type { TitleSide } from './title-side.js'
import { TowerTitles } from './tower-titles.js'
import { WordTitles } from './word-titles.js'

/**
 * Fits a projection to frozen vectors, so that related items come nearer to each other than others, with the pairwise
 * sigmoid loss over pairs of pictures and over pictures with titles. The same data, options and seed give the same
 * matrix.
 * @throws SimilarItemsError `invalid-argument` for vectors of several lengths, dimensions beyond them, or too few
 * pairs to hold some out.
 */
export function fitProjection(data: TrainingData, options: FitOptions = {}): FittedProjection {
  return complete(fittingProjection(data, options))
}

/** `fitProjection` in pieces of one step. */
export function* fittingProjection(
  data: TrainingData,
  options: FitOptions = {},
): Computation<FittedProjection> {
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
      titles: titleWeight > 0 ? titleSide(data, vectors, { length: rows, decay, without }) : null,
      dimensions,
      batchSize: Math.min(batchSize, known.length),
      learningRate,
      titleWeight,
      random: seeded,
    })
    return { parameters, learner }
  }

  const trial = start(training, new Set(heldOut)).learner
  const score = new HeldOutScore({ queries: heldOut, count: vectors.rows, areRelated, prefixes: dimensions })
  const history: Check[] = []
  const check = (step: number, loss: number | null): Check => {
    const done = { step, loss, score: score.of(trial.projected(score.candidates)) }
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
    for (let count = 0; count < checkEvery; count++) {
      loss += trial.step() / checkEvery
      yield
    }
    const done = check(step, loss)
    if (done.score > best.score) best = done
  }

  // The held-out items have done their part: as many steps once more, on everything.
  const { parameters, learner } = start(pairs, new Set())
  for (let step = 0; step < best.step; step++) {
    learner.step()
    yield
  }
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

/** @param without items that nothing may be learned from. */
function titleSide(
  { titles, titleVectors }: TrainingData,
  vectors: Matrix,
  { length, decay, without }: { length: number; decay: number; without: ReadonlySet<number> },
): TitleSide | null {
  if (!titles) return null
  const known = titles.flatMap((title, item) => (title !== undefined && !without.has(item) ? [item] : []))
  if (!titleVectors) return new WordTitles(titles, columnsOf(vectors, 0, length), known)
  const items = known.filter((item) => titleVectors[item] !== undefined)
  const embedded = stack(titleVectors, vectors.columns)
  return new TowerTitles({ titles, vectors: embedded, pictures: vectors, items, length, decay })
}

/** One row per vector; of an absent one all is 0. */
function stack(vectors: readonly (Float32Array | undefined)[], columns = vectors[0]?.length ?? 0): Matrix {
  const stacked = zeros(vectors.length, columns)
  for (const [row, vector] of vectors.entries()) {
    if (!vector) continue
    if (vector.length !== columns) throw invalid(`Vectors have ${columns} and ${vector.length} components.`)
    stacked.data.set(vector, row * columns)
  }
  return stacked
}

function invalid(message: string): SimilarItemsError {
  return new SimilarItemsError('invalid-argument', message)
}
