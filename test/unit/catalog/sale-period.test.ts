import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseSalePeriod } from '../../../src/catalog/sale-period.js'

const at = (text: string) => Date.parse(text)
const open = Number.POSITIVE_INFINITY

describe('parseSalePeriod', () => {
  test.each([
    // The examples of Google's help.
    ['2016-02-24T13:00-0800/2016-02-29T15:30-0800', '2016-02-24T21:00:00Z', '2016-02-29T23:30:00Z'],
    ['2016-02-24T11:07+0100 / 2016-02-29T23:07+0100', '2016-02-24T10:07:00Z', '2016-02-29T22:07:00Z'],
    ['2017-05-11T00:01:59-0800/2017-06-21T22:13:59-0800', '2017-05-11T08:01:59Z', '2017-06-22T06:13:59Z'],
    // Other spellings of ISO 8601.
    ['2020-01-01T00:00Z/2020-01-08T00:00Z', '2020-01-01T00:00:00Z', '2020-01-08T00:00:00Z'],
    ['2020-01-01T00:00:00.000+00:00/2020-01-08T24:00+00', '2020-01-01T00:00:00Z', '2020-01-09T00:00:00Z'],
    ['20200101T0000Z/20200108T0030Z', '2020-01-01T00:00:00Z', '2020-01-08T00:30:00Z'],
    ['2020-01-01T02:00+05:30/2020-01-08t02:00z', '2019-12-31T20:30:00Z', '2020-01-08T02:00:00Z'],
    // Without a time, whole days; without a time zone, UTC.
    ['2020-01-01/2020-01-08', '2020-01-01T00:00:00Z', '2020-01-08T23:59:59.999Z'],
    ['2020-01-01T06:00/2020-01-08', '2020-01-01T06:00:00Z', '2020-01-08T23:59:59.999Z'],
    ['2020-02-29/2020-02-29', '2020-02-29T00:00:00Z', '2020-02-29T23:59:59.999Z'],
    // As written for other readers.
    ['2020-01-01 00:00 / 2020-01-08 00:00', '2020-01-01T00:00:00Z', '2020-01-08T00:00:00Z'],
    ['2020-01-01 00:00 +0100/2020-01-08 00:00 +0100', '2019-12-31T23:00:00Z', '2020-01-07T23:00:00Z'],
    ['2020-01-01T00:00Z, 2020-01-08T00:00Z', '2020-01-01T00:00:00Z', '2020-01-08T00:00:00Z'],
    ['2020-01-01T00:00Z 2020-01-08T00:00Z', '2020-01-01T00:00:00Z', '2020-01-08T00:00:00Z'],
    ['2020-01-01 00:00 2020-01-08 00:00', '2020-01-01T00:00:00Z', '2020-01-08T00:00:00Z'],
  ])('reads %j', (text, from, to) => expect(parseSalePeriod(text)).toEqual({ from: at(from), to: at(to) }))

  test.each([
    ['2020-01-01T00:00+0000/', at('2020-01-01'), open],
    ['2020-01-01T00:00+0000/..', at('2020-01-01'), open],
    ['2020-01-01T00:00+0000/null', at('2020-01-01'), open],
    ['2020-01-01T00:00+0000 null', at('2020-01-01'), open],
    ['/2020-01-01T00:00+0000', -open, at('2020-01-01')],
    ['../2020-01-01T00:00+0000', -open, at('2020-01-01')],
  ])('%j has an open end', (text, from, to) => expect(parseSalePeriod(text)).toEqual({ from, to }))

  test.each([
    '',
    '/',
    'null/null',
    '2020-01-01',
    '2020-01-01T00:00+0000',
    '2020-01-01/2020-01-08/2020-01-09',
    '2020-02-30/2020-03-08',
    '2018-02-24T13:00-0800/2018-02-29T15:30-0800',
    '2020-00-10/2020-01-20',
    '2020-13-01/2021-01-01',
    '0000-00-00/2099-01-01',
    '2020-01-01T25:00Z/2020-01-08T00:00Z',
    '2020-01-01T00:60Z/2020-01-08T00:00Z',
    '2020-01-01T24:01Z/2020-01-08T00:00Z',
    '2020-01-01T00:00+25:00/2020-01-08T00:00Z',
    '2020-01-08/2020-01-01',
    '2020-01-01T00:00Z/P7D',
    '2020-01-01T00:00Z/…',
    '01/01/2020-01/08/2020',
    '1 January 2020/8 January 2020',
    '1577836800/1578441600',
    'true',
  ])('makes nothing of %j', (text) => expect(parseSalePeriod(text)).toBeNull())

  test('parts a text with endless spaces in no time', { timeout: 10_000 }, () => {
    const spaces = ' '.repeat(100_000)
    expect(parseSalePeriod(`2026-01-01${spaces}x`)).toBeNull()
    expect(parseSalePeriod(`2026-01-01/2026-01-31${spaces}x`)).toBeNull()
  })

  test('reads every date that ISO 8601 writes, and never throws', () => {
    const date = fc.date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
    fc.assert(
      fc.property(date, date, (a, b) => {
        const [first, last] = [a, b].sort((x, y) => x.getTime() - y.getTime()) as [Date, Date]
        const seconds = (date: Date) => Math.floor(date.getTime() / 1000) * 1000
        const period = parseSalePeriod(`${first.toISOString()}/${last.toISOString()}`)
        expect(period).toEqual({ from: seconds(first), to: seconds(last) })
      }),
    )
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0129-T:Z+/ .n') }), (text) => {
        const period = parseSalePeriod(text)
        if (period) expect(period.from).toBeLessThanOrEqual(period.to)
      }),
    )
  })
})
