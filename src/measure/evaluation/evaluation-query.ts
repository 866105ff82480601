/** One question put to every system: in which order are these candidates similar to this product? */
export interface EvaluationQuery {
  /** Id of the product. Queries of one product are one unit when confidence is computed. */
  readonly product: string
  /** Ids of what is ranked. The product itself is left out where it is among them. */
  readonly candidates: readonly string[]
  /** Relevance grade by candidate; one that is absent has grade 0. */
  readonly grades: ReadonlyMap<string, number>
  readonly category?: string | undefined
  /** How many queries this one stands for. Default 1. */
  readonly weight?: number | undefined
}
