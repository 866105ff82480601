import { isSimilarItemsError } from '../../errors.js'
import type { Embedding } from '../../types.js'
import { makeSpace } from '../../vectors/space.js'
import { filterValues } from '../filter-values.js'
import { noFilter, type WrittenRow } from '../vector-engine.js'
import { type Check, type CheckContext, ensure, ensureEqual, ensureRejects } from './check.js'

const hostileTexts = [
  "'; drop table similar_items_rows_1; --",
  `"quoted" \\back\\slash\\`,
  '$1 $(x) %s %_ {"a":1} \' or 1=1 --',
  'ÄÖÜ ß 日本語 한국어 العربية \u202eRTL',
  '👩‍👩‍👧‍👦 e\u0301 \u00e9',
  '__proto__',
  'constructor',
  ' leading and trailing ',
  'line\nbreak\ttab\r',
  '*',
  'null',
  'a'.repeat(500),
  // As long as ids may be, and nothing in it repeats.
  Array.from({ length: 666 }, (_, at) => String.fromCodePoint(0x4e00 + ((at * 7919) % 20_000))).join(''),
  // What looks alike is not the same: letters that are composed or not, upper case, spaces at the end.
  'caf\u00e9',
  'cafe\u0301',
  'Sku',
  'sku',
  'sku ',
  'ROW-1',
]

const isInvalid = (error: unknown) => isSimilarItemsError(error, 'invalid-argument')
const isMismatch = (error: unknown) => isSimilarItemsError(error, 'space-mismatch')

/** What comes in: hostile texts, vectors that are none, other spaces. */
export const borderChecks: readonly Check[] = [
  {
    name: 'rows come back as they were written',
    async run({ engine, data }) {
      const wanted = data.rows.filter((_, index) => index % 97 === 0)
      const { space, rows } = await engine.vectorOf([...wanted.map(({ id }) => id), 'no such row', ''])
      ensureEqual(space, data.space, 'the space')
      const found = new Map(rows.map((row) => [row.id, row]))
      ensureEqual(rows.length, wanted.length, 'the number of rows')
      for (const row of wanted)
        ensureEqual(comparable(found.get(row.id)), comparable(row), `the row ${row.id}`)
      return undefined
    },
  },
  {
    name: 'hostile ids, groups and values are texts like others',
    async run({ engine, data }) {
      const rows = hostileTexts.map((text, index) => hostileRow(data.rows[index] as WrittenRow, text))
      await engine.write(data.space, rows)
      try {
        const found = await engine.vectorOf(hostileTexts)
        ensureEqual(found.rows.map(({ id }) => id).sort(), [...hostileTexts].sort(), 'hostile ids')
        for (const row of rows) await findHostile(engine, data.queries[0] as Embedding, row)
      } finally {
        await engine.remove(data.space, hostileTexts)
      }
      ensureEqual((await engine.vectorOf(hostileTexts)).rows, [], 'hostile rows after they were removed')
      ensureEqual((await engine.describe())?.count, data.rows.length, 'the number of rows after that')
      return undefined
    },
  },
  {
    name: 'texts that cannot be stored are refused in rows, and unknown in questions',
    async run({ engine, data }) {
      const [row] = data.rows as [WrittenRow]
      for (const text of ['a\0b', '\0', 'half \ud83d', '\udc00']) {
        const message = `a row with the id ${JSON.stringify(text)} has to be refused`
        await ensureRejects(engine.write(data.space, [{ ...row, id: text }]), isInvalid, message)
        ensureEqual((await engine.vectorOf([text])).rows, [], 'rows of an id that cannot be stored')
        const [embedding] = data.queries as [Embedding]
        const conditions = [{ attribute: 'half', oneOf: [text] }]
        const filter = { exceptIds: [text], exceptGroups: [text], conditions }
        ensureEqual(
          (await engine.nearest({ embedding, count: 5, filter })).rows,
          [],
          'rows with such a value',
        )
      }
      await ensureRejects(
        engine.write(data.space, [{ ...row, id: '' }]),
        isInvalid,
        'an empty id has to be refused',
      )
      return undefined
    },
  },
  {
    name: 'vectors without direction or of another length are refused, and nothing of their batch is written',
    async run({ engine, data }) {
      const [row, good] = data.rows as [WrittenRow, WrittenRow]
      const zero = { levels: new Int8Array(data.space.dimensions), scale: 1 }
      const short = { levels: row.vector.levels.slice(1), scale: row.vector.scale }
      for (const vector of [zero, short, { ...row.vector, scale: Number.NaN }, { ...row.vector, scale: 0 }]) {
        const batch = [
          { ...good, id: 'beside a bad one' },
          { ...row, vector },
        ]
        await ensureRejects(
          engine.write(data.space, batch),
          isInvalid,
          'a vector without direction has to be refused',
        )
      }
      ensureEqual((await engine.vectorOf(['beside a bad one'])).rows, [], 'rows beside a bad one')
      return undefined
    },
  },
  {
    name: 'questions of another space are refused, naming both',
    async run({ engine, data }) {
      const { dimensions, fingerprint } = data.space
      const others = [data.otherSpace, makeSpace({ ...data.space, dimensions: dimensions + 1 })]
      for (const space of others) {
        const vector = new Float32Array(space.dimensions).fill(1 / Math.sqrt(space.dimensions))
        const asked = engine.nearest({ embedding: { space, vector }, count: 3, filter: noFilter })
        const namesBoth = (error: unknown) => {
          const { message } = error as Error
          return isMismatch(error) && message.includes(space.fingerprint) && message.includes(fingerprint)
        }
        await ensureRejects(asked, namesBoth, `a question of space ${space.fingerprint} has to be refused`)
      }
      return undefined
    },
  },
]

function hostileRow(row: WrittenRow, text: string): WrittenRow {
  const product = {
    id: text,
    title: text,
    image_link: 'https://shop.example/h.jpg',
    brand: text.slice(0, 200),
  }
  return { ...row, id: text, group: text, product, values: filterValues(product) }
}

async function findHostile(
  engine: CheckContext['engine'],
  embedding: Embedding,
  row: WrittenRow,
): Promise<void> {
  const brand = String(row.product.brand)
  const conditions = [{ attribute: 'brand', oneOf: [brand] }]
  const { rows } = await engine.nearest({ embedding, count: 3, filter: { ...noFilter, conditions } })
  ensureEqual(rows.map(comparable), [comparable(row)], `rows of the brand ${JSON.stringify(brand)}`)
  for (const except of [{ exceptIds: [row.id] }, { exceptGroups: [row.id] }]) {
    const left = await engine.nearest({ embedding, count: 3, filter: { ...noFilter, conditions, ...except } })
    ensure(left.rows.length === 0, `${JSON.stringify(row.id)} was excepted, and found all the same`)
  }
}

function comparable(row: Pick<WrittenRow, 'id' | 'group' | 'product' | 'vector'> | undefined): unknown {
  if (!row) return null
  const { id, group, product, vector } = row
  return {
    id,
    group,
    product: Object.entries(product).sort(),
    levels: [...vector.levels],
    scale: vector.scale,
  }
}
