import { join } from 'node:path'
import * as lancedb from '@lancedb/lancedb'
import { describe, expect, test } from 'vitest'
import { madeRows } from '../../../src/engines/conformance/made-rows.js'
import { type LancedbOptions, lancedbEngine } from '../../../src/engines/lancedb/lancedb-engine.js'
import { textLiteral, whereText } from '../../../src/engines/lancedb/where-text.js'
import { noFilter } from '../../../src/engines/vector-engine.js'
import type { Embedding } from '../../../src/types.js'
import { scratchFolder } from '../node/scratch.js'
import { testEngine } from './engine-suite.js'

describe.each(['exact', 'approximate'] as const)('%s', (search) => {
  const folder = scratchFolder()
  testEngine({
    open: (home, options) => lancedbEngine({ lancedb, uri: join(folder, home), search, ...options }),
    kit: { rows: 600, dimensions: 16, isExact: search === 'exact' },
  })
})

const indexesOf = async (uri: string) => {
  const connection = await lancedb.connect(uri)
  const [name = ''] = (await connection.tableNames()).filter((name) => name.includes('_rows_'))
  const indexes = await (await connection.openTable(name)).listIndices()
  return indexes.map(({ name }) => name).sort()
}

test('the index is made again where there are many more rows than it was made for, and none for few', {
  timeout: 60_000,
}, async () => {
  const uri = scratchFolder()
  const engine = lancedbEngine({ lancedb, uri, search: 'approximate' })
  const { space, rows, queries } = madeRows(1300, 8)
  const upTo = async (count: number) => {
    const { count: known } = (await engine.describe()) ?? { count: 0 }
    await engine.write(space, rows.slice(known, count))
    await engine.activate(space)
    return indexesOf(uri)
  }
  expect(await upTo(100)).toEqual(['id', 'labels'])
  expect(await upTo(300)).toEqual(['embedding_300', 'id', 'labels'])
  expect(await upTo(1200)).toEqual(['embedding_300', 'id', 'labels'])
  expect(await upTo(1300)).toEqual(['embedding_1300', 'id', 'labels'])
  const [embedding] = queries as [Embedding]
  expect((await engine.nearest({ embedding, count: 1000, filter: noFilter })).rows).toHaveLength(1000)
  const exact = lancedbEngine({ lancedb, uri, search: 'exact' })
  await exact.activate(space)
  expect(await indexesOf(uri)).toEqual(['id', 'labels'])
})

test('tables of a later version, and those of others, are refused', async () => {
  const { space, rows } = madeRows(1, 4)
  for (const [version, expected] of [
    ['99', /version 99/],
    ['', /names no space/],
  ] as const) {
    const uri = scratchFolder()
    await lancedbEngine({ lancedb, uri }).write(space, rows)
    const connection = await lancedb.connect(uri)
    const [name = ''] = await connection.tableNames()
    await connection.dropTable(name)
    const schema = { fields: [{ name: 'id', type: 'utf8', nullable: false }] }
    const metadata = new Map([['similar-items', version]])
    // biome-ignore lint/suspicious/noExplicitAny: Arrow's schema as plain data.
    await connection.createEmptyTable(name, { ...schema, metadata } as any)
    await expect(lancedbEngine({ lancedb, uri }).write(space, rows)).rejects.toThrow(
      expect.objectContaining({ code: 'engine-invalid', message: expect.stringMatching(expected) }),
    )
  }
})

test('what cannot be opened says so each time, and is tried again', async () => {
  let attempts = 0
  const failing: LancedbOptions['lancedb'] = {
    ...lancedb,
    connect: async (...given) => {
      if (attempts++ === 0) throw new Error('no such bucket')
      return lancedb.connect(...given)
    },
  }
  const engine = lancedbEngine({ lancedb: failing, uri: scratchFolder() })
  await expect(engine.describe()).rejects.toThrow('no such bucket')
  expect(await engine.describe()).toBeNull()
})

test('a quote in what is asked stays in its literal', () => {
  const hostile = `'; drop table x; --`
  const conditions = [
    { attribute: hostile, oneOf: [hostile] },
    { attribute: hostile, from: 1, to: 2 },
  ]
  const text = whereText({ exceptIds: [hostile], exceptGroups: [hostile], conditions })
  // What is left when literals are taken out: two quotes in one are one letter of it.
  const outside = text?.replaceAll(/'(?:[^']|'')*'/g, '?')
  expect(outside).not.toMatch(/drop|'/)
  expect(outside).toContain('id not in (?)')
  expect(textLiteral(hostile)).toBe(`'''; drop table x; --'`)
  expect(whereText(noFilter)).toBeNull()
})

test.each(['Items', 'a b', 'a/b', '../a', '', '1a'])('"%s" is no name for tables', (name) => {
  expect(() => lancedbEngine({ lancedb, uri: scratchFolder(), name })).toThrow(
    expect.objectContaining({ code: 'invalid-argument' }),
  )
})
