import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeEach, describe, expect, test } from 'vitest'
import { memoryEngine } from '../../../src/engines/memory-engine.js'
import type { VectorEngine } from '../../../src/engines/vector-engine.js'
import type { Terminal } from '../../../src/node/command/command.js'
import { runCommandLine } from '../../../src/node/command/command-line.js'
import { writeCatalog } from '../../../src/node/indexing/write-catalog.js'
import { pushPack } from '../../../src/node/pack/push-pack.js'
import type { Product } from '../../../src/types.js'
import { encodeVectors } from '../../../src/vectors/encoded-vectors.js'
import { normalize } from '../../../src/vectors/normalize.js'
import { makeSpace } from '../../../src/vectors/space.js'
import { isBuilt, startCommand } from '../node/command/command-process.js'
import { scratchFolder } from '../node/scratch.js'

const spaceOf = (model: string) => makeSpace({ model, preprocessing: 'p', projection: null, dimensions: 8 })

/** Writes what index writes for products whose vectors are made of their numbers. */
async function writeFolder(items: readonly Product[], model = 'one'): Promise<string> {
  const out = join(scratchFolder(), 'out')
  mkdirSync(out)
  const vectors = items.map(({ title }) =>
    normalize(Float32Array.from({ length: 8 }, (_, at) => Math.sin(title.length + at))),
  )
  const entries = items.map(({ id, image_link }) => ({ id, contentKey: image_link }))
  const pack = { space: spaceOf(model), entries, vectors: encodeVectors(vectors, 8, 'int8') }
  await writeCatalog(out, { items, pack, projection: null, unusable: [] })
  return out
}

const products = (count: number): Product[] =>
  Array.from({ length: count }, (_, index) => {
    return {
      id: `p-${index}`,
      title: 'x'.repeat(index + 1),
      image_link: `/${index}.jpg`,
      price: `${index} EUR`,
    }
  })

let engine: VectorEngine
beforeEach(() => {
  engine = memoryEngine()
})

test('only what has changed is written, and what is gone is removed', async () => {
  const items = products(30)
  const first = await pushPack({ folder: await writeFolder(items), engine, batch: 7 })
  expect(first).toMatchObject({ written: 30, unchanged: 0, removed: 0, skipped: [] })
  expect(await engine.describe()).toEqual({ space: spaceOf('one'), count: 30 })
  const changed = items.slice(3).map((item) => (item.id === 'p-9' ? { ...item, price: '1 EUR' } : item))
  const second = await pushPack({ folder: await writeFolder(changed), engine, batch: 7 })
  expect(second).toMatchObject({ written: 1, unchanged: 26, removed: 3 })
  const { rows } = await engine.vectorOf(['p-0', 'p-9'])
  expect(rows.map(({ product }) => product.price)).toEqual(['1 EUR'])
})

test('another space is filled beside the one that is answered from, and one that was cut off goes on', async () => {
  await pushPack({ folder: await writeFolder(products(20)), engine })
  const folder = await writeFolder(products(20), 'two')
  const cutOff = new AbortController()
  const onProgress = (done: number) => done >= 10 && cutOff.abort(new Error('cut off'))
  const options = { folder, engine, batch: 5, onProgress, signal: cutOff.signal }
  await expect(pushPack(options)).rejects.toThrow('cut off')
  expect((await engine.describe())?.space.model).toBe('one')
  expect(await pushPack({ folder, engine, batch: 5 })).toMatchObject({ written: 10, unchanged: 10 })
  expect(await engine.describe()).toEqual({ space: spaceOf('two'), count: 20 })
})

test('shards are pushed one by one, and switched to with the last', async () => {
  const items = products(12)
  const shards = [items.slice(0, 5), items.slice(5)]
  const [one, two] = await Promise.all(shards.map((shard) => writeFolder(shard)))
  await pushPack({ folder: one as string, engine, keep: true, activate: false })
  expect(await engine.describe()).toBeNull()
  expect(await pushPack({ folder: two as string, engine, keep: true })).toMatchObject({
    written: 7,
    removed: 0,
  })
  expect(await engine.describe()).toMatchObject({ count: 12 })
})

test('what no engine can store is left out and told', async () => {
  const items = [...products(2), { id: 'a\0b', title: 'NUL', image_link: '/n.jpg' }]
  const report = await pushPack({ folder: await writeFolder(items), engine })
  expect(report).toMatchObject({
    written: 2,
    skipped: [{ id: 'a\0b', reason: expect.stringContaining('NUL') }],
  })
})

describe.skipIf(!isBuilt)('on the command line', () => {
  const server = pathToFileURL(join(import.meta.dirname, '../../../dist/node/server.js')).href
  const run = (...argv: string[]) => startCommand(argv).ended

  function engineFile(code: string): string {
    const file = join(scratchFolder(), 'engine.mjs')
    writeFileSync(file, `import { memoryEngine } from '${server}'\n${code}`)
    return file
  }

  test('push loads a folder', async () => {
    const file = engineFile('export default memoryEngine()')
    const { code, stdout } = await run('push', await writeFolder(products(3)), '--engine', file)
    const told = expect.stringMatching(/^3 products written, 0 unchanged, 0 removed, space one/)
    expect([code, stdout]).toEqual([0, told])
  })

  test('conformance says which promises are kept', async () => {
    const marks = 'export const isDurable = false'
    const exact = engineFile(`export default memoryEngine\nexport const isExact = true\n${marks}`)
    const broken = engineFile(
      `export default () => ({ ...memoryEngine(), remove: async () => undefined })\n${marks}`,
    )
    const size = ['--rows', '300', '--dims', '8']
    const kept = await run('conformance', '--engine', exact, ...size)
    expect([kept.code, kept.stderr, kept.stdout]).toEqual([
      0,
      '',
      expect.stringContaining('Every promise is kept.'),
    ])
    const found = await run('conformance', '--engine', broken, ...size)
    expect([found.code, found.stdout]).toEqual([
      1,
      expect.stringMatching(/BROKEN {2}removed rows are found no more/),
    ])
  })

  test('engines that are wrong are told what is wrong', { timeout: 60_000 }, async () => {
    const wrongs: [code: string, told: RegExp][] = [
      [
        // Answers whatever the space of the question is.
        `async nearest(query) {
          const { space } = await engine.vectorOf([])
          return engine.nearest({ ...query, embedding: { ...query.embedding, space } })
        }`,
        /a question of space conformance-2\S+ has to be refused, but it resolved/,
      ],
      [
        // Ignores filters.
        'nearest: (query) => engine.nearest({ ...query, filter: noFilter })',
        /row-\d+ is in a list whose filter it does not pass/,
      ],
      [
        // Goes on finding what was removed.
        'remove: async () => undefined',
        /row-\d+ was removed, and vectorOf finds it all the same/,
      ],
      [
        // Looks for the nearest first, and filters what it has found.
        `async nearest(query) {
          const { space, rows } = await engine.nearest({ ...query, filter: noFilter })
          const passes = ({ id, group, product }) =>
            passesFilter({ id, group, values: filterValues(product) }, query.filter)
          return { space, rows: rows.filter(passes) }
        }`,
        /a list has \d+ products in place of \d+ that pass its filter/,
      ],
      [
        // Does not hear of aborts.
        'nearest: ({ signal, ...query }) => engine.nearest(query)',
        /a question that was aborted before has to reject with the reason, but it resolved/,
      ],
    ]
    const folder = scratchFolder()
    mkdirSync(join(folder, 'node_modules'))
    symlinkSync(join(import.meta.dirname, '../../..'), join(folder, 'node_modules/similar-items'), 'dir')
    const outcomes = wrongs.map(async ([method, told], at) => {
      const file = join(folder, `engine-${at}.js`)
      writeFileSync(
        file,
        `import { filterValues, memoryEngine, passesFilter } from 'similar-items/server'
        const noFilter = { exceptIds: [], exceptGroups: [], conditions: [] }
        export const isDurable = false
        export default function openEngine() {
          const engine = memoryEngine()
          return { ...engine, ${method} }
        }`,
      )
      const { code, stdout } = await run('conformance', '--engine', file, '--rows', '300', '--dims', '8')
      expect([code, stdout]).toEqual([1, expect.stringMatching(told)])
      expect(stdout).toMatch(/\d+ promises? (is|are) broken\.\n$/)
    })
    await Promise.all(outcomes)
  })

  test.each([
    ['is not there', null, /cannot be loaded/],
    ['has no engine', 'export default { describe() {} }', /nearest, vectorOf/],
    ['has nothing', 'export const nothing = 1', /describe/],
  ])('a module that %s is named', async (_, code, expected) => {
    const file = code === null ? join(scratchFolder(), 'none.js') : engineFile(code)
    const { code: status, stderr } = await run('conformance', '--engine', file)
    expect([status, stderr]).toEqual([1, expect.stringMatching(expected)])
    expect(stderr).toContain(file)
  })
})

test('a database that is down is named in a sentence, and a mistake in a module keeps its stack', async () => {
  const folder = await writeFolder(products(2))
  const push = async (error: string, isOpened = true) => {
    const file = join(scratchFolder(), 'engine.mjs')
    const methods = ['describe', 'nearest', 'vectorOf', 'write', 'remove', 'versions', 'activate']
    const failing = methods.map((name) => `async ${name}() { throw ${error} }`).join(', ')
    const opens = isOpened ? `export default { ${failing} }` : `export default () => { throw ${error} }`
    writeFileSync(file, opens)
    const said: string[] = []
    const stream = { write: (text: string) => said.push(text) } as unknown as Terminal['err']
    const terminal = { out: stream, err: stream }
    const argv = ['push', folder, '--engine', file]
    const code = await runCommandLine(argv, terminal, new AbortController().signal)
    return { code, said: said.join('') }
  }
  const down = await push("Object.assign(new Error('connect refused'), { code: 'ECONNREFUSED' })")
  expect(down.code).toBe(1)
  expect(down.said).toMatch(/^The database of .*engine\.mjs failed\b.*connect refused.*\n$/)
  const downs: [error: string, said: RegExp][] = [
    [
      "new TypeError('fetch failed', { cause: Object.assign(new Error('connect ECONNREFUSED ::1:8000'), { code: 'ECONNREFUSED' }) })",
      /failed: connect ECONNREFUSED ::1:8000\./,
    ],
    ["new Error('Connection terminated unexpectedly')", /failed: Connection terminated unexpectedly\./],
    [
      "Object.assign(new AggregateError([new Error('connect ECONNREFUSED ::1:1')]), { code: 'ECONNREFUSED' })",
      /failed: connect ECONNREFUSED ::1:1\./,
    ],
  ]
  for (const [error, said] of downs) {
    for (const isOpened of [true, false]) {
      const told = await push(error, isOpened)
      expect([told.code, told.said]).toEqual([1, expect.stringMatching(said)])
      expect(told.said).toMatch(/^The database of .*engine\.mjs failed: .*\n$/)
    }
  }
  const mistakes = ['ERR_INVALID_URL', 'ERR_INVALID_ARG_TYPE', 'MODULE_NOT_FOUND']
  for (const code of mistakes) {
    const mistake = `Object.assign(new TypeError('Not so'), { code: '${code}' })`
    for (const error of [mistake, `new TypeError('Not so', { cause: ${mistake} })`]) {
      expect((await push(error)).said).toMatch(/^TypeError: Not so\n\s+at /)
      expect((await push(error, false)).said).toMatch(/^TypeError: Not so\n\s+at /)
    }
  }
  expect((await push("new TypeError('x is undefined')")).said).toMatch(/TypeError: x is undefined\n\s+at /)
})

test('what no database can keep is left out and named, and nothing else of its batch', async () => {
  const [one, two, three, four] = products(4) as [Product, Product, Product, Product]
  const items = [
    one,
    { ...two, id: 'x'.repeat(2001) },
    { ...three, 'weight\0': 5, '\ud83d': '\ude00' } as unknown as Product,
    { ...four, id: 'a\0b' },
  ]
  const engine = memoryEngine()
  const report = await pushPack({ folder: await writeFolder(items), engine })
  expect([report.written, report.skipped.map(({ id }) => id.slice(0, 3))]).toEqual([2, ['xxx', 'a\0b']])
})
