import type { Embedding } from '../../types.js'
import { noFilter, type WrittenRow } from '../vector-engine.js'
import { type Check, type CheckContext, ensure, ensureEqual, ensureRejects } from './check.js'

const settleMilliseconds = 60_000

/** What happens over time: changes, many at once, aborts, another space. */
export const lifeChecks: readonly Check[] = [
  {
    name: 'a row that is written again is replaced',
    async run({ engine, data }) {
      const [row, other] = data.rows as [WrittenRow, WrittenRow]
      const changed = {
        ...row,
        vector: other.vector,
        product: { id: row.id, title: 'Changed' },
        version: '2',
      }
      await engine.write(data.space, [changed, changed])
      const found = await engine.vectorOf([row.id])
      ensureEqual(
        found.rows.map(({ product }) => product.title),
        ['Changed'],
        'titles of the row',
      )
      ensureEqual(
        found.rows.map(({ vector }) => [...vector.levels]),
        [[...other.vector.levels]],
        'its vectors',
      )
      await engine.write(data.space, [row])
      ensureEqual((await engine.describe())?.count, data.rows.length, 'the number of rows')
      return undefined
    },
  },
  {
    name: 'versions come page by page, in the order of ids',
    async run({ engine, data }) {
      const expected = data.rows
        .map(({ id, version }) => [id, version])
        .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))
      const found: (readonly [string, string])[] = []
      const size = Math.ceil(data.rows.length / 3)
      for (let after = ''; ; ) {
        const page = await engine.versions(data.space, after, size)
        found.push(...page)
        if (page.length < size) break
        after = (page.at(-1) as readonly [string, string])[0]
      }
      ensureEqual(found, expected, 'ids and versions')
      return undefined
    },
  },
  {
    name: 'removed rows are found no more',
    async run({ engine, data }) {
      const gone = data.rows.slice(5, 15)
      const ids = gone.map(({ id }) => id)
      await engine.remove(data.space, [...ids, 'no such row', 'a\0b'])
      const [left] = (await engine.vectorOf(ids)).rows
      ensure(left === undefined, `${left?.id} was removed, and vectorOf finds it all the same`)
      const [embedding] = data.queries as [Embedding]
      const { rows } = await engine.nearest({ embedding, count: data.rows.length, filter: noFilter })
      const found = rows.find(({ id }) => ids.includes(id))
      ensure(found === undefined, `${found?.id} was removed, and nearest finds it all the same`)
      ensureEqual(rows.length, data.rows.length - gone.length, 'the number of rows that are left')
      await engine.write(data.space, gone)
      return undefined
    },
  },
  {
    name: 'writes and questions at once all settle, and nothing is lost',
    async run({ engine, data }) {
      const [embedding] = data.queries as [Embedding]
      const batches = Array.from({ length: 8 }, (_, at) => data.rows.slice(at * 20, at * 20 + 40))
      const writes = batches.map((batch) => engine.write(data.space, batch))
      const questions = Array.from({ length: 16 }, () =>
        engine.nearest({ embedding, count: 12, filter: noFilter }),
      )
      await settled([...writes, ...questions])
      for (const { rows } of await Promise.all(questions))
        ensureEqual(rows.length, 12, 'the length of an answer')
      ensureEqual((await engine.describe())?.count, data.rows.length, 'the number of rows')
      return undefined
    },
  },
  {
    name: 'more questions than connections all settle',
    async run({ engine, data }) {
      const questions = Array.from({ length: 64 }, (_, at) => {
        const embedding = data.queries[at % data.queries.length] as Embedding
        return engine.nearest({ embedding, count: 12, filter: noFilter })
      })
      await settled(questions)
      return undefined
    },
  },
  {
    name: 'an aborted question rejects with the reason of its signal, and the next one is answered',
    async run({ engine, data }) {
      const [embedding] = data.queries as [Embedding]
      const reason = new Error('the client left')
      const isReason = (error: unknown) => error === reason
      const aborted = AbortSignal.abort(reason)
      const asked = (signal: AbortSignal) =>
        engine.nearest({ embedding, count: 12, filter: noFilter, signal })
      await ensureRejects(
        asked(aborted),
        isReason,
        'a question that was aborted before has to reject with the reason',
      )
      await ensureRejects(
        engine.vectorOf(['row-1'], aborted),
        isReason,
        'vectorOf has to reject with the reason',
      )
      const questions = Array.from({ length: 8 }, async () => {
        const controller = new AbortController()
        const question = asked(controller.signal)
        question.catch(() => undefined)
        await null
        controller.abort(reason)
        // One that is quicker than the abort may have its answer.
        return question.then(() => true, isReason)
      })
      const outcomes = await Promise.all(questions)
      ensure(outcomes.every(Boolean), 'an aborted question rejected with something else than the reason')
      ensureEqual(
        (await asked(new AbortController().signal)).rows.length,
        12,
        'the length of the next answer',
      )
      return undefined
    },
  },
  {
    name: 'another space is filled beside the first, which is forgotten once it is switched',
    async run(context) {
      const { engine, data } = context
      const few = data.rows.slice(0, 30)
      await engine.write(data.otherSpace, few)
      ensureEqual((await engine.describe())?.space, data.space, 'the space before the switch')
      ensureEqual((await engine.vectorOf(['row-1'])).space, data.space, 'the space of rows before the switch')
      await engine.activate(data.otherSpace)
      ensureEqual(await engine.describe(), { space: data.otherSpace, count: few.length }, 'after the switch')
      await ensureCount(context, few.length)
      await refill(context)
      return undefined
    },
  },
  {
    name: 'a space of no rows, and of one, can be answered from',
    async run(context) {
      const { engine, data } = context
      await engine.write(data.otherSpace, [])
      await engine.activate(data.otherSpace)
      ensureEqual(await engine.describe(), { space: data.otherSpace, count: 0 }, 'a space of no rows')
      ensureEqual((await engine.vectorOf(['row-1'])).rows, [], 'rows of a space that has none')
      await ensureCount(context, 0)
      const rows = data.rows.slice(0, 1)
      await engine.write(data.otherSpace, rows)
      await engine.activate(data.otherSpace)
      ensureEqual((await engine.describe())?.count, 1, 'the number of rows')
      await ensureCount(context, 1)
      await engine.remove(
        data.otherSpace,
        rows.map(({ id }) => id),
      )
      await ensureCount(context, 0)
      await refill(context)
      return undefined
    },
  },
]

/** So many rows of the other space are nearest. */
async function ensureCount({ engine, data }: CheckContext, count: number): Promise<void> {
  const [{ vector }] = data.queries as [Embedding]
  const embedding = { space: data.otherSpace, vector }
  const { space, rows } = await engine.nearest({ embedding, count: 100, filter: noFilter })
  ensureEqual([space, rows.length], [data.otherSpace, count], 'what is nearest')
}

/** Writes all rows of the first space and answers from it. */
export async function refill({ engine, data }: Pick<CheckContext, 'engine' | 'data'>): Promise<void> {
  for (let start = 0; start < data.rows.length; start += 500) {
    await engine.write(data.space, data.rows.slice(start, start + 500))
  }
  await engine.activate(data.space)
}

async function settled(promises: readonly Promise<unknown>[]): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const limit = new Promise((resolve) => {
    timer = setTimeout(resolve, settleMilliseconds, 'limit')
  })
  const outcomes = await Promise.race([Promise.allSettled(promises), limit])
  clearTimeout(timer)
  ensure(Array.isArray(outcomes), `not all calls settled within ${settleMilliseconds / 1000} s`)
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
}
