import { expect, test } from 'vitest'
import { memoryEngine } from '../../../src/engines/memory-engine.js'
import { passesFilter } from '../../../src/engines/passes-filter.js'
import { noFilter, type VectorEngine } from '../../../src/engines/vector-engine.js'
import { brokenPromises } from './conformance.js'

const size = { rows: 600, dimensions: 16, isDurable: false }

test('the engine in memory keeps every promise, exactly', async () => {
  expect(await brokenPromises({ ...size, open: memoryEngine, isExact: true })).toEqual([])
})

/** What goes wrong in engines, each with words of the check that has to notice. */
const defects: [what: string, noticed: RegExp, spoil: (engine: VectorEngine) => Partial<VectorEngine>][] = [
  [
    'filters after having looked for the nearest',
    /keeps 5 %.*products in place of \d+ that pass its filter/,
    (engine) => ({
      async nearest({ filter, ...query }) {
        const { space, rows } = await engine.nearest({ ...query, filter: noFilter })
        const values = rows.map(({ product }) => product as Record<string, string>)
        return {
          space,
          rows: rows.filter(({ id, group }, at) =>
            passesFilter({ id, group, values: values[at] ?? {} }, filter),
          ),
        }
      },
    }),
  ],
  [
    'ignores filters',
    /keeps 5 %.*whose filter it does not pass/,
    (engine) => ({ nearest: (query) => engine.nearest({ ...query, filter: noFilter }) }),
  ],
  [
    'gives half of what is asked for',
    /more than there are/,
    (engine) => ({ nearest: (query) => engine.nearest({ ...query, count: Math.ceil(query.count / 2) }) }),
  ],
  [
    'loses digits of the scale',
    /come back as they were written/,
    (engine) => ({
      async vectorOf(ids, signal) {
        const { space, rows } = await engine.vectorOf(ids, signal)
        const rounded = rows.map((row) => {
          return { ...row, vector: { ...row.vector, scale: Math.round(row.vector.scale * 1e4) / 1e4 } }
        })
        return { space, rows: rounded }
      },
    }),
  ],
  [
    'compares vectors of any space',
    /another space are refused/,
    (engine) => ({
      async nearest(query) {
        const { space } = await engine.vectorOf([])
        return engine.nearest({ ...query, embedding: { ...query.embedding, space } })
      },
    }),
  ],
  [
    'is deaf to aborts',
    /aborted question/,
    (engine) => ({ nearest: ({ signal: _, ...query }) => engine.nearest(query) }),
  ],
  ['never removes', /removed rows/, () => ({ remove: async () => undefined })],
  [
    'answers from a space that is still being filled',
    /before the switch/,
    (engine) => ({
      async write(space, rows, signal) {
        await engine.write(space, rows, signal)
        await engine.activate(space)
      },
    }),
  ],
  [
    'keeps the first of two rows with one id',
    /is replaced/,
    (engine) => ({
      async write(space, rows, signal) {
        const known = await engine
          .describe()
          .then((found) => found && engine.vectorOf(rows.map(({ id }) => id)))
        const ids = new Set(known?.rows.map(({ id }) => id))
        await engine.write(
          space,
          rows.filter(({ id }) => !ids.has(id)),
          signal,
        )
      },
    }),
  ],
  [
    'mixes up distance and similarity',
    /lists of items/,
    (engine) => ({
      nearest: (query) => {
        const { space, vector } = query.embedding
        return engine.nearest({
          ...query,
          embedding: { space, vector: vector.map((component) => -component) },
        })
      },
    }),
  ],
]

test.each(defects)('the kit notices an engine that %s', async (_, noticed, spoil) => {
  const open = () => {
    const engine = memoryEngine()
    return { ...engine, ...spoil(engine) }
  }
  expect(await brokenPromises({ ...size, open })).toContainEqual(expect.stringMatching(noticed))
})

test('the kit writes over nothing that is a shop’s', async () => {
  const engine = memoryEngine()
  const { madeRows } = await import('../../../src/engines/conformance/made-rows.js')
  const { space, rows } = madeRows(3, 4)
  const shop = { ...space, model: 'a shop’s', fingerprint: 'a shop’s' }
  await engine.write(shop, rows)
  await engine.activate(shop)
  await expect(brokenPromises({ ...size, open: () => engine })).rejects.toThrow('holds 3 products')
})
