import type { Embedding } from '../../types.js'
import { passesFilter } from '../passes-filter.js'
import { rankNearest } from '../rank-nearest.js'
import { toFloats } from '../stored-vector.js'
import { type EngineFilter, noFilter } from '../vector-engine.js'
import { type Check, type CheckContext, ensure, ensureEqual } from './check.js'
import { shares } from './made-rows.js'

const limit = 12

/** Lists: what is nearest, with and without filters. */
export const listChecks: readonly Check[] = [
  {
    name: 'lists of items are those of the scan',
    run: (context) => compareLists(context, itemQuestions(context, 20), 0.98),
  },
  {
    name: 'lists of vectors are those of the scan',
    run: (context) => {
      const questions = context.data.queries.map((embedding) => ({ embedding, filter: noFilter }))
      return compareLists(context, questions, 0.98)
    },
  },
  {
    name: 'long and diverse lists are as long as they can be',
    async run({ engine, data }) {
      for (const options of [{ limit: 60 }, { limit: 12, diversity: 0.5 }]) {
        const list = await rankNearest(engine, data.queries[0] as Embedding, options)
        ensureEqual(list.length, options.limit, `a list of ${options.limit} has another length`)
      }
      return undefined
    },
  },
  ...Object.keys(shares).map(
    (attribute): Check => ({
      name: `a filter that keeps ${100 * shares[attribute as keyof typeof shares]} % of the rows leaves lists full`,
      run: (context) => compareFiltered(context, { conditions: [{ attribute, oneOf: ['yes'] }] }),
    }),
  ),
  {
    name: 'a filter that keeps nothing gives empty lists',
    run: (context) => compareFiltered(context, { conditions: [{ attribute: 'half', oneOf: ['perhaps'] }] }),
  },
  {
    name: 'an attribute that no row has is met by none',
    run: (context) => compareFiltered(context, { conditions: [{ attribute: 'colour', oneOf: ['yes'] }] }),
  },
  {
    name: 'ranges include both ends, and may be open',
    async run(context) {
      const ranges = [
        { attribute: 'price', from: 10.5, to: 14.5 },
        { attribute: 'price', from: Number.NEGATIVE_INFINITY, to: 3.5 },
        { attribute: 'price', from: context.data.rows.length - 4.5, to: Number.POSITIVE_INFINITY },
        { attribute: 'half', from: 0, to: 1 },
      ]
      for (const range of ranges) await compareFiltered(context, { conditions: [range] })
      return undefined
    },
  },
  {
    name: 'several conditions all have to be met',
    run: (context) =>
      compareFiltered(context, {
        conditions: [
          { attribute: 'twentieth', oneOf: ['yes', 'no'] },
          { attribute: 'half', oneOf: ['yes'] },
          { attribute: 'price', from: 5, to: 200 },
        ],
      }),
  },
  {
    name: 'ids and groups that are excepted are left out',
    async run(context) {
      const exceptIds = context.data.rows.slice(0, 50).map(({ id }) => id)
      return compareFiltered(context, { exceptIds, exceptGroups: ['group-0', 'group-1', 'group-none'] })
    },
  },
  {
    name: 'more than there are is all there are',
    async run({ engine, data }) {
      const count = data.rows.length + 100
      const { rows } = await engine.nearest({
        embedding: data.queries[0] as Embedding,
        count,
        filter: noFilter,
      })
      ensureEqual(new Set(rows.map(({ id }) => id)).size, data.rows.length, 'the number of different rows')
      ensureEqual(rows.length, data.rows.length, 'the number of rows')
      return undefined
    },
  },
]

interface ListQuestion {
  readonly embedding: Embedding
  readonly filter: EngineFilter
}

function itemQuestions({ data }: CheckContext, count: number): ListQuestion[] {
  const step = Math.max(1, Math.floor(data.rows.length / count))
  const subjects = data.rows.filter((_, index) => index % step === 0)
  return subjects.map(({ id, group, vector }) => ({
    embedding: { space: data.space, vector: toFloats(vector) },
    filter: { exceptIds: [id], exceptGroups: group === null ? [] : [group], conditions: [] },
  }))
}

function compareFiltered(context: CheckContext, filter: Partial<EngineFilter>): Promise<string> {
  const questions = context.data.queries.slice(0, 10).map((embedding) => ({
    embedding,
    filter: { ...noFilter, ...filter },
  }))
  return compareLists(context, questions, 0.95)
}

/** Lists of the engine beside those of the oracle. @param leastRecall of all lists together. */
async function compareLists(
  { engine, oracle, data, isExact }: CheckContext,
  questions: readonly ListQuestion[],
  leastRecall: number,
): Promise<string> {
  let expectedCount = 0
  let foundCount = 0
  let worst = 1
  const rowOf = new Map(data.rows.map((row) => [row.id, row]))
  for (const { embedding, filter } of questions) {
    const expected = await rankNearest(oracle, embedding, { limit }, { filter })
    const list = await rankNearest(engine, embedding, { limit }, { filter })
    const scores = new Map(expected.map(({ row, score }) => [row.id, score]))
    for (const { row } of list) {
      const written = rowOf.get(row.id)
      ensure(
        written !== undefined,
        `${JSON.stringify(row.id)} is in a list, and was never written or is removed`,
      )
      ensure(passesFilter(written, filter), `${row.id} is in a list whose filter it does not pass`)
    }
    const { length } = expected
    ensure(
      list.length >= length,
      `a list has ${list.length} products in place of ${length} that pass its filter`,
    )
    ensure(list.length <= length, `a list has ${list.length} products where only ${length} pass its filter`)
    if (isExact)
      ensureEqual(
        list.map(({ row }) => row.id),
        [...scores.keys()],
        'an exact list',
      )
    const found = list.filter(({ row }) => scores.has(row.id))
    for (const { row, score } of found) {
      ensure(
        score === scores.get(row.id),
        `the score of ${row.id} is ${score} in place of ${scores.get(row.id)}`,
      )
    }
    expectedCount += expected.length
    foundCount += found.length
    if (expected.length > 0) worst = Math.min(worst, found.length / expected.length)
  }
  const recall = expectedCount === 0 ? 1 : foundCount / expectedCount
  ensure(recall >= leastRecall, `recall@${limit} is ${recall.toFixed(3)}; ${leastRecall} is wanted`)
  return `recall@${limit} ${recall.toFixed(3)}, worst ${worst.toFixed(3)}`
}
