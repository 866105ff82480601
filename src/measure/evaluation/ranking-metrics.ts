/**
 * How a relevance grade counts: `linear` as it is (Järvelin and Kekäläinen 2002; trec_eval, scikit-learn), or
 * `exponential` as 2^grade - 1 (Burges et al. 2005), which favours the highest grades. For grades of 0 and 1 both
 * are the same.
 */
export type Gain = 'linear' | 'exponential'

/*
 * All metrics take the relevance grades of a ranked list, best rank first, and count a grade above 0 as relevant.
 * Grades may be fractions; below 0 there is none. A list shorter than k counts as filled up with grade 0.
 */

/**
 * Discounted cumulative gain of the first `k` ranks: the sum of gain / log2(rank + 1), ranks from 1.
 *
 * K. Järvelin, J. Kekäläinen: Cumulated gain-based evaluation of IR techniques. ACM TOIS 20(4), 2002. They leave the
 * ranks before the base of the logarithm undiscounted; this is the variant that discounts from rank 2 on, as
 * trec_eval's `ndcg_cut` and scikit-learn's `dcg_score` have it.
 */
export function dcgAtK(grades: ArrayLike<number>, k: number, gain: Gain = 'linear'): number {
  let sum = 0
  for (let rank = 1; rank <= Math.min(k, grades.length); rank++) {
    const grade = grades[rank - 1] as number
    sum += (gain === 'linear' ? grade : 2 ** grade - 1) / Math.log2(rank + 1)
  }
  return sum
}

/**
 * `dcgAtK` divided by that of the best order: 1 where no order is better; NaN where nothing is relevant.
 * @param relevant the grades of everything that could have been listed, in any order; default: the list itself.
 */
export function ndcgAtK(
  grades: ArrayLike<number>,
  k: number,
  { gain = 'linear', relevant = grades }: { gain?: Gain; relevant?: ArrayLike<number> } = {},
): number {
  const ideal = Float64Array.from(relevant).sort().reverse()
  const best = dcgAtK(ideal, k, gain)
  return best > 0 ? dcgAtK(grades, k, gain) / best : Number.NaN
}

/** The share of the first `k` ranks that is relevant. */
export function precisionAtK(grades: ArrayLike<number>, k: number): number {
  return countRelevant(grades, k) / k
}

/**
 * The share of all relevant items that the first `k` ranks hold; NaN where nothing is relevant.
 * @param relevant how many relevant items there are; default: those in the list.
 */
export function recallAtK(
  grades: ArrayLike<number>,
  k: number,
  relevant: number = countRelevant(grades, grades.length),
): number {
  return relevant > 0 ? countRelevant(grades, k) / relevant : Number.NaN
}

/**
 * One over the rank of the first relevant item, 0 where there is none. Its mean over queries is the mean reciprocal
 * rank (MRR; Voorhees, TREC-8, 1999).
 */
export function reciprocalRank(grades: ArrayLike<number>): number {
  for (let index = 0; index < grades.length; index++) {
    if ((grades[index] as number) > 0) return 1 / (index + 1)
  }
  return 0
}

function countRelevant(grades: ArrayLike<number>, k: number): number {
  let relevant = 0
  for (let index = 0; index < Math.min(k, grades.length); index++) {
    if ((grades[index] as number) > 0) relevant++
  }
  return relevant
}
