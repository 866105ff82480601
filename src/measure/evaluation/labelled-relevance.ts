import { readersOf } from '../records.js'
import type { EvaluationQuery } from './evaluation-query.js'

export interface LabelledItem {
  readonly id: string
  readonly label: string
}

/**
 * Queries from labelled items: relevant (grade 1) are the items of the gallery with the label of the query, which is
 * its category, too. Queries without a relevant item are kept here; `evaluate` leaves them out and counts them.
 * @param gallery default: the queries themselves, each without itself.
 */
export function queriesFromLabels(
  queries: readonly LabelledItem[],
  gallery: readonly LabelledItem[] = queries,
): EvaluationQuery[] {
  const candidates = gallery.map(({ id }) => id)
  const gradesOf = new Map<string, Map<string, number>>()
  for (const { id, label } of gallery) {
    const grades = gradesOf.get(label) ?? new Map<string, number>()
    gradesOf.set(label, grades.set(id, 1))
  }
  return queries.map(({ id, label }) => ({
    product: id,
    candidates,
    grades: gradesOf.get(label) ?? new Map(),
    category: label,
  }))
}

/** One graded judgement: how relevant `item` is for somebody who looks at `query`. */
export interface Judgement {
  readonly query: string
  readonly item: string
  /** 0 and above; 0 means that it was judged and is not relevant. */
  readonly grade: number
}

/**
 * Reads judgements from parsed JSONL lines or CSV rows.
 * @param source what to call the file in errors.
 * @throws SimilarItemsError `invalid-argument`, naming the record.
 */
export function parseJudgements(records: readonly unknown[], source?: string): Judgement[] {
  return readersOf(records, source).map((reader) => ({
    query: reader.text('query'),
    item: reader.text('item'),
    grade: reader.number('grade', 0, largestGrade),
  }))
}

/** Far above any scale of grades, and small enough for the sums of a metric. */
const largestGrade = 1e6

/**
 * Queries from graded judgements.
 * @param candidates ids of everything that is ranked, judged or not; default: what was judged for the query.
 */
export function queriesFromJudgements(
  judgements: readonly Judgement[],
  { candidates, categoryOf }: QuerySource = {},
): EvaluationQuery[] {
  const gradesOf = new Map<string, Map<string, number>>()
  for (const { query, item, grade } of judgements) {
    const grades = gradesOf.get(query) ?? new Map<string, number>()
    gradesOf.set(query, grades.set(item, grade))
  }
  return [...gradesOf].map(([product, grades]) => ({
    product,
    candidates: candidates ?? [...grades.keys()],
    grades,
    category: categoryOf?.(product),
  }))
}

/** What judgements and logs do not say by themselves. */
export interface QuerySource {
  readonly candidates?: readonly string[] | undefined
  readonly categoryOf?: ((product: string) => string | undefined) | undefined
}
