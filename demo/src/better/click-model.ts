import { propensity } from '../../../src/measure/evaluation/position-bias.js'

/** What the lists of a variant show, by query: whether each product is from the query's shelf, best rank first. */
export type ShownLists = readonly (readonly boolean[])[]

/**
 * How simulated visitors behave. They click what they look at and like, both by chance and independently (the
 * position-based model: N. Craswell et al., An Experimental Comparison of Click Position-Bias Models, WSDM 2008).
 */
export interface ClickModel {
  /** How fast attention falls: position p is looked at with probability (1 / p) ^ `severity`. */
  readonly severity: number
  /** Probability that a product is clicked once it is looked at. */
  readonly appeal: { readonly sameShelf: number; readonly other: number }
  /** Factors of the appeal, for visitors differ; each as likely as the others. */
  readonly eagerness: readonly number[]
  /** A visitor sees from one list up to this many, all numbers equally likely. */
  readonly mostLists: number
  /** Probability that somebody buys without a click, and that one click leads to it. */
  readonly purchase: { readonly without: number; readonly perClick: number }
}

export const CLICK_MODEL: ClickModel = {
  severity: 1,
  appeal: { sameShelf: 0.12, other: 0.04 },
  eagerness: [0.5, 1, 1.5],
  mostLists: 4,
  purchase: { without: 0.01, perClick: 0.1 },
}

/** Probability that a visitor clicks the product at `position` (from 1). */
export function clickProbability(
  { severity, appeal }: ClickModel,
  { position, sameShelf, eagerness }: { position: number; sameShelf: boolean; eagerness: number },
): number {
  return propensity(position, { severity }) * (sameShelf ? appeal.sameShelf : appeal.other) * eagerness
}

/** Clicks per list and the share of visitors who buy, as they are in truth: only a simulation knows them. */
export interface TrueRates {
  readonly clickThrough: number
  readonly conversion: number
}

/** The expectation of what `simulateVisitors` draws, computed without drawing. */
export function trueRates(lists: ShownLists, model: ClickModel): TrueRates {
  const { eagerness, mostLists, purchase } = model
  const probabilities = (factor: number) =>
    lists.map((list) =>
      list.map((sameShelf, index) =>
        clickProbability(model, { position: index + 1, sameShelf, eagerness: factor }),
      ),
    )
  const clicks = eagerness.map((factor) => mean(probabilities(factor).map(sum)))
  const leaves = eagerness.map((factor) => {
    // That no click of one list leads to a purchase; lists are of independent products.
    const list = mean(
      probabilities(factor).map((chances) => product(chances.map((p) => 1 - purchase.perClick * p))),
    )
    return mean(Array.from({ length: mostLists }, (_, index) => list ** (index + 1)))
  })
  return { clickThrough: mean(clicks), conversion: 1 - (1 - purchase.without) * mean(leaves) }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
const product = (values: readonly number[]) => values.reduce((total, value) => total * value, 1)
const mean = (values: readonly number[]) => sum(values) / values.length
