import { expect, test } from 'vitest'
import { evaluate } from '../../../src/measure/evaluation/evaluate.js'
import type { System } from '../../../src/measure/evaluation/evaluation.js'
import {
  clickedPairs,
  type Interaction,
  parseInteractions,
  queriesFromInteractions,
} from '../../../src/measure/evaluation/interaction-log.js'
import { propensity } from '../../../src/measure/evaluation/position-bias.js'
import { seededRandom, shuffledIndices } from '../../../src/measure/statistics/seeded-random.js'

const shown = [
  { item: 'b', position: 1, clicked: false },
  { item: 'c', position: 2, clicked: true },
]

test('lists as JSONL lines and items as CSV rows mean the same', () => {
  const rows = [
    { list: '7', query: 'a', item: 'b', position: '1', clicked: '0' },
    { list: '8', query: 'a', item: 'b', position: '1', clicked: 'true' },
    { list: '7', query: 'a', item: 'c', position: '2', clicked: '1' },
  ]
  const second = { query: 'a', shown: [{ item: 'b', position: 1, clicked: true }] }
  expect(parseInteractions(rows)).toEqual([{ query: 'a', shown }, second])
  expect(parseInteractions([{ query: 'a', shown }, second])).toEqual([{ query: 'a', shown }, second])
})

test.each<[string, unknown, string]>([
  ['no object', 'text', 'record 1 is not an object'],
  ['no query', { shown }, 'record 1 needs a text as "query"'],
  ['no list', { query: 'a', item: 'b', position: 1, clicked: true }, 'record 1 needs "shown"'],
  [
    'position -1',
    { query: 'a', shown: [{ ...shown[0], position: -1 }] },
    'entry 1 of record 1 needs a whole number',
  ],
  ['a position that is none', { query: 'a', shown: [{ ...shown[0], position: 'x' }] }, 'as "position"'],
  [
    'clicked "maybe"',
    { query: 'a', shown: [shown[0], { ...shown[1], clicked: 'maybe' }] },
    'entry 2 of record 1',
  ],
])('%s: an error that names the record', (_, record, message) => {
  expect(() => parseInteractions([record])).toThrow(message)
})

test('one list of two queries is an error', () => {
  const row = { list: 1, query: 'a', item: 'b', position: 1, clicked: 0 }
  expect(() => parseInteractions([row, { ...row, query: 'z' }])).toThrow('record 2 belongs to list "1"')
})

test('a query per list, relevant what was clicked', () => {
  const [query] = queriesFromInteractions([{ query: 'a', shown }], { categoryOf: (id) => `kind of ${id}` })
  expect(query).toEqual({
    product: 'a',
    candidates: ['b', 'c'],
    grades: new Map([['c', 1]]),
    category: 'kind of a',
    weight: 1,
  })
})

test('clicked pairs, each once and never of an item with itself', () => {
  const self = { item: 'a', position: 3, clicked: true }
  expect(
    clickedPairs([
      { query: 'a', shown: [...shown, self] },
      { query: 'a', shown },
    ]),
  ).toEqual([['a', 'c']])
})

test('propensities fall with the position and are bounded', () => {
  expect([1, 2, 4, 100].map((position) => propensity(position, { severity: 1 }))).toEqual([
    1, 0.5, 0.25, 0.05,
  ])
  expect(propensity(9, { severity: 0 })).toBe(1)
})

test('weights take the position bias out of a simulated log', () => {
  // Every list shows one good item at a random position among nine others. Shoppers look at a position with its
  // propensity and click on the good item when they see it. The system finds good items of even products only, and
  // of these the shop shows the good item further down, so that an unweighted log makes the system look bad.
  const bias = { severity: 1, least: 0.01 }
  const random = seededRandom(11)
  const interactions = Array.from({ length: 6000 }, (_, index): Interaction => {
    const even = index % 2 === 0
    const order = [...shuffledIndices(5, random)]
    const position = 1 + (order[0] as number) + (even ? 5 : 0)
    const items = Array.from({ length: 10 }, (_, place) => ({
      item: place + 1 === position ? 'good' : `other-${place}`,
      position: place + 1,
      clicked: place + 1 === position && random.next() < propensity(position, bias),
    }))
    return { query: `${even ? 'even' : 'odd'}-${index}`, shown: items }
  })
  const system: System = {
    name: 'half',
    score: (product, candidates) =>
      candidates.map((item) => (item === 'good' ? (product.startsWith('even') ? 1 : -1) : 0)),
  }
  const precision = (positionBias?: typeof bias) => {
    const queries = queriesFromInteractions(interactions, { positionBias })
    return evaluate(queries, [system], { samples: 2, worst: 0 }).systems[0]?.estimates['P@1']?.mean
  }
  expect(precision()).toBeLessThan(0.3)
  expect(precision(bias)).toBeCloseTo(0.5, 1)
})

test('a log in which one position is 0 counts from there: all are read as from 1', () => {
  const fromZero = shown.map((entry) => ({ ...entry, position: entry.position - 1 }))
  const other = { query: 'z', shown: [{ item: 'b', position: 4, clicked: true }] }
  expect(parseInteractions([{ query: 'a', shown: fromZero }, other])).toEqual([
    { query: 'a', shown },
    { query: 'z', shown: [{ item: 'b', position: 5, clicked: true }] },
  ])
})

test('records of an experiment are lists, each once', () => {
  const who = { experiment: 'e', variant: 'v', visitor: '1', queryId: 'q1', time: 5 }
  const exposure = { ...who, type: 'exposure', item: 'a', shown: ['b', 'c'] }
  const click = { ...who, type: 'click', item: 'a', clicked: 'c', position: 1 }
  const conversion = { experiment: 'e', variant: 'v', visitor: '1', type: 'conversion', time: 6 }
  const lost = { ...click, queryId: 'q0' }
  expect(parseInteractions([click, exposure, exposure, click, conversion, lost])).toEqual([
    { query: 'a', shown },
  ])
  expect(() => parseInteractions([{ ...exposure, shown: 'b' }])).toThrow('needs a list of texts as "shown"')
})

test.each(['True', 'TRUE', ' true ', 't', 'yes', 'Y', '1.0', 1, true])(
  'clicked may be written as %j',
  (clicked) => {
    expect(
      parseInteractions([{ list: 1, query: 'a', item: 'b', position: 1, clicked }])[0]?.shown[0]?.clicked,
    ).toBe(true)
  },
)

test('lists with one candidate or with all clicked say nothing about an order: left out and counted', () => {
  const clicked = (item: string, is: boolean, position: number) => ({ item, position, clicked: is })
  const lists: Interaction[] = [
    { query: 'a', shown: [clicked('b', true, 1)] },
    { query: 'a', shown: [clicked('b', true, 1), clicked('c', true, 2)] },
    // The product itself is none of its candidates.
    { query: 'a', shown: [clicked('b', true, 1), clicked('a', false, 2)] },
    { query: 'a', shown: [clicked('b', false, 1), clicked('c', false, 2)] },
  ]
  const system: System = { name: 's', score: (_, candidates) => candidates.map(() => 0) }
  const good = { query: 'a', shown }
  expect(evaluate(queriesFromInteractions([...lists, good]), [system])).toMatchObject({
    queries: 1,
    withoutRelevant: 1,
    withoutContrast: 3,
  })
  expect(() => evaluate(queriesFromInteractions(lists), [system])).toThrow('no order is better than another')
})
