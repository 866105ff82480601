import { expect, test } from 'vitest'
import { parseInteractions } from '../../../src/measure/evaluation/interaction-log.js'
import { parseExperimentEvents } from '../../../src/measure/experiment/experiment-events.js'
import { readExperiment } from '../../../src/measure/experiment/read-experiment.js'

const exposure = { experiment: 'e', variant: 'a', visitor: 'v', type: 'exposure' }
const conversion = { ...exposure, type: 'conversion' }
const row = { list: 1, query: 'a', item: 'b', position: 1, clicked: true }

test.each([
  ['12345678901234567891', 'more digits than JSON keeps (read as 12345678901234567000): write ids in quotes'],
  ['1234567890.1763625601', 'more digits than JSON keeps'],
  ['1e300', 'more digits than JSON keeps'],
  ['"1.23457E+19"', 'the id 1.23457E+19, which a spreadsheet has shortened'],
])('visitor %s would be that of others: an error that says what to do', (visitor, message) => {
  const record = JSON.parse(`{"experiment":"e","variant":"a","visitor":${visitor},"type":"exposure"}`)
  expect(() => parseExperimentEvents([record])).toThrow(`record 1 has`)
  expect(() => parseExperimentEvents([record])).toThrow(message)
  expect(() => parseInteractions([{ ...row, item: record.visitor }])).toThrow(message)
  const event = { ...exposure, queryId: 'q', item: 'a', shown: ['b', record.visitor] }
  expect(() => parseInteractions([event])).toThrow(message)
})

test.each([
  [9007199254740991, '9007199254740991'],
  ['12345678901234567891', '12345678901234567891'],
  [1.5, '1.5'],
  ['1E5', '1E5'],
  [' a ', 'a'],
  ['\u00a0007', '007'],
])('visitor %j is read as %j', (visitor, id) => {
  expect(parseExperimentEvents([{ ...exposure, visitor }])[0]?.visitor).toBe(id)
})

test('spaces around ids and variants make no others', () => {
  const events = parseExperimentEvents([
    exposure,
    { ...exposure, variant: 'a ', visitor: ' v', type: ' click ' },
  ])
  expect(readExperiment(events).variants).toMatchObject([{ name: 'a', visitors: 1, clicks: 1 }])
  expect(() => parseExperimentEvents([{ ...exposure, visitor: '  ' }])).toThrow('needs a text as "visitor"')
})

test('what an exposure showed may be numbers, as ids elsewhere', () => {
  const shown = { ...exposure, queryId: 'q', item: 1, shown: [2, ' 3 '] }
  const click = { ...exposure, type: 'click', queryId: 'q', item: 1, clicked: 3, position: 1 }
  expect(parseInteractions([shown, click])).toEqual([
    {
      query: '1',
      shown: [
        { item: '2', position: 1, clicked: false },
        { item: '3', position: 2, clicked: true },
      ],
    },
  ])
})

test.each(['0x10', 1.5, '1.5', '1e-1', 1e300, '', ' ', 'Infinity', [1], true])(
  'position %j is none',
  (position) => {
    expect(() => parseInteractions([{ ...row, position }])).toThrow(
      'needs a whole number from 0 on as "position"',
    )
  },
)

test.each([1, '1', ' 1 ', '1.0', '+1'])('position %j is 1', (position) => {
  expect(parseInteractions([{ ...row, position }])[0]?.shown[0]?.position).toBe(1)
})

test.each([
  ['2026-11-20', '2026-11-20T10:00:00Z', 1],
  ['2026-11-20', '2026-11-21T00:00:00Z', 0],
  ['2026-11-20T10:00', '2026-11-20T10:00:30Z', 1],
  ['2026-11-20T09:59', '2026-11-20T10:00:30Z', 0],
  ['2026-11-20T10:00:00Z', '2026-11-20T10:00:00.900Z', 1],
  ['2026-11-20T09:59:59Z', '2026-11-20T10:00:00.900Z', 0],
  [1_795_168_800, 1_795_168_800_900, 1],
  ['2026-11-20T10:00:00Z', '2026-11-20', 1],
  ['2026-11-19', '2026-11-20', 0],
])('a conversion at %j is behind a list at %j where it may be: %i counts', (time, shownAt, counts) => {
  const events = parseExperimentEvents([
    { ...exposure, time: shownAt },
    { ...conversion, time },
  ])
  const { variants, eventsBeforeExposure } = readExperiment(events)
  expect([variants[0]?.conversion.rate, eventsBeforeExposure]).toEqual([counts, 1 - counts])
})

test('what is no time is an error that says how to write one, and what was found', () => {
  expect(() => parseExperimentEvents([{ ...exposure, time: '11/12/2026' }], 'log.csv')).toThrow(
    'record 1 of log.csv needs a time as "time", such as 2026-11-20T08:00:00Z or milliseconds since 1970; it has "11/12/2026".',
  )
})
