import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nearDuplicateBound } from '../../../src/ranking/near-duplicate-bound.js'
import { rank, type ShownPicture } from '../../../src/ranking/rank.js'
import { groupRows } from '../../../src/ranking/row-groups.js'
import type { RankingOptions, Space } from '../../../src/types.js'
import { cosineSimilarity, normalize } from '../../../src/vectors/normalize.js'
import { RowSet } from '../../../src/vectors/row-set.js'
import { makeSpace } from '../../../src/vectors/space.js'
import { VectorTable } from '../../../src/vectors/vector-table.js'

const dimensions = 4
const space = makeSpace({ model: 'a'.repeat(64), preprocessing: 'test', projection: null, dimensions })
const embed = (...components: number[]) => ({ space, vector: normalize(components) })
const keepAll = { nearDuplicate: 2 }

// Few distinct values, so that ties happen.
const unit = fc
  .array(fc.constantFrom(-1, 0, 0.5, 1), { minLength: dimensions, maxLength: dimensions })
  .filter((components) => components.some(Boolean))
  .map((components) => normalize(components))
const rows = fc.uniqueArray(fc.record({ id: fc.string({ maxLength: 3 }), vector: unit }), {
  selector: ({ id }) => id,
  maxLength: 80,
})

function tableOf(entries: readonly { id: string; vector: Float32Array }[]): VectorTable {
  const table = new VectorTable(space, 'float32')
  for (const { id, vector } of entries) table.set({ id, contentKey: id }, { space, vector })
  return table
}

describe('rank', () => {
  test('equals sorting everything by score, then id', () => {
    fc.assert(
      fc.property(
        rows,
        unit,
        fc.integer({ min: 0, max: 20 }),
        fc.float({ min: -1, max: 1, noNaN: true }),
        (entries, query, limit, minScore) => {
          const ranked = rank(tableOf(entries), { space, vector: query }, { limit, minScore, ...keepAll })
          const dot = (vector: Float32Array) => {
            let sum = 0
            for (let index = 0; index < dimensions; index++)
              sum += (vector[index] as number) * (query[index] as number)
            return Math.min(1, Math.max(-1, Math.fround(sum)))
          }
          const expected = entries
            .map(({ id, vector }) => ({ id, score: dot(vector) }))
            .filter(({ score }) => score >= minScore)
            .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
            .slice(0, limit)
          expect(ranked.map(({ id, score }) => ({ id, score }))).toEqual(expected)
        },
      ),
    )
  })

  test('does not depend on the order in which vectors arrived', () => {
    fc.assert(
      fc.property(rows, unit, fc.float({ min: 0, max: 1, noNaN: true }), (entries, query, diversity) => {
        const ids = (order: typeof entries) =>
          rank(tableOf(order), { space, vector: query }, { limit: 6, diversity }).map(({ id }) => id)
        expect(ids(entries.toReversed())).toEqual(ids(entries))
      }),
    )
  })

  test('leaves out what is no candidate, and looks further instead', () => {
    const table = tableOf([
      { id: 'self', vector: normalize([1, 0, 0, 0]) },
      { id: 'variant', vector: normalize([1, 0.3, 0, 0]) },
      { id: 'far', vector: normalize([0, 1, 0, 0]) },
    ])
    const ranked = rank(table, embed(1, 0, 0, 0), { limit: 2 }, { eligible: (id) => id === 'far' })
    expect(ranked.map(({ id }) => id)).toEqual(['far'])
  })

  test('takes a set of rows for a choice by id', () => {
    fc.assert(
      fc.property(
        rows,
        unit,
        fc.array(fc.boolean(), { minLength: 80, maxLength: 80 }),
        (entries, vector, keep) => {
          const table = tableOf(entries)
          const options = { limit: 5, ...keepAll }
          const ids = new Set(entries.filter((_, index) => keep[index]).map(({ id }) => id))
          const byId = rank(table, { space, vector }, options, { eligible: (id) => ids.has(id) })
          const chosen = RowSet.where(table.size, (row) => ids.has(table.entries[row]?.id ?? ''))
          expect(rank(table, { space, vector }, options, { eligible: chosen })).toEqual(byId)
          expect(byId.length).toBe(Math.min(5, ids.size))
        },
      ),
    )
  })

  test('shows one of pictures that are the same to the eye, and still fills the list', () => {
    const copies = Array.from({ length: 100 }, (_, index) => ({
      id: `copy-${String(index).padStart(3, '0')}`,
      vector: normalize([1, 0.001 * index, 0, 0]),
    }))
    const others = [
      { id: 'other-1', vector: normalize([0.8, 0, 0.6, 0]) },
      { id: 'other-2', vector: normalize([0.6, 0, 0, 0.8]) },
    ]
    const ranked = rank(tableOf([...copies, ...others]), embed(1, 0, 0, 0), { limit: 3 })
    expect(ranked.map(({ id }) => id)).toEqual(['copy-000', 'other-1', 'other-2'])
  })

  test('takes two pictures for one from a lower cosine on where the mean was subtracted', () => {
    const centered = makeSpace({ ...space, projection: 'c'.repeat(64), centered: true })
    expect(nearDuplicateBound(centered)).toBeLessThan(nearDuplicateBound(space))
    const cosine = (nearDuplicateBound(centered) + nearDuplicateBound(space)) / 2
    const twin = normalize([cosine, Math.sqrt(1 - cosine ** 2), 0, 0])
    const count = (of: Space, options = {}) => {
      const table = new VectorTable(of, 'float32')
      table.set({ id: 'a', contentKey: 'a' }, { space: of, vector: normalize([1, 0, 0, 0]) })
      table.set({ id: 'b', contentKey: 'b' }, { space: of, vector: twin })
      return rank(table, { space: of, vector: normalize([1, 0, 0, 0]) }, options).length
    }
    expect([count(space), count(centered)]).toEqual([2, 1])
    expect([count(centered, { nearDuplicate: undefined }), count(centered, { nearDuplicate: 0.99 })]).toEqual(
      [1, 2],
    )
  })

  test('no two hits are nearer to each other than the threshold', () => {
    fc.assert(
      fc.property(rows, unit, fc.constantFrom(0.5, 0.9, 0.985), (entries, query, nearDuplicate) => {
        const table = tableOf(entries)
        const ranked = rank(table, { space, vector: query }, { limit: 10, nearDuplicate })
        const vectors = ranked.map(({ id }) => table.embeddingOf(id)?.vector as Float32Array)
        for (const [index, a] of vectors.entries()) {
          for (const b of vectors.slice(index + 1)) expect(cosineSimilarity(a, b)).toBeLessThan(nearDuplicate)
        }
      }),
    )
  })

  test('a longer list begins with the shorter one', () => {
    fc.assert(
      fc.property(rows, unit, fc.constantFrom(0.5, 0.9, 2), (entries, query, nearDuplicate) => {
        const ofLength = (limit: number) =>
          rank(tableOf(entries), { space, vector: query }, { limit, nearDuplicate })
        expect(ofLength(3)).toEqual(ofLength(10).slice(0, 3))
      }),
    )
  })

  test('diversity prefers what is not shown yet: the example of two kinds', () => {
    const table = tableOf([
      { id: 'a1', vector: normalize([1, 0.1, 0, 0]) },
      { id: 'a2', vector: normalize([1, 0.3, 0, 0]) },
      { id: 'b1', vector: normalize([0.7, 0, 0.7, 0]) },
    ])
    const ids = (diversity: number) =>
      rank(table, embed(1, 0, 0, 0), { limit: 2, diversity, ...keepAll }).map(({ id }) => id)
    expect(ids(0)).toEqual(['a1', 'a2'])
    expect(ids(0.5)).toEqual(['a1', 'b1'])
  })

  test('has one of a group, the best, and looks further instead', () => {
    const colours = Array.from({ length: 50 }, (_, index) => ({
      id: `lamp-${String(index).padStart(2, '0')}`,
      vector: normalize([1, 0.02 * (index + 1), 0, 0]),
    }))
    const others = [
      { id: 'other-1', vector: normalize([0.6, 0, 0.8, 0]) },
      { id: 'other-2', vector: normalize([0.5, 0, 0, 0.8]) },
    ]
    const table = tableOf([...colours, ...others])
    const groups = groupRows(table.entries, new Map(colours.map(({ id }) => [id, { item_group_id: 'lamp' }])))
    const ids = (options: RankingOptions) =>
      rank(table, embed(1, 0, 0, 0), { limit: 3, ...options }, { groups }).map(({ id }) => id)
    expect(ids({})).toEqual(['lamp-00', 'other-1', 'other-2'])
    expect(ids(keepAll)).toEqual(['lamp-00', 'other-1', 'other-2'])
    expect(ids({ diversity: 0.5 }).sort()).toEqual(['lamp-00', 'other-1', 'other-2'])
    expect(ids({ ...keepAll, perGroup: 2 })).toEqual(['lamp-00', 'lamp-01', 'other-1'])
    expect(ids({ ...keepAll, perGroup: Number.POSITIVE_INFINITY })).toEqual(['lamp-00', 'lamp-01', 'lamp-02'])
    // Of those that are the same to the eye, the second of a group is the next that looks different.
    const [, second = ''] = ids({ perGroup: 2 })
    const vectorOf = (id: string) => table.embeddingOf(id)?.vector as Float32Array
    expect(second).toMatch(/^lamp-/)
    expect(cosineSimilarity(vectorOf('lamp-00'), vectorOf(second))).toBeLessThan(0.985)
  })

  const groupNames = fc.array(fc.constantFrom(undefined, '', 'one', 'two', 'three'), {
    minLength: 80,
    maxLength: 80,
  })

  test('equals going through all from the best on, with as many of each group as may be', () => {
    fc.assert(
      fc.property(
        rows,
        unit,
        groupNames,
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom(0.9, 2),
        (entries, vector, names, perGroup, nearDuplicate) => {
          const table = tableOf(entries)
          const groupOf = new Map(entries.map(({ id }, index) => [id, names[index]]))
          const products = new Map(
            [...groupOf].map(([id, group]) => [id, group === undefined ? {} : { item_group_id: group }]),
          )
          const groups = groupRows(table.entries, products)
          const query = { space, vector }
          const all = rank(table, query, { limit: entries.length, ...keepAll })
          const expected: string[] = []
          for (const { id } of all) {
            const vectors = expected.map((other) => table.embeddingOf(other)?.vector as Float32Array)
            const own = table.embeddingOf(id)?.vector as Float32Array
            const group = groupOf.get(id)
            const variants = expected.filter((other) => groupOf.get(other) === group)
            if (group && variants.length >= perGroup) continue
            if (vectors.every((other) => cosineSimilarity(other, own) < nearDuplicate)) expected.push(id)
          }
          const ranked = rank(table, query, { limit: 5, perGroup, nearDuplicate }, { groups })
          expect(ranked.map(({ id }) => id)).toEqual(expected.slice(0, 5))
        },
      ),
    )
  })

  test('leaves out the picture that is shown beside the list, and copies of it', () => {
    const table = new VectorTable(space, 'float32')
    const add = (id: string, contentKey: string, vector: Float32Array) =>
      table.set({ id, contentKey }, { space, vector })
    add('size-39', '/boot.jpg', normalize([1, 0, 0, 0]))
    add('size-40', '/boot.jpg?v=2', normalize([1, 0.01, 0, 0]))
    add('shoe', '/shoe.jpg', normalize([0.8, 0.6, 0, 0]))
    const boot = { contentKey: '/boot.jpg', vector: normalize([1, 0, 0, 0]) }
    const shoe = { contentKey: '/shoe.jpg', vector: normalize([0.8, 0.6, 0, 0]) }
    const ids = (options: RankingOptions, shown: readonly ShownPicture[]) =>
      rank(table, embed(1, 0.001, 0, 0), options, { shown }).map(({ id }) => id)
    expect(ids({}, [boot])).toEqual(['shoe'])
    expect(ids(keepAll, [boot])).toEqual(['size-40', 'shoe'])
    expect(ids({}, [shoe, boot])).toEqual([])
    // A photo is not on the page: what it shows is what was looked for.
    expect(ids({}, [])).toEqual(['size-39', 'shoe'])
  })

  test('diversity has as much to choose from where products have many variants', () => {
    // Twenty lamps of ten colours each before the one thing that is different.
    const lamps = Array.from({ length: 200 }, (_, index) => ({
      id: `lamp-${String(index).padStart(3, '0')}`,
      vector: normalize([1, 0.2 + index * 0.001, 0, 0]),
    }))
    const table = tableOf([...lamps, { id: 'vase', vector: normalize([0.7, 0, 0.7, 0]) }])
    const products = new Map(lamps.map(({ id }, index) => [id, { item_group_id: String(index % 20) }]))
    const groups = groupRows(table.entries, products)
    const options = { limit: 2, diversity: 0.6, ...keepAll }
    const ranked = rank(table, embed(1, 0.1, 0, 0), options, { groups })
    expect(ranked.map(({ id }) => id)).toEqual(['lamp-000', 'vase'])
  })

  test('refuses a query of another space', () => {
    const other = makeSpace({ model: 'b'.repeat(64), preprocessing: 'test', projection: null, dimensions })
    const query = { space: other, vector: normalize([1, 0, 0, 0]) }
    expect(() => rank(tableOf([]), query)).toThrow(/cannot be compared/)
  })
})

test('a limit that is no number asks for nothing', () => {
  const table = tableOf([{ id: 'a', vector: normalize([1, 0, 0, 0]) }])
  expect(rank(table, embed(1, 0, 0, 0), { limit: Number.NaN })).toEqual([])
})
